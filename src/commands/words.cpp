#include "commands/words.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace hookline::commands {

namespace {

struct Quote {
    std::string_view open;
    std::vector<std::string_view> close;
};

/// What opens and what closes; quote() makes the same forms the other way round. There is no escape: whoever
/// needs one kind inside takes another, and expressions keep their backslashes.
const std::vector<Quote>& quotes() {
    static const std::vector<Quote> known{
        {"```", {"```"}}, {"\"", {"\""}}, {"'", {"'"}},      {"“", {"”"}}, {"„", {"“", "”"}},
        {"”", {"”"}},     {"‘", {"’"}},   {"‚", {"‘", "’"}}, {"«", {"»"}}, {"»", {"«"}},
    };
    return known;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// A fence as Discord writes it: the first line may name a language, and the line breaks belong to the fence.
std::string fence_content(std::string_view inside) {
    const auto line_end = inside.find('\n');
    if (line_end != std::string_view::npos) {
        const std::string_view first = trim(inside.substr(0, line_end));
        const bool is_language =
            first.size() <= 20 &&
            first.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-") == std::string_view::npos;
        if (is_language) {
            inside.remove_prefix(line_end + 1);
        }
        if (inside.ends_with('\n')) {
            inside.remove_suffix(1);
        }
    }
    return std::string(inside);
}

class Splitter {
public:
    explicit Splitter(std::string_view text) : rest_(text) {}

    Result<std::vector<std::string>> run() {
        for (;;) {
            while (!rest_.empty() && is_space(rest_.front())) {
                rest_.remove_prefix(1);
            }
            if (rest_.empty()) {
                return std::move(words_);
            }
            auto word = next_word();
            if (!word) {
                return tl::unexpected(word.error());
            }
            words_.push_back(std::move(*word));
            if (words_.size() > most_words) {
                return fail(Errc::invalid_argument,
                            fmt::format("A command has at most {} words.", most_words));
            }
        }
    }

private:
    const Quote* quote_here() const {
        for (const Quote& quote : quotes()) {
            if (rest_.starts_with(quote.open)) {
                return &quote;
            }
        }
        return nullptr;
    }

    /// Quotes count at the beginning of a word and after "=" (--name="a b"): "don't" is one word.
    Result<std::string> next_word() {
        std::string word;
        bool may_quote = true;
        while (!rest_.empty() && !is_space(rest_.front())) {
            const Quote* quote = may_quote ? quote_here() : nullptr;
            if (quote != nullptr) {
                auto inside = quoted(*quote);
                if (!inside) {
                    return inside;
                }
                word += *inside;
                may_quote = false;
                continue;
            }
            may_quote = rest_.front() == '=';
            word += rest_.front();
            rest_.remove_prefix(1);
        }
        return straight_dashes(std::move(word));
    }

    Result<std::string> quoted(const Quote& quote) {
        rest_.remove_prefix(quote.open.size());
        const bool is_fence = quote.open == "```";
        std::string inside;
        while (!rest_.empty()) {
            for (const std::string_view close : quote.close) {
                if (rest_.starts_with(close)) {
                    rest_.remove_prefix(close.size());
                    return is_fence ? fence_content(inside) : inside;
                }
            }
            inside += rest_.front();
            rest_.remove_prefix(1);
        }
        return fail(Errc::invalid_argument,
                    fmt::format("The quote {} is opened but never closed. Close it with {}.", quote.open,
                                quote.close.front()));
    }

    static std::string straight_dashes(std::string word) {
        for (const std::string_view dash : {"—", "–"}) {  // what phones make of "--"
            if (word.starts_with(dash) && word.size() > dash.size()) {
                return "--" + word.substr(dash.size());
            }
        }
        return word;
    }

    std::string_view rest_;
    std::vector<std::string> words_;
};

}  // namespace

Result<std::vector<std::string>> split_words(std::string_view text) {
    const std::string whole = repair_utf8(text.substr(0, longest_command * 4 + 4));
    if (code_points(whole) > longest_command) {
        return fail(Errc::invalid_argument,
                    fmt::format("A command is at most {} characters long.", grouped(longest_command)));
    }
    return Splitter(whole).run();
}

}  // namespace hookline::commands
