// What Hookline remembers. Reads are quick and happen on the core thread with a connection of their own;
// writes are lists of changes, each list one transaction, committed by the journal's writer thread.
// `sqlite/` implements it; contract_test.cpp is what every implementation must pass.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"
#include "dispatch/outbox.hpp"
#include "store/journal.hpp"
#include "store/knowledge.hpp"
#include "store/rows.hpp"

namespace hookline::store {

struct EventQuery {
    std::optional<HookId> hook;
    std::optional<event::Service> service;
    std::string event_type;  // empty: all
    EventId after;           // ids greater than this …
    EventId before;          // … and smaller than this; 0: no bound
    std::size_t limit = 50;  // at most 1000
    bool newest_first = true;
    bool with_payload = false;
};

struct Counts {
    std::int64_t events = 0, unprocessed = 0, waiting = 0, parked = 0, held_destinations = 0;
};

struct HookHealth {
    std::int64_t deliveries_24h = 0;
    std::optional<TimePoint> last_delivery;
};

/// Of Store::meta: why the stream of that hook cannot be read; empty: it can.
[[nodiscard]] std::string stream_trouble_key(HookId hook);
/// Of Store::meta: why a rule of that hook could not be worked out when it was last tried ("filter 2",
/// "template push"); empty: it could.
[[nodiscard]] std::string rule_trouble_key(HookId hook, std::string_view rule);

class Store {
public:
    virtual ~Store() = default;

    // Writing. Resumes on the caller's executor once it is on stable storage.
    virtual Task<Result<void>> write(Changes changes) = 0;
    [[nodiscard]] virtual EndpointId next_endpoint_id() = 0;
    [[nodiscard]] virtual HookId next_hook_id() = 0;
    [[nodiscard]] virtual DestinationId next_destination_id() = 0;
    [[nodiscard]] virtual MessageId next_message_id() = 0;
    [[nodiscard]] virtual OutboxId next_outbox_id() = 0;
    [[nodiscard]] virtual RuleId next_rule_id() = 0;

    // Hooks and endpoints. Deleted ones are included where `with_deleted`.
    [[nodiscard]] virtual Result<std::vector<Endpoint>> endpoints(bool with_deleted = false) = 0;
    [[nodiscard]] virtual Result<std::vector<Hook>> hooks(bool with_deleted = false) = 0;
    [[nodiscard]] virtual Result<std::vector<dispatch::DestinationInfo>> destinations() = 0;
    [[nodiscard]] virtual Result<HookHealth> health(EndpointId endpoint, TimePoint now) = 0;

    // Events and what became of them.
    /// Oldest first, at most `limit` (fewer where payloads are large), with payload.
    [[nodiscard]] virtual Result<std::vector<StoredEvent>> unprocessed(std::size_t limit) = 0;
    [[nodiscard]] virtual Result<std::optional<StoredEvent>> event(EventId id) = 0;
    [[nodiscard]] virtual Result<std::vector<StoredEvent>> events(EventQuery query) = 0;
    [[nodiscard]] virtual Result<std::vector<Outcome>> outcomes(EventId event) = 0;
    /// Newest first.
    [[nodiscard]] virtual Result<std::vector<Outcome>> outcomes_of(HookId hook, std::size_t limit) = 0;

    // Messages.
    [[nodiscard]] virtual Result<std::optional<StoredMessage>> message(MessageId id) = 0;
    [[nodiscard]] virtual Result<std::vector<StoredMessage>> messages(MessageId after, std::size_t limit) = 0;
    [[nodiscard]] virtual Result<std::vector<StoredMessage>> parked(std::size_t limit) = 0;
    [[nodiscard]] virtual Result<Counts> counts() = 0;
    /// The newest embed timestamp queued for a destination: each message's is made unique to the millisecond.
    [[nodiscard]] virtual Result<std::optional<TimePoint>> last_timestamp(DestinationId destination) = 0;

    [[nodiscard]] virtual Result<std::optional<std::string>> meta(std::string key) = 0;
    [[nodiscard]] virtual Result<std::vector<Act>> acts(std::string guild, std::size_t limit) = 0;
    /// True when a write would be taken now (/readyz).
    virtual Task<Result<void>> check_writable() = 0;

    /// Deletes a small batch of what is older than `older_than` and not needed any more: processed events
    /// with their outcomes, messages that are sent. Returns how many rows went; 0: done for now.
    virtual Task<Result<std::size_t>> sweep(TimePoint older_than, std::size_t batch) = 0;

    [[nodiscard]] virtual Journal& journal() = 0;
    [[nodiscard]] virtual dispatch::Outbox& outbox() = 0;
    [[nodiscard]] virtual Knowledge& knowledge() = 0;
    /// Called on the core's executor after a commit that brought new events / new outbox entries.
    virtual void on_new_events(std::function<void()> wake) = 0;
    virtual void on_new_entries(std::function<void()> wake) = 0;
    /// Called on the core's executor once endpoints have changed, before the write that changed them returns:
    /// who was told a secret may use it at once.
    virtual void on_new_endpoints(std::function<void()> wake) = 0;
    /// Called on the core's executor once a hook was made, changed or deleted; several may ask for it.
    virtual void on_changed_hooks(std::function<void()> wake) = 0;
    /// Called on the core's executor once timers were put or dropped.
    virtual void on_new_timers(std::function<void()> wake) = 0;
    /// Grows with every committed change of hooks, rules, templates, endpoints or destinations: what was read
    /// of them is current as long as this stays.
    [[nodiscard]] virtual std::uint64_t settings_version() const = 0;
    /// Ends the writer after what has queued up is committed.
    virtual void close() = 0;
};

}  // namespace hookline::store
