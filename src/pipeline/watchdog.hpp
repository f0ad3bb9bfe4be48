// Notices that a service which used to deliver has fallen silent: a webhook that somebody deleted, a secret
// that somebody changed. What is long is learned from each endpoint's own rhythm; it is told once.
#pragma once

#include <functional>
#include <map>
#include <span>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/signal.hpp"
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

/// Told of one of an endpoint's hooks.
struct WatchdogListener {
    std::function<void(HookId, Overdue)> on_silence;
    std::function<void(HookId)> on_refusals;
};

class Watchdog {
public:
    /// All outlive this.
    Watchdog(boost::asio::any_io_executor executor, store::Store& store, Clock& clock, Log& log,
             WatchdogListener listener)
        : store_(store),
          clock_(clock),
          log_(log),
          listener_(std::move(listener)),
          wake_(std::move(executor)) {}

    /// A delivery to that endpoint had the wrong proof. On the core's thread.
    void on_refused(EndpointId endpoint);

    /// Looks every hour, and where something was refused, until it is cancelled.
    Task<void> run();

private:
    struct Refusals {
        TimePoint first;
        int count = 0;
    };
    Task<void> look();
    Task<void> look_at_refusals();
    [[nodiscard]] bool is_worth_telling(const store::Endpoint& endpoint, const store::Hook& hook,
                                        const Refusals& refusals, std::string& after);

    store::Store& store_;
    Clock& clock_;
    Log& log_;
    WatchdogListener listener_;
    WakeSignal wake_;
    std::map<EndpointId, Refusals> refusals_;
};

}  // namespace hookline::pipeline
