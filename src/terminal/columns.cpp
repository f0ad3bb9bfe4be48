#include "terminal/columns.hpp"

#include <fmt/format.h>
#include <utf8proc.h>

namespace hookline::terminal {

namespace {

constexpr utf8proc_int32_t emoji_presentation = 0xFE0F;

/// The first character of `text` (a code point with the marks that follow it) and its width.
struct Character {
    std::size_t bytes = 1;
    std::size_t columns = 1;
};

utf8proc_ssize_t decode(std::string_view text, utf8proc_int32_t& point) {
    return utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                            static_cast<utf8proc_ssize_t>(text.size()), &point);
}

Character first_character(std::string_view text) {
    utf8proc_int32_t point = 0;
    const auto length = decode(text, point);
    if (length <= 0) {
        return {};
    }
    Character character{static_cast<std::size_t>(length),
                        static_cast<std::size_t>(std::max(0, utf8proc_charwidth(point)))};
    utf8proc_int32_t state = 0;
    utf8proc_int32_t previous = point;
    while (character.bytes < text.size()) {
        utf8proc_int32_t next = 0;
        const auto more = decode(text.substr(character.bytes), next);
        if (more <= 0 || utf8proc_grapheme_break_stateful(previous, next, &state)) {
            break;
        }
        if (next == emoji_presentation) {
            character.columns = 2;
        }
        character.bytes += static_cast<std::size_t>(more);
        previous = next;
    }
    return character;
}

/// What goes into a line as one: a run without spaces, or a run of spaces.
std::vector<Span> words_of(const std::vector<Span>& spans) {
    std::vector<Span> words;
    for (const Span& span : spans) {
        std::size_t begin = 0;
        while (begin < span.text.size()) {
            const bool is_space = span.text[begin] == ' ';
            std::size_t end = begin;
            while (end < span.text.size() && (span.text[end] == ' ') == is_space) {
                ++end;
            }
            words.push_back({span.text.substr(begin, end - begin), span.look});
            begin = end;
        }
    }
    return words;
}

/// A line of a code block is one span, and may begin with spaces.
bool is_blank(const Span& span) { return span.text.find_first_not_of(' ') == std::string::npos; }

class Wrapper {
public:
    explicit Wrapper(std::size_t width) : width_(width) {}

    void add(const Span& word) {
        const std::size_t wide = columns_of(word.text);
        const bool is_space = is_blank(word);
        if (used_ + wide <= width_) {
            if (!is_space || used_ > 0 || lines_.empty()) {
                put(word, wide);
            }
            return;
        }
        if (is_space) {
            end_line();
            return;
        }
        if (used_ > 0) {
            end_line();
        }
        const bool is_address =
            word.text.find("://") != std::string::npos;  // whole, so that it can be copied
        if (wide <= width_ || is_address) {
            put(word, wide);
        } else {
            add_in_pieces(word);
        }
    }

    std::vector<std::vector<Span>> finish() {
        if (!line_.empty() || lines_.empty()) {
            end_line();
        }
        return std::move(lines_);
    }

private:
    void put(Span span, std::size_t wide) {
        line_.push_back(std::move(span));
        used_ += wide;
    }
    void end_line() {
        while (!line_.empty() && is_blank(line_.back())) {
            line_.pop_back();
        }
        lines_.push_back(std::move(line_));
        line_.clear();
        used_ = 0;
    }
    void add_in_pieces(const Span& word) {
        std::string_view rest = word.text;
        while (!rest.empty()) {
            std::size_t bytes = 0;
            std::size_t wide = 0;
            while (bytes < rest.size()) {
                const Character next = first_character(rest.substr(bytes));
                if (used_ + wide + next.columns > width_) {
                    break;
                }
                bytes += next.bytes;
                wide += next.columns;
            }
            if (bytes == 0) {
                if (used_ == 0) {
                    return;  // a character wider than the line
                }
                end_line();
                continue;
            }
            put({std::string(rest.substr(0, bytes)), word.look}, wide);
            rest.remove_prefix(bytes);
        }
    }

    std::size_t width_;
    std::vector<std::vector<Span>> lines_;
    std::vector<Span> line_;
    std::size_t used_ = 0;
};

std::string escape_sequence(const Look& look) {
    std::string codes;
    const auto add = [&](bool is_on, std::string_view code) {
        if (is_on) {
            codes += (codes.empty() ? "" : ";") + std::string(code);
        }
    };
    add(look.bold, "1");
    add(look.dim, "2");
    add(look.italic, "3");
    add(look.underline || !look.url.empty(), "4");
    add(look.strike, "9");
    add(look.code, "36");
    return codes.empty() ? std::string() : "\x1b[" + codes + "m";
}

}  // namespace

std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    while (!text.empty()) {
        const Character next = first_character(text);
        columns += next.columns;
        text.remove_prefix(next.bytes);
    }
    return columns;
}

std::size_t columns_of(const std::vector<Span>& spans) {
    std::size_t columns = 0;
    for (const Span& span : spans) {
        columns += columns_of(span.text);
    }
    return columns;
}

std::vector<std::vector<Span>> wrap(const Line& line, std::size_t width) {
    constexpr std::size_t narrowest = 8;
    const std::size_t indent = columns_of(line.indent);
    Wrapper wrapper(width > indent + narrowest ? width - indent : narrowest);
    for (const Span& word : line.is_verbatim ? line.spans : words_of(line.spans)) {
        if (!word.text.empty()) {
            wrapper.add(word);
        }
    }
    auto lines = wrapper.finish();
    for (auto& wrapped : lines) {
        if (!line.indent.empty()) {
            Look look;
            look.dim = true;
            wrapped.insert(wrapped.begin(), Span{line.indent, look});
        }
    }
    return lines;
}

std::string painted(const std::vector<Span>& spans, bool colour) {
    std::string text;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        const Span& span = spans[i];
        if (!colour) {
            text += span.text;
            // The address follows the last word of the link.
            const bool is_last = i + 1 == spans.size() || spans[i + 1].look.url != span.look.url;
            if (!span.look.url.empty() && is_last && span.text != span.look.url) {
                text += " <" + span.look.url + ">";
            }
            continue;
        }
        const std::string sequence = escape_sequence(span.look);
        if (!span.look.url.empty()) {
            text += "\x1b]8;;" + span.look.url + "\x1b\\";
        }
        text += sequence + span.text + (sequence.empty() ? "" : "\x1b[0m");
        if (!span.look.url.empty()) {
            text += "\x1b]8;;\x1b\\";
        }
    }
    return text;
}

}  // namespace hookline::terminal
