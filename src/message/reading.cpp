#include "message/reading.hpp"

#include <algorithm>
#include <array>

namespace hookline::message {

namespace {

using Kind = Token::Kind;

constexpr std::size_t far = 4200;  // no link is longer

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool are_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::size_t run_length(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && text[end] == text[at]) {
        ++end;
    }
    return end - at;
}

std::size_t character_length(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        ++end;
    }
    return end - at;
}

class Reader {
public:
    explicit Reader(std::string_view markdown) : text_(markdown) {}

    std::vector<Token> read() {
        while (at_ < text_.size()) {
            if (is_line_start_ && read_prefix()) {
                continue;
            }
            is_line_start_ = false;
            const char c = text_[at_];
            const bool is_read = (c == '\\' && read_escape()) ||
                                 (c == '`' && (read_fence() || read_code())) || (c == '[' && read_link()) ||
                                 (c == '<' && read_angle()) || (c == 'h' && read_url()) ||
                                 (is_marker(c) && read_marker()) || read_blank();
            if (!is_read) {
                read_word();
            }
        }
        for (const std::size_t open : open_) {
            tokens_[open].kind = Kind::word;
        }
        return std::move(tokens_);
    }
    [[nodiscard]] bool has_open_fence() const { return has_open_fence_; }

private:
    static bool is_marker(char c) { return c == '*' || c == '_' || c == '~' || c == '|'; }

