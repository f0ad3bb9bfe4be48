// So many deliveries a second for one endpoint (HOOKLINE_INGEST_LIMIT), with a second's worth at once. Kept
// as the time at which all that was taken would have come evenly (GCRA): one number, without a lock.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>

#include "base/clock.hpp"

namespace hookline::ingest {

class RateLimit {
public:
    /// Nothing: taken. Else how long until the next may come. `per_second`: at least 1.
    [[nodiscard]] std::optional<std::chrono::nanoseconds> take(SteadyPoint now, std::int64_t per_second) {
        constexpr std::int64_t second = 1'000'000'000;
        const std::int64_t interval = second / per_second;
        const std::int64_t at = now.time_since_epoch().count();
        std::int64_t seen = even_.load(std::memory_order_relaxed);
        for (;;) {
            const std::int64_t even = std::max(seen, at);
            if (even + interval - at > second) {
                return std::chrono::nanoseconds(even + interval - at - second);
            }
            if (even_.compare_exchange_weak(seen, even + interval, std::memory_order_relaxed)) {
                return std::nullopt;
            }
        }
    }

private:
    std::atomic<std::int64_t> even_{0};
};

}  // namespace hookline::ingest
