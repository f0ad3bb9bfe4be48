#include "message/json.hpp"
#include "pipeline/testing/flaky_store.hpp"
#include "pipeline/testing/pipeline_fixture.hpp"

namespace hookline::pipeline {

using dispatch::Operation;
using store::OutcomeKind;

class PipelineTest : public PipelineFixture {};

TEST_F(PipelineTest, APushBecomesOneMessageWithItsOutcome) {
    start();
    const EventId event = deliver("push", "d1");
    process();
    const auto outcome = outcome_of(event);
    EXPECT_EQ(outcome.kind, OutcomeKind::sent);
    EXPECT_EQ(outcome.reason, "");
    EXPECT_EQ(outcome.at, clock.now());
    const auto entry = head();
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->message, outcome.message);
    EXPECT_EQ(entry->operation, Operation::create);
    EXPECT_EQ(entry->not_before, clock.now());
    ASSERT_FALSE(entry->body.embeds.empty());
    EXPECT_EQ(message(outcome.message).event, event);
    EXPECT_EQ(counting.counted["hookline_outcomes_total"], 1);
    EXPECT_EQ(counting.counted["hookline_layout_failures_total"], 0);
}

TEST_F(PipelineTest, EventsThatQueuedUpLeaveInTheirOrderAndEachTimestampIsItsOwn) {
    constexpr int count = 150;
    for (int n = 0; n < count; ++n) {
        deliver("push", "d" + std::to_string(n));
    }
    FlakyStore counted(*store);
    start(nullptr, &counted);
    process();
    EXPECT_LT(counted.writes, 10) << "many events share one write";
    std::set<TimePoint> timestamps;
    EventId last;
    for (int n = 0; n < count; ++n) {
        const auto entry = take();
        ASSERT_TRUE(entry);
        const EventId event = message(entry->message).event;
        EXPECT_LT(last, event);
        last = event;
        timestamps.insert(entry->body.embeds.front().timestamp.value());
    }
    EXPECT_EQ(timestamps.size(), static_cast<std::size_t>(count));
    EXPECT_FALSE(head());
}

TEST_F(PipelineTest, EveryHookOfTheEndpointHasAnOutcomeOfItsOwn) {
    const store::Hook second = add_hook();
    hook.is_paused = true;
    must_write({store::PutHook{hook}});
    start();
    const EventId event = deliver("push", "d1");
    process();
    EXPECT_EQ(outcome_of(event).kind, OutcomeKind::hook_off);
    EXPECT_EQ(outcome_of(event).reason, "the hook is paused");
    EXPECT_EQ(outcome_of(event, second.id).kind, OutcomeKind::sent);
    EXPECT_EQ(messages(), 1U);
}

TEST_F(PipelineTest, AHookIsToldNothingFromBeforeItWasMade) {
    const EventId event = deliver("push", "d1");
    clock.advance(std::chrono::seconds(1));
    store::Hook late;
    late.id = store->next_hook_id();
    late.endpoint = endpoint.id;
    late.destination = DestinationId(1);
    late.created_at = clock.now();
    must_write({store::PutHook{late}});
    start();
    process();
    EXPECT_EQ(store->outcomes(event)->size(), 1U);
    EXPECT_EQ(messages(), 1U);
}

TEST_F(PipelineTest, AHookThatWasDeletedMeanwhileIsToldNothingOfThatTime) {
    const EventId before = deliver("push", "1");
    clock.advance(Milliseconds(10));
    const EventId meanwhile = deliver("push", "2");
    hook.absent_from = clock.now();
    clock.advance(Milliseconds(10));
    hook.absent_until = clock.now();
    must_write({store::PutHook{hook}});
    EXPECT_EQ(store->hooks().value().front().absent_from, hook.absent_from);
    EXPECT_EQ(store->hooks().value().front().absent_until, hook.absent_until);
    start();
    process();
    EXPECT_EQ(messages(), 1U);
    EXPECT_TRUE(store->outcomes(meanwhile).value().empty());
    std::optional<Result<void>> replayed;
    loop.start(replay(*store, before, {hook.id}), replayed);
    loop.run_until([&] { return replayed.has_value(); });
    process();
    EXPECT_EQ(messages(), 2U) << "what it was told before can be told again";
}

