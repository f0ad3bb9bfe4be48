// What a hook sums up: every event is in exactly one message, and the message comes on time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "pipeline/digest.hpp"
#include "pipeline/testing/pipeline_fixture.hpp"

namespace hookline::pipeline {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using store::OutcomeKind;
using testing::HasSubstr;

class Windows : public PipelineFixture {
protected:
    void sum_up(seconds window) {
        hook.window = window;
        must_write({store::PutHook{hook}});
    }
    /// Lets time pass until no window is open.
    void pass(Milliseconds time) {
        clock.advance(time);
        EXPECT_TRUE(loop.run_until([&] { return !store->knowledge().window(hook.id).value(); }));
    }
    std::string next_text() {
        const auto entry = take();
        if (!entry || entry->body.embeds.empty()) {
            return entry ? entry->body.content : "nothing";
        }
        return entry->body.embeds.front().title + "\n" + entry->body.embeds.front().description;
    }
};

}  // namespace

TEST_F(Windows, AreSummedUpWhenTheyCloseAndEveryEventIsInThem) {
    sum_up(minutes(5));
    start();
    std::vector<EventId> events{deliver("push", "1"), deliver("push", "2"), deliver("pr.opened", "3"),
                                deliver("pr.synchronize", "4"), deliver("issue.closed", "5")};
    process();
    EXPECT_FALSE(take());
    const store::Window window = *store->knowledge().window(hook.id).value();
    EXPECT_EQ(window.closes_at - window.opened_at, minutes(5));
    for (const EventId event : events) {
        EXPECT_EQ(outcome_of(event).kind, OutcomeKind::folded);
        EXPECT_EQ(outcome_of(event).message, window.message);
    }
    clock.advance(minutes(4));
    loop.settle();
    EXPECT_FALSE(take()) << "it is not time yet";
    pass(minutes(1));
    const auto entry = take();
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->message, window.message);
    EXPECT_EQ(entry->body.embeds.front().title, "📊 GitHub Activity (last 5m)");
    const std::string text = entry->body.embeds.front().description;
    EXPECT_THAT(text, HasSubstr("Pushes: 2 ([main]("));
    EXPECT_THAT(text, HasSubstr(" ×2)"));
    EXPECT_THAT(text, HasSubstr("PRs: 1 opened ([#45]("));
    EXPECT_THAT(text, HasSubstr("), 1 updated ([#45]("));
    EXPECT_THAT(text, HasSubstr("Issues: 1 closed ([#"));
    EXPECT_THAT(text, HasSubstr("\n\nBy @octocat"));
    EXPECT_FALSE(take()) << "once";
    EXPECT_FALSE(store->knowledge().next_due().value());
}

TEST_F(Windows, WhatHappenedWhileNobodyCouldListenIsSummedUp) {
    endpoint.service = hook.service = event::Service::docker;
    must_write({store::PutEndpoint{endpoint}, store::PutHook{hook}});
    start();
    const auto told = [&](std::string_view action, std::string_view id, std::int64_t second) {
        const std::string payload = fmt::format(
            R"({{"engine":{{"name":"docker"}},"event":{{"Type":"container","Action":"{}","Actor":{{"ID":"{}",
                "Attributes":{{"name":"{}","image":"demo:1","exitCode":"3"}}}},"timeNano":{}}},
                "story":{{"late":true}}}})",
            action, id, id, (1'700'000'000 + second) * 1'000'000'000);
        event::Delivery sent = delivery(fmt::format("{}{}{}", action, id, second), payload);
        sent.service = event::Service::docker;
        sent.event_type = "engine";
        return append(std::move(sent)).value().id;
    };
    const EventId first = told("start", "web", 0);
    told("die", "web", 60);
    told("start", "web", 61);
    told("start", "db", 3600);
    process();
    EXPECT_EQ(outcome_of(first).kind, OutcomeKind::folded);
    EXPECT_FALSE(take());
    pass(seconds(15));
    EXPECT_EQ(next_text(),
              "📊 Docker Activity while nobody could listen\n<t:1700000000:f> to <t:1700003600:f>\n"
              "Crashes: 1 crashed (web)\nStarts: 3 started (web ×2, db)");
    EXPECT_FALSE(take());
    told("die", "alone", 90);
    process();
    pass(seconds(15));
    EXPECT_THAT(next_text(), HasSubstr("Container Stopped: alone")) << "the only one is told as itself";
}

TEST_F(Windows, SayWhereSomethingFailed) {
    sum_up(minutes(5));
    start();
    deliver("workflow.failed", "1");
    deliver("workflow.passed", "2");
    deliver("comment.created", "3");
    process();
    pass(minutes(5));
    const std::string text = next_text();
    EXPECT_THAT(text, HasSubstr("Workflows: 1 failed ([Deploy preview on fix-token-expiry]("));
    EXPECT_THAT(text, HasSubstr("1 passed ([Tests]("));
    EXPECT_THAT(text, HasSubstr("Comments: 1\n"));
}

