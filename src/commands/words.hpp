// Splits what a person typed into words, as phones and editors mangle it: typographic quotes quote, a long
// dash before an option is two hyphens, a ``` fence is one word that may span lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace hookline::commands {

inline constexpr std::size_t longest_command = 8000;  // code points
inline constexpr std::size_t most_words = 200;

/// Errors (invalid_argument) are whole sentences for the person: a quote that does not end, too much text.
[[nodiscard]] Result<std::vector<std::string>> split_words(std::string_view text);

}  // namespace hookline::commands
