#include "store/sqlite/outbox_rows.hpp"

#include "base/text.hpp"
#include "dispatch/shared_send.hpp"
#include "message/json.hpp"
#include "message/limits.hpp"
#include "message/mentions.hpp"
#include "store/sqlite/hooks.hpp"

namespace hookline::store {

using dispatch::Entry;
using dispatch::Operation;

namespace {

/// What record() needs of an entry.
struct Waiting {
    OutboxId id;
    MessageId message;
    DestinationId destination;
    Operation operation = Operation::create;

    /// Whether it makes the message appear; the others change what is there.
    [[nodiscard]] bool is_create() const {
        return operation == Operation::create || operation == Operation::direct_message;
    }
};

tl::unexpected<Error> no_entry(OutboxId id) {
    return fail(Errc::not_found, fmt::format("there is no outbox entry {}", id.value));
}

Result<Waiting> find_entry(Connection& db, OutboxId id) {
    Query row(db, "SELECT message, destination, operation FROM outbox WHERE id = ?");
    if (!row.with(id).step()) {
        return no_entry(id);
    }
    Waiting entry;
    entry.id = id;
    entry.message = row.id<MessageId>(0);
    entry.destination = row.id<DestinationId>(1);
    entry.operation = dispatch::parse_operation(row.view(2)).value_or(Operation::create);
    return entry;
}

void remove_entry(Batch& batch, OutboxId id) {
    Query(batch.db, "DELETE FROM outbox WHERE id = ?").with(id).run();
    // The id is part of what makes a nonce: it never comes again, not even after a restart.
    Query(batch.db,
          "INSERT INTO sequences (name, last) VALUES ('outbox', ?) ON CONFLICT (name) DO UPDATE SET last = "
          "max(last, excluded.last)")
        .with(id)
        .run();
}

void raise_timestamp(Batch& batch, DestinationId destination, std::optional<TimePoint> timestamp) {
    if (timestamp) {
        Query(batch.db,
              "UPDATE destinations SET last_timestamp = max(COALESCE(last_timestamp, 0), ?) WHERE id = ?")
            .with(timestamp, destination)
            .run();
    }
}

/// A forum's post is a thread with the id of its first message (Discord, "Start Thread in Forum"), and no
/// other message has the id of the channel it is in.
void set_sent(Batch& batch, const Waiting& entry, const dispatch::Posted& posted, TimePoint now) {
    Query(batch.db,
          "UPDATE messages SET state = 'sent', error = '', discord_channel = ?1, discord_message = ?2, "
          "discord_thread = CASE WHEN ?1 = ?2 THEN ?1 ELSE discord_thread END, sent_at = ?4, updated_at = ?4 "
          "WHERE id = ?3 OR joined = ?3")
        .with(posted.channel, posted.message, entry.message, now)
        .run();
}

void set_edited(Batch& batch, const Waiting& entry, TimePoint now) {
    Query(batch.db, "UPDATE messages SET error = '', updated_at = ? WHERE id = ? AND state = 'sent'")
        .with(now, entry.message)
        .run();
}

/// What waits for a message that never came goes with it: its newest content into the parked create.
void fold_later_edits(Batch& batch, const Waiting& create) {
    std::vector<OutboxId> later;
    {
        Query rows(batch.db,
                   "SELECT id FROM outbox WHERE message = ? AND id > ? AND is_parked = 0 ORDER BY id");
        rows.with(create.message, create.id);
        while (rows.step()) {
            later.push_back(rows.id<OutboxId>(0));
        }
    }
    for (const OutboxId id : later) {
        Query(
            batch.db,
            "UPDATE outbox SET (body, revision) = (SELECT body, revision FROM outbox WHERE id = ?1 AND "
            "operation "
            "= 'edit') WHERE id = ?2 AND EXISTS (SELECT 1 FROM outbox WHERE id = ?1 AND operation = 'edit')")
            .with(id, create.id)
            .run();
        remove_entry(batch, id);
    }
}

void after(Batch& batch, const Waiting& entry, const dispatch::Posted& posted, TimePoint now) {
    if (entry.operation == Operation::create_thread) {
        Query(batch.db, "UPDATE messages SET discord_thread = ?, updated_at = ? WHERE id = ?")
            .with(posted.channel, now, entry.message)
            .run();
    } else if (entry.is_create()) {
        set_sent(batch, entry, posted, now);
    } else if (entry.operation == Operation::close_thread) {
        // The message is as it was.
    } else if (entry.operation == Operation::edit && posted.message) {
        set_edited(batch, entry, now);
    } else {
        Query(batch.db, "UPDATE messages SET state = 'deleted', updated_at = ? WHERE id = ?")
            .with(now, entry.message)
            .run();
    }
    remove_entry(batch, entry.id);
}

void after(Batch& batch, const Waiting& entry, const dispatch::RetryAt& retry, TimePoint) {
    Query(batch.db, "UPDATE outbox SET not_before = ?, last_error = ? WHERE id = ?")
        .with(retry.when, retry.why, entry.id)
        .run();
}

void after(Batch& batch, const Waiting& entry, const dispatch::Fallback& fallback, TimePoint now) {
    Query(batch.db, "UPDATE outbox SET is_fallback = 1, not_before = ?, last_error = ? WHERE id = ?")
        .with(now, fallback.why, entry.id)
        .run();
}

/// The message's row keeps its thread: what follows goes on there.
void after(Batch& batch, const Waiting& entry, const dispatch::Replace& replace, TimePoint now) {
    Query(batch.db,
          "UPDATE outbox SET operation = 'create', attempts = 0, first_attempt_at = NULL, last_error = '', "
          "not_before = ? WHERE id = ?")
        .with(now, entry.id)
        .run();
    Query(batch.db, "UPDATE messages SET error = ?, replaced = replaced + ?, updated_at = ? WHERE id = ?")
        .with(replace.why, replace.was_deleted, now, entry.message)
        .run();
}

void after(Batch& batch, const Waiting& entry, const dispatch::Dropped& dropped, TimePoint now) {
    Query(batch.db, "UPDATE messages SET error = ?, updated_at = ? WHERE id = ?")
        .with(dropped.why, now, entry.message)
        .run();
    remove_entry(batch, entry.id);
}

void after(Batch& batch, const Waiting& entry, const dispatch::Parked& parked, TimePoint now) {
    Query(batch.db, "UPDATE outbox SET is_parked = 1, last_error = ? WHERE id = ?")
        .with(parked.why, entry.id)
        .run();
    if (!entry.is_create()) {
        // The message is there, only not as it should be.
        Query(batch.db, "UPDATE messages SET error = ? WHERE id = ?").with(parked.why, entry.message).run();
        return;
    }
    Query(batch.db,
          "UPDATE messages SET state = 'parked', error = ?1, updated_at = ?2 WHERE id = ?3 "
          "OR joined = ?3")
        .with(parked.why, now, entry.message)
        .run();
    Query(batch.db,
          "UPDATE outcomes SET kind = 'parked', reason = ?1 WHERE message IN (SELECT id FROM messages WHERE "
          "id = ?2 OR joined = ?2)")
        .with(parked.why, entry.message)
        .run();
    fold_later_edits(batch, entry);
}

Result<void> set_held(Batch& batch, DestinationId id, dispatch::HoldReason reason, const std::string& detail,
                      TimePoint now) {
    const auto changed = Query(batch.db,
                               "UPDATE destinations SET held_since = CASE WHEN held = 'none' THEN ?3 ELSE "
                               "held_since END, held = ?1, "
                               "held_detail = ?2 WHERE id = ?4")
                             .with(name_of(reason), detail, now, id)
                             .run();
    if (changed == 0) {
        return fail(Errc::not_found, fmt::format("there is no destination {}", id.value));
    }
    return {};
}

Result<void> apply_step(Batch& batch, OutboxId id, const dispatch::Step& step, TimePoint now) {
    const auto entry = find_entry(batch.db, id);
    if (!entry) {
        return tl::unexpected(entry.error());
    }
    if (const auto* held = std::get_if<dispatch::Held>(&step)) {
        Query(batch.db, "UPDATE outbox SET last_error = ? WHERE id = ?").with(held->why, id).run();
        return set_held(batch, entry->destination, held->reason, held->why, now);
    }
    std::visit(
        [&](const auto& what) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(what)>, dispatch::Held>) {
                after(batch, *entry, what, now);
            }
        },
        step);
    return {};
}

