#include "store/sqlite/deliveries.hpp"

#include <cstring>

#include "base/crypto.hpp"
#include "base/iso_time.hpp"

namespace hookline::store {

namespace {

/// 64 bits of (endpoint, delivery id). A strong hash, so that no sender can make many that are alike.
std::int64_t delivery_hash(const event::Delivery& delivery) {
    const Digest digest = sha256(fmt::format("{}:{}", delivery.endpoint.value, delivery.delivery_id));
    std::int64_t hash = 0;
    std::memcpy(&hash, digest.data(), sizeof hash);
    return hash;
}

class AppendJob final : public Job {
public:
    AppendJob(event::Delivery delivery, Journal::Done done, Journal::Wake wake)
        : Job(delivery.payload.size() + sizeof(AppendJob)),
          delivery_(std::move(delivery)),
          done_(std::move(done)),
          wake_(std::move(wake)),
          received_at_(iso_time(delivery_.received_at)),
          service_(event::name_of(delivery_.service)) {
        if (!delivery_.delivery_id.empty()) {
            hash_ = delivery_hash(delivery_);
        }
    }

    [[nodiscard]] bool needs_savepoint() const override { return false; }

    Result<void> apply(Batch& batch) override {
        if (hash_ && find_first(batch.db)) {
            return {};
        }
        Query insert(batch.db,
                     "INSERT INTO webhook_events (webhook_id, event_type, received_at, processed, endpoint, "
                     "service, delivery_id, delivery_hash, is_test, payload) VALUES ((SELECT "
                     "printf('hook_%03d', made_with) FROM endpoints WHERE id = ?1), ?2, ?3, 0, ?1, ?4, "
                     "NULLIF(?5, ''), ?6, ?7, ?8)");
        insert
            .with(delivery_.endpoint, delivery_.event_type, received_at_, service_, delivery_.delivery_id,
                  hash_, delivery_.is_test, delivery_.payload)
            .run();
        appended_.id = EventId(batch.db.last_row());
        ++batch.events;
        batch.has_new_events = true;
        return {};
    }

    void finish(Result<void> result) noexcept override {
        done_(result ? Result<Appended>(appended_) : tl::unexpected(std::move(result).error()));
    }

    void wake() noexcept override {
        if (wake_) {
            wake_();
        }
    }

private:
    [[nodiscard]] bool find_first(Connection& db) {
        Query known(db,
                    "SELECT id, payload FROM webhook_events WHERE delivery_hash = ? AND endpoint = ? AND "
                    "delivery_id = ? ORDER BY id LIMIT 1");
        if (!known.with(hash_, delivery_.endpoint, delivery_.delivery_id).step()) {
            return false;
        }
        appended_.id = known.id<EventId>(0);
        appended_.is_duplicate = true;
        appended_.has_other_body = known.view(1) != delivery_.payload;
        return true;
    }

