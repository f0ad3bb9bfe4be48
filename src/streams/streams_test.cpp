#include "streams/streams.hpp"

#include <gmock/gmock.h>

#include <deque>

#include "store/testing/store_fixture.hpp"

namespace hookline::streams {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// Yields what a test wrote for it, then breaks; or is silent for ever.
class ScriptedStream final : public net::EventStream {
public:
    ScriptedStream(Clock& clock, std::vector<net::ServerSentEvent> events, bool stays)
        : clock_(clock), events_(std::move(events)), stays_(stays) {}
    Task<Result<std::vector<net::ServerSentEvent>>> read(Milliseconds /*patience*/) override {
        if (!events_.empty()) {
            co_return std::exchange(events_, {});
        }
        if (stays_) {
            co_await clock_.sleep_for(std::chrono::hours(1000));
        }
        co_return fail(Errc::unavailable, "the stream ended");
    }
    [[nodiscard]] std::optional<Milliseconds> retry() const override { return std::nullopt; }

private:
    Clock& clock_;
    std::vector<net::ServerSentEvent> events_;
    bool stays_;
};

class StreamsTest : public store::StoreFixture {
protected:
    StreamsTest() {
        open();
        set_up_hook();
        hook = store->hooks().value().front();
        hook.service = event::Service::custom;
        hook.url = "https://relay.example.com/channel?x=1";
        hook.is_stream = true;
        must_write({store::PutHook{hook}});
        Parts parts{loop.executor(), *store, clock, random, log, {}, {}, "hookline/1"};
        parts.open = [this](net::StreamRequest request) { return answer(std::move(request)); };
        parts.trouble = [this](HookId, std::string why) { troubles.push_back(why.empty() ? "well" : why); };
        streams = std::make_unique<Streams>(std::move(parts));
        tasks.spawn("streams", streams->run());
        loop.settle();
    }
    ~StreamsTest() override {
        tasks.cancel();
        loop.run_until([&] { return tasks.running() == 0; });
        std::optional<bool> done;
        loop.start(ended(), done);
        loop.run_until([&] {
            clock.advance(Milliseconds(5));  // what stop() waits by
            return done.has_value();
        });
    }
    Task<bool> ended() {
        co_await streams->stop(Milliseconds(0));
        co_return true;
    }

    Task<Opened> answer(net::StreamRequest request) {
        requests.push_back(std::move(request));
        if (answers.empty()) {
            co_return std::make_unique<ScriptedStream>(clock, std::vector<net::ServerSentEvent>(), true);
        }
        auto next = std::move(answers.front());
        answers.pop_front();
        co_return next;
    }
    void says(std::vector<net::ServerSentEvent> events, bool stays = true) {
        answers.emplace_back(std::make_unique<ScriptedStream>(clock, std::move(events), stays));
    }
    void refuses(int status, std::string why) {
        answers.emplace_back(tl::unexpected(net::NoStream(status, Error(Errc::unavailable, std::move(why)))));
    }
    /// Time goes on by `much`; what is due happens, what is to be stored is stored.
    void wait(Milliseconds much) {
        clock.advance(much);
        for (int i = 0; i < 20; ++i) {
            loop.settle();
            must_write({store::PutMeta{"test", "written"}});  // after what the readers write
        }
    }
    void wait_for_events(std::int64_t count) {
        loop.run_until([&] {
            clock.advance(Milliseconds(5));  // what the end of a reader waits by
            return store->counts()->events >= count;
        });
        wait(Milliseconds(0));
    }
    std::vector<store::StoredEvent> events() {
        store::EventQuery query;
        query.newest_first = false;
        query.with_payload = true;
        return store->events(query).value();
    }

    store::Hook hook;
    std::deque<Opened> answers;
    std::vector<net::StreamRequest> requests;
    std::vector<std::string> troubles;
    std::unique_ptr<Streams> streams;
    TaskGroup tasks{loop.executor(), log};
};

TEST_F(StreamsTest, EventsBecomeDeliveriesAndTheStreamGoesOnWhereItBroke) {
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_EQ(requests[0].origin.host, "relay.example.com");
    EXPECT_EQ(requests[0].target, "/channel?x=1");
    EXPECT_EQ(requests[0].last_id, "");
    hook.is_paused = true;
    must_write({store::PutHook{hook}});
    wait(Milliseconds(10));
    says({{"ready", "{}", ""},
          {"message", R"({"title":"Disk full"})", "41"},
          {"message", "plain words", "42"}},
         false);
    hook.is_paused = false;
    must_write({store::PutHook{hook}});
    wait_for_events(2);
    const auto stored = events();
    ASSERT_EQ(stored.size(), 2U);
    EXPECT_EQ(stored[0].payload, R"({"title":"Disk full"})");
    EXPECT_EQ(stored[0].delivery_id, "stream:41");
    EXPECT_EQ(stored[0].service, event::Service::custom);
    EXPECT_EQ(stored[1].payload, R"({"message":"plain words"})");

    wait(seconds(1));
    ASSERT_EQ(requests.size(), 3U);
    EXPECT_EQ(requests.back().last_id, "42");
}

TEST_F(StreamsTest, WhatARelaySendsAgainIsStoredOnce) {
    says({{"message", R"({"a":1})", "7"}, {"message", R"({"a":1})", "7"}});
    hook.url = "https://relay.example.com/other";
    must_write({store::PutHook{hook}});
    wait_for_events(1);
    wait(seconds(1));
    EXPECT_EQ(events().size(), 1U);
    EXPECT_EQ(requests.back().target, "/other") << "another address is another stream";
}

TEST_F(StreamsTest, PausesGrowAndTheOwnerIsToldOnce) {
    hook.is_enabled = false;
    must_write({store::PutHook{hook}});
    wait(Milliseconds(10));
    for (int i = 0; i < 8; ++i) {
        refuses(503, "it answered 503");
    }
    hook.is_enabled = true;
    must_write({store::PutHook{hook}});
    wait(Milliseconds(10));
    EXPECT_EQ(requests.size(), 2U);
    wait(seconds(1));
    EXPECT_EQ(requests.size(), 3U);
    EXPECT_TRUE(troubles.empty()) << "a relay that restarts is no trouble";
    wait(seconds(2));
    EXPECT_EQ(troubles, (std::vector<std::string>{"it answered 503"}));
    EXPECT_EQ(store->meta(store::stream_trouble_key(hook.id)).value(), "it answered 503");
    for (int i = 0; i < 12; ++i) {
        wait(minutes(5));
    }
    EXPECT_EQ(requests.size(), 10U) << "the last one was opened";
    EXPECT_EQ(troubles, (std::vector<std::string>{"it answered 503", "well"}));
    EXPECT_EQ(store->meta(store::stream_trouble_key(hook.id)).value(), "");
}

TEST_F(StreamsTest, AStreamThatSaysItIsOverIsLeftAlone) {
    refuses(204, "it answered 204");
    hook.url = "https://relay.example.com/over";
    must_write({store::PutHook{hook}});
    wait(Milliseconds(10));  // the old one ends
    wait(Milliseconds(10));
    EXPECT_EQ(troubles, (std::vector<std::string>{"it says that the stream is over (204)"}));
    wait(minutes(60));
    EXPECT_EQ(requests.size(), 2U);
}

TEST_F(StreamsTest, WhoIsSwitchedOffReadsNothing) {
    says({{"message", "{}", "1"}});
    hook.is_enabled = false;
    must_write({store::PutHook{hook}});
    wait(minutes(60));
    EXPECT_EQ(requests.size(), 1U);
    EXPECT_TRUE(events().empty());
}

}  // namespace
}  // namespace hookline::streams
