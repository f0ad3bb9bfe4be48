#include "dispatch/dispatcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dispatch/fake_outbox.hpp"
#include "testing/fake_clock.hpp"
#include "testing/fixed_random.hpp"
#include "testing/loop.hpp"
#include "testing/recording_log.hpp"

namespace hookline::dispatch {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using Kind = Answer::Kind;

Answer ok() {
    Answer answer;
    answer.kind = Kind::ok;
    answer.channel = Snowflake(7);
    answer.message = Snowflake(8);
    return answer;
}

Answer failed(bool may_have_arrived = false) {
    Answer answer;
    answer.kind = Kind::failed;
    answer.may_have_arrived = may_have_arrived;
    answer.detail = "503";
    return answer;
}

Answer limited(Milliseconds retry_after) {
    Answer answer;
    answer.kind = Kind::rate_limited;
    answer.retry_after = retry_after;
    answer.detail = "429";
    return answer;
}

Answer refused() {
    Answer answer;
    answer.kind = Kind::refused_content;
    answer.detail = "400 Invalid Form Body (50035)";
    return answer;
}

Answer held(HoldReason reason) {
    Answer answer;
    answer.kind = Kind::held;
    answer.hold = reason;
    answer.detail = "403 Missing Permissions (50013)";
    return answer;
}

/// Answers as its script says, then always ok; a destination in `hanging` takes its time.
class ScriptedDestination final : public Destination {
public:
    explicit ScriptedDestination(Clock& clock) : clock_(clock) {}
    Task<void> ready(DestinationInfo destination, Operation) override {
        if (limited_until.contains(destination.id)) {
            co_await clock_.sleep_until(limited_until.at(destination.id));
        }
    }
    Task<Answer> post(DestinationInfo destination, Entry entry) override {
        began.push_back(entry.body.content);
        if (throws) {
            throw std::runtime_error("boom");
        }
        if (hanging.contains(destination.id)) {
            co_await clock_.sleep_for(30s);
        }
        const bool has_title = entry.body.content.empty() && !entry.body.embeds.empty();
        posted.push_back((has_title ? entry.body.embeds.front().title : entry.body.content) +
                         (entry.is_fallback ? " (as text)" : ""));
        embeds.push_back(entry.body.embeds.size());
        Answer answer = ok();
        if (!script[destination.id].empty()) {
            answer = script[destination.id].front();
            script[destination.id].pop_front();
        }
        co_return answer;
    }
    Task<Sighting> find(DestinationInfo, Entry entry) override {
        searched.push_back(entry.body.content);
        co_return sighting;
    }
    std::map<DestinationId, std::deque<Answer>> script;
    std::map<DestinationId, SteadyPoint> limited_until;
    std::set<DestinationId> hanging;
    bool throws = false;
    Sighting sighting;
    std::vector<std::string> began, posted, searched;
    std::vector<std::size_t> embeds;  // of each post

private:
    Clock& clock_;
};

class Told final : public Watcher {
public:
    void on_held(const DestinationInfo& d, HoldReason reason, const std::string& why) override {
        lines.push_back(fmt::format("held {} {}: {}", d.id.value, name_of(reason), why));
    }
    void on_released(const DestinationInfo& d) override {
        lines.push_back(fmt::format("released {}", d.id.value));
    }
    void on_parked(const DestinationInfo& d, const Entry& e, const std::string& why) override {
        lines.push_back(fmt::format("parked {} {}: {}", d.id.value, e.body.content, why));
    }
    void on_no_thread(const DestinationInfo& d, const Entry&, const std::string& why) override {
        lines.push_back(fmt::format("no thread {}: {}", d.id.value, why));
    }
    std::vector<std::string> lines;
};

class CountingMetrics final : public Metrics {
public:
    void count(std::string_view name, const Labels& labels, double) override {
        ++counts[fmt::format("{} {}", name, labels.at(0).second)];
    }
    void observe(std::string_view name, double value, const Labels& labels) override {
        observed.push_back(fmt::format("{} {} {}", name, labels.at(0).second, value));
    }
    void set(std::string_view, double, const Labels&) override {}
    std::map<std::string, int> counts;
    std::vector<std::string> observed;
};

class Dispatching : public testing::Test {
protected:
    ~Dispatching() override {
        if (dispatcher) {
            stop();
        }
    }
    void start() {
        dispatcher = std::make_unique<Dispatcher>(
            loop.executor(), clock, random, log, metrics, outbox, told,
            Dispatcher::Destinations{{DestinationKind::discord_channel, &channel},
                                     {DestinationKind::discord_webhook, &channel},
                                     {DestinationKind::terminal, &channel}},
            options);
        dispatcher->start();
        loop.settle();
    }
    void wake() {
        dispatcher->wake();
        loop.settle();
    }
    void advance(std::chrono::nanoseconds by) {
        clock.advance(by);
        loop.settle();
    }
    /// In steps, as time passes.
    void pass(Milliseconds by, Milliseconds step) {
        for (Milliseconds passed(0); passed < by; passed += step) {
            advance(step);
        }
    }
    void stop(Milliseconds patience = 1s) {
        std::optional<bool> ended;
        loop.start(stopped(*dispatcher, patience), ended);
        loop.settle();
        for (int i = 0; i < 1000 && !ended; ++i) {
            advance(5ms);
        }
        EXPECT_TRUE(ended) << "it stops in bounded time";
        dispatcher.reset();
    }
    static Task<bool> stopped(Dispatcher& dispatcher, Milliseconds patience) {
        co_await dispatcher.stop(patience);
        co_return true;
    }
    /// As if the process died: nothing finishes, nothing is stored.
    void crash() {
        outbox.is_broken = true;
        stop(0ms);
        outbox.is_broken = false;
    }
    std::string note_of(OutboxId id) { return outbox.entries.at(id).last_error; }

