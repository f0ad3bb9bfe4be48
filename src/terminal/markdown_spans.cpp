#include <charconv>

#include "base/iso_time.hpp"
#include "base/text.hpp"
#include "terminal/spans.hpp"

namespace hookline::terminal {

namespace {

constexpr std::size_t deepest = 8;  // styles in styles

/// Nothing that a terminal would act on: C0, DEL, C1.
std::string printable(std::string_view text) {
    std::string clean;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool is_c1 =
            byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if (is_c1) {
            ++i;
        } else if (byte >= 0x20 && byte != 0x7F) {
            clean.push_back(text[i]);
        } else if (byte == '\t') {
            clean += "    ";
        }
    }
    return clean;
}

bool is_punctuation(char c) {
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
           (c >= '{' && c <= '~');
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

struct Style {
    std::string_view sign;
    bool Look::*flag;
};
constexpr std::array styles{Style{"**", &Look::bold}, Style{"__", &Look::underline},
                            Style{"~~", &Look::strike}, Style{"*", &Look::italic}, Style{"_", &Look::italic}};

class InlineReader {
public:
    InlineReader(std::vector<Span>& spans, std::size_t depth) : spans_(spans), depth_(depth) {}

    void read(std::string_view text, const Look& look) {
        while (!text.empty()) {
            const std::size_t used = depth_ < deepest ? read_markup(text, look) : 0;
            if (used == 0) {
                plain_ += text.front();
                text.remove_prefix(1);
            } else {
                text.remove_prefix(used);
            }
        }
        flush(look);
    }

private:
    void flush(const Look& look) {
        if (!plain_.empty()) {
            spans_.push_back({printable(plain_), look});
            plain_.clear();
        }
    }
    void add(std::string_view text, const Look& before, Look look) {
        flush(before);
        spans_.push_back({printable(text), std::move(look)});
    }
    void read_inside(std::string_view text, const Look& before, const Look& look) {
        flush(before);
        InlineReader(spans_, depth_ + 1).read(text, look);
    }

    /// How many bytes of `text` were markup that was taken; 0: its first character is text.
    std::size_t read_markup(std::string_view text, const Look& look) {
        const char first = text.front();
        if (first == '\\' && text.size() > 1 && is_punctuation(text[1])) {
            plain_ += text[1];
            return 2;
        }
        if (first == '`') {
            return read_code(text, look);
        }
        if (first == '[') {
            return read_link(text, look);
        }
        if (first == '<') {
            return read_angle(text, look);
        }
        for (const Style& style : styles) {
            if (text.starts_with(style.sign)) {
                return read_style(text, style, look);
            }
        }
        return 0;
    }

    std::size_t read_style(std::string_view text, const Style& style, const Look& look) {
        const std::size_t size = style.sign.size();
        std::size_t end = size;
        while ((end = text.find(style.sign, end)) != std::string_view::npos && text[end - 1] == '\\') {
            end += size;
        }
        if (end == std::string_view::npos || end == size || text[size] == ' ') {
            return 0;
        }
        const bool is_inside_word = (!plain_.empty() && is_word(plain_.back())) ||
                                    (end + size < text.size() && is_word(text[end + size]));
        if (style.sign.front() == '_' && is_inside_word) {
            return 0;
        }
        Look inner = look;
        inner.*style.flag = true;
        read_inside(text.substr(size, end - size), look, inner);
        return end + size;
    }

    std::size_t read_code(std::string_view text, const Look& look) {
        const std::size_t end = text.find('`', 1);
        if (end == std::string_view::npos || end == 1) {
            return 0;
        }
        Look inner = look;
        inner.code = true;
        add(text.substr(1, end - 1), look, inner);
        return end + 1;
    }

    std::size_t read_link(std::string_view text, const Look& look) {
        std::size_t middle = 1;
        while ((middle = text.find("](", middle)) != std::string_view::npos && text[middle - 1] == '\\') {
            ++middle;
        }
        const std::size_t end = middle == std::string_view::npos ? middle : text.find(')', middle);
        if (end == std::string_view::npos || middle == 1) {
            return 0;
        }
        Look inner = look;
        inner.url = printable(text.substr(middle + 2, end - middle - 2));
        read_inside(text.substr(1, middle - 1), look, inner);
        return end + 1;
    }

    /// <https://…> and <t:1700000000:R>; mentions stay as they are.
    std::size_t read_angle(std::string_view text, const Look& look) {
        const std::size_t end = text.find('>');
        if (end == std::string_view::npos) {
            return 0;
        }
        const std::string_view inside = text.substr(1, end - 1);
        if (inside.starts_with("https://") || inside.starts_with("http://")) {
            Look inner = look;
            inner.url = printable(inside);
            add(inside, look, inner);
            return end + 1;
        }
        std::int64_t seconds = 0;
        const bool is_time =
            inside.starts_with("t:") &&
            std::from_chars(inside.data() + 2, inside.data() + inside.size(), seconds).ec == std::errc{};
        constexpr std::int64_t latest = 253402300799;  // the year 9999
        if (!is_time || seconds < 0 || seconds > latest) {
            return 0;
        }
        const std::string iso = iso_time(TimePoint(std::chrono::seconds(seconds)));
        add(iso.substr(0, 10) + " " + iso.substr(11, 5) + " UTC", look, look);
        return end + 1;
    }

    std::vector<Span>& spans_;
    std::size_t depth_;
    std::string plain_;
};

Line read_line(std::string_view text) {
    Line line;
    Look look;
    if (text.starts_with("> ") || text == ">") {
        line.indent = "┃ ";
        text.remove_prefix(std::min<std::size_t>(2, text.size()));
    }
    for (const std::string_view heading : {"### ", "## ", "# "}) {
        if (text.starts_with(heading)) {
            look.bold = true;
            text.remove_prefix(heading.size());
            break;
        }
    }
    if (text.starts_with("-# ")) {
        look.dim = true;
        text.remove_prefix(3);
    }
    InlineReader(line.spans, 0).read(text, look);
    return line;
}

Line verbatim(std::string_view text) {
    Line line;
    line.indent = "  ";
    line.is_verbatim = true;
    Look look;
    look.code = true;
    line.spans.push_back({printable(text), look});
    return line;
}

}  // namespace

std::vector<Line> read_markdown(std::string_view markdown) {
    constexpr std::string_view fence = "```";
    std::vector<Line> lines;
    bool is_in_fence = false;
    for (const std::string_view text : split(markdown, '\n')) {
        if (text.starts_with(fence)) {
            is_in_fence = !is_in_fence;
        } else if (is_in_fence && text.ends_with(fence)) {
            lines.push_back(verbatim(text.substr(0, text.size() - fence.size())));
            is_in_fence = false;
        } else {
            lines.push_back(is_in_fence ? verbatim(text) : read_line(text));
        }
    }
    return lines;
}

}  // namespace hookline::terminal