Result<Entry> entry_of(const Query& row) {
    auto body = message::parse(row.view(4));
    if (!body) {
        return fail(Errc::storage,
                    fmt::format("outbox entry {} cannot be read: {}", row.number(0), body.error().detail));
    }
    Entry entry;
    entry.id = row.id<OutboxId>(0);
    entry.message = row.id<MessageId>(1);
    entry.destination = row.id<DestinationId>(2);
    entry.operation = dispatch::parse_operation(row.view(3)).value_or(Operation::create);
    entry.body = std::move(*body);
    entry.revision = row.number(5);
    entry.discord_channel = row.snowflake(6);
    entry.discord_message = row.snowflake(7);
    entry.thread_name = row.text(8);
    entry.attempts = static_cast<int>(row.number(9));
    entry.first_attempt_at = row.optional_time(10);
    entry.is_fallback = row.flag(11);
    entry.created_at = row.time(12);
    entry.not_before = row.time(13);
    entry.last_error = row.text(14);
    entry.stands_alone = row.flag(15);
    entry.discord_thread = row.snowflake(16);
    entry.is_card = row.flag(17);
    entry.replaced = static_cast<int>(row.number(18));
    for (const std::string_view tag : split(row.view(19), '\n')) {
        if (!tag.empty()) {
            entry.thread_tags.emplace_back(tag);
        }
    }
    return entry;
}

