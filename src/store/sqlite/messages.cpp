#include "store/sqlite/messages.hpp"

namespace hookline::store {

namespace {

constexpr std::string_view select_outcomes =
    "SELECT event, hook, kind, reason, rule, message, at, event_name FROM outcomes ";
constexpr std::string_view select_messages =
    "SELECT id, destination, hook, event, card_key, thread_key, discord_channel, discord_message, revision, "
    "state, "
    "error, created_at, sent_at, joined, thread_of, discord_thread, replaced FROM messages ";

Outcome outcome_of(const Query& row) {
    Outcome outcome;
    outcome.event = row.id<EventId>(0);
    outcome.hook = row.id<HookId>(1);
    outcome.kind = parse_outcome_kind(row.view(2)).value_or(OutcomeKind::not_understood);
    outcome.reason = row.text(3);
    outcome.rule = row.id<RuleId>(4);
    outcome.message = row.id<MessageId>(5);
    outcome.at = row.time(6);
    outcome.event_name = row.text(7);
    return outcome;
}

StoredMessage message_of(const Query& row) {
    StoredMessage message;
    message.id = row.id<MessageId>(0);
    message.destination = row.id<DestinationId>(1);
    message.hook = row.id<HookId>(2);
    message.event = row.id<EventId>(3);
    message.card_key = row.text(4);
    message.thread_key = row.text(5);
    message.discord_channel = row.snowflake(6);
    message.discord_message = row.snowflake(7);
    message.revision = row.number(8);
    message.state = parse_message_state(row.view(9)).value_or(MessageState::waiting);
    message.error = row.text(10);
    message.created_at = row.time(11);
    message.sent_at = row.optional_time(12);
    message.joined = row.id<MessageId>(13);
    message.thread_of = row.id<MessageId>(14);
    message.discord_thread = row.snowflake(15);
    message.replaced = static_cast<int>(row.number(16));
    return message;
}

template <class Read>
auto all(Query& rows, Read read) {
    std::vector<decltype(read(rows))> values;
    while (rows.step()) {
        values.push_back(read(rows));
    }
    return values;
}

}  // namespace

void put_outcome(Batch& batch, const Outcome& outcome) {
    Query(batch.db,
          "INSERT OR IGNORE INTO outcomes (event, hook, kind, reason, rule, message, at, event_name) VALUES "
          "(?, ?, ?, ?, ?, ?, ?, ?)")
        .with(outcome.event, outcome.hook, name_of(outcome.kind), outcome.reason, outcome.rule,
              outcome.message, outcome.at, outcome.event_name)
        .run();
}

void put_message(Batch& batch, const StoredMessage& message) {
    Query(batch.db,
          "INSERT INTO messages (id, destination, hook, event, card_key, thread_key, discord_channel, "
          "discord_message, revision, state, error, created_at, sent_at, updated_at, thread_of, "
          "discord_thread) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?12, ?, ?12, ?, ?)")
        .with(message.id, message.destination, message.hook, message.event, message.card_key,
              message.thread_key, message.discord_channel, message.discord_message, message.revision,
              name_of(message.state), message.error, message.created_at, message.sent_at, message.thread_of,
              message.discord_thread)
        .run();
}

std::vector<Outcome> read_outcomes(Connection& db, EventId event) {
    Query rows(db, fmt::format("{}WHERE event = ? ORDER BY hook", select_outcomes));
    return all(rows.with(event), outcome_of);
}

std::vector<Outcome> read_outcomes_of(Connection& db, HookId hook, std::size_t limit) {
    Query rows(db, fmt::format("{}WHERE hook = ? ORDER BY sequence DESC LIMIT ?", select_outcomes));
    return all(rows.with(hook, limit), outcome_of);
}

std::optional<StoredMessage> read_message(Connection& db, MessageId id) {
    Query row(db, fmt::format("{}WHERE id = ?", select_messages));
    return row.with(id).step() ? std::optional(message_of(row)) : std::nullopt;
}

std::optional<StoredMessage> read_card(Connection& db, DestinationId destination, const std::string& key) {
    Query row(db, fmt::format(
                      "{}WHERE destination = ? AND card_key = ? AND card_key <> '' ORDER BY id DESC LIMIT 1",
                      select_messages));
    return row.with(destination, key).step() ? std::optional(message_of(row)) : std::nullopt;
}

std::vector<StoredMessage> read_messages(Connection& db, MessageId after, std::size_t limit) {
    Query rows(db, fmt::format("{}WHERE id > ? ORDER BY id LIMIT ?", select_messages));
    return all(rows.with(after.value, limit), message_of);
}

std::vector<StoredMessage> read_parked(Connection& db, std::size_t limit) {
    Query rows(db, fmt::format("{}WHERE state = 'parked' ORDER BY id LIMIT ?", select_messages));
    return all(rows.with(limit), message_of);
}

}  // namespace hookline::store
