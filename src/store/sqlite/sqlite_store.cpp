#include "store/sqlite/sqlite_store.hpp"

#include <sqlite3.h>

#include <atomic>
#include <boost/asio/post.hpp>

#include "store/sqlite/changes.hpp"
#include "store/sqlite/deliveries.hpp"
#include "store/sqlite/files.hpp"
#include "store/sqlite/hooks.hpp"
#include "store/sqlite/messages.hpp"
#include "store/sqlite/opening.hpp"
#include "store/sqlite/outbox_rows.hpp"
#include "store/sqlite/rules.hpp"
#include "store/sqlite/sweeper.hpp"

namespace hookline::store {

namespace asio = boost::asio;

namespace {

std::int64_t ask(Connection& db, std::string_view sql) {
    Query row(db, sql);
    return row.step() ? row.number(0) : 0;
}

template <class Kind>
bool holds(const Changes& changes) {
    return std::any_of(changes.begin(), changes.end(),
                       [](const Change& change) { return std::holds_alternative<Kind>(change); });
}

class SqliteStore final : public Store {
public:
    SqliteStore(SqliteOptions options, LockFile lock, Opened opened)
        : lock_(std::move(lock)),
          options_(std::move(options)),
          reader_(std::move(opened.reading)),
          checkpointer_(std::move(opened.moving), CheckpointLimits(), options_.log),
          writer_(options_.path, std::move(opened.writing), checkpointer_, limits_of(options_),
                  options_.clock, options_.log, options_.metrics,
                  [this](const Batch& batch) { after_commit(batch); }),
          journal_(writer_),
          outbox_(*reader_, writer_, options_.sealer),
          knowledge_(*reader_),
          sweeper_(writer_) {
        read_counters();
    }
    ~SqliteStore() override { SqliteStore::close(); }

    Task<Result<void>> write(Changes changes) override;
    EndpointId next_endpoint_id() override { return EndpointId(++last_endpoint_); }
    HookId next_hook_id() override { return HookId(++last_hook_); }
    DestinationId next_destination_id() override { return DestinationId(++last_destination_); }
    MessageId next_message_id() override { return MessageId(++last_message_); }
    OutboxId next_outbox_id() override { return OutboxId(++last_entry_); }
    RuleId next_rule_id() override { return RuleId(++last_rule_); }

    Result<std::vector<Endpoint>> endpoints(bool with_deleted) override {
        return read([&](Connection& db) { return read_endpoints(db, options_.sealer, with_deleted); });
    }
    Result<std::vector<Hook>> hooks(bool with_deleted) override {
        return read([&](Connection& db) { return read_hooks(db, with_deleted); });
    }
    Result<std::vector<dispatch::DestinationInfo>> destinations() override {
        return read([&](Connection& db) { return read_destinations(db, options_.sealer); });
    }
    Result<HookHealth> health(EndpointId endpoint, TimePoint now) override {
        return read([&](Connection& db) { return read_health(db, endpoint, now); });
    }
    Result<std::vector<StoredEvent>> unprocessed(std::size_t limit) override {
        return read([&](Connection& db) { return read_unprocessed(db, limit); });
    }
    Result<std::optional<StoredEvent>> event(EventId id) override {
        return read([&](Connection& db) { return read_event(db, id); });
    }
    Result<std::vector<StoredEvent>> events(EventQuery query) override {
        return read([&](Connection& db) { return read_events(db, query); });
    }
    Result<std::vector<Outcome>> outcomes(EventId event) override {
        return read([&](Connection& db) { return read_outcomes(db, event); });
    }
    Result<std::vector<Outcome>> outcomes_of(HookId hook, std::size_t limit) override {
        return read([&](Connection& db) { return read_outcomes_of(db, hook, limit); });
    }
    Result<std::optional<StoredMessage>> message(MessageId id) override {
        return read([&](Connection& db) { return read_message(db, id); });
    }
    Result<std::vector<StoredMessage>> messages(MessageId after, std::size_t limit) override {
        return read([&](Connection& db) { return read_messages(db, after, limit); });
    }
    Result<std::vector<StoredMessage>> parked(std::size_t limit) override {
        return read([&](Connection& db) { return read_parked(db, limit); });
    }
    Result<Counts> counts() override;
    Result<std::optional<TimePoint>> last_timestamp(DestinationId destination) override;
    Result<std::optional<std::string>> meta(std::string key) override {
        return read([&](Connection& db) { return read_meta(db, key); });
    }
    Result<std::vector<Act>> acts(std::string guild, std::size_t limit) override {
        return read([&](Connection& db) { return read_acts(db, guild, limit); });
    }
    Task<Result<void>> check_writable() override;
    Task<Result<std::size_t>> sweep(TimePoint older_than, std::size_t batch) override {
        return sweeper_.sweep(older_than, batch);
    }