TEST_F(PipelineTest, APayloadThatIsNotUnderstoodGoesAsAPlainLineWhereItsEventIsWanted) {
    hook.events = {"fork"};
    must_write({store::PutHook{hook}});
    const store::Hook usual = add_hook();
    start();
    const EventId event = deliver_payload("fork", "[]", "d1");
    process();
    const std::string why = "its payload was not understood: the payload of “fork” is no JSON object";
    EXPECT_EQ(outcome_of(event).kind, OutcomeKind::sent);
    EXPECT_EQ(outcome_of(event).reason, "as a plain line, " + why);
    EXPECT_EQ(outcome_of(event, usual.id).kind, OutcomeKind::not_understood);
    EXPECT_EQ(outcome_of(event, usual.id).reason, why);
    const auto entry = head();
    ASSERT_TRUE(entry);
    EXPECT_NE(entry->body.content, "");
    EXPECT_TRUE(entry->body.embeds.empty());
}

TEST_F(PipelineTest, AnUnknownEventIsKeptWithItsOutcomeAndNotAnnounced) {
    start();
    const EventId event = deliver_payload("brand_new", "{}", "d1");
    process();
    EXPECT_EQ(outcome_of(event).kind, OutcomeKind::not_understood);
    EXPECT_EQ(outcome_of(event).reason, "Hookline does not know GitHub's event brand_new");
    EXPECT_EQ(messages(), 0U);
}

TEST_F(PipelineTest, APingConnectsAndTheSetupReplySaysSo) {
    hook.setup_reply = queue("Waiting for GitHub's first delivery");
    must_write({store::PutHook{hook}});
    take();
    start();
    const EventId event =
        deliver_payload("ping", R"({"zen":"x","hook":{"events":["push"]},"hook_id":1})", "d1");
    process();
    EXPECT_EQ(outcome_of(event).kind, OutcomeKind::not_announced);
    EXPECT_EQ(outcome_of(event).reason, "it is GitHub's greeting: the webhook was set up");
    EXPECT_EQ(store->endpoints()->front().connected_at, clock.now());
    EXPECT_EQ(store->endpoints()->front().secret.reveal(), "gh_canary_secret");
    const auto edit = head();
    ASSERT_TRUE(edit);
    EXPECT_EQ(edit->operation, Operation::edit);
    EXPECT_THAT(edit->body.content, testing::HasSubstr("**Connected**"));
    EXPECT_THAT(edit->body.content, testing::HasSubstr("GitHub does not send yet: Pull requests"));
    EXPECT_THAT(edit->body.content, testing::Not(testing::HasSubstr("canary")));
}

TEST_F(PipelineTest, TheFirstRealDeliveryConnectsTooAndOnlyTheFirst) {
    hook.setup_reply = queue("Waiting for GitHub's first delivery");
    must_write({store::PutHook{hook}});
    take();
    start();
    deliver("push", "d1");
    process();
    const TimePoint connected = clock.now();
    const auto edit = take();
    ASSERT_TRUE(edit);
    EXPECT_EQ(edit->operation, Operation::edit);
    ASSERT_TRUE(take());
    clock.advance(std::chrono::seconds(5));
    deliver("push", "d2");
    process();
    EXPECT_EQ(store->endpoints()->front().connected_at, connected);
    EXPECT_EQ(take()->operation, Operation::create);
    EXPECT_FALSE(head());
}

TEST_F(PipelineTest, ASetupReplyThatIsGoneHoldsNothingUp) {
    hook.setup_reply = MessageId(777);
    must_write({store::PutHook{hook}});
    start();
    const EventId event = deliver("push", "d1");
    process();
    EXPECT_EQ(outcome_of(event).kind, OutcomeKind::sent);
    EXPECT_EQ(store->endpoints()->front().connected_at, clock.now());
}