    void add(Kind kind, std::size_t length, std::string_view text, std::string_view target = {}) {
        tokens_.push_back({kind, text_.substr(at_, length), text, target});
        at_ += length;
    }
    [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

    bool read_prefix() {
        const std::size_t spaces = rest().find_first_not_of(' ');
        if (spaces == std::string_view::npos) {
            return false;
        }
        const std::string_view line = rest().substr(spaces);
        constexpr std::array<std::string_view, 8> prefixes{">>> ", "> ", "-# ", "### ",
                                                           "## ",  "# ", "- ",  "* "};
        for (const std::string_view prefix : prefixes) {
            if (line.starts_with(prefix)) {
                // Behind a quote's mark another prefix may stand; behind the others text follows.
                is_line_start_ = prefix.front() == '>';
                add(Kind::prefix, spaces + prefix.size(), prefix.substr(0, prefix.size() - 1));
                return true;
            }
        }
        const std::size_t digits = line.find_first_not_of("0123456789");
        if (digits != std::string_view::npos && digits > 0 && digits < 10 &&
            line.substr(digits).starts_with(". ")) {
            is_line_start_ = false;
            const std::string_view number = line.substr(0, digits + 1);
            add(Kind::prefix, spaces + digits + 2, number);
            return true;
        }
        return false;
    }

    bool read_escape() {
        if (at_ + 1 >= text_.size() || is_alnum(text_[at_ + 1]) || text_[at_ + 1] == ' ' ||
            text_[at_ + 1] == '\n') {
            return false;
        }
        const std::size_t length = character_length(text_, at_ + 1);
        add(Kind::escape, 1 + length, text_.substr(at_ + 1, length));
        return true;
    }

    bool read_fence() {
        constexpr std::string_view fence = "```";
        if (!rest().starts_with(fence)) {
            return false;
        }
        const std::size_t begin = at_ + fence.size();
        const std::size_t end = text_.find(fence, begin);
        has_open_fence_ = end == std::string_view::npos;
        std::string_view inside = text_.substr(begin, has_open_fence_ ? end : end - begin);
        const std::size_t length = (has_open_fence_ ? text_.size() : end + fence.size()) - at_;
        const std::size_t line = inside.find('\n');
        std::string_view language;
        if (line != std::string_view::npos && inside.substr(0, line).find(' ') == std::string_view::npos) {
            language = inside.substr(0, line);
            inside.remove_prefix(line + 1);
        }
        if (inside.ends_with('\n')) {
            inside.remove_suffix(1);
        }
        add(Kind::fence, length, inside, language);
        return true;
    }

    bool read_code() {
        const std::size_t ticks = run_length(text_, at_);
        if (std::find(hopeless_.begin(), hopeless_.end(), ticks) != hopeless_.end()) {
            return false;
        }
        for (std::size_t end = at_ + ticks; (end = text_.find('`', end)) != std::string_view::npos;) {
            const std::size_t closing = run_length(text_, end);
            if (closing >= 3) {
                return false;  // a fence goes before a span
            }
            if (closing == ticks) {
                add(Kind::code, end + ticks - at_, text_.substr(at_ + ticks, end - at_ - ticks));
                return true;
            }
            end += closing;
        }
        hopeless_.push_back(ticks);  // nor will the next one find its end: not looked for again
        return false;
    }

    bool read_link() {
        const std::string_view ahead = rest().substr(0, far);
        const std::size_t middle = ahead.find("](");
        if (middle == std::string_view::npos) {
            return false;
        }
        const std::string_view label = ahead.substr(1, middle - 1);
        const std::size_t end = ahead.find(')', middle);
        if (end == std::string_view::npos || label.empty() ||
            label.find_first_of("[\n") != std::string_view::npos ||
            ahead.substr(0, end).find("```") != std::string_view::npos) {
            return false;
        }
        const std::string_view target = ahead.substr(middle + 2, end - middle - 2);
        if (!target.starts_with("http") || target.find_first_of(" \n") != std::string_view::npos) {
            return false;
        }
        add(Kind::link, end + 1, label, target);
        return true;
    }

    bool read_angle() {
        const std::string_view ahead = rest().substr(0, far);
        const std::size_t end = ahead.find('>');
        if (end == std::string_view::npos || end < 3) {
            return false;
        }
        const std::string_view inside = ahead.substr(1, end - 1);
        if (inside.find_first_of("<`\n") != std::string_view::npos) {
            return false;
        }
        if (inside.starts_with("https://") || inside.starts_with("http://")) {
            add(Kind::url, end + 1, inside, inside);
            return true;
        }
        if (inside.starts_with("t:")) {
            const std::string_view seconds = inside.substr(2, inside.find(':', 2) - 2);
            const std::size_t colon = inside.find(':', 2);
            if (are_digits(seconds)) {
                add(Kind::time, end + 1, colon == std::string_view::npos ? "" : inside.substr(colon + 1),
                    seconds);
                return true;
            }
        }
        const std::size_t name_end = inside.find_last_not_of("0123456789");
        const bool ends_in_id = name_end != std::string_view::npos && name_end + 1 < inside.size();
        const bool is_mention =
            ends_in_id && (inside.front() == '@' || inside.front() == '#' || inside.front() == '/' ||
                           inside.front() == ':' || inside.starts_with("a:"));
        if (is_mention || inside.starts_with("id:")) {
            add(Kind::mention, end + 1, ahead.substr(0, end + 1));
            return true;
        }
        return false;
    }

    bool read_url() {
        if (!rest().starts_with("https://") && !rest().starts_with("http://")) {
            return false;
        }
        std::string_view url = rest().substr(0, std::min(rest().find_first_of(" \n<`"), rest().size()));
        while (!url.empty() && std::string_view(".,:;\"')]*_~|").find(url.back()) != std::string_view::npos) {
            url.remove_suffix(1);
        }
        add(Kind::url, url.size(), url, url);
        return true;
    }

    bool read_marker() {
        const char c = text_[at_];
        const std::size_t run = run_length(text_, at_);
        const std::string_view top = open_.empty() ? std::string_view() : tokens_[open_.back()].raw;
        std::size_t length = run >= 2 ? 2 : 1;
        if (top.size() == 1 && top.front() == c && run != 2) {
            length = 1;
        }
        if (length == 1 && (c == '~' || c == '|')) {
            return false;
        }
        const std::string_view raw = text_.substr(at_, length);
        const char before = at_ == 0 ? ' ' : text_[at_ - 1];
        const char after = at_ + length < text_.size() ? text_[at_ + length] : ' ';
        if (raw == "_" && is_alnum(before) && is_alnum(after)) {
            return false;
        }
        if (close(raw)) {
            return true;
        }
        if (after == ' ' || after == '\n') {
            return false;
        }
        open_.push_back(tokens_.size());
        add(Kind::open, length, raw);
        return true;
    }

    /// What was opened after the partner stays open to no avail: it is words.
    bool close(std::string_view raw) {
        const auto partner = std::find_if(open_.rbegin(), open_.rend(),
                                          [&](std::size_t index) { return tokens_[index].raw == raw; });
        if (partner == open_.rend() || *partner + 1 == tokens_.size()) {
            return false;
        }
        for (auto inner = open_.rbegin(); inner != partner; ++inner) {
            tokens_[*inner].kind = Kind::word;
        }
        open_.erase(partner.base() - 1, open_.end());
        add(Kind::close, raw.size(), raw);
        return true;
    }

    bool read_blank() {
        if (text_[at_] == '\n') {
            add(Kind::newline, 1, rest().substr(0, 1));
            is_line_start_ = true;
            return true;
        }
        if (text_[at_] == ' ') {
            const std::size_t run = run_length(text_, at_);
            add(Kind::space, run, rest().substr(0, run));
            return true;
        }
        return false;
    }

    void read_word() {
        std::size_t end = at_ + 1;
        while (end < text_.size() &&
               std::string_view("\\`[<*_~| \n").find(text_[end]) == std::string_view::npos &&
               !(text_[end] == 'h' && !is_alnum(text_[end - 1]) && text_.substr(end).starts_with("http"))) {
            ++end;
        }
        add(Kind::word, end - at_, text_.substr(at_, end - at_));
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool is_line_start_ = true;
    bool has_open_fence_ = false;
    std::vector<Token> tokens_;
    std::vector<std::size_t> open_;
    std::vector<std::size_t> hopeless_;
};

}  // namespace

std::vector<Token> read_markdown(std::string_view markdown) { return Reader(markdown).read(); }

bool has_open_fence(std::string_view markdown) {
    Reader reader(markdown);
    static_cast<void>(reader.read());
    return reader.has_open_fence();
}

std::string without_markup(std::string_view markdown) {
    std::string text;
    for (const Token& token : read_markdown(markdown)) {
        switch (token.kind) {
            case Kind::open:
            case Kind::close:
            case Kind::prefix:
                break;
            case Kind::link:
                text += without_markup(token.text);
                break;
            case Kind::time:
                text += token.raw;
                break;
            default:
                text += token.text;
        }
    }
    return text;
}

}  // namespace hookline::message
