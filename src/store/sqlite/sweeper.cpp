#include "store/sqlite/sweeper.hpp"

#include "base/iso_time.hpp"

namespace hookline::store {

namespace {

// Rows looked at in one transaction: as many as may go, but within these bounds; a few milliseconds at most.
constexpr std::size_t fewest_looked_at = 100;
constexpr std::size_t most_looked_at = 1000;

struct Look {
    std::int64_t id = 0;
    bool is_old = false;
    bool may_go = false;
};

// The newest row stays in both tables: the next id is counted from it.
constexpr std::string_view look_at_events =
    "SELECT id, received_at < ?3, processed = 1 AND id < (SELECT max(id) FROM webhook_events) AND id < "
    "COALESCE((SELECT "
    "min(first_event) FROM windows), 9223372036854775807) AND NOT EXISTS (SELECT 1 FROM outcomes o JOIN "
    "messages m ON "
    "m.id = o.message WHERE o.event = e.id AND (m.state IN ('waiting', 'parked') OR EXISTS (SELECT 1 FROM "
    "outbox WHERE "
    "message = m.id))) FROM webhook_events e WHERE id > ?1 ORDER BY id LIMIT ?2";

// A message goes after its event, so that no outcome points at nothing.
constexpr std::string_view look_at_messages =
    "SELECT id, updated_at < ?3, state IN ('sent', 'deleted') AND id < (SELECT max(id) FROM messages) AND "
    "NOT EXISTS "
    "(SELECT 1 FROM outbox WHERE message = m.id) AND NOT EXISTS (SELECT 1 FROM webhook_events WHERE id = "
    "m.event) FROM "
    "messages m WHERE id > ?1 ORDER BY id LIMIT ?2";

template <class Older>
std::vector<Look> look(Connection& db, std::string_view sql, std::int64_t after, std::size_t batch,
                       const Older& older_than) {
    std::vector<Look> seen;
    Query rows(db, sql);
    rows.with(after, std::clamp(batch, fewest_looked_at, most_looked_at), older_than);
    while (rows.step()) {
        seen.push_back(Look{rows.number(0), rows.flag(1), rows.flag(1) && rows.flag(2)});
    }
    return seen;
}

void remove_event(Batch& batch, std::int64_t id) {
    Query(batch.db, "DELETE FROM outcomes WHERE event = ?").with(id).run();
    Query(batch.db, "DELETE FROM webhook_events WHERE id = ?").with(id).run();
    --batch.events;
}

// What is known of a thing outlives its events: a pull request may rest for months and keep its approvals.
constexpr std::chrono::days entities_live_longer_by(150);

std::size_t remove_entities(Batch& batch, TimePoint older_than, std::size_t most) {
    return Query(batch.db,
                 "DELETE FROM entities WHERE (endpoint, repository, kind, name) IN (SELECT endpoint, "
                 "repository, kind, name FROM entities WHERE updated_at < ? LIMIT ?)")
        .with(older_than - entities_live_longer_by, most)
        .run();
}

// Of the short-lived ones so many stay, whatever their age.
constexpr std::size_t most_short_lived = 20'000;

std::size_t remove_short_lived(Batch& batch, TimePoint older_than, std::size_t most) {
    return Query(batch.db,
                 "DELETE FROM entities WHERE (endpoint, repository, kind, name) IN (SELECT endpoint, "
                 "repository, kind, name FROM entities WHERE kind = 'told' AND (updated_at < ?1 OR "
                 "updated_at <= (SELECT updated_at FROM entities WHERE kind = 'told' ORDER BY updated_at "
                 "DESC LIMIT 1 OFFSET ?2)) LIMIT ?3)")
        .with(older_than, most_short_lived, most)
        .run();
}

/// A condition that does not hold is as if it had never been worked out; one that holds is remembered as long
/// as what it is about, or it would be told again.
std::size_t remove_alert_states(Batch& batch, TimePoint older_than, std::size_t most) {
    return Query(batch.db,
                 "DELETE FROM alert_states WHERE (rule, entity) IN (SELECT rule, entity FROM alert_states "
                 "WHERE at "
                 "< ?1 AND (is_true = 0 OR at < ?2) LIMIT ?3)")
        .with(older_than, older_than - entities_live_longer_by, most)
        .run();
}

void remove_message(Batch& batch, std::int64_t id) {
    Query(batch.db, "DELETE FROM messages WHERE id = ?").with(id).run();
}

}  // namespace

Task<Result<std::size_t>> Sweeper::sweep(TimePoint older_than, std::size_t batch) {
    auto events = co_await sweep(events_, true, older_than, batch);
    if (!events || *events > 0) {
        co_return events;
    }
    auto messages = co_await sweep(messages_, false, older_than, batch);
    if (!messages || *messages > 0) {
        co_return messages;
    }
    Writer::Action action = [older_than, batch](Batch& transaction) -> Result<std::size_t> {
        const std::size_t entities = remove_entities(transaction, older_than, batch);
        return entities + remove_short_lived(transaction, older_than, batch) +
               remove_alert_states(transaction, older_than, batch);
    };
    auto entities = co_await writer_.commit(std::move(action));
    if (entities && *entities == 0) {
        *events_ = Pass();  // the next sweep begins anew: what was needed may not be by then
        *messages_ = Pass();
    }
    co_return entities;
}

Task<Result<std::size_t>> Sweeper::sweep(std::shared_ptr<Pass> pass, bool is_events, TimePoint older_than,
                                         std::size_t batch) {
    const Writer::Action action = [pass, is_events, older_than,
                                   batch](Batch& transaction) -> Result<std::size_t> {
        const auto seen = is_events
                              ? look(transaction.db, look_at_events, pass->after, batch, iso_time(older_than))
                              : look(transaction.db, look_at_messages, pass->after, batch, older_than);
        // Ids follow time but for jumps of the clock: a whole stretch without an old row is the end.
        pass->is_over = std::none_of(seen.begin(), seen.end(), [](const Look& row) { return row.is_old; });
        std::size_t gone = 0;
        for (const Look& row : seen) {
            if (gone == batch) {
                break;
            }
            pass->after = row.id;
            if (row.may_go) {
                is_events ? remove_event(transaction, row.id) : remove_message(transaction, row.id);
                ++gone;
            }
        }
        return gone;
    };
    while (!pass->is_over) {
        auto gone = co_await writer_.commit(action);
        if (!gone || *gone > 0) {
            co_return gone;
        }
    }
    co_return std::size_t{0};
}

}  // namespace hookline::store
