// More than a channel may take: nothing is lost, failures and mentions come by themselves, what is summed up
// is told at once and kept up to date.
#include "pipeline/storm.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/text.hpp"
#include "pipeline/quiet.hpp"
#include "pipeline/testing/pipeline_fixture.hpp"

namespace hookline::pipeline {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using store::OutcomeKind;
using testing::HasSubstr;

constexpr std::string_view reason = "summed up: more came than the channel can take";

class Storms : public PipelineFixture {
protected:
    Storms() { set_kind(dispatch::DestinationKind::discord_channel); }
    void set_kind(dispatch::DestinationKind kind) {
        dispatch::DestinationInfo channel;
        channel.id = DestinationId(1);
        channel.kind = kind;
        channel.channel = Snowflake(100);
        must_write({store::PutDestination{channel}});
    }
    std::vector<EventId> deliver_many(int count, std::string_view name = "push") {
        std::vector<EventId> events;
        for (int i = 0; i < count; ++i) {
            events.push_back(deliver(name, fmt::format("delivery-{}", ++deliveries)));
        }
        process();
        return events;
    }
    std::optional<store::Window> storm() { return store->knowledge().window(hook.id, storm_key).value(); }
    void pass(Milliseconds time, Milliseconds step = seconds(1)) {
        for (Milliseconds passed(0); passed < time; passed += step) {
            clock.advance(step);
            settle();
        }
    }
    /// Until nothing is due any more.
    void settle() {
        EXPECT_TRUE(loop.run_until([&] {
            const auto due = store->knowledge().next_due().value();
            return !due || *due > clock.now();
        }));
        loop.settle();
    }
    /// Posts all that waits; gives back what was said of the storms, the newest of each message.
    std::vector<dispatch::Entry> drain() {
        std::vector<dispatch::Entry> taken;
        while (auto entry = take()) {
            if (store->message(entry->message).value()->card_key == storm_key) {
                said[entry->message] = entry->body.embeds.at(0).title;
            }
            taken.push_back(std::move(*entry));
        }
        return taken;
    }
    std::size_t count_of(const std::vector<EventId>& events, OutcomeKind kind) const {
        return static_cast<std::size_t>(std::count_if(
            events.begin(), events.end(), [&](EventId event) { return outcome_of(event).kind == kind; }));
    }

    int deliveries = 0;
    std::map<MessageId, std::string> said;
};

}  // namespace

TEST_F(Storms, WhatComesBehindAHundredIsSummedUpInItsPlace) {
    start();
    const auto events = deliver_many(150);
    EXPECT_EQ(count_of(events, OutcomeKind::sent), 100U);
    for (std::size_t i = 100; i < 150; ++i) {
        EXPECT_EQ(outcome_of(events[i]).kind, OutcomeKind::folded);
        EXPECT_EQ(outcome_of(events[i]).reason, reason);
        EXPECT_EQ(outcome_of(events[i]).message, storm()->message);
    }
    const auto failure = deliver_many(1, "workflow.failed");
    EXPECT_EQ(outcome_of(failure[0]).kind, OutcomeKind::sent) << "a failure is never summed up";
    pass(seconds(5));
    const auto taken = drain();
    ASSERT_EQ(taken.size(), 102U);
    EXPECT_EQ(taken[100].message, storm()->message);
    EXPECT_EQ(taken[100].operation, dispatch::Operation::create) << "updated before it was posted";
    EXPECT_TRUE(taken[100].stands_alone);
    EXPECT_EQ(taken[100].body.embeds.at(0).title,
              "🌊 50 events in 1s, summed up: more came than this channel can take");
    EXPECT_THAT(taken[100].body.embeds.at(0).description, HasSubstr("Pushes: 50 ([main]("));
    EXPECT_EQ(taken[101].message, outcome_of(failure[0]).message);
}

TEST_F(Storms, MentionsAreNeverSummedUp) {
    store::Rule mention;
    mention.id = store->next_rule_id();
    mention.hook = hook.id;
    mention.kind = store::RuleKind::mention;
    mention.source = "event == 'issue'";
    mention.text = "<@&77>";
    mention.created_at = clock.now();
    must_write({store::PutRule{mention}});
    start();
    deliver_many(110);
    EXPECT_EQ(count_of(deliver_many(5, "issue.opened"), OutcomeKind::sent), 5U);
    EXPECT_EQ(count_of(deliver_many(5, "pr.opened"), OutcomeKind::folded), 5U);
}

TEST_F(Storms, TheSummaryIsUpdatedEveryFewSecondsAndALastTime) {
    start();
    deliver_many(130);
    drain();
    EXPECT_EQ(count_of(deliver_many(12), OutcomeKind::folded), 2U)
        << "what a channel takes is told by itself";
    EXPECT_EQ(drain().size(), 10U);
    pass(seconds(5));
    const auto update = drain();
    ASSERT_EQ(update.size(), 1U);
    EXPECT_EQ(update[0].operation, dispatch::Operation::edit);
    EXPECT_THAT(update[0].body.embeds.at(0).title, HasSubstr("32 events"));
    pass(seconds(2));
    EXPECT_EQ(count_of(deliver_many(12), OutcomeKind::folded), 2U);
    EXPECT_EQ(drain().size(), 10U) << "no update before its time";
    pass(seconds(3));
    EXPECT_EQ(drain().size(), 1U);
    pass(seconds(15));
    EXPECT_LE(drain().size(), 2U);
    pass(seconds(30));
    EXPECT_TRUE(drain().empty()) << "there is nothing new to tell";
    pass(seconds(20));
    EXPECT_EQ(drain().size(), 1U);
    EXPECT_THAT(said.begin()->second, HasSubstr("34 events in 7s"));
    EXPECT_EQ(said.size(), 1U);
    EXPECT_FALSE(storm());
    EXPECT_FALSE(store->knowledge().next_due().value());
}