    Loop loop;
    FakeClock clock;
    FixedRandom random;
    RecordingLog log;
    CountingMetrics metrics;
    FakeOutbox outbox;
    Told told;
    ScriptedDestination channel{clock};
    DispatchOptions options;
    std::unique_ptr<Dispatcher> dispatcher;
};

}  // namespace

TEST_F(Dispatching, AThreadThatCannotBeOpenedIsToldOnceAndHoldsNothing) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    for (int card = 0; card < 2; ++card) {
        outbox.add(id, "thread", clock.now(), Operation::create_thread);
        outbox.add(id, "reply", clock.now());
        channel.script[id].push_back(held(HoldReason::missing_permission));
        channel.script[id].push_back(ok());
    }
    start();
    EXPECT_THAT(channel.posted, ElementsAre("thread", "reply", "thread", "reply"));
    EXPECT_THAT(told.lines, ElementsAre("no thread 1: 403 Missing Permissions (50013)"));
    EXPECT_EQ(outbox.infos.at(id).held, HoldReason::none);
    EXPECT_TRUE(outbox.parked.empty());
}

TEST_F(Dispatching, AReplacedCardIsSentAtOnceAndItsAttemptsCountAnew) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    const OutboxId edit = outbox.add(id, "card", clock.now(), Operation::edit);
    outbox.entries.at(edit).is_card = true;
    Answer gone;
    gone.kind = Kind::gone;
    gone.loss = Answer::Loss::deleted;
    gone.detail = "404 Unknown Message (10008)";
    channel.script[id] = {gone, failed(true)};
    channel.sighting.found = Found::yes;
    start();
    EXPECT_THAT(channel.posted, ElementsAre("card", "card"));
    EXPECT_EQ(outbox.entries.at(edit).operation, Operation::create);
    EXPECT_EQ(outbox.entries.at(edit).attempts, 1);
    advance(2min);
    EXPECT_THAT(channel.searched, ElementsAre("card")) << "the attempt of the edit is not taken for its";
    EXPECT_THAT(channel.posted, ElementsAre("card", "card"));
    EXPECT_FALSE(outbox.has(edit));
}

TEST_F(Dispatching, SendsInOrderAndEndsTheLane) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    for (const char* text : {"1", "2", "3"}) {
        outbox.add(id, text, clock.now() - 250ms);
    }
    start();
    EXPECT_THAT(channel.posted, ElementsAre("1", "2", "3"));
    EXPECT_THAT(outbox.entries, IsEmpty());
    EXPECT_EQ(dispatcher->lanes(), 0U);
    EXPECT_EQ(metrics.counts["hookline_attempts_total posted"], 3);
    EXPECT_EQ(metrics.observed.at(0), "hookline_event_to_destination_seconds discord_channel 0.25");
    const auto& posted = std::get<Posted>(outbox.steps.at(0).second);
    EXPECT_EQ(posted.message, Snowflake(8));
}

