#include "language/lexer.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/duration.hpp"
#include "base/text.hpp"

namespace hookline::language {

namespace {

constexpr std::size_t most_tokens = 4000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_white(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

struct Quote {
    std::string_view open;
    std::array<std::string_view, 3> closes;
};
/// A typographic quote is closed by any of its family: keyboards mix them, and "low nine" opens in German.
constexpr std::array<Quote, 9> quotes{{
    {"'", {"'", "'", "'"}},
    {"\"", {"\"", "\"", "\""}},
    {"“", {"”", "“", "”"}},
    {"”", {"”", "“", "”"}},
    {"„", {"“", "”", "“"}},
    {"‘", {"’", "‘", "’"}},
    {"’", {"’", "‘", "’"}},
    {"‚", {"‘", "’", "‘"}},
    {"«", {"»", "»", "»"}},
}};

struct Look {
    std::string_view symbol, sentence;
};
/// What people write who know other languages.
constexpr std::array<Look, 9> strangers{{
    {"&&", "\"and\" is written as a word here, not \"&&\""},
    {"||", "\"or\" is written as a word here, not \"||\""},
    {"≥", "\"at least\" is written \">=\" here"},
    {"≤", "\"at most\" is written \"<=\" here"},
    {"≠", "\"not equal\" is written \"!=\" here"},
    {"<>", "\"not equal\" is written \"!=\" here"},
    {"=~", "a pattern is matched with matches(text, 'pattern')"},
    {"!", "\"not\" is written as a word here, not \"!\""},
    {"&", "\"and\" is written as a word here, not \"&\""},
}};
constexpr std::array<std::string_view, 26> symbols{{"==", "!=", ">=", "<=", "//", "**", ">", "<", "+",
                                                    "-",  "*",  "/",  "%",  "~",  "(",  ")", "[", "]",
                                                    "{",  "}",  ".",  ",",  ":",  "|",  "=", ";"}};

void append_utf8(std::string& out, std::uint32_t point) {
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xC0U | (point >> 6U));
        out += static_cast<char>(0x80U | (point & 0x3FU));
    } else if (point < 0x10000) {
        out += static_cast<char>(0xE0U | (point >> 12U));
        out += static_cast<char>(0x80U | ((point >> 6U) & 0x3FU));
        out += static_cast<char>(0x80U | (point & 0x3FU));
    } else {
        out += static_cast<char>(0xF0U | (point >> 18U));
        out += static_cast<char>(0x80U | ((point >> 12U) & 0x3FU));
        out += static_cast<char>(0x80U | ((point >> 6U) & 0x3FU));
        out += static_cast<char>(0x80U | (point & 0x3FU));
    }
}

class Lexer {
public:
    Lexer(std::string_view source, std::size_t from, std::string_view closing)
        : source_(source), at_(from), closing_(closing) {}

    Checked<Tokens> run() {
        for (;;) {
            while (at_ < source_.size() && is_white(source_[at_])) {
                ++at_;
            }
            if (at_end() || problem_) {
                break;
            }
            if (tokens_.list.size() >= most_tokens) {
                return tl::unexpected(
                    Diagnostic{"this is too long: keep it under 4,000 words and signs", {at_, at_ + 1}});
            }
            take();
        }
        if (problem_) {
            return tl::unexpected(std::move(*problem_));
        }
        if (!closing_.empty() && !is_closed_) {
            return tl::unexpected(Diagnostic{fmt::format("\"{}\" is missing at the end", closing_),
                                             {source_.size(), source_.size()}});
        }
        return std::move(tokens_);
    }

private:
    [[nodiscard]] std::string_view rest() const { return source_.substr(at_); }