TEST_F(Storms, SurviveARestart) {
    start();
    deliver_many(120);
    stop();
    open();
    start();
    const MessageId message = storm()->message;
    EXPECT_EQ(outcome_of(deliver_many(1).front()).message, message);
    stop();
    open();
    clock.advance(minutes(30));
    start();
    settle();
    EXPECT_FALSE(storm());
    drain();
    EXPECT_EQ(said.size(), 1U);
    EXPECT_THAT(said[message], HasSubstr("21 events"));
    EXPECT_FALSE(store->knowledge().next_due().value());
}

TEST_F(Storms, ALongOneGoesOnFurtherDown) {
    start();
    deliver_many(120);
    const MessageId first = storm()->message;
    for (int i = 0; i < 40; ++i) {
        pass(seconds(30), seconds(30));
        deliver_many(1);
    }
    const MessageId second = storm()->message;
    EXPECT_NE(first, second);
    pass(minutes(2), seconds(30));
    drain();
    EXPECT_THAT(said[first], HasSubstr("49 events in 14m"));
    EXPECT_THAT(said[second], HasSubstr("11 events in"));
}

TEST_F(Storms, ABacklogThatWaitsForAPermissionIsNone) {
    start();
    deliver_many(100);
    const auto held = run(store->outbox().hold(DestinationId(1), dispatch::HoldReason::missing_permission,
                                               "50013", clock.now()));
    ASSERT_TRUE(held);
    EXPECT_EQ(count_of(deliver_many(20), OutcomeKind::sent), 20U);
}

TEST_F(Storms, ATerminalHasNone) {
    set_kind(dispatch::DestinationKind::terminal);
    start();
    EXPECT_EQ(count_of(deliver_many(120), OutcomeKind::sent), 120U);
}

TEST_F(Storms, AMuteMeanwhileHasAWindowOfItsOwn) {
    start();
    deliver_many(120);
    store::Rule mute;
    mute.id = store->next_rule_id();
    mute.hook = hook.id;
    mute.kind = store::RuleKind::mute;
    mute.source = "event == 'issue'";
    mute.options = to_text(MuteOptions{clock.now() + minutes(5), false});
    mute.created_at = clock.now();
    must_write({store::PutRule{mute}});
    EXPECT_EQ(count_of(deliver_many(3, "issue.opened"), OutcomeKind::muted), 3U);
    EXPECT_EQ(count_of(deliver_many(3), OutcomeKind::folded), 3U);
    pass(minutes(6), seconds(5));
    EXPECT_FALSE(storm());
    const auto taken = drain();
    ASSERT_EQ(taken.size(), 102U);
    EXPECT_THAT(taken[100].body.embeds.at(0).title, HasSubstr("🌊 23 events"));
    EXPECT_THAT(taken[101].body.embeds.at(0).description, HasSubstr("Issues: 3 opened"));
}

TEST_F(Storms, OfAHookThatIsDeletedAreToldToTheirEnd) {
    start();
    deliver_many(120);
    hook.deleted_at = clock.now();
    must_write({store::PutHook{hook}});
    pass(minutes(2), seconds(5));
    EXPECT_FALSE(storm());
    drain();
    EXPECT_THAT(said.begin()->second, HasSubstr("20 events"));
}

/// Whatever comes when, however slowly the channel takes it, and whenever the program ends: each event has
/// one outcome, each outcome's message comes, and the summaries count what was summed up.
TEST_F(Storms, AddUpWhateverComesAndWheneverItEnds) {
    std::mt19937 dice(20261129);
    const std::array<std::string_view, 4> kinds{"push", "workflow.failed", "issue.closed", "pr.opened"};
    start();
    std::vector<EventId> events;
    const auto post_some = [&](std::size_t most) {
        for (std::size_t i = 0; i < most; ++i) {
            const auto entry = take();
            if (!entry) {
                break;
            }
            if (store->message(entry->message).value()->card_key == storm_key) {
                said[entry->message] = entry->body.embeds.at(0).title;
            }
        }
    };
    for (int step = 0; step < 120; ++step) {
        switch (dice() % 8) {
            case 0:
                stop();
                open();
                start();
                break;
            case 1:
                pass(seconds(dice() % 90), seconds(7));
                break;
            case 2:
                post_some(dice() % 90);
                break;
            default:
                for (const EventId event :
                     deliver_many(static_cast<int>(dice() % 30), kinds.at(dice() % 4))) {
                    events.push_back(event);
                }
                break;
        }
    }
    pass(minutes(20), seconds(30));
    post_some(events.size() * 2);
    EXPECT_FALSE(store->knowledge().next_due().value());
    std::map<MessageId, std::int64_t> folded;
    for (const EventId event : events) {
        const auto outcomes = store->outcomes(event).value();
        ASSERT_EQ(outcomes.size(), 1U);
        const auto message = store->message(outcomes[0].message).value();
        ASSERT_TRUE(message);
        EXPECT_EQ(message->state, store::MessageState::sent);
        if (outcomes[0].kind == OutcomeKind::folded) {
            ++folded[outcomes[0].message];
            EXPECT_FALSE(outcomes[0].event_name.starts_with("workflow"));
        }
    }
    EXPECT_GT(folded.size(), 2U);
    ASSERT_EQ(folded.size(), said.size());
    for (const auto& [message, count] : folded) {
        EXPECT_THAT(said[message], HasSubstr(fmt::format("🌊 {} in ", counted(count, "event"))));
    }
}

}  // namespace hookline::pipeline
