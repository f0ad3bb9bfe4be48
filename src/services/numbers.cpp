#include "services/numbers.hpp"

namespace hookline::services {

std::optional<std::int64_t> within(const Node& number, std::int64_t least, std::int64_t most) {
    const auto value = number.integer();
    return value && *value >= least && *value <= most ? value : std::nullopt;
}

std::optional<TimePoint> time_of_nanos(const Node& nanos) {
    const std::int64_t number = nanos.integer_or(0);
    return number > 0 ? std::optional(TimePoint(Milliseconds(number / 1'000'000))) : std::nullopt;
}

std::optional<std::chrono::seconds> time_from_to(std::optional<TimePoint> from, std::optional<TimePoint> to) {
    if (!from || !to || *to < *from) {
        return std::nullopt;
    }
    return std::chrono::duration_cast<std::chrono::seconds>(*to - *from);
}

}  // namespace hookline::services