TEST_F(Dispatching, TakesUpWhatComesLater) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    start();
    outbox.add(id, "later", clock.now());
    wake();
    EXPECT_THAT(channel.posted, ElementsAre("later"));
}

TEST_F(Dispatching, WaitsForItsTimeAndTheNewestContentGoes) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    const auto entry = outbox.add(id, "bare", clock.now());
    outbox.entries.at(entry).not_before = clock.now() + 2s;
    outbox.add(id, "second", clock.now());
    start();
    advance(1999ms);
    EXPECT_THAT(channel.posted, IsEmpty()) << "the order is kept: the second waits too";
    outbox.entries.at(entry).body.content = "enriched";
    advance(1ms);
    EXPECT_THAT(channel.posted, ElementsAre("enriched", "second"));
}

TEST_F(Dispatching, AChangedEntryMayGoEarlier) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    const auto entry = outbox.add(id, "bare", clock.now());
    outbox.entries.at(entry).not_before = clock.now() + 2s;
    start();
    outbox.entries.at(entry).body.content = "enriched";
    outbox.entries.at(entry).not_before = clock.now();
    wake();
    EXPECT_THAT(channel.posted, ElementsAre("enriched"));
}

TEST_F(Dispatching, WhatChangesWhileTheAttemptIsStoredIsNotLost) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    outbox.add(id, "old", clock.now());
    outbox.on_begin = [&](OutboxId entry) { outbox.entries.at(entry).body.content = "new"; };
    start();
    EXPECT_THAT(channel.posted, ElementsAre("new"));
}

TEST_F(Dispatching, WaitingLanesAreNotReadAtEveryWake) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    outbox.entries.at(outbox.add(id, "x", clock.now())).not_before = clock.now() + 1min;
    start();
    const std::size_t before = outbox.heads_read;
    for (int i = 0; i < 100; ++i) {
        wake();
    }
    EXPECT_LE(outbox.heads_read - before, 1U);
    advance(20ms);
    EXPECT_LE(outbox.heads_read - before, 2U);
}

TEST_F(Dispatching, OneDeadChannelDelaysNoOther) {
    const auto dead = outbox.add_destination(DestinationKind::discord_channel);
    const auto slow = outbox.add_destination(DestinationKind::discord_channel);
    const auto fine = outbox.add_destination(DestinationKind::discord_channel);
    channel.script[dead] = {failed(), failed(), failed()};
    channel.hanging = {slow};
    for (int i = 0; i < 3; ++i) {
        outbox.add(dead, fmt::format("dead {}", i), clock.now());
        outbox.add(slow, fmt::format("slow {}", i), clock.now());
        outbox.add(fine, fmt::format("fine {}", i), clock.now());
    }
    start();
    EXPECT_THAT(channel.posted, ElementsAre("dead 0", "fine 0", "fine 1", "fine 2"));
    pass(20s, 1s);
    EXPECT_THAT(channel.posted, testing::IsSupersetOf({"dead 0", "dead 1", "dead 2"}))
        << "and in its own order";
    EXPECT_THAT(outbox.entries, testing::SizeIs(3)) << "the slow ones";
    pass(90s, 1s);
    EXPECT_THAT(outbox.entries, IsEmpty());
}

TEST_F(Dispatching, AttemptsAtTheSameTimeAreBounded) {
    options.in_flight = 2;
    for (int i = 0; i < 5; ++i) {
        const auto id = outbox.add_destination(DestinationKind::discord_channel);
        channel.hanging.insert(id);
        outbox.add(id, fmt::format("{}", i), clock.now());
    }
    start();
    EXPECT_EQ(channel.began.size(), 2U);
    pass(30s, 1s);
    EXPECT_EQ(channel.began.size(), 4U);
    pass(60s, 1s);
    EXPECT_EQ(channel.posted.size(), 5U);
}

