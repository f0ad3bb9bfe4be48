// Carries what waits in the outbox to where it goes. One lane for each destination that has work: its entries
// leave in the order of their ids, and what blocks the head of a lane blocks that lane only. Every decision
// is made in next_step.hpp; this here stores, sends, stores again and waits.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"
#include "base/signal.hpp"
#include "base/task_group.hpp"
#include "dispatch/destination.hpp"
#include "dispatch/next_step.hpp"
#include "dispatch/outbox.hpp"

namespace hookline::dispatch {

struct DispatchOptions {
    RetryPolicy retry;
    std::size_t in_flight = 512;  // attempts at the same time, over all destinations
    Milliseconds probe_interval = std::chrono::minutes(30);  // of destinations that are held
    Milliseconds store_wait = std::chrono::seconds(1);       // before the store is asked again after an error
    Milliseconds longest_store_wait = std::chrono::seconds(60);
    Milliseconds glance = std::chrono::milliseconds(20);  // waiting lanes look at their heads no more often
    Milliseconds held_glance = std::chrono::seconds(1);   // nor held ones, whether they still are
    Milliseconds tell_again = std::chrono::hours(24);     // the same cause of parking
    /// Discord's windows for one channel end within that time (5 s, and 6 s for old messages, were seen). How
    /// much of them the last process used up nobody knows any more.
    Milliseconds limits_last = std::chrono::seconds(6);
};

class Dispatcher {
public:
    /// By kind; a kind that is missing (no token) holds its destinations.
    using Destinations = std::map<DestinationKind, Destination*>;

    /// Everything outlives this; all of it is used on `executor` alone.
    Dispatcher(boost::asio::any_io_executor executor, Clock& clock, Random& random, Log& log,
               Metrics& metrics, Outbox& outbox, Watcher& watcher, Destinations destinations,
               DispatchOptions options = {});
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;
    ~Dispatcher();

    /// Takes up what the outbox holds.
    void start();
    /// There are new entries, or one that waits was changed.
    void wake();
    /// The cause of holding is gone: a permission came back, or a person says "resume". Also lets one through
    /// that waits because an answer was lost: it is sent again.
    void release(DestinationId id);
    /// The cause of holding is known before an attempt finds it out (the channel was deleted).
    void hold(DestinationId id, HoldReason reason, std::string why);
    /// A new token: all destinations of that kind that have work, but those that wait for a person's
    /// decision.
    void release_all(DestinationKind kind);
    /// Begins nothing more, lets the attempts at hand finish for at most `patience`, and returns when all
    /// have ended.
    Task<void> stop(Milliseconds patience);

    [[nodiscard]] std::size_t lanes() const { return lanes_.size(); }

private:
    struct Lane;
    struct Look;
    class Slot;
    struct Nudge {
        bool is_wanted = false;
        std::optional<SteadyPoint> last;
    };
    using LanePtr = std::shared_ptr<Lane>;

    // What happens.
    Task<void> watch();
    Task<void> run_lane(LanePtr lane);
    Task<void> attempt(LanePtr lane, DestinationInfo destination, Entry entry);
    Task<bool> take_precaution(LanePtr lane, Destination& target, DestinationInfo destination, Entry entry);
    Task<bool> begin(LanePtr lane, OutboxId id, bool may_share);
    Task<void> conclude(LanePtr lane, DestinationInfo destination, Entry entry, Answer answer);
    Task<void> settle(LanePtr lane, DestinationInfo destination, Entry entry, Step step, std::string cause);
    Task<bool> store_step(OutboxId id, Step step);
    Task<void> on_held(LanePtr lane, DestinationInfo destination, Held held, std::string cause);
    Task<void> release_now(DestinationId id);
    Task<void> hold_now(DestinationId id, HoldReason reason, std::string why);
    Task<bool> let_go(DestinationInfo destination);

    // Waiting.
    Task<void> wait_until_ready(LanePtr lane, Destination& target, DestinationInfo destination,
                                Operation operation);
    Task<bool> take_slot(LanePtr lane);

    // Calls into destinations: what they throw, against their word, becomes an answer.
    Task<Answer> post(Destination& target, DestinationInfo destination, Entry entry);
    Task<Sighting> find(Destination& target, DestinationInfo destination, Entry entry);

    // What is known.
    bool open_lanes();
    void open_lane(DestinationId id);
    [[nodiscard]] SteadyPoint limits_known_from(DestinationId id) const;
    SteadyPoint nudge_sleepers();
    SteadyPoint nudge(Nudge& nudge, bool held_ones, Milliseconds interval);
    Look look_at(Lane& lane);
    void remember(Lane& lane, const Entry& head) const;
    SteadyPoint probe_time(Lane& lane, const DestinationInfo& destination);
    Trial note_failure(Lane& lane, bool has_failed, bool may_be_there) const;
    void tell_parked(const DestinationInfo& destination, const Entry& entry, const std::string& cause,
                     const std::string& why);
    void tell_dropped(const DestinationInfo& destination, const Entry& entry, const Dropped& dropped);
    bool is_worth_telling(DestinationId destination, const std::string& cause);
    void observe_latency(const DestinationInfo& destination, const Entry& entry);

    Clock& clock_;
    Random& random_;
    Log& log_;
    Metrics& metrics_;
    Outbox& outbox_;
    Watcher& watcher_;
    Destinations destinations_;
    DispatchOptions options_;
    boost::asio::any_io_executor executor_;
    TaskGroup group_;
    WakeSignal signal_;
    std::unordered_map<DestinationId, LanePtr> lanes_;
    std::size_t in_flight_ = 0;
    std::deque<LanePtr> waiting_for_slot_;
    std::map<std::pair<DestinationId, std::string>, SteadyPoint> told_;
    SteadyPoint started_;
    TimePoint started_at_;
    Nudge nudge_sleeping_, nudge_held_;
    SteadyPoint next_token_probe_ = SteadyPoint::min();
    bool is_stopping_ = false;
};

}  // namespace hookline::dispatch
