// What tests of a store share: a folder of their own, passed-in parts that can be read, and short words for
// the rows that most tests need.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <mutex>

#include "base/crypto.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "testing/fake_clock.hpp"
#include "testing/fixed_random.hpp"
#include "testing/loop.hpp"
#include "testing/recording_log.hpp"

namespace hookline::store {

class TempFolder {
public:
    TempFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "hookline-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

class RecordingMetrics final : public Metrics {
public:
    void count(std::string_view, const Labels&, double) override {}
    void observe(std::string_view name, double value, const Labels&) override {
        const std::lock_guard lock(mutex_);
        observed_[std::string(name)].push_back(value);
    }
    void set(std::string_view, double, const Labels&) override {}
    [[nodiscard]] std::vector<double> observed(const std::string& name) const {
        const std::lock_guard lock(mutex_);
        const auto found = observed_.find(name);
        return found == observed_.end() ? std::vector<double>() : found->second;
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::vector<double>> observed_;
};

class StoreFixture : public testing::Test {
protected:
    ~StoreFixture() override { shut(); }

    [[nodiscard]] SqliteOptions options() {
        return {path,           *Sealer::from_key(Secret(std::string(64, 'a'))), clock, random, log, metrics,
                loop.executor()};
    }
    /// Opens the database of this test again, as a restart would.
    void open(SqliteOptions with) {
        shut();
        auto opened = open_sqlite(std::move(with));
        ASSERT_TRUE(opened) << opened.error().detail;
        store = std::move(*opened);
    }
    void open() { open(options()); }
    void shut() {
        if (store) {
            store->close();
            loop.settle();
            store.reset();
        }
    }

    template <class T>
    T run(Task<T> task) {
        return loop.run(std::move(task));
    }
    Result<void> write(Changes changes) { return run(store->write(std::move(changes))); }
    void must_write(Changes changes) {
        const auto written = write(std::move(changes));
        ASSERT_TRUE(written) << written.error().detail;
    }

    [[nodiscard]] event::Delivery delivery(const std::string& id, const std::string& payload = "{}",
                                           EndpointId endpoint = EndpointId(1)) const {
        event::Delivery made;
        made.endpoint = endpoint;
        made.event_type = "push";
        made.delivery_id = id;
        made.payload = payload;
        made.received_at = clock.now();
        return made;
    }
    [[nodiscard]] std::future<Result<Appended>> start_append(event::Delivery what) const {
        const auto promise = std::make_shared<std::promise<Result<Appended>>>();
        store->journal().append(
            std::move(what), [promise](Result<Appended> result) { promise->set_value(std::move(result)); });
        return promise->get_future();
    }
    [[nodiscard]] Result<Appended> append(event::Delivery what) const {
        auto answer = start_append(std::move(what));
        if (answer.wait_for(std::chrono::seconds(30)) != std::future_status::ready) {
            return fail(Errc::timeout, "the journal did not answer");
        }
        return answer.get();
    }
    EventId stored(const std::string& id, const std::string& payload = "{}") const {
        const auto appended = append(delivery(id, payload));
        EXPECT_TRUE(appended) << appended.error().detail;
        return appended ? appended->id : EventId();
    }

    /// An endpoint, a hook and a terminal, each with id 1.
    void set_up_hook() {
        Endpoint endpoint;
        endpoint.id = store->next_endpoint_id();
        endpoint.made_with = HookId(1);
        endpoint.secret = Secret("gh_canary_secret");
        Hook hook;
        hook.id = store->next_hook_id();
        hook.endpoint = endpoint.id;
        hook.destination = set_up_destination();
        must_write({PutEndpoint{endpoint}, PutHook{hook}});
    }
    DestinationId set_up_destination() {
        dispatch::DestinationInfo destination;
        destination.id = store->next_destination_id();
        must_write({PutDestination{destination}});
        return destination.id;
    }

    [[nodiscard]] static message::Message body(const std::string& content) {
        message::Message made;
        made.content = content;
        return made;
    }
    [[nodiscard]] dispatch::Entry entry_for(MessageId message, const std::string& content,
                                            dispatch::Operation operation = dispatch::Operation::create) {
        dispatch::Entry entry;
        entry.id = store->next_outbox_id();
        entry.message = message;
        entry.destination = DestinationId(1);
        entry.operation = operation;
        entry.body = body(content);
        entry.created_at = clock.now();
        entry.not_before = clock.now();
        return entry;
    }
    [[nodiscard]] StoredMessage new_message(EventId event = EventId()) {
        StoredMessage message;
        message.id = store->next_message_id();
        message.destination = DestinationId(1);
        message.hook = HookId(1);
        message.event = event;
        message.created_at = clock.now();
        return message;
    }
    /// A message with its create, queued.
    MessageId queue(const std::string& content, EventId event = EventId()) {
        const StoredMessage message = new_message(event);
        must_write({PutMessage{message}, Enqueue{entry_for(message.id, content)}});
        return message.id;
    }
    /// The same of one that belongs into the thread of `card`.
    MessageId queue_in_thread_of(MessageId card, const std::string& content) {
        StoredMessage message = new_message();
        message.thread_of = card;
        must_write({PutMessage{message}, Enqueue{entry_for(message.id, content)}});
        return message.id;
    }
    void revise(MessageId message, const std::string& content) {
        must_write({Revise{message, body(content), store->next_outbox_id(), clock.now()}});
    }
    [[nodiscard]] std::optional<dispatch::Entry> head(DestinationId destination = DestinationId(1)) const {
        auto found = store->outbox().head(destination);
        EXPECT_TRUE(found) << found.error().detail;
        return found ? *found : std::nullopt;
    }
    void record(OutboxId id, dispatch::Step step) {
        const auto recorded = run(store->outbox().record(id, std::move(step), clock.now()));
        ASSERT_TRUE(recorded) << recorded.error().detail;
    }
    void begin_attempt(OutboxId id, bool may_share = false) {
        const auto begun = run(store->outbox().begin_attempt(id, clock.now(), may_share));
        ASSERT_TRUE(begun) << begun.error().detail;
    }
    [[nodiscard]] StoredMessage message(MessageId id) const {
        const auto found = store->message(id);
        EXPECT_TRUE(found && *found);
        return found && *found ? **found : StoredMessage();
    }

    TempFolder folder;
    std::string path = folder.file("hookline.db");
    FakeClock clock;
    FixedRandom random;
    RecordingLog log;
    RecordingMetrics metrics;
    Loop loop;
    std::unique_ptr<Store> store;
};

}  // namespace hookline::store
