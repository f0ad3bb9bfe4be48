// What is wrong with a text that a person typed, and where.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace hookline::language {

/// A piece of the source, in bytes.
struct Place {
    std::size_t begin = 0, end = 0;
};

struct Diagnostic {
    std::string
        sentence;  // whole, with what to do: `there is no field "pr.stauts"; did you mean "pr.status"?`
    Place place;
};

/// The line of `source` that holds the place, and carets under it; counts columns as a terminal shows them.
/// Long lines are cut around the place.
[[nodiscard]] std::string caret_under(std::string_view source, Place place);

/// The sentence, then the line with its caret.
[[nodiscard]] std::string to_text(const Diagnostic& diagnostic, std::string_view source);

template <class T>
using Checked = tl::expected<T, Diagnostic>;

/// `; did you mean "x"?`, or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string_view> known);

}  // namespace hookline::language