TEST_F(Dispatching, NothingGoesBeforeARateLimitEnds) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    channel.script[id] = {limited(1337ms)};
    outbox.add(id, "x", clock.now());
    start();
    advance(1336ms);
    clock.jump(1h);
    wake();
    EXPECT_EQ(channel.posted.size(), 1U) << "whatever the wall clock says";
    advance(251ms);
    EXPECT_EQ(channel.posted.size(), 2U);
    EXPECT_THAT(outbox.entries, IsEmpty());
    EXPECT_EQ(metrics.counts["hookline_attempts_total retry"], 1);
}

TEST_F(Dispatching, AKnownRateLimitIsWaitedOutBeforeTheAttemptBegins) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    channel.limited_until[id] = clock.steady() + 5s;
    const auto entry = outbox.add(id, "old", clock.now());
    start();
    EXPECT_EQ(outbox.entries.at(entry).attempts, 0);
    outbox.entries.at(entry).body.content = "new";
    wake();
    advance(5s);
    EXPECT_THAT(channel.posted, ElementsAre("new"));
}

TEST_F(Dispatching, WhatWaitsBehindSharesTheSendAndTheOrderStays) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    channel.limited_until[id] = clock.steady() + 10s;
    outbox.add_embeds(id, 23, clock.now());
    outbox.add(id, "mention", clock.now());
    outbox.add_embeds(id, 7, clock.now());
    start();
    advance(10s);
    EXPECT_THAT(channel.embeds, ElementsAre(10U, 10U, 3U, 0U, 7U));
    EXPECT_EQ(outbox.joined.size(), 9U + 9U + 2U + 6U);
    EXPECT_EQ(outbox.joined.at(MessageId(10)), MessageId(1));
    EXPECT_THAT(channel.posted, ElementsAre("1", "11", "21", "mention", "25"));
    EXPECT_TRUE(outbox.entries.empty());
}

TEST_F(Dispatching, ASharedSendOfUnknownFateIsSentAgainAsItWas) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    outbox.add_embeds(id, 12, clock.now());
    channel.script[id] = {failed(true)};
    start();
    outbox.add_embeds(id, 9, clock.now());
    advance(1s);
    EXPECT_THAT(channel.embeds, ElementsAre(10U, 10U, 10U, 1U));
    EXPECT_THAT(channel.posted, ElementsAre("1", "1", "11", "21"));
}

TEST_F(Dispatching, ATerminalIsToldEachMessage) {
    const auto id = outbox.add_destination(DestinationKind::terminal);
    outbox.add_embeds(id, 12, clock.now());
    start();
    EXPECT_EQ(channel.posted.size(), 12U);
}

TEST_F(Dispatching, RefusedContentFallsBackOnceThenParksAndTheLaneGoesOn) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    channel.script[id] = {refused(), refused()};
    const auto entry = outbox.add(id, "bad", clock.now());
    outbox.add(id, "next", clock.now());
    start();
    EXPECT_THAT(channel.posted, ElementsAre("bad", "bad (as text)", "next"));
    EXPECT_EQ(outbox.parked.at(entry), "400 Invalid Form Body (50035)");
    EXPECT_THAT(told.lines, ElementsAre("parked 1 bad: 400 Invalid Form Body (50035)"));
    EXPECT_EQ(metrics.counts["hookline_attempts_total fallback"], 1);
    EXPECT_EQ(metrics.counts["hookline_attempts_total parked"], 1);
}

TEST_F(Dispatching, ACauseOfParkingIsToldOnce) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    for (int i = 0; i < 4; ++i) {
        channel.script[id].insert(channel.script[id].end(), {refused(), refused()});
        outbox.add(id, "x", clock.now());
    }
    start();
    EXPECT_EQ(outbox.parked.size(), 4U);
    EXPECT_EQ(told.lines.size(), 1U);
}

TEST_F(Dispatching, AForbiddenChannelIsHeldToldOnceProbedRarelyAndGoesOn) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    for (int i = 0; i < 3; ++i) {
        channel.script[id].push_back(held(HoldReason::missing_permission));
    }
    outbox.add(id, "1", clock.now());
    outbox.add(id, "2", clock.now());
    start();
    EXPECT_EQ(outbox.infos.at(id).held, HoldReason::missing_permission);
    pass(29min, 1min);
    wake();
    EXPECT_EQ(channel.posted.size(), 1U);
    pass(31min, 1min);
    EXPECT_EQ(channel.posted.size(), 3U) << "a probe each half hour, of one entry";
    pass(30min, 1min);
    EXPECT_THAT(channel.posted, ElementsAre("1", "1", "1", "1", "2"));
    EXPECT_THAT(told.lines,
                ElementsAre("held 1 missing_permission: 403 Missing Permissions (50013)", "released 1"));
    EXPECT_THAT(outbox.entries, IsEmpty());
}

