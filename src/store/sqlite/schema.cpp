#include "store/sqlite/schema.hpp"

#include <fmt/format.h>

namespace hookline::store {

namespace {

// Marks the file as ours (SQLite, "Database File Format": application_id): "Hook".
constexpr std::int64_t application_id = 0x486f6f6b;

// `webhooks` and `webhook_events` are read by other programs: the columns of docs/contract.md keep names and
// meaning, and their times are ISO texts. All other times are milliseconds since 1970, UTC.
//
// payload stands last: SQLite reaches a column through all that stand before it, and a payload fills pages.
// delivery_hash: 64 bits of (endpoint, delivery id). An index over random texts would halve the journal's
// rate; a hash that matches is checked in full. events_in_order repeats what events are looked for by:
// passing over a row costs a page, passing over an entry of the index next to nothing. Partial indexes keep
// "what waits" as small as it is. AUTOINCREMENT is not needed: ids are given out by the store, which never
// gives one twice (`sequences`).
constexpr const char* first_schema = R"sql(
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sequences (name TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE endpoints (
    id INTEGER PRIMARY KEY, service TEXT NOT NULL, made_with INTEGER, secret TEXT NOT NULL,
    previous_secret TEXT, previous_until INTEGER, created_at INTEGER NOT NULL, connected_at INTEGER,
    deleted_at INTEGER);

CREATE TABLE destinations (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, guild INTEGER, channel INTEGER, address TEXT,
    held TEXT NOT NULL, held_detail TEXT NOT NULL, held_since INTEGER NOT NULL,
    resends_ambiguous INTEGER NOT NULL, last_timestamp INTEGER);

CREATE TABLE webhooks (
    id TEXT PRIMARY KEY, user_id TEXT, channel_id TEXT, service TEXT, url TEXT, secret TEXT, events TEXT,
    filters TEXT, template TEXT, enabled BOOLEAN, created_at TIMESTAMP,
    number INTEGER NOT NULL UNIQUE, endpoint INTEGER NOT NULL, destination INTEGER, guild TEXT NOT NULL,
    command_channel INTEGER, repos TEXT NOT NULL, is_on INTEGER NOT NULL, is_paused INTEGER NOT NULL,
    setup_reply INTEGER, deleted_at INTEGER);
CREATE INDEX webhooks_by_endpoint ON webhooks (endpoint);

CREATE TABLE webhook_events (
    id INTEGER PRIMARY KEY, webhook_id TEXT, event_type TEXT, received_at TIMESTAMP, processed BOOLEAN,
    endpoint INTEGER NOT NULL, service TEXT NOT NULL, delivery_id TEXT, delivery_hash INTEGER,
    is_test INTEGER NOT NULL, payload TEXT);
CREATE INDEX events_by_delivery ON webhook_events (delivery_hash) WHERE delivery_hash IS NOT NULL;
CREATE INDEX events_by_endpoint ON webhook_events (endpoint, id, received_at, event_type);
CREATE INDEX events_in_order ON webhook_events (id, service, event_type);
CREATE INDEX events_unprocessed ON webhook_events (id) WHERE processed = 0;

CREATE TABLE outcomes (
    sequence INTEGER PRIMARY KEY, event INTEGER NOT NULL, hook INTEGER NOT NULL, kind TEXT NOT NULL,
    reason TEXT NOT NULL, rule INTEGER, message INTEGER, at INTEGER NOT NULL);
CREATE UNIQUE INDEX outcomes_by_event ON outcomes (event, hook);
CREATE INDEX outcomes_by_hook ON outcomes (hook, sequence);
CREATE INDEX outcomes_by_message ON outcomes (message) WHERE message IS NOT NULL;

CREATE TABLE messages (
    id INTEGER PRIMARY KEY, destination INTEGER NOT NULL, hook INTEGER, event INTEGER,
    card_key TEXT NOT NULL, thread_key TEXT NOT NULL, discord_channel INTEGER, discord_message INTEGER,
    discord_thread INTEGER, revision INTEGER NOT NULL, state TEXT NOT NULL, error TEXT NOT NULL,
    created_at INTEGER NOT NULL, sent_at INTEGER, updated_at INTEGER NOT NULL);
CREATE INDEX messages_by_card ON messages (destination, card_key) WHERE card_key <> '';
CREATE INDEX messages_parked ON messages (id) WHERE state = 'parked';

-- owner, fence and until claim a row where several daemons share one database.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY, message INTEGER NOT NULL, destination INTEGER NOT NULL, operation TEXT NOT NULL,
    body TEXT NOT NULL, revision INTEGER NOT NULL, discord_channel INTEGER, discord_message INTEGER,
    thread_name TEXT NOT NULL, attempts INTEGER NOT NULL, first_attempt_at INTEGER,
    is_fallback INTEGER NOT NULL, is_parked INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL,
    not_before INTEGER NOT NULL, last_error TEXT NOT NULL,
    owner TEXT, fence INTEGER NOT NULL DEFAULT 0, until INTEGER);
CREATE INDEX outbox_waiting ON outbox (destination, id) WHERE is_parked = 0;
CREATE INDEX outbox_parked ON outbox (id) WHERE is_parked = 1;
CREATE INDEX outbox_by_message ON outbox (message);

CREATE TABLE rules (
    id INTEGER PRIMARY KEY, hook INTEGER NOT NULL, kind TEXT NOT NULL, position INTEGER NOT NULL,
    source TEXT NOT NULL, template TEXT, created_at INTEGER NOT NULL);
CREATE INDEX rules_by_hook ON rules (hook, position);
CREATE TABLE templates (
    hook INTEGER NOT NULL, event TEXT NOT NULL, source TEXT NOT NULL, PRIMARY KEY (hook, event)) WITHOUT ROWID;

-- What is known of a pull request, pipeline or container: keyed by endpoint, never by a name alone, or a stranger
-- with a secret of his own could forge approvals of a repository that another guild watches.
CREATE TABLE entities (
    endpoint INTEGER NOT NULL, repository INTEGER NOT NULL, kind TEXT NOT NULL, number INTEGER NOT NULL,
    state TEXT NOT NULL, sequence INTEGER NOT NULL, updated_at INTEGER NOT NULL,
    PRIMARY KEY (endpoint, repository, kind, number)) WITHOUT ROWID;

-- An open window keeps its events from the sweep: those from first_event on.
CREATE TABLE windows (
    id INTEGER PRIMARY KEY, hook INTEGER NOT NULL, key TEXT NOT NULL, opened_at INTEGER NOT NULL,
    closes_at INTEGER NOT NULL, first_event INTEGER NOT NULL, state TEXT NOT NULL, UNIQUE (hook, key));
CREATE TABLE timers (id INTEGER PRIMARY KEY, due INTEGER NOT NULL, kind TEXT NOT NULL, what TEXT NOT NULL);
CREATE INDEX timers_due ON timers (due);

CREATE TABLE acts (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, guild TEXT NOT NULL, what TEXT NOT NULL,
    hook INTEGER);
CREATE INDEX acts_by_guild ON acts (guild, id);
)sql";

// Entities are named ("45", a branch, a commit); a timer is one for each kind and what; outcomes carry the
// event's name, so that events of a kind can be counted.
constexpr const char* rules_schema = R"sql(
DROP TABLE entities;
CREATE TABLE entities (
    endpoint INTEGER NOT NULL, repository INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    state TEXT NOT NULL, updated_at INTEGER NOT NULL,
    PRIMARY KEY (endpoint, repository, kind, name)) WITHOUT ROWID;
CREATE INDEX entities_by_age ON entities (updated_at);
CREATE TABLE alert_states (
    rule INTEGER NOT NULL, entity TEXT NOT NULL, is_true INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (rule, entity)) WITHOUT ROWID;
DROP TABLE timers;
CREATE TABLE timers (
    kind TEXT NOT NULL, what TEXT NOT NULL, due INTEGER NOT NULL, PRIMARY KEY (kind, what)) WITHOUT ROWID;
CREATE INDEX timers_due ON timers (due);
ALTER TABLE outcomes ADD COLUMN event_name TEXT NOT NULL DEFAULT '';
)sql";

