// A clock that stands still until a test moves it. Waits end in the order of their times.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>

#include "base/clock.hpp"

namespace hookline {

class FakeClock final : public Clock {
public:
    explicit FakeClock(TimePoint start = TimePoint(Milliseconds(1'700'000'000'000))) : now_(start) {}
    [[nodiscard]] TimePoint now() const override { return now_; }
    [[nodiscard]] SteadyPoint steady() const override { return steady_; }
    Task<void> sleep_until(SteadyPoint when) override;

    /// Moves both clocks; the waits that are due end when the loop next runs.
    void advance(std::chrono::nanoseconds duration);
    /// Moves only the wall clock, as a person or NTP would.
    void jump(Milliseconds by) { now_ += by; }
    /// When the earliest wait ends; max() when nothing waits.
    [[nodiscard]] SteadyPoint next_wait() const;

private:
    TimePoint now_;
    SteadyPoint steady_{std::chrono::hours(1)};
    std::chrono::nanoseconds carry_{0};
    std::multimap<SteadyPoint, std::shared_ptr<boost::asio::steady_timer>> waits_;
};

}  // namespace hookline
