#include "dispatch/dispatcher.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/system/system_error.hpp>

#include "base/waiting.hpp"
#include "dispatch/lane.hpp"
#include "dispatch/shared_send.hpp"

namespace hookline::dispatch {

namespace asio = boost::asio;

Dispatcher::Dispatcher(asio::any_io_executor executor, Clock& clock, Random& random, Log& log,
                       Metrics& metrics, Outbox& outbox, Watcher& watcher, Destinations destinations,
                       DispatchOptions options)
    : clock_(clock),
      random_(random),
      log_(log),
      metrics_(metrics),
      outbox_(outbox),
      watcher_(watcher),
      destinations_(std::move(destinations)),
      options_(options),
      executor_(executor),
      group_(executor, log),
      signal_(executor) {}

Dispatcher::~Dispatcher() = default;

void Dispatcher::start() {
    started_ = clock_.steady();
    started_at_ = clock_.now();
    group_.spawn("dispatcher", watch());
}

void Dispatcher::wake() {
    nudge_sleeping_.is_wanted = true;
    nudge_held_.is_wanted = true;
    signal_.wake();
}

void Dispatcher::hold(DestinationId id, HoldReason reason, std::string why) {
    group_.spawn("hold of a destination", hold_now(id, reason, std::move(why)));
}

void Dispatcher::release(DestinationId id) { group_.spawn("release of a destination", release_now(id)); }

void Dispatcher::release_all(DestinationKind kind) {
    const auto ids = outbox_.destinations_with_work();
    if (!ids) {
        log_.error("dispatch", "destinations cannot be released", {{"error", ids.error().detail}});
        return;
    }
    for (const DestinationId id : *ids) {
        const auto destination = outbox_.destination(id);
        const bool waits_for_person = destination && (destination->held == HoldReason::paused ||
                                                      destination->held == HoldReason::ambiguous);
        if (destination && destination->kind == kind && destination->held != HoldReason::none &&
            !waits_for_person) {
            release(id);
        }
    }
}

Task<void> Dispatcher::stop(Milliseconds patience) {
    is_stopping_ = true;
    signal_.wake();
    for (const auto& [id, lane] : lanes_) {
        lane->signal.wake();
    }
    co_await group_.stop(clock_, patience);
}

Task<void> Dispatcher::watch() {
    while (!is_stopping_) {
        const bool is_whole = open_lanes();
        const SteadyPoint next_nudge = nudge_sleepers();
        const SteadyPoint until =
            is_whole ? next_nudge : std::min(next_nudge, clock_.steady() + options_.store_wait);
        co_await wait_until(clock_, signal_, until);
    }
}

bool Dispatcher::open_lanes() {
    const auto ids = outbox_.destinations_with_work();
    if (!ids) {
        log_.error("dispatch", "the outbox cannot be read", {{"error", ids.error().detail}});
        return false;
    }
    for (const DestinationId id : *ids) {
        if (!lanes_.contains(id)) {
            open_lane(id);
        }
    }
    return true;
}

void Dispatcher::open_lane(DestinationId id) {
    const auto lane = std::make_shared<Lane>(executor_, id);
    lane->limits_known_from = limits_known_from(id);
    lanes_.emplace(id, lane);
    group_.spawn("lane", run_lane(lane), [this, id] { lanes_.erase(id); });
}

SteadyPoint Dispatcher::limits_known_from(DestinationId id) const {
    const auto destination = outbox_.destination(id);
    if (!destination || !is_channel(destination->kind) || !destination->last_attempt_at ||
        *destination->last_attempt_at > started_at_) {
        return started_;
    }
    const Milliseconds left = *destination->last_attempt_at + options_.limits_last - started_at_;
    return started_ + std::max(left, Milliseconds(0));
}

/// Lets lanes that wait look again: a head may have been changed, a destination released in the store. Under
/// load wakes come by the hundred each second, so they do not all make every lane read. Returns when to come
/// back.
SteadyPoint Dispatcher::nudge_sleepers() {
    return std::min(nudge(nudge_sleeping_, false, options_.glance),
                    nudge(nudge_held_, true, options_.held_glance));
}

SteadyPoint Dispatcher::nudge(Nudge& nudge, bool held_ones, Milliseconds interval) {
    const SteadyPoint now = clock_.steady();
    if (!nudge.is_wanted) {
        return SteadyPoint::max();
    }
    if (nudge.last && now < *nudge.last + interval) {
        return *nudge.last + interval;
    }
    nudge.is_wanted = false;
    for (const auto& [id, lane] : lanes_) {
        if (lane->sleeps && lane->is_held == held_ones) {
            lane->signal.wake();
            nudge.last = now;
        }
    }
    return SteadyPoint::max();
}

Task<void> Dispatcher::wait_until_ready(LanePtr lane, Destination& target, DestinationInfo destination,
                                        Operation operation) {
    using asio::experimental::awaitable_operators::operator||;
    bool is_cancelled = false;
    bool is_ready = false;
    while (!is_ready && !is_stopping_) {
        try {
            auto ready = target.ready(destination, operation);
            auto woken = lane->signal.wait();
            const auto first = co_await (std::move(ready) || std::move(woken));
            is_ready = first.index() == 0;
        } catch (const asio::multiple_exceptions&) {
            is_cancelled = true;
        }
        if (is_cancelled) {
            throw boost::system::system_error(asio::error::operation_aborted);
        }
    }
}

Task<bool> Dispatcher::take_slot(LanePtr lane) {
    while (in_flight_ >= options_.in_flight && !is_stopping_) {
        if (!lane->waits_for_slot) {
            lane->waits_for_slot = true;
            waiting_for_slot_.push_back(lane);
        }
        co_await lane->signal.wait();
    }
    if (is_stopping_) {
        co_return false;
    }
    ++in_flight_;
    co_return true;
}

Task<void> Dispatcher::run_lane(LanePtr lane) {
    while (!is_stopping_) {
        const Look look = look_at(*lane);
        if (look.action == Look::Action::end) {
            break;
        }
        if (look.action == Look::Action::wait) {
            lane->sleeps = true;
            lane->is_held = look.is_held;
            co_await wait_until(clock_, lane->signal, look.until);
            lane->sleeps = false;
        } else {
            co_await attempt(lane, look.destination, look.entry);
        }
    }
    lanes_.erase(lane->id);
}

Dispatcher::Look Dispatcher::look_at(Lane& lane) {
    Look look;
    const auto head = outbox_.head(lane.id);
    const auto destination = head && *head ? outbox_.destination(lane.id) : Result<DestinationInfo>();
    if (!head || !destination) {
        const Error& error = head ? destination.error() : head.error();
        log_.error("dispatch", "the outbox cannot be read",
                   {{"destination", lane.id.value}, {"error", error.detail}});
        look.action = Look::Action::wait;
        const int doublings = std::min(lane.store_failures++, 10);
        look.until =
            clock_.steady() + std::min(options_.store_wait * (1 << doublings), options_.longest_store_wait);
        return look;
    }
    lane.store_failures = 0;
    if (!*head) {
        return look;
    }
    look.destination = *destination;
    look.entry = **head;
    remember(lane, look.entry);
    look.is_held = destination->held != HoldReason::none;
    look.until = std::max(lane.due, lane.limits_known_from);
    look.until = look.is_held ? std::max(probe_time(lane, *destination), look.until) : look.until;
    look.action = clock_.steady() < look.until ? Look::Action::wait : Look::Action::attempt;
    return look;
}

void Dispatcher::remember(Lane& lane, const Entry& head) const {
    if (lane.head != head.id) {
        lane.failures = 0;
        lane.settled_attempts = 0;
        lane.is_granted = false;
    }
    if (lane.head != head.id || lane.not_before != head.not_before) {
        lane.due = clock_.steady() + std::max(head.not_before - clock_.now(), Milliseconds(0));
    }
    lane.head = head.id;
    lane.not_before = head.not_before;
}

SteadyPoint Dispatcher::probe_time(Lane& lane, const DestinationInfo& destination) {
    if (!recovers_by_itself(destination.held)) {
        return SteadyPoint::max();
    }
    const SteadyPoint now = clock_.steady();
    if (!lane.next_probe) {
        // After a start all held lanes open at once: their probes are spread over an interval.
        const bool is_start = now - started_ < std::chrono::seconds(1);
        const auto spread = options_.probe_interval * random_.roll();
        const auto left = destination.held_since + options_.probe_interval - clock_.now();
        const auto wait = std::clamp<Milliseconds>(left, Milliseconds(0), options_.probe_interval);
        lane.next_probe = now + (is_start ? std::chrono::duration_cast<Milliseconds>(spread) : wait);
    }
    // A token that is refused is refused everywhere: one lane tries it for all.
    return destination.held == HoldReason::bad_token ? std::max(*lane.next_probe, next_token_probe_)
                                                     : *lane.next_probe;
}

}  // namespace hookline::dispatch