constexpr const char* streams_schema = R"sql(
ALTER TABLE webhooks ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE webhooks ADD COLUMN is_stream INTEGER NOT NULL DEFAULT 0;
)sql";

// An alert remembers what its condition came to and the event it was last worked out with; a rule may carry
// words of its own ("resolved").
constexpr const char* alerts_schema = R"sql(
ALTER TABLE alert_states ADD COLUMN value TEXT NOT NULL DEFAULT '';
ALTER TABLE alert_states ADD COLUMN event INTEGER NOT NULL DEFAULT 0;
CREATE INDEX alert_states_by_age ON alert_states (at);
ALTER TABLE rules ADD COLUMN options TEXT NOT NULL DEFAULT '';
)sql";

constexpr const char* windows_schema = R"sql(
ALTER TABLE webhooks ADD COLUMN window_s INTEGER NOT NULL DEFAULT 0;
ALTER TABLE webhooks ADD COLUMN quiet TEXT NOT NULL DEFAULT '';
)sql";

// Messages that shared a send: which of them carries it. Where they are is the same for all of them.
constexpr const char* shared_sends_schema = R"sql(
ALTER TABLE messages ADD COLUMN joined INTEGER;
CREATE INDEX messages_joined ON messages (joined) WHERE joined IS NOT NULL;
)sql";