// Where the message is, its own row knows: later entries need not be told. What belongs into the thread of a
// card goes there once it is known; without one, or where somebody deleted the card, it goes to the
// destination itself. A reply (it has no event), a card and what is in a thread are never joined with others.
constexpr std::string_view select_waiting =
    "SELECT o.id, o.message, o.destination, o.operation, o.body, o.revision, COALESCE(o.discord_channel, "
    "CASE WHEN o.operation = 'create' AND card.state <> 'deleted' THEN card.discord_thread END, "
    "m.discord_channel), COALESCE(o.discord_message, m.discord_message), o.thread_name, o.attempts, "
    "o.first_attempt_at, o.is_fallback, o.created_at, o.not_before, o.last_error, m.event IS NULL OR "
    "m.card_key <> '' OR m.thread_key <> '' OR m.thread_of IS NOT NULL, m.discord_thread, m.card_key <> '', "
    "m.replaced, o.thread_tags FROM outbox o LEFT JOIN messages m ON m.id = o.message LEFT JOIN messages "
    "card "
    "ON card.id = m.thread_of WHERE o.destination = ? AND o.is_parked = 0 ORDER BY o.id LIMIT ?";

std::size_t count_waiting(Connection& db, DestinationId destination, std::size_t most) {
    Query row(db,
              "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE destination = ? AND is_parked = 0 LIMIT ?)");
    return row.with(destination, most).step() ? static_cast<std::size_t>(row.number(0)) : 0;
}

Result<std::vector<Entry>> read_waiting(Connection& db, DestinationId destination, std::size_t most) {
    std::vector<Entry> waiting;
    Query row(db, select_waiting);
    row.with(destination, most);
    while (row.step()) {
        auto entry = entry_of(row);
        if (!entry) {
            return tl::unexpected(std::move(entry).error());
        }
        waiting.push_back(std::move(*entry));
    }
    return waiting;
}

void set_joined(Batch& batch, MessageId message, MessageId carrier) {
    Query(batch.db, "UPDATE messages SET joined = ? WHERE id = ?").with(carrier, message).run();
}

/// What waits directly behind the head goes into it, as far as the rules allow.
void share_send(Batch& batch, DestinationId destination, OutboxId head, TimePoint now) {
    if (count_waiting(batch.db, destination, dispatch::fewest_behind + 1) <= dispatch::fewest_behind) {
        return;
    }
    const auto waiting = read_waiting(batch.db, destination, message::limits::embeds);
    if (!waiting || waiting->empty() || waiting->front().id != head) {
        return;  // what cannot be read is the trouble of its own attempt
    }
    const auto together = std::span(*waiting).first(dispatch::shared_count(*waiting, now));
    if (together.size() == 1) {
        return;
    }
    Query(batch.db, "UPDATE outbox SET body = ? WHERE id = ?")
        .with(message::serialize(dispatch::shared_body(together)), head)
        .run();
    for (const Entry& entry : together) {
        set_joined(batch, entry.message, together.front().message);
        if (entry.id != head) {
            remove_entry(batch, entry.id);
        }
    }
}

std::string lines_of(const std::vector<std::string>& texts) {
    return fmt::format("{}", fmt::join(texts, "\n"));
}

/// Gives the entry that takes new content for `message`, if one does: the create that nobody tried yet (or
/// that is parked), else the edit that nobody tried yet.
OutboxId entry_to_change(Connection& db, MessageId message) {
    Query row(db,
              "SELECT id FROM outbox WHERE message = ? AND ((operation IN ('create', 'direct_message') AND "
              "(attempts = 0 OR is_parked = 1)) OR (operation = 'edit' AND attempts = 0 AND is_parked = 0)) "
              "ORDER BY operation = "
              "'edit', id DESC LIMIT 1");
    return row.with(message).step() ? row.id<OutboxId>(0) : OutboxId();
}

