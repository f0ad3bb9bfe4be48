// Durations as people write and read them.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace hookline {

/// "90s", "5m", "2h", "1d", "1h30m" (docs/contract.md: durations everywhere). At most 10 years; never
/// negative.
[[nodiscard]] Result<std::chrono::seconds> parse_duration(std::string_view text);

/// "3m 24s", "45s", "2h 15m", "3d 4h": the two largest units. Negative counts as 0.
[[nodiscard]] std::string spell_duration(std::chrono::seconds duration);

/// "1h30m": what parse_duration reads back.
[[nodiscard]] std::string short_duration(std::chrono::seconds duration);

}  // namespace hookline
