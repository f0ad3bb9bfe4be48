// A FakeClock for code that runs on threads of its own: any thread may read or move it, nobody can wait on
// it.
#pragma once

#include <atomic>
#include <stdexcept>

#include "base/clock.hpp"

namespace hookline {

class SteppedClock final : public Clock {
public:
    [[nodiscard]] TimePoint now() const override {
        return TimePoint(Milliseconds(1'700'000'000'000)) + Milliseconds(moved_.load());
    }
    [[nodiscard]] SteadyPoint steady() const override {
        return SteadyPoint(std::chrono::hours(1)) + Milliseconds(moved_.load());
    }
    Task<void> sleep_until(SteadyPoint /*when*/) override {
        throw std::logic_error("a stepped clock cannot wait");
    }
    void advance(Milliseconds by) { moved_ += by.count(); }

private:
    std::atomic<std::int64_t> moved_{0};
};

}  // namespace hookline
