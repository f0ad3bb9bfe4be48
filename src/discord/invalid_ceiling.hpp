// Our own ceiling on what Discord counts as invalid requests. At 10,000 answers of 401, 403 or 429 (not
// shared) within ten minutes Discord bans the address (Discord, "Invalid Request Limit"); we slow down at
// 500, stop at 2,000, and fall silent where the ban has come all the same. Pure: times go in, times come out.
#pragma once

#include <chrono>
#include <deque>

#include "base/clock.hpp"

namespace hookline::discord {

class InvalidCeiling {
public:
    static constexpr std::size_t slow_at = 500;
    static constexpr std::size_t stop_at = 2'000;
    static constexpr std::chrono::minutes window{10};
    static constexpr std::chrono::seconds slow_gap{1};  // between requests while slowed down
    static constexpr std::chrono::minutes ban_silence{15};

    /// One answer of 401, 403 or 429 that was not shared.
    void count(SteadyPoint now);
    /// A ban page: nothing is sent for `as_told`, for `ban_silence` where the page does not say.
    void banned(SteadyPoint now, std::chrono::milliseconds as_told);
    /// A request leaves at `now`.
    void sent(SteadyPoint now);

    /// The earliest time a request may leave; `now` or earlier when it may at once.
    [[nodiscard]] SteadyPoint earliest(SteadyPoint now);
    [[nodiscard]] std::size_t counted(SteadyPoint now);
    [[nodiscard]] bool is_banned(SteadyPoint now) const { return now < silent_until_; }

private:
    void forget_old(SteadyPoint now);

    std::deque<SteadyPoint> invalid_;  // at most stop_at of them matter; older ones are dropped
    SteadyPoint silent_until_;
    SteadyPoint last_sent_;
};

}  // namespace hookline::discord