    bool at_end() {
        Token end;
        end.place = {at_, at_};
        if (at_ >= source_.size()) {
            tokens_.list.push_back(std::move(end));
            return true;
        }
        if (closing_.empty() || depth_ > 0) {
            return false;
        }
        std::size_t hyphen = 0;
        if (rest().starts_with('-') || (closing_ == "%}" && rest().starts_with('+'))) {
            hyphen = 1;
        }
        if (!rest().substr(hyphen).starts_with(closing_)) {
            return false;
        }
        tokens_.trims_after = rest().starts_with('-');
        is_closed_ = true;
        end.place = {at_, at_ + hyphen + closing_.size()};
        tokens_.next = end.place.end;
        tokens_.list.push_back(std::move(end));
        return true;
    }

    void take() {
        const char first = source_[at_];
        if (is_digit(first)) {
            return take_number();
        }
        for (const Quote& quote : quotes) {
            if (rest().starts_with(quote.open)) {
                return take_text(quote);
            }
        }
        if (is_letter(first)) {
            std::size_t length = 1;
            while (length < rest().size() && (is_letter(rest()[length]) || is_digit(rest()[length]))) {
                ++length;
            }
            add(TokenKind::name, length);
            return;
        }
        for (const std::string_view symbol : symbols) {
            if (rest().starts_with(symbol) && !rest().starts_with("=~") && !rest().starts_with("<>")) {
                depth_ += symbol == "(" || symbol == "[" || symbol == "{" ? 1 : 0;
                depth_ -= depth_ > 0 && (symbol == ")" || symbol == "]" || symbol == "}") ? 1 : 0;
                add(TokenKind::symbol, symbol.size());
                return;
            }
        }
        for (const Look& stranger : strangers) {
            if (rest().starts_with(stranger.symbol)) {
                return fail(stranger.symbol.size(), std::string(stranger.sentence));
            }
        }
        const std::string_view sign = cut_at_character(rest(), 1);
        fail(std::max<std::size_t>(sign.size(), 1), fmt::format("\"{}\" has no meaning here", sign));
    }

    Token& add(TokenKind kind, std::size_t length) {
        Token token;
        token.kind = kind;
        token.raw = rest().substr(0, length);
        token.place = {at_, at_ + length};
        at_ += length;
        tokens_.list.push_back(std::move(token));
        return tokens_.list.back();
    }

    void fail(std::size_t length, std::string sentence) {
        problem_ = Diagnostic{std::move(sentence), {at_, at_ + length}};
    }

    /// 12, 1_000, 0x1f, 1.5, 2e3, and durations: 90s, 1h30m, 2d.
    void take_number() {
        const std::string_view text = rest();
        if (text.size() > 2 && text[0] == '0' &&
            std::string_view("xXoObB").find(text[1]) != std::string_view::npos) {
            return take_based();
        }
        std::size_t length = digits(text, 0);
        bool is_real = false;
        const std::size_t fraction = length + 1;
        if (fraction < text.size() && text[length] == '.' && is_digit(text[fraction])) {
            length = digits(text, fraction);
            is_real = true;
        }
        if (length < text.size() && (text[length] == 'e' || text[length] == 'E')) {
            std::size_t exponent = length + 1;
            exponent += exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-') ? 1 : 0;
            if (exponent < text.size() && is_digit(text[exponent])) {
                length = digits(text, exponent);
                is_real = true;
            }
        }
        if (length < text.size() && is_letter(text[length])) {
            return is_real ? fail(length + 1, "a number does not end in a letter") : take_duration();
        }
        std::string plain(text.substr(0, length));
        std::erase(plain, '_');
        if (is_real) {
            Token& token = add(TokenKind::real, length);
            if (std::from_chars(plain.data(), plain.data() + plain.size(), token.real).ec != std::errc{}) {
                fail(0, "this number is too large");
            }
            return;
        }
        if (plain.size() > 1 && plain[0] == '0' && plain.find_first_not_of('0') != plain.npos) {
            return fail(length, "a number does not begin with a zero");
        }
        take_whole(plain, 10, length);
    }

    static std::size_t digits(std::string_view text, std::size_t from) {
        while (from < text.size() && (is_digit(text[from]) || (text[from] == '_' && from + 1 < text.size() &&
                                                               is_digit(text[from + 1])))) {
            ++from;
        }
        return from;
    }

