// Times as text: one form going out, every form that senders use coming in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace hookline {

/// "2026-11-23T20:49:21.000Z": ISO 8601, UTC, milliseconds; the form of every stored time.
[[nodiscard]] std::string iso_time(TimePoint time);

/// Reads ISO 8601 with 0 to 9 fraction digits, "Z", "+02:00", "+0200" or " UTC", a "T" or a space between,
/// and Unix seconds (also with a fraction) or milliseconds as digits. The zero value
/// "0001-01-01T00:00:00Z" and anything outside the years 1970 to 9999 is nothing.
[[nodiscard]] std::optional<TimePoint> parse_time(std::string_view text);

}  // namespace hookline