TEST_F(Windows, ASingleEventIsToldAsItself) {
    sum_up(minutes(5));
    start();
    deliver("push", "1");
    process();
    pass(minutes(5));
    EXPECT_THAT(next_text(), HasSubstr("🚀 Push to main"));
}

TEST_F(Windows, SurviveARestart) {
    sum_up(minutes(5));
    start();
    deliver("push", "1");
    process();
    stop();
    clock.advance(minutes(2));
    start();
    deliver("issue.opened", "2");
    process();
    stop();
    open();
    clock.advance(minutes(10));
    start();
    pass(Milliseconds(0));
    EXPECT_THAT(next_text(), HasSubstr("Pushes: 1 ([main]("));
    deliver("push", "3");
    process();
    EXPECT_TRUE(store->knowledge().window(hook.id).value()) << "the next window";
}

TEST_F(Windows, WhatMustBeKnownAtOnceIsToldAtOnce) {
    sum_up(minutes(5));
    store::Rule mention;
    mention.id = store->next_rule_id();
    mention.hook = hook.id;
    mention.kind = store::RuleKind::mention;
    mention.source = "event == 'issue'";
    mention.text = "<@&77>";
    mention.created_at = clock.now();
    must_write({store::PutRule{mention}});
    start();
    const EventId mentioned = deliver("issue.opened", "1");
    process();
    EXPECT_EQ(outcome_of(mentioned).kind, OutcomeKind::sent);
    EXPECT_EQ(take()->body.content, "<@&77>");
    EXPECT_FALSE(store->knowledge().window(hook.id).value());
}

TEST_F(Windows, AWindowThatIsTakenAwayIsToldNow) {
    sum_up(minutes(5));
    start();
    deliver("push", "1");
    deliver("push", "2");
    process();
    hook.window = seconds(0);
    must_write(
        {store::PutHook{hook}, store::PutTimer{store::Timer{std::string(window_timer),
                                                            std::to_string(hook.id.value), clock.now()}}});
    pass(Milliseconds(0));
    EXPECT_THAT(next_text(), HasSubstr("Pushes: 2"));
    const EventId next = deliver("push", "3");
    process();
    EXPECT_EQ(outcome_of(next).kind, OutcomeKind::sent);
}

TEST_F(Windows, CountAllAndLinkSome) {
    sum_up(minutes(1));
    start();
    for (int i = 0; i < 300; ++i) {
        deliver("push", "push-" + std::to_string(i));
    }
    process();
    pass(minutes(1));
    const std::string text = next_text();
    EXPECT_THAT(text, HasSubstr("Pushes: 300 ("));
    EXPECT_THAT(text, HasSubstr("and 100 more)"));
}

/// Whatever comes when, and whenever the program ends: each event has one outcome, each outcome's message is
/// there, and what digests count is what was folded.
TEST_F(Windows, AddUpWhateverComesAndWheneverItEnds) {
    std::mt19937 dice(20261129);
    const std::array<std::string_view, 5> kinds{"push", "pr.opened", "issue.closed", "pr.synchronize",
                                                "star.created"};
    sum_up(minutes(5));
    start();
    std::vector<EventId> events;
    for (int step = 0; step < 250; ++step) {
        switch (dice() % 8) {
            case 0:
                stop();
                open();
                start();
                break;
            case 1:
                clock.advance(minutes(dice() % 7));
                loop.settle();
                break;
            case 2:
                sum_up(seconds(dice() % 3 == 0 ? 0 : 300));
                break;
            default:
                events.push_back(
                    deliver(kinds.at(dice() % kinds.size()), "delivery-" + std::to_string(step)));
                break;
        }
    }
    process();
    clock.advance(minutes(10));
    EXPECT_TRUE(loop.run_until([&] { return !store->knowledge().next_due().value(); }));
    std::map<MessageId, std::int64_t> folded;
    for (const EventId event : events) {
        const auto outcomes = store->outcomes(event).value();
        ASSERT_EQ(outcomes.size(), 1U);
        if (outcomes.front().message) {
            EXPECT_TRUE(store->message(outcomes.front().message).value());
        }
        folded[outcomes.front().message] += outcomes.front().kind == OutcomeKind::folded ? 1 : 0;
    }
    std::int64_t told = 0;
    while (const auto entry = take()) {
        const std::int64_t count = folded[entry->message];
        if (count > 1) {
            EXPECT_THAT(entry->body.embeds.front().title, HasSubstr("Activity"));
            told += count;
        } else if (count == 1) {
            told += 1;
        }
    }
    std::int64_t all = 0;
    folded.erase(MessageId());
    for (const auto& [message, count] : folded) {
        all += count;
    }
    EXPECT_GT(all, 30);
    EXPECT_EQ(told, all);
}

TEST_F(Windows, OfAHookThatIsDeletedAreToldAllTheSame) {
    sum_up(minutes(1));
    start();
    deliver("push", "1");
    process();
    hook.deleted_at = clock.now();
    must_write({store::PutHook{hook}});
    pass(minutes(1));
    EXPECT_THAT(next_text(), HasSubstr("Pushes: 1"));
}

}  // namespace hookline::pipeline