    event::Delivery delivery_;
    Journal::Done done_;
    Journal::Wake wake_;
    const std::string received_at_;
    const std::string service_;
    std::optional<std::int64_t> hash_;
    Appended appended_;
};

StoredEvent event_of(const Query& row) {
    StoredEvent event;
    event.id = row.id<EventId>(0);
    event.endpoint = row.id<EndpointId>(1);
    event.made_with = parse_hook_id(row.view(2)).value_or(HookId());
    event.service = event::parse_service(row.view(3)).value_or(event::Service::custom);
    event.event_type = row.text(4);
    event.delivery_id = row.text(5);
    event.received_at = parse_time(row.view(6)).value_or(TimePoint());
    event.is_processed = row.flag(7);
    event.is_test = row.flag(8);
    event.payload = row.text(9);
    return event;
}

constexpr std::string_view columns =
    "id, endpoint, webhook_id, service, event_type, delivery_id, received_at, processed, is_test, ";

std::string query_text(const EventQuery& query) {
    const std::string_view order = query.newest_first ? "ORDER BY id DESC" : "ORDER BY id";
    std::string which = "id > ?1 AND id < ?2";
    if (query.hook) {
        which += " AND endpoint = (SELECT endpoint FROM webhooks WHERE number = ?3)";
    }
    if (query.service) {
        which += " AND service = ?4";
    }
    if (!query.event_type.empty()) {
        which += " AND event_type = ?5";
    }
    // Looked for in an index alone: in the table, what is rare would cost a page for each event passed over.
    which = fmt::format("id IN (SELECT id FROM webhook_events INDEXED BY {} WHERE {} {} LIMIT ?6)",
                        query.hook ? "events_by_endpoint" : "events_in_order", which, order);
    return fmt::format("SELECT {}{} FROM webhook_events WHERE {} {} LIMIT ?6", columns,
                       query.with_payload ? "payload" : "''", which, order);
}

constexpr std::size_t most_events = 1000;
constexpr std::int64_t no_bound = std::numeric_limits<std::int64_t>::max();

}  // namespace

void SqliteJournal::append(event::Delivery delivery, Done done, Wake wake) {
    writer_.submit(std::make_unique<AppendJob>(std::move(delivery), std::move(done), std::move(wake)));
}

void mark_processed(Batch& batch, EventId event) {
    Query(batch.db, "UPDATE webhook_events SET processed = 1 WHERE id = ? AND processed = 0")
        .with(event)
        .run();
}

void forget_outcome(Batch& batch, const ForgetOutcome& forget) {
    Query(batch.db, "DELETE FROM outcomes WHERE event = ? AND hook = ?")
        .with(forget.event, forget.hook)
        .run();
    Query(batch.db, "UPDATE webhook_events SET processed = 0 WHERE id = ? AND processed = 1")
        .with(forget.event)
        .run();
    batch.has_new_events = true;
}

/// A payload may be 25 MiB: so much of them is in memory at once, and one more.
constexpr std::size_t most_bytes_at_once = 8U << 20U;

std::vector<StoredEvent> read_unprocessed(Connection& db, std::size_t limit) {
    static const std::string sql =
        fmt::format("SELECT {}payload FROM webhook_events WHERE processed = 0 ORDER BY id LIMIT ?", columns);
    std::vector<StoredEvent> events;
    Query rows(db, sql);
    rows.with(limit);
    std::size_t bytes = 0;
    while (bytes < most_bytes_at_once && rows.step()) {
        events.push_back(event_of(rows));
        bytes += events.back().payload.size();
    }
    return events;
}

std::optional<StoredEvent> read_event(Connection& db, EventId id) {
    static const std::string sql = fmt::format("SELECT {}payload FROM webhook_events WHERE id = ?", columns);
    Query row(db, sql);
    return row.with(id).step() ? std::optional(event_of(row)) : std::nullopt;
}

std::vector<StoredEvent> read_events(Connection& db, const EventQuery& query) {
    std::vector<StoredEvent> events;
    const std::optional<std::string> service =
        query.service ? std::optional(std::string(event::name_of(*query.service))) : std::nullopt;
    const std::int64_t before = query.before ? query.before.value : no_bound;
    Query rows(db, query_text(query));
    rows.with(query.after.value, before, query.hook, service, query.event_type,
              std::min(query.limit, most_events));
    while (rows.step()) {
        events.push_back(event_of(rows));
    }
    return events;
}

HookHealth read_health(Connection& db, EndpointId endpoint, TimePoint now) {
    // The index holds all of it, newest last: reading ends with the first that is too old.
    Query rows(db,
               "SELECT received_at FROM webhook_events INDEXED BY events_by_endpoint WHERE endpoint = ? "
               "ORDER BY id DESC");
    rows.with(endpoint);
    const std::string since = iso_time(now - std::chrono::hours(24));
    HookHealth health;
    while (rows.step()) {
        const std::string_view received_at = rows.view(0);
        if (!health.last_delivery) {
            health.last_delivery = parse_time(received_at);
        }
        if (received_at < since) {
            break;
        }
        ++health.deliveries_24h;
    }
    return health;
}

}  // namespace hookline::store
