// Notices that a service which used to deliver has fallen silent: a webhook that somebody deleted, a secret
// that somebody changed. What is long is learned from each endpoint's own rhythm; it is told once.
#pragma once

#include <functional>
#include <span>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/store.hpp"

namespace hookline::pipeline {

/// Since when an endpoint is silent, and what its longest pause was before.
struct Overdue {
    TimePoint since;
    std::chrono::seconds longest_pause{0};
};
/// `times`: of its latest deliveries, newest first. Nothing where too few are known to have a rhythm (12 in
/// three days at least), or the pause is nothing unusual: less than a day, or than three times the longest
/// one before.
[[nodiscard]] std::optional<Overdue> overdue(std::span<const TimePoint> times, TimePoint now);

class Watchdog {
public:
    /// `tell`: of one of the endpoint's hooks, once for each silence. All outlive this.
    Watchdog(store::Store& store, Clock& clock, Log& log, std::function<void(HookId, Overdue)> tell)
        : store_(store), clock_(clock), log_(log), tell_(std::move(tell)) {}

    /// Looks every hour, until it is cancelled.
    Task<void> run();

private:
    Task<void> look();

    store::Store& store_;
    Clock& clock_;
    Log& log_;
    std::function<void(HookId, Overdue)> tell_;
};

}  // namespace hookline::pipeline
