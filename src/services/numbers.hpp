// Numbers of a payload that mean something: within bounds, or not told.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "services/payload.hpp"

namespace hookline::services {

/// Nothing where it is no whole number from `least` to `most`.
[[nodiscard]] std::optional<std::int64_t> within(const Node& number, std::int64_t least, std::int64_t most);
/// Of Unix nanoseconds; nothing where they are none.
[[nodiscard]] std::optional<TimePoint> time_of_nanos(const Node& nanos);
/// Nothing where one of both is not told, or they are the wrong way round.
[[nodiscard]] std::optional<std::chrono::seconds> time_from_to(std::optional<TimePoint> from,
                                                               std::optional<TimePoint> to);

}  // namespace hookline::services