    Journal& journal() override { return journal_; }
    dispatch::Outbox& outbox() override { return outbox_; }
    Knowledge& knowledge() override { return knowledge_; }
    void on_new_events(std::function<void()> wake) override { *wake_events_ = std::move(wake); }
    void on_new_entries(std::function<void()> wake) override { *wake_entries_ = std::move(wake); }
    void on_new_endpoints(std::function<void()> wake) override { wake_endpoints_ = std::move(wake); }
    void on_changed_hooks(std::function<void()> wake) override { wake_hooks_.push_back(std::move(wake)); }
    void on_new_timers(std::function<void()> wake) override { wake_timers_ = std::move(wake); }
    [[nodiscard]] std::uint64_t settings_version() const override { return settings_version_; }
    void close() override;

private:
    using Wake = std::shared_ptr<std::function<void()>>;

    static WriterLimits limits_of(const SqliteOptions& options) {
        return {options.batch_jobs, options.batch_bytes, options.queued_jobs, options.queued_bytes};
    }
    void read_counters();
    void after_commit(const Batch& batch);
    void wake(const Wake& waiter);

    template <class Work>
    auto read(Work work) -> typename ResultOf<decltype(work(std::declval<Connection&>()))>::type {
        return guarded([&] { return work(*reader_); });
    }

    const LockFile lock_;
    const SqliteOptions options_;
    const std::unique_ptr<Connection> reader_;
    Checkpointer checkpointer_;
    Writer writer_;
    SqliteJournal journal_;
    SqliteOutbox outbox_;
    SqliteKnowledge knowledge_;
    Sweeper sweeper_;

