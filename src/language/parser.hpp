// Tokens as a tree, by Jinja2's grammar (jinja2/parser.py of 3.1): its precedence, where it differs from
// Python's, is kept ("~" binds tighter than "+", "**" is read from the left).
#pragma once

#include <string_view>

#include "language/diagnostic.hpp"
#include "language/tree.hpp"

namespace hookline::language {

inline constexpr int deepest_tree = 100;
inline constexpr std::size_t longest_source = 16UL * 1024;  // bytes

[[nodiscard]] Checked<NodePtr> parse_expression(std::string_view source);
[[nodiscard]] Checked<Pieces> parse_template(std::string_view source);

}  // namespace hookline::language