// A message may belong into the thread of another one, its card; a card that is gone comes back.
constexpr const char* threads_schema = R"sql(
ALTER TABLE messages ADD COLUMN thread_of INTEGER;
ALTER TABLE messages ADD COLUMN replaced INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN thread_tags TEXT NOT NULL DEFAULT '';
)sql";

constexpr const char* style_schema = R"sql(
ALTER TABLE webhooks ADD COLUMN style TEXT NOT NULL DEFAULT 'normal';
)sql";

constexpr const char* live_schema = R"sql(
ALTER TABLE webhooks ADD COLUMN live INTEGER;
)sql";

constexpr const char* has_threads_schema = R"sql(
ALTER TABLE webhooks ADD COLUMN threads INTEGER;
)sql";

// What was told a moment ago is swept by its age, apart from what is known for longer.
constexpr const char* told_schema = R"sql(
CREATE INDEX entities_told ON entities (updated_at) WHERE kind = 'told';
)sql";

// What was sent there a moment ago counts against its rate limits over a restart, too.
constexpr const char* last_attempt_schema = R"sql(
ALTER TABLE destinations ADD COLUMN last_attempt_at INTEGER;
)sql";

constexpr const char* absent_schema = R"sql(
ALTER TABLE webhooks ADD COLUMN absent_from INTEGER;
ALTER TABLE webhooks ADD COLUMN absent_until INTEGER;
)sql";

constexpr std::array all_migrations{
    Migration{1, first_schema},        Migration{2, rules_schema},   Migration{3, streams_schema},
    Migration{4, alerts_schema},       Migration{5, windows_schema}, Migration{6, shared_sends_schema},
    Migration{7, threads_schema},      Migration{8, style_schema},   Migration{9, live_schema},
    Migration{10, has_threads_schema}, Migration{11, told_schema},   Migration{12, last_attempt_schema},
    Migration{13, absent_schema}};

std::int64_t ask(Connection& connection, std::string_view sql) {
    Query query(connection, sql);
    return query.step() ? query.number(0) : 0;
}

Result<void> refuse_foreign(Connection& connection, int known_version) {
    const auto owner = ask(connection, "PRAGMA application_id");
    const auto tables = ask(connection, "SELECT count(*) FROM sqlite_schema");
    if (owner != application_id && (owner != 0 || tables != 0)) {
        return fail(Errc::storage, "it is a database of another program; name another file");
    }
    const auto version = ask(connection, "PRAGMA user_version");
    if (version > known_version) {
        return fail(
            Errc::unsupported,
            fmt::format("its schema is version {}, this Hookline knows versions up to {}: start the newer "
                        "Hookline that wrote it, or restore a backup",
                        version, known_version));
    }
    return {};
}

}  // namespace

std::span<const Migration> migrations() { return all_migrations; }

Result<void> migrate(Connection& connection, std::span<const Migration> steps) {
    const int known_version = steps.empty() ? 0 : steps.back().to_version;
    if (auto ours = refuse_foreign(connection, known_version); !ours) {
        return ours;
    }
    for (const Migration& step : steps) {
        if (step.to_version <= ask(connection, "PRAGMA user_version")) {
            continue;
        }
        connection.execute("BEGIN IMMEDIATE");
        try {
            connection.execute(step.sql);
            connection.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                                           application_id, step.to_version));
            connection.execute("COMMIT");
        } catch (const SQLite::Exception& exception) {
            if (connection.is_in_transaction()) {
                connection.execute("ROLLBACK");
            }
            Error error = error_of(exception);
            error.detail = fmt::format("its schema could not be brought to version {}: {}", step.to_version,
                                       error.detail);
            return tl::unexpected(std::move(error));
        }
    }
    return {};
}

}  // namespace hookline::store