    std::int64_t last_endpoint_ = 0, last_hook_ = 0, last_destination_ = 0, last_message_ = 0,
                 last_entry_ = 0, last_rule_ = 0;
    std::atomic<std::int64_t> events_ = 0;  // counting them anew would read a whole index each time
    // Read and called on the core's thread alone; shared, because a posted wake may outlive the store.
    Wake wake_events_ = std::make_shared<std::function<void()>>();
    Wake wake_entries_ = std::make_shared<std::function<void()>>();
    std::function<void()> wake_endpoints_, wake_timers_;
    std::vector<std::function<void()>> wake_hooks_;
    std::uint64_t settings_version_ = 1;  // of the core's thread alone
    std::optional<SteadyPoint> checked_at_;
    Result<void> writable_;
    bool is_closed_ = false;
};

void SqliteStore::read_counters() {
    Connection& db = *reader_;
    last_endpoint_ = ask(db, "SELECT COALESCE(max(id), 0) FROM endpoints");
    last_hook_ = ask(db, "SELECT COALESCE(max(number), 0) FROM webhooks");
    last_destination_ = ask(db, "SELECT COALESCE(max(id), 0) FROM destinations");
    last_message_ = ask(db, "SELECT COALESCE(max(id), 0) FROM messages");
    last_entry_ = std::max(ask(db, "SELECT COALESCE(max(id), 0) FROM outbox"),
                           ask(db, "SELECT last FROM sequences WHERE name = 'outbox'"));
    last_rule_ = ask(db, "SELECT COALESCE(max(id), 0) FROM rules");
    events_ = ask(db, "SELECT count(*) FROM webhook_events");
}

void SqliteStore::wake(const Wake& waiter) {
    asio::post(options_.core, [waiter] {
        if (*waiter) {
            (*waiter)();
        }
    });
}

void SqliteStore::after_commit(const Batch& batch) {
    events_ += batch.events;
    if (batch.has_new_events) {
        wake(wake_events_);
    }
    if (batch.has_new_entries) {
        wake(wake_entries_);
    }
}

Task<Result<void>> SqliteStore::write(Changes changes) {
    const bool has_endpoints = holds<PutEndpoint>(changes);
    const bool has_hooks = holds<PutHook>(changes);
    const bool has_timers = holds<PutTimer>(changes) || holds<DropTimer>(changes);
    const bool has_settings = has_endpoints || has_hooks || holds<SetSetupReply>(changes) ||
                              holds<PutDestination>(changes) || holds<PutRule>(changes) ||
                              holds<DropRule>(changes) || holds<PutTemplate>(changes) ||
                              holds<DropTemplate>(changes);
    const auto prepared = std::make_shared<const std::vector<PreparedChange>>(
        prepare(std::move(changes), options_.sealer, options_.random));
    std::size_t bytes = 0;
    for (const PreparedChange& change : *prepared) {
        bytes += sizeof(PreparedChange) + change.text.size();
    }
    Writer::Action action = [prepared](Batch& batch) -> Result<std::size_t> {
        for (const PreparedChange& change : *prepared) {
            if (auto applied = apply(batch, change); !applied) {
                return tl::unexpected(std::move(applied).error());
            }
        }
        return prepared->size();
    };
    const auto done = co_await writer_.commit(std::move(action), bytes);
    if (!done) {
        co_return tl::unexpected(done.error());
    }
    settings_version_ += has_settings ? 1 : 0;
    if (has_endpoints && wake_endpoints_) {
        wake_endpoints_();
    }
    for (std::size_t at = 0; has_hooks && at < wake_hooks_.size(); ++at) {
        wake_hooks_[at]();
    }
    if (has_timers && wake_timers_) {
        wake_timers_();
    }
    co_return Result<void>();
}

Result<Counts> SqliteStore::counts() {
    return read([&](Connection& db) {
        Counts counts;
        counts.events = events_;
        counts.unprocessed = ask(db, "SELECT count(*) FROM webhook_events WHERE processed = 0");
        counts.waiting = ask(db, "SELECT count(*) FROM outbox WHERE is_parked = 0");
        counts.parked = ask(db, "SELECT count(*) FROM outbox WHERE is_parked = 1");
        counts.held_destinations = ask(db, "SELECT count(*) FROM destinations WHERE held <> 'none'");
        return counts;
    });
}

Result<std::optional<TimePoint>> SqliteStore::last_timestamp(DestinationId destination) {
    return read([&](Connection& db) -> std::optional<TimePoint> {
        Query row(db, "SELECT last_timestamp FROM destinations WHERE id = ?");
        return row.with(destination).step() ? row.optional_time(0) : std::nullopt;
    });
}

Task<Result<void>> SqliteStore::check_writable() {
    // A probe each second at most, however often a balancer asks.
    const SteadyPoint now = options_.clock.steady();
    if (checked_at_ && now < *checked_at_ + std::chrono::seconds(1)) {
        co_return writable_;
    }
    checked_at_ = now;
    Writer::Action action = [when = std::to_string(options_.clock.now().time_since_epoch().count())](
                                Batch& batch) -> Result<std::size_t> {
        put_meta(batch, PutMeta{"checked_writable", when});
        return 1;
    };
    const auto done = co_await writer_.commit(std::move(action));
    writable_ = done ? Result<void>() : tl::unexpected(done.error());
    co_return writable_;
}

void SqliteStore::close() {
    if (is_closed_) {
        return;
    }
    is_closed_ = true;
    const auto connection = writer_.close();
    checkpointer_.close();
    // With the log emptied the next start has nothing to recover. Where it fails, the log is recovered
    // instead.
    if (sqlite3_wal_checkpoint_v2(connection->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                                  nullptr) != SQLITE_OK) {
        options_.log.warn("store", "the last checkpoint failed",
                          {{"error", sqlite3_errmsg(connection->handle())}});
    }
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(SqliteOptions options) {
    const std::string path = options.path;
    const auto refuse = [&path](const Error& error) {
        return fail(error.code, error.detail.find(path) == std::string::npos
                                    ? fmt::format("{}: {}", path, error.detail)
                                    : error.detail);
    };
    if (auto prepared = prepare_file(path); !prepared) {
        return refuse(prepared.error());
    }
    auto lock = LockFile::take(path);
    if (!lock) {
        return refuse(lock.error());
    }
    auto opened = open_connections(path, options.most_pages);
    if (!opened) {
        return refuse(opened.error());
    }
    return guarded([&]() -> std::unique_ptr<Store> {
        return std::make_unique<SqliteStore>(std::move(options), std::move(*lock), std::move(*opened));
    });
}

}  // namespace hookline::store