/// Until it is seen, new content changes what a message says and not whom it wakes.
std::string as_unseen(Connection& db, OutboxId entry, const message::Message& newer,
                      const std::string& body) {
    Query row(db, "SELECT body FROM outbox WHERE id = ? AND operation <> 'edit'");
    const auto unseen =
        row.with(entry).step() ? message::parse(row.view(0)) : Result<message::Message>(newer);
    return unseen ? message::serialize(message::in_place_of(*unseen, newer)) : body;
}

/// It cannot be changed alone: the others' embeds stand in the same message.
bool is_joined(Connection& db, MessageId message) {
    Query row(db, "SELECT 1 FROM messages WHERE id = ? AND joined IS NOT NULL");
    return row.with(message).step();
}

bool is_to_go(Connection& db, MessageId message) {
    Query row(
        db,
        "SELECT 1 FROM messages WHERE id = ?1 AND (state = 'deleted' OR EXISTS (SELECT 1 FROM outbox WHERE "
        "message = ?1 AND operation = 'remove'))");
    return row.with(message).step();
}

bool is_parked(Connection& db, MessageId message) {
    Query row(db, "SELECT 1 FROM messages WHERE id = ? AND state = 'parked'");
    return row.with(message).step();
}

/// Where nobody tried to send it yet, there is nothing else to do.
bool take_back_unsent(Batch& batch, MessageId message) {
    OutboxId create;
    {
        Query row(batch.db,
                  "SELECT id FROM outbox WHERE message = ? AND operation = 'create' AND attempts = 0");
        create = row.with(message).step() ? row.id<OutboxId>(0) : OutboxId();
    }
    if (create) {
        remove_entry(batch, create);
        return true;
    }
    // A summary's, before its window closes.
    return Query(batch.db,
                 "SELECT 1 FROM messages m WHERE id = ? AND state = 'waiting' AND NOT EXISTS "
                 "(SELECT 1 FROM outbox WHERE message = m.id)")
        .with(message)
        .step();
}

}  // namespace

void enqueue(Batch& batch, const Entry& entry, const std::string& body, std::optional<TimePoint> timestamp) {
    Query(batch.db,
          "INSERT INTO outbox (id, message, destination, operation, body, revision, discord_channel, "
          "discord_message, thread_name, attempts, first_attempt_at, is_fallback, created_at, not_before, "
          "last_error, thread_tags) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .with(entry.id, entry.message, entry.destination, name_of(entry.operation), body, entry.revision,
              entry.discord_channel, entry.discord_message, entry.thread_name, entry.attempts,
              entry.first_attempt_at, entry.is_fallback, entry.created_at, entry.not_before, entry.last_error,
              lines_of(entry.thread_tags))
        .run();
    raise_timestamp(batch, entry.destination, timestamp);
    batch.has_new_entries = true;
}

Result<void> revise(Batch& batch, const Revise& change, const std::string& body,
                    std::optional<TimePoint> timestamp) {
    Entry edit;
    {
        Query row(batch.db, "SELECT destination, revision FROM messages WHERE id = ?");
        if (!row.with(change.message).step()) {
            return fail(change.is_needed ? Errc::conflict : Errc::not_found,
                        fmt::format("there is no message {}", change.message.value));
        }
        edit.destination = row.id<DestinationId>(0);
        edit.revision = row.number(1) + 1;
    }
    const bool is_fixed = is_to_go(batch.db, change.message) || is_joined(batch.db, change.message);
    if (change.is_needed && (is_fixed || is_parked(batch.db, change.message))) {
        return fail(Errc::conflict, fmt::format("message {} cannot be changed", change.message.value));
    }
    if (is_fixed) {
        return {};
    }
    Query(batch.db, "UPDATE messages SET revision = ?, updated_at = ? WHERE id = ?")
        .with(edit.revision, change.now, change.message)
        .run();
    const OutboxId waiting = entry_to_change(batch.db, change.message);
    if (!waiting) {
        edit.id = change.entry_id;
        edit.message = change.message;
        edit.operation = Operation::edit;
        edit.created_at = change.now;
        edit.not_before = change.now;
        enqueue(batch, edit, body, timestamp);
        return {};
    }
    Query(batch.db, "UPDATE outbox SET body = ?, revision = ?, not_before = ? WHERE id = ?")
        .with(as_unseen(batch.db, waiting, change.body, body), edit.revision, change.now, waiting)
        .run();
    raise_timestamp(batch, edit.destination, timestamp);
    batch.has_new_entries = true;
    return {};
}

