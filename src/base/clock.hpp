// Time, passed in. now() is for what people read and what is stored; steady() is for every wait and
// every deadline, so that a jump of the wall clock neither hurries nor stalls anything.
#pragma once

#include <chrono>

#include "base/task.hpp"

namespace hookline {

using Milliseconds = std::chrono::milliseconds;
/// UTC, to the millisecond: the precision of every stored time.
using TimePoint = std::chrono::sys_time<Milliseconds>;
using SteadyPoint = std::chrono::steady_clock::time_point;

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual TimePoint now() const = 0;
    [[nodiscard]] virtual SteadyPoint steady() const = 0;
    /// Returns once steady() has reached `when`; throws operation_aborted when cancelled.
    virtual Task<void> sleep_until(SteadyPoint when) = 0;
    /// The same, `duration` from now.
    Task<void> sleep_for(std::chrono::nanoseconds duration);
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] TimePoint now() const override;
    [[nodiscard]] SteadyPoint steady() const override;
    Task<void> sleep_until(SteadyPoint when) override;
};

}  // namespace hookline
