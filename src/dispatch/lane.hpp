// What the dispatcher remembers of a destination that has work. Lost when the program ends, and not missed:
// what matters is stored.
#pragma once

#include "dispatch/dispatcher.hpp"

namespace hookline::dispatch {

struct Dispatcher::Lane {
    Lane(boost::asio::any_io_executor executor, DestinationId with_id)
        : id(with_id), signal(std::move(executor)) {}

    DestinationId id;
    WakeSignal signal;
    bool sleeps = false;  // may be nudged to look again
    bool is_held = false;
    int store_failures = 0;  // in a row
    bool waits_for_slot = false;

    // Of the head.
    OutboxId head;
    TimePoint not_before;  // as stored; `due` is the same by the clock that does not jump
    SteadyPoint due;
    int failures = 0;  // in a row
    SteadyPoint failing_since;
    int settled_attempts = 0;  // the last attempt that surely left nothing behind
    bool is_granted = false;   // a person said: send it again
    bool is_open = false;      // an earlier attempt may be visible already

    std::optional<SteadyPoint> next_probe;  // while held
    SteadyPoint limits_known_from{};        // nothing is sent before
};

/// What a lane has to do next.
struct Dispatcher::Look {
    enum class Action { end, wait, attempt };
    Action action = Action::end;
    SteadyPoint until = SteadyPoint::max();
    bool is_held = false;
    DestinationInfo destination;
    Entry entry;
};

/// One of the attempts that may be under way at the same time.
class Dispatcher::Slot {
public:
    explicit Slot(Dispatcher& dispatcher) : dispatcher_(dispatcher) {}
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() {
        --dispatcher_.in_flight_;
        if (!dispatcher_.waiting_for_slot_.empty()) {
            const LanePtr next = dispatcher_.waiting_for_slot_.front();
            dispatcher_.waiting_for_slot_.pop_front();
            next->waits_for_slot = false;
            next->signal.wake();
        }
    }

private:
    Dispatcher& dispatcher_;
};

}  // namespace hookline::dispatch