TEST_F(Dispatching, ReleaseSendsTheBacklogAtOnce) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    channel.script[id] = {held(HoldReason::missing_access)};
    outbox.add(id, "1", clock.now());
    outbox.add(id, "2", clock.now());
    start();
    dispatcher->release(id);
    loop.settle();
    EXPECT_THAT(channel.posted, ElementsAre("1", "1", "2"));
    EXPECT_EQ(outbox.infos.at(id).held, HoldReason::none);
    EXPECT_EQ(told.lines.back(), "released 1");
}

TEST_F(Dispatching, ADestinationReleasedInTheStoreIsSeenAtTheNextWake) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    outbox.infos.at(id).held = HoldReason::paused;
    outbox.add(id, "1", clock.now());
    start();
    EXPECT_THAT(channel.posted, IsEmpty());
    outbox.infos.at(id).held = HoldReason::none;
    wake();
    EXPECT_THAT(channel.posted, ElementsAre("1"));
}

TEST_F(Dispatching, AHoldFromOutsideIsStoredAndToldOnce) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    start();
    for (int i = 0; i < 2; ++i) {
        dispatcher->hold(id, HoldReason::channel_gone, "the channel was deleted");
        loop.settle();
    }
    outbox.add(id, "1", clock.now());
    wake();
    EXPECT_THAT(channel.posted, IsEmpty());
    EXPECT_EQ(outbox.infos.at(id).held, HoldReason::channel_gone);
    EXPECT_THAT(told.lines, ElementsAre("held 1 channel_gone: the channel was deleted"));
}

TEST_F(Dispatching, WhatIsGoneIsNeverProbed) {
    const auto id = outbox.add_destination(DestinationKind::discord_webhook);
    channel.script[id] = {held(HoldReason::webhook_gone)};
    outbox.add(id, "1", clock.now());
    start();
    pass(72h, 1h);
    EXPECT_EQ(channel.posted.size(), 1U);
}

TEST_F(Dispatching, ABadTokenIsTriedByOneForAll) {
    std::vector<DestinationId> ids;
    for (int i = 0; i < 5; ++i) {
        ids.push_back(outbox.add_destination(DestinationKind::discord_channel));
        channel.script[ids.back()] = {held(HoldReason::bad_token)};
        outbox.add(ids.back(), "x", clock.now());
    }
    start();
    EXPECT_EQ(channel.posted.size(), 5U);
    pass(29min, 1min);
    EXPECT_EQ(channel.posted.size(), 5U);
    advance(1min);
    EXPECT_EQ(channel.posted.size(), 10U) << "one was let through, so all go";
    EXPECT_THAT(outbox.entries, IsEmpty());
}

TEST_F(Dispatching, ReleaseAllLeavesAloneWhatAPersonMustDecide) {
    const auto channel_id = outbox.add_destination(DestinationKind::discord_channel);
    const auto paused = outbox.add_destination(DestinationKind::discord_channel);
    const auto webhook = outbox.add_destination(DestinationKind::discord_webhook);
    outbox.infos.at(channel_id).held = HoldReason::bad_token;
    outbox.infos.at(paused).held = HoldReason::paused;
    outbox.infos.at(webhook).held = HoldReason::webhook_gone;
    for (const auto id : {channel_id, paused, webhook}) {
        outbox.add(id, fmt::format("{}", id.value), clock.now());
    }
    start();
    dispatcher->release_all(DestinationKind::discord_channel);
    loop.settle();
    EXPECT_THAT(channel.posted, ElementsAre("1"));
}

TEST_F(Dispatching, WithoutAConnectionToDiscordItsDestinationsAreHeld) {
    const auto id = outbox.add_destination(DestinationKind::discord_user);
    const auto entry = outbox.add(id, "x", clock.now());
    start();
    EXPECT_THAT(told.lines, ElementsAre("held 1 bad_token: no Discord token is configured"));
    EXPECT_EQ(outbox.entries.at(entry).attempts, 0);
}

