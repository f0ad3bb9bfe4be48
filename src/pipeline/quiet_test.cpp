#include "pipeline/quiet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/iso_time.hpp"
#include "pipeline/digest.hpp"
#include "pipeline/testing/pipeline_fixture.hpp"

namespace hookline::pipeline {

namespace {

using testing::HasSubstr;

std::string ends(std::string_view hours, std::string_view now) {
    const auto parsed = parse_quiet_hours(hours);
    if (!parsed) {
        return parsed.error().detail;
    }
    const auto until = quiet_until(*parsed, *parse_time(now));
    return until ? iso_time(*until) : "not quiet";
}

}  // namespace

TEST(QuietHours, EndWhenTheClocksThereSayIt) {
    struct Case {
        std::string_view hours, now, end;
    };
    const std::vector<Case> cases{
        {"22:00-07:00 Europe/Berlin", "2026-11-29T20:59:59Z", "not quiet"},
        {"22:00-07:00 Europe/Berlin", "2026-11-29T21:00:00Z", "2026-11-30T06:00:00.000Z"},
        {"22:00-07:00 Europe/Berlin", "2026-11-30T05:59:00Z", "2026-11-30T06:00:00.000Z"},
        {"22:00-07:00 Europe/Berlin", "2026-11-30T06:00:00Z", "not quiet"},
        {"12:30-13:15 Asia/Kolkata", "2026-11-30T07:10:00Z", "2026-11-30T07:45:00.000Z"},
        {"9-17 America/New_York", "2026-07-01T13:00:00Z", "2026-07-01T21:00:00.000Z"},
        // The night in which the clocks go forward is an hour shorter, the one in which they go back longer.
        {"22:00-07:00 Europe/Berlin", "2026-03-28T21:30:00Z", "2026-03-29T05:00:00.000Z"},
        {"22:00-07:00 Europe/Berlin", "2026-10-24T20:30:00Z", "2026-10-25T06:00:00.000Z"},
        // 02:30 is not there that night, and twice on that one: the later is meant.
        {"22:00-02:30 Europe/Berlin", "2026-03-28T22:00:00Z", "2026-03-29T01:00:00.000Z"},
        {"22:00-02:30 Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T01:30:00.000Z"},
    };
    for (const Case& test : cases) {
        EXPECT_EQ(ends(test.hours, test.now), test.end) << test.hours << " at " << test.now;
    }
}

TEST(QuietHours, SayWhatIsWrongWithThem) {
    EXPECT_EQ(ends("22:00-07:00 Europe/Berln", ""),
              "There is no time zone \"Europe/Berln\". Did you mean Europe/Berlin? Write it like 22:00-07:00 "
              "Europe/Berlin.");
    EXPECT_EQ(ends("22:00 Europe/Berlin", ""),
              "\"22:00\" is no part of a day. Write it like 22:00-07:00 Europe/Berlin.");
    EXPECT_EQ(ends("25:00-07:00 Europe/Berlin", ""),
              "\"25:00-07:00\" is no part of a day. Write it like 22:00-07:00 Europe/Berlin.");
    EXPECT_EQ(ends("22:00-07:00", ""),
              "Quiet hours are a time of the day and a time zone. Write it like 22:00-07:00 Europe/Berlin.");
    EXPECT_EQ(to_text(*parse_quiet_hours("22-7 berlin failures")), "22:00-07:00 Europe/Berlin failures");
}

namespace {

class Silences : public PipelineFixture {
protected:
    void mute(Milliseconds time, std::string condition = "true", bool lets_failures_pass = false) {
        store::Rule rule;
        rule.id = store->next_rule_id();
        rule.hook = hook.id;
        rule.kind = store::RuleKind::mute;
        rule.source = std::move(condition);
        rule.text = "release day";
        rule.options = to_text(MuteOptions{clock.now() + time, lets_failures_pass});
        rule.created_at = clock.now();
        must_write({store::PutRule{rule}});
    }
    void pass(Milliseconds time) {
        clock.advance(time);
        EXPECT_TRUE(loop.run_until([&] { return !store->knowledge().window(hook.id).value(); }));
    }
};

}  // namespace

TEST_F(Silences, WhatAMuteHoldsBackIsSummedUpWhenItEnds) {
    mute(std::chrono::hours(2));
    start();
    const EventId push = deliver("push", "1");
    deliver("issue.opened", "2");
    process();
    EXPECT_FALSE(take());
    EXPECT_EQ(outcome_of(push).kind, store::OutcomeKind::muted);
    EXPECT_EQ(outcome_of(push).reason, "it is muted: release day");
    EXPECT_TRUE(outcome_of(push).message);
    clock.advance(std::chrono::minutes(119));
    loop.settle();
    EXPECT_FALSE(take());
    pass(std::chrono::minutes(1));
    const auto entry = take();
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->body.embeds.front().title, "📊 GitHub Activity (last 2h)");
    EXPECT_THAT(entry->body.embeds.front().description, HasSubstr("Pushes: 1"));
    const EventId next = deliver("push", "3");
    process();
    EXPECT_EQ(outcome_of(next).kind, store::OutcomeKind::sent);
}

TEST_F(Silences, AMuteMayBeAboutSomeEventsAndLetFailuresPass) {
    mute(std::chrono::hours(2), "event == 'push'");
    mute(std::chrono::hours(2), "event == 'workflow'", true);
    start();
    const EventId push = deliver("push", "1");
    const EventId issue = deliver("issue.opened", "2");
    const EventId failed = deliver("workflow.failed", "3");
    const EventId passed = deliver("workflow.passed", "4");
    process();
    EXPECT_EQ(outcome_of(push).kind, store::OutcomeKind::muted);
    EXPECT_EQ(outcome_of(issue).kind, store::OutcomeKind::sent);
    EXPECT_EQ(outcome_of(failed).kind, store::OutcomeKind::sent);
    EXPECT_EQ(outcome_of(passed).kind, store::OutcomeKind::muted);
}

TEST_F(Silences, QuietHoursHoldUpADigestToo) {
    hook.window = std::chrono::minutes(5);
    must_write({store::PutHook{hook}});
    start();
    const EventId push = deliver("push", "1");
    deliver("push", "2");
    process();
    EXPECT_EQ(outcome_of(push).kind, store::OutcomeKind::folded);
    // It becomes quiet before the window closes (FakeClock begins at 22:13 UTC).
    hook.quiet = "22:00-07:00 UTC";
    must_write({store::PutHook{hook}});
    clock.advance(std::chrono::minutes(6));
    loop.settle();
    EXPECT_FALSE(take());
    ASSERT_TRUE(store->knowledge().window(hook.id).value());
    pass(std::chrono::hours(9));
    EXPECT_THAT(take()->body.embeds.front().description, HasSubstr("Pushes: 2"));
}

}  // namespace hookline::pipeline
