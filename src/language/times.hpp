// Times as expressions meet them: texts of the payload, Unix seconds, and things that began at a time.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "language/value.hpp"

namespace hookline::language {

/// A text (ISO 8601), a number (Unix seconds or milliseconds), or an object's `created` or `time`.
[[nodiscard]] std::optional<TimePoint> time_of(const Value& value);

/// RE2 with bounded memory; not ok() where it is no pattern.
[[nodiscard]] std::shared_ptr<const RE2> compile_pattern(const std::string& pattern);

}  // namespace hookline::language