TEST_F(PipelineTest, ATestIsAnnouncedMarkedAndChangesNothing) {
    const store::Hook other = add_hook();
    hook.is_paused = true;
    must_write({store::PutHook{hook}});
    start();
    auto made = make_test_delivery(endpoint, hook.id, "push", random, clock.now());
    ASSERT_TRUE(made) << made.error().detail;
    const auto appended = append(std::move(*made));
    ASSERT_TRUE(appended);
    process();
    EXPECT_EQ(outcome_of(appended->id).kind, OutcomeKind::sent);
    EXPECT_EQ(outcome_of(appended->id).reason, "it is a test");
    EXPECT_EQ(outcome_of(appended->id, other.id).kind, OutcomeKind::not_announced);
    EXPECT_EQ(outcome_of(appended->id, other.id).reason, "it is a test of hook_001");
    const auto entry = head();
    ASSERT_TRUE(entry);
    EXPECT_THAT(message::serialize(entry->body),
                testing::HasSubstr("A real one would not be announced: the hook is paused."));
    EXPECT_FALSE(store->endpoints()->front().connected_at);
}

TEST_F(PipelineTest, AnEventIsProcessedOnceHoweverOftenTheProcessStarts) {
    start();
    deliver("push", "d1");
    process();
    stop();
    open();
    start();
    process();
    EXPECT_EQ(messages(), 1U);
}

TEST_F(PipelineTest, AReplayIsProcessedOnceMoreForThatHookAlone) {
    const store::Hook second = add_hook();
    start();
    const EventId event = deliver("push", "d1");
    process();
    EXPECT_EQ(messages(), 2U);
    ASSERT_TRUE(run(replay(*store, event, {second.id})));
    process();
    EXPECT_EQ(messages(), 3U);
    EXPECT_EQ(store->outcomes(event)->size(), 2U);
}

TEST_F(PipelineTest, AWriteThatFailsIsTriedAgainInOrderAndNothingIsLost) {
    deliver("push", "d1");
    deliver("push", "d2");
    FlakyStore flaky(*store);
    flaky.failures = 2;
    start(nullptr, &flaky);
    EXPECT_EQ(messages(), 0U);
    for (int wait = 1; wait <= 2; ++wait) {
        EXPECT_EQ(clock.next_wait(), clock.steady() + std::chrono::seconds(wait));
        clock.advance(std::chrono::seconds(wait));
        loop.settle();
    }
    process();
    EXPECT_EQ(messages(), 2U);
    const EventId first = message(take()->message).event;
    const EventId second = message(take()->message).event;
    EXPECT_LT(first, second);
}

TEST_F(PipelineTest, AnEventThatEndedTheProcessTwiceIsSetAside) {
    const EventId bad = deliver("push", "d1");
    const EventId good = deliver("push", "d2");
    must_write({store::PutMeta{std::string(trial_key), to_text(Trial{bad, bad, most_trials})}});
    start();
    process();
    EXPECT_EQ(outcome_of(bad).kind, OutcomeKind::parked);
    EXPECT_EQ(outcome_of(bad).reason,
              "Hookline ended 5 times while it worked on this event, and does not try it any more");
    EXPECT_EQ(outcome_of(good).kind, OutcomeKind::sent);
    EXPECT_EQ(store->meta(std::string(trial_key)).value(), "") << "the mark is gone with the last of them";
}

TEST_F(PipelineTest, SecurityAlertsStayOutOfChannelsThatEveryoneSees) {
    const auto* adapter = services::find_adapter(event::Service::github);
    const auto samples = adapter->samples();
    const auto sample = std::find_if(samples.begin(), samples.end(), [](const services::Sample& s) {
        return s.name.starts_with("security");
    });
    if (sample == samples.end()) {
        GTEST_SKIP() << "this version reads no security alerts";
    }
    dispatch::DestinationInfo channel;
    channel.id = store->next_destination_id();
    channel.kind = dispatch::DestinationKind::discord_channel;
    channel.channel = Snowflake(42);
    must_write({store::PutDestination{channel}});
    const store::Hook in_public = add_hook(channel.id);
    start();
    const EventId event = deliver(sample->name, "d1");
    process();
    EXPECT_EQ(outcome_of(event, in_public.id).reason, "it is told only in channels that not everyone sees");
}

}  // namespace hookline::pipeline
