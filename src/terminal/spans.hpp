// Text with its looks, before it is laid out in lines: what Discord's Markdown means, without its signs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hookline::terminal {

struct Look {
    bool bold = false, italic = false, underline = false, strike = false, dim = false, code = false;
    std::string url;  // of a link
    bool operator==(const Look&) const = default;
};

struct Span {
    std::string text;  // no control characters
    Look look;
};

/// One line of the message, not wrapped yet.
struct Line {
    std::vector<Span> spans;
    std::string indent;        // before it and before what it wraps to: "┃ " of a quote
    bool is_verbatim = false;  // of a code block: cut, not wrapped at words
};

/// Discord's Markdown (Discord, "Markdown Text 101") as far as Hookline writes it: bold, italic, underline,
/// strike, code, links, quotes, fences, headings, times, backslash escapes. What is none of it stays as it
/// is.
[[nodiscard]] std::vector<Line> read_markdown(std::string_view markdown);

}  // namespace hookline::terminal