TEST_F(Dispatching, ALostAnswerIsResentWithTheSameNonceWhileDiscordRemembersIt) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    channel.script[id] = {failed(true)};
    outbox.add(id, "x", clock.now());
    start();
    advance(1s);
    EXPECT_EQ(channel.posted.size(), 2U);
    EXPECT_THAT(channel.searched, IsEmpty());
}

TEST_F(Dispatching, LaterTheHistoryIsReadFirst) {
    struct Case {
        Found found;
        std::size_t posts;
        bool is_done;
    };
    for (const Case& c :
         {Case{Found::yes, 0, true}, Case{Found::no, 1, true}, Case{Found::unknown, 0, false}}) {
        FakeOutbox fresh;
        outbox = fresh;
        channel.posted.clear();
        channel.searched.clear();
        channel.sighting = Sighting{c.found, Snowflake(7), Snowflake(9)};
        const auto id = outbox.add_destination(DestinationKind::discord_channel);
        const auto entry = outbox.add(id, "x", clock.now());
        outbox.entries.at(entry).attempts = 1;  // begun before the crash, and no word of it
        outbox.entries.at(entry).first_attempt_at = clock.now() - 61s;
        start();
        EXPECT_EQ(channel.searched.size(), 1U);
        EXPECT_EQ(channel.posted.size(), c.posts);
        EXPECT_EQ(!outbox.has(entry), c.is_done);
        if (c.found == Found::yes) {
            EXPECT_EQ(std::get<Posted>(outbox.steps.at(0).second).message, Snowflake(9));
        }
        stop();
    }
}

TEST_F(Dispatching, AnUnreadableHistoryIsAskedForHoursThenTheMessageIsParked) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    const auto entry = outbox.add(id, "x", clock.now());
    outbox.entries.at(entry).attempts = 1;
    outbox.entries.at(entry).first_attempt_at = clock.now() - 2h;
    outbox.add(id, "next", clock.now());
    start();
    pass(7h, 1min);
    EXPECT_TRUE(outbox.parked.contains(entry));
    EXPECT_THAT(channel.posted, ElementsAre("next"));
    EXPECT_GT(channel.searched.size(), 10U);
}

TEST_F(Dispatching, AWebhookThatMayNotResendWaitsForAPerson) {
    const auto id = outbox.add_destination(DestinationKind::discord_webhook, false);
    channel.script[id] = {failed(true), ok()};
    outbox.add(id, "1", clock.now());
    outbox.add(id, "2", clock.now());
    start();
    pass(48h, 1h);
    EXPECT_THAT(channel.posted, ElementsAre("1"));
    EXPECT_THAT(told.lines, ElementsAre("held 1 ambiguous: 503"));
    dispatcher->release(id);
    loop.settle();
    EXPECT_THAT(channel.posted, ElementsAre("1", "1", "2"));
}

TEST_F(Dispatching, AfterACrashInAnAttemptAWebhookDoesAsItWasTold) {
    for (const bool resends : {true, false}) {
        FakeOutbox fresh;
        outbox = fresh;
        channel.posted.clear();
        const auto id = outbox.add_destination(DestinationKind::discord_webhook, resends);
        outbox.entries.at(outbox.add(id, "x", clock.now())).attempts = 1;
        start();
        EXPECT_EQ(channel.posted.size(), resends ? 1U : 0U);
        EXPECT_EQ(outbox.infos.at(id).held, resends ? HoldReason::none : HoldReason::ambiguous);
        stop();
    }
}

TEST_F(Dispatching, AFailureThatSurelyDidNotArriveHoldsNothingAfterARestart) {
    const auto id = outbox.add_destination(DestinationKind::discord_webhook, false);
    channel.script[id] = {failed(false)};
    const auto entry = outbox.add(id, "x", clock.now());
    start();
    EXPECT_EQ(note_of(entry), "503, attempt 1");
    stop();
    start();
    advance(1s);
    EXPECT_EQ(channel.posted.size(), 2U);
    EXPECT_EQ(outbox.infos.at(id).held, HoldReason::none);
}