    void take_based() {
        const std::string_view text = rest();
        const char letter = static_cast<char>(text[1] | 0x20);
        const int base = letter == 'x' ? 16 : letter == 'o' ? 8 : 2;
        std::size_t length = 2;
        while (length < text.size() && (is_letter(text[length]) || is_digit(text[length]))) {
            ++length;
        }
        std::string plain(text.substr(2, length - 2));
        std::erase(plain, '_');
        take_whole(plain, base, length);
    }

    void take_whole(const std::string& plain, int base, std::size_t length) {
        std::uint64_t whole = 0;
        const char* end = plain.data() + plain.size();
        const auto read = std::from_chars(plain.data(), end, whole, base);
        if (read.ec == std::errc::result_out_of_range) {
            return fail(length, "this number is too large: whole numbers have 64 bits");
        }
        if (read.ec != std::errc{} || read.ptr != end) {
            return fail(length, fmt::format("\"{}\" is no number", rest().substr(0, length)));
        }
        add(TokenKind::integer, length).integer = static_cast<Integer>(whole);
    }

    void take_duration() {
        std::size_t length = 0;
        while (length < rest().size() && (is_letter(rest()[length]) || is_digit(rest()[length]))) {
            ++length;
        }
        const auto duration = parse_duration(rest().substr(0, length));
        if (!duration) {
            return fail(
                length,
                fmt::format("\"{}\" is neither a number nor a duration such as 90s, 5m, 2h, 1d, 1h30m",
                            rest().substr(0, length)));
        }
        add(TokenKind::duration, length).duration = *duration;
    }

    void take_text(const Quote& quote) {
        std::string text;
        std::size_t at = at_ + quote.open.size();
        while (at < source_.size()) {
            const std::string_view here = source_.substr(at);
            for (const std::string_view close : quote.closes) {
                if (here.starts_with(close)) {
                    Token& token = add(TokenKind::text, at + close.size() - at_);
                    token.text = std::move(text);
                    return;
                }
            }
            if (here.front() == '\\' && here.size() > 1) {
                at += unescape(here, text);
            } else {
                text += here.front();
                ++at;
            }
        }
        fail(quote.open.size(), "this quote does not end");
    }

    /// One escape of Python's; what it does not know stays as it is, backslash and all, as patterns like '\d'
    /// want it. Returns its length.
    static std::size_t unescape(std::string_view here, std::string& out) {
        const char letter = here[1];
        constexpr std::string_view letters = "\\'\"abfnrtv";
        constexpr std::string_view meanings = "\\'\"\a\b\f\n\r\t\v";
        if (const std::size_t known = letters.find(letter); known != letters.npos) {
            out += meanings[known];
            return 2;
        }
        if (letter == '\n') {
            return 2;
        }
        const std::size_t wanted = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
        std::uint32_t point = 0;
        if (wanted > 0 && here.size() >= 2 + wanted) {
            const char* begin = here.data() + 2;
            const auto read = std::from_chars(begin, begin + wanted, point, 16);
            const bool is_character = point < 0x110000 && (point < 0xD800 || point > 0xDFFF);
            if (read.ec == std::errc{} && read.ptr == begin + wanted && is_character) {
                append_utf8(out, point);
                return 2 + wanted;
            }
        }
        if (letter >= '0' && letter <= '7') {
            std::size_t length = 1;
            while (length < 4 && length < here.size() && here[length] >= '0' && here[length] <= '7') {
                point = point * 8 + static_cast<std::uint32_t>(here[length] - '0');
                ++length;
            }
            append_utf8(out, point);
            return length;
        }
        out += '\\';
        return 1;
    }

    std::string_view source_;
    std::size_t at_;
    std::string_view closing_;
    std::size_t depth_ = 0;
    bool is_closed_ = false;
    Tokens tokens_;
    std::optional<Diagnostic> problem_;
};

}  // namespace

Checked<Tokens> lex(std::string_view source, std::size_t from, std::string_view closing) {
    return Lexer(source, from, closing).run();
}

}  // namespace hookline::language
