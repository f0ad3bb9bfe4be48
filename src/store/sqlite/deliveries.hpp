// The rows of webhook_events: stored by the journal, read by the core.
#pragma once

#include "store/journal.hpp"
#include "store/sqlite/writer.hpp"
#include "store/store.hpp"

namespace hookline::store {

class SqliteJournal final : public Journal {
public:
    explicit SqliteJournal(Writer& writer) : writer_(writer) {}
    /// A delivery id that this endpoint had before is answered with the first one's event; its body is
    /// compared.
    using Journal::append;
    void append(event::Delivery delivery, Done done, Wake wake) override;

private:
    Writer& writer_;
};

void mark_processed(Batch& batch, EventId event);
/// Forgets what became of the event for the hook; it will be processed again.
void forget_outcome(Batch& batch, const ForgetOutcome& forget);

[[nodiscard]] std::vector<StoredEvent> read_unprocessed(Connection& db, std::size_t limit);
[[nodiscard]] std::optional<StoredEvent> read_event(Connection& db, EventId id);
[[nodiscard]] std::vector<StoredEvent> read_events(Connection& db, const EventQuery& query);
[[nodiscard]] HookHealth read_health(Connection& db, EndpointId endpoint, TimePoint now);

}  // namespace hookline::store
