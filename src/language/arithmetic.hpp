// Numbers, texts, lists and durations put together, by Python's rules.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "language/evaluation.hpp"

namespace hookline::language {

/// The error is a sentence for the person who wrote it: "a text and a number cannot be added; …".
[[nodiscard]] tl::expected<Value, std::string> calculate(Arithmetic operation, const Value& left,
                                                         const Value& right, const Limits& limits);
[[nodiscard]] tl::expected<Value, std::string> signed_number(const Value& value, bool is_negative);

/// `value` to so many digits after the point, half to even, as Python's round() has it.
[[nodiscard]] double rounded(double value, int digits);

}  // namespace hookline::language