TEST_F(Dispatching, CrashedBeforeTheAnswerWasStoredItIsFoundNotSentAgain) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    outbox.records_fail = true;
    const auto entry = outbox.add(id, "x", clock.now());
    start();
    EXPECT_EQ(channel.posted.size(), 1U);
    crash();
    outbox.records_fail = false;
    clock.advance(2min);
    channel.sighting = Sighting{Found::yes, Snowflake(7), Snowflake(8)};
    start();
    EXPECT_EQ(channel.posted.size(), 1U);
    EXPECT_FALSE(outbox.has(entry));
}

TEST_F(Dispatching, WhatTheLastProcessSentCountsAgainstTheLimitsOfAChannel) {
    const DestinationId busy = outbox.add_destination(DestinationKind::discord_channel);
    const DestinationId calm = outbox.add_destination(DestinationKind::discord_channel);
    const DestinationId terminal = outbox.add_destination(DestinationKind::terminal);
    for (const DestinationId id : {busy, calm, terminal}) {
        outbox.infos.at(id).last_attempt_at = clock.now() - (id == calm ? 6s : 2s);
        outbox.add(id, std::to_string(id.value), clock.now());
    }
    start();
    EXPECT_THAT(channel.posted, ElementsAre("2", "3"));
    advance(3999ms);
    EXPECT_EQ(channel.posted.size(), 2U);
    advance(1ms);
    EXPECT_THAT(channel.posted, ElementsAre("2", "3", "1"));
}

TEST_F(Dispatching, ABrokenStoreLosesNothingAndRepeatsNothing) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    outbox.add(id, "x", clock.now());
    outbox.records_fail = true;
    start();
    pass(10s, 1s);
    EXPECT_EQ(channel.posted.size(), 1U) << "sent once, though its record waits";
    outbox.records_fail = false;
    advance(1s);
    EXPECT_THAT(outbox.entries, IsEmpty());

    outbox.add(id, "y", clock.now());
    outbox.is_broken = true;
    wake();
    pass(10s, 1s);
    EXPECT_EQ(channel.posted.size(), 1U) << "what cannot be stored first is not sent";
    outbox.is_broken = false;
    advance(1s);
    EXPECT_THAT(channel.posted, ElementsAre("x", "y"));
}

TEST_F(Dispatching, ADestinationThatThrowsBlocksNobody) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    const auto entry = outbox.add(id, "x", clock.now());
    channel.throws = true;
    start();
    EXPECT_EQ(outbox.parked.at(entry), "internal error: boom");
}

TEST_F(Dispatching, AStopFinishesTheAttemptAtHandAndBeginsNone) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    channel.hanging = {id};
    outbox.add(id, "1", clock.now());
    const auto second = outbox.add(id, "2", clock.now());
    start();
    advance(29s);
    stop(5s);
    EXPECT_THAT(channel.posted, ElementsAre("1"));
    EXPECT_EQ(outbox.entries.size(), 1U);
    EXPECT_EQ(outbox.entries.at(second).attempts, 0);
}

TEST_F(Dispatching, AStopDoesNotWaitForever) {
    const auto id = outbox.add_destination(DestinationKind::discord_channel);
    channel.hanging = {id};
    const auto entry = outbox.add(id, "1", clock.now());
    start();
    stop(3s);
    EXPECT_EQ(outbox.entries.at(entry).attempts, 1);
    EXPECT_TRUE(may_have_arrived(outbox.entries.at(entry)));
}

TEST_F(Dispatching, AfterARestartHeldChannelsAreProbedSpreadOverTheInterval) {
    for (int i = 0; i < 30; ++i) {
        const auto id = outbox.add_destination(DestinationKind::discord_channel);
        outbox.infos.at(id).held = HoldReason::missing_access;
        channel.script[id].push_back(held(HoldReason::missing_access));
        outbox.add(id, "x", clock.now());
    }
    start();
    EXPECT_THAT(channel.posted, IsEmpty());
    pass(15min, 1min);
    EXPECT_THAT(channel.posted.size(), testing::AllOf(testing::Gt(5U), testing::Lt(25U)));
    pass(15min, 1min);
    EXPECT_EQ(channel.posted.size(), 30U);
    EXPECT_THAT(told.lines, IsEmpty()) << "told before the restart";
}

}  // namespace hookline::dispatch
