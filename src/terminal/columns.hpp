// Lines of a terminal: how wide a text is there, where it wraps, which escape sequences its looks need.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "terminal/spans.hpp"

namespace hookline::terminal {

/// Columns that `text` takes: two for wide characters and emoji, none for combining marks.
[[nodiscard]] std::size_t columns_of(std::string_view text);
[[nodiscard]] std::size_t columns_of(const std::vector<Span>& spans);

/// `line` as lines of at most `width` columns (at least 8), each ending at a word where that is possible.
[[nodiscard]] std::vector<std::vector<Span>> wrap(const Line& line, std::size_t width);

/// With `colour`: ANSI (SGR) and OSC 8 links. Without: the text, and a link's address behind it where the
/// text is not the address itself.
[[nodiscard]] std::string painted(const std::vector<Span>& spans, bool colour);

}  // namespace hookline::terminal