void withdraw(Batch& batch, const Withdraw& change) {
    if (is_to_go(batch.db, change.message) || is_joined(batch.db, change.message) ||
        is_parked(batch.db, change.message)) {
        return;
    }
    Entry removal;
    {
        Query row(batch.db, "SELECT destination FROM messages WHERE id = ?");
        if (!row.with(change.message).step()) {
            return;
        }
        removal.destination = row.id<DestinationId>(0);
    }
    Query(batch.db, "UPDATE outcomes SET message = ?, reason = ? WHERE message = ?")
        .with(change.instead, change.why, change.message)
        .run();
    if (take_back_unsent(batch, change.message)) {
        Query(batch.db, "UPDATE messages SET state = 'deleted', updated_at = ? WHERE id = ?")
            .with(change.now, change.message)
            .run();
        return;
    }
    removal.id = change.entry_id;
    removal.message = change.message;
    removal.operation = Operation::remove;
    removal.created_at = change.now;
    removal.not_before = change.now;
    enqueue(batch, removal, message::serialize(removal.body), std::nullopt);
}

Result<std::vector<DestinationId>> SqliteOutbox::destinations_with_work() {
    return guarded([this] {
        std::vector<DestinationId> ids;
        Query rows(
            reader_,
            "SELECT id FROM destinations d WHERE EXISTS (SELECT 1 FROM outbox WHERE destination = d.id AND "
            "is_parked = 0)");
        while (rows.step()) {
            ids.push_back(rows.id<DestinationId>(0));
        }
        return ids;
    });
}

Result<dispatch::DestinationInfo> SqliteOutbox::destination(DestinationId id) {
    return guarded([this, id] { return read_destination(reader_, sealer_, id); });
}

Result<std::optional<Entry>> SqliteOutbox::head(DestinationId id) {
    return guarded([this, id]() -> Result<std::optional<Entry>> {
        Query row(reader_, select_waiting);
        if (!row.with(id, std::size_t{1}).step()) {
            return std::nullopt;
        }
        return entry_of(row).map([](Entry entry) { return std::optional(std::move(entry)); });
    });
}

Task<Result<void>> SqliteOutbox::commit(Writer::Action action) {
    const auto done = co_await writer_.commit(std::move(action));
    if (!done) {
        co_return tl::unexpected(done.error());
    }
    co_return Result<void>();
}

Result<std::size_t> SqliteOutbox::backlog(DestinationId id, std::size_t most) {
    return guarded([&] { return count_waiting(reader_, id, most); });
}

Task<Result<void>> SqliteOutbox::begin_attempt(OutboxId id, TimePoint now, bool may_share) {
    return commit([id, now, may_share](Batch& batch) -> Result<std::size_t> {
        const auto entry = find_entry(batch.db, id);
        if (entry && may_share) {
            share_send(batch, entry->destination, id, now);
        }
        if (entry) {
            Query(batch.db, "UPDATE destinations SET last_attempt_at = ? WHERE id = ?")
                .with(now, entry->destination)
                .run();
        }
        const auto begun = Query(batch.db,
                                 "UPDATE outbox SET attempts = attempts + 1, first_attempt_at = "
                                 "COALESCE(first_attempt_at, ?) WHERE id = ?")
                               .with(now, id)
                               .run();
        return begun > 0 ? Result<std::size_t>(begun) : no_entry(id);
    });
}

Task<Result<void>> SqliteOutbox::record(OutboxId id, dispatch::Step step, TimePoint now) {
    return commit([id, step = std::move(step), now](Batch& batch) -> Result<std::size_t> {
        return apply_step(batch, id, step, now).map([] { return std::size_t{1}; });
    });
}

Task<Result<void>> SqliteOutbox::hold(DestinationId id, dispatch::HoldReason reason, std::string detail,
                                      TimePoint now) {
    return commit([id, reason, detail = std::move(detail), now](Batch& batch) -> Result<std::size_t> {
        batch.has_new_entries = reason == dispatch::HoldReason::none || batch.has_new_entries;
        return set_held(batch, id, reason, detail, now).map([] { return std::size_t{1}; });
    });
}

}  // namespace hookline::store
