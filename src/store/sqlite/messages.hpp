// The rows of messages and outcomes.
#pragma once

#include "store/sqlite/writer.hpp"
#include "store/store.hpp"

namespace hookline::store {

/// Ignored where that pair has one: an outcome does not change by being worked out again.
void put_outcome(Batch& batch, const Outcome& outcome);
void put_message(Batch& batch, const StoredMessage& message);

[[nodiscard]] std::vector<Outcome> read_outcomes(Connection& db, EventId event);
[[nodiscard]] std::vector<Outcome> read_outcomes_of(Connection& db, HookId hook, std::size_t limit);
[[nodiscard]] std::optional<StoredMessage> read_message(Connection& db, MessageId id);
[[nodiscard]] std::optional<StoredMessage> read_card(Connection& db, DestinationId destination,
                                                     const std::string& key);
[[nodiscard]] std::vector<StoredMessage> read_messages(Connection& db, MessageId after, std::size_t limit);
[[nodiscard]] std::vector<StoredMessage> read_parked(Connection& db, std::size_t limit);

}  // namespace hookline::store
