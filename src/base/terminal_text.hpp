// What programs say to a terminal between their text (ECMA-48, 5; XTerm Control Sequences): colours, titles,
// links. Knows where such a sequence begins and ends, and nothing of what it asks for.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hookline {

inline constexpr char terminal_escape = '\x1b';
/// A title or a link that is longer has lost its end: what follows is text again.
inline constexpr std::size_t longest_terminal_string = 4096;

/// Whether ESC and `c` open a string that ends with BEL or ESC backslash: OSC, DCS, SOS, PM, APC.
[[nodiscard]] bool opens_terminal_string(char c);
/// Whether ESC and `c` take one character more, as ESC ( B does.
[[nodiscard]] bool is_terminal_intermediate(char c);

/// `line` without the sequences in it, whether they have an end or not. One that is a string without an end
/// takes the rest of the line with it, but not more than `longest_terminal_string`.
[[nodiscard]] std::string without_terminal_escapes(std::string_view line);

}  // namespace hookline
