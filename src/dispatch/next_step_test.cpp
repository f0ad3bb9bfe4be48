#include "dispatch/next_step.hpp"

#include <gtest/gtest.h>

#include "base/iso_time.hpp"

namespace hookline::dispatch {

namespace {

using namespace std::chrono_literals;
using Kind = Answer::Kind;

const TimePoint now(Milliseconds(1'700'000'000'000));

Answer answered(Kind kind, std::string detail = "detail") {
    Answer answer;
    answer.kind = kind;
    answer.detail = std::move(detail);
    return answer;
}

Answer lost() {
    Answer answer = answered(Kind::failed, "no answer in 30 s");
    answer.may_have_arrived = true;
    return answer;
}

DestinationInfo at(DestinationKind kind, bool resends = true) {
    DestinationInfo info;
    info.kind = kind;
    info.resends_ambiguous = resends;
    return info;
}

Entry tried(int attempts, Milliseconds ago = 0ms, Operation operation = Operation::create) {
    Entry entry;
    entry.operation = operation;
    entry.attempts = attempts;
    entry.first_attempt_at = now - ago;
    return entry;
}

std::string told(const Step& step) {
    struct Teller {
        std::string operator()(const Posted& s) const {
            return fmt::format("posted {} {}", s.channel.value, s.message.value);
        }
        std::string operator()(const RetryAt& s) const {
            return fmt::format("retry in {} ms: {}", (s.when - now).count(), s.why);
        }
        std::string operator()(const Fallback& s) const { return "fallback: " + s.why; }
        std::string operator()(const Parked& s) const { return "parked: " + s.why; }
        std::string operator()(const Held& s) const {
            return fmt::format("held {}: {}", name_of(s.reason), s.why);
        }
        std::string operator()(const Replace& s) const {
            return fmt::format("replace{}: {}", s.was_deleted ? " what was deleted" : "", s.why);
        }
        std::string operator()(const Dropped& s) const {
            return fmt::format("dropped{}: {}", s.is_told ? " and told" : "", s.why);
        }
    };
    return std::visit(Teller{}, step);
}

std::string next(const Answer& answer, const Entry& entry, Trial trial = {1, 0ms, false},
                 const DestinationInfo& destination = at(DestinationKind::discord_channel),
                 double roll = 0.5) {
    return told(next_step(RetryPolicy{}, destination, entry, trial, answer, now, roll));
}

}  // namespace

TEST(NextStep, WhatFollowsEachAnswer) {
    Answer ok = answered(Kind::ok);
    ok.channel = Snowflake(7);
    ok.message = Snowflake(8);
    EXPECT_EQ(next(ok, tried(1)), "posted 7 8");
    EXPECT_EQ(next(ok, tried(1, 0ms, Operation::remove)), "posted 7 0");

    Answer held = answered(Kind::held, "403 Missing Permissions (50013)");
    held.hold = HoldReason::missing_permission;
    EXPECT_EQ(next(held, tried(2)), "held missing_permission: 403 Missing Permissions (50013), attempt 2");

    const Answer refused = answered(Kind::refused_content, "400 Invalid Form Body (50035)");
    Entry fallback = tried(2);
    fallback.is_fallback = true;
    EXPECT_EQ(next(refused, tried(1)), "fallback: 400 Invalid Form Body (50035), attempt 1");
    EXPECT_EQ(next(refused, fallback), "parked: 400 Invalid Form Body (50035)");
    EXPECT_EQ(next(refused, tried(1, 0ms, Operation::remove)), "parked: 400 Invalid Form Body (50035)");
}

TEST(NextStep, AnEditOfWhatSomebodyDeletedIsDoneWith) {
    Entry edit = tried(1, 0ms, Operation::edit);
    edit.discord_channel = Snowflake(7);
    edit.discord_message = Snowflake(8);
    EXPECT_EQ(next(answered(Kind::gone), edit), "posted 7 0");
    edit.operation = Operation::remove;
    EXPECT_EQ(next(answered(Kind::gone), edit), "posted 7 0");
    EXPECT_EQ(next(answered(Kind::gone, "10008"), tried(1)), "parked: 10008");
}

TEST(NextStep, ACardThatCannotBeEditedAnyMoreIsPostedAnew) {
    Entry edit = tried(1, 0ms, Operation::edit);
    edit.discord_channel = Snowflake(7);
    Answer deleted = answered(Kind::gone, "10008");
    deleted.loss = Answer::Loss::deleted;
    Answer too_old = answered(Kind::gone, "30046");
    too_old.loss = Answer::Loss::not_editable;
    EXPECT_EQ(next(deleted, edit), "posted 7 0") << "no card";
    EXPECT_EQ(next(too_old, edit), "posted 7 0");
    edit.is_card = true;
    EXPECT_EQ(next(deleted, edit), "replace what was deleted: 10008");
    EXPECT_EQ(next(too_old, edit), "replace: 30046");
    EXPECT_EQ(next(answered(Kind::gone), edit), "posted 7 0");
    edit.replaced = 1;
    EXPECT_EQ(next(deleted, edit), "posted 7 0") << "somebody deleted it twice";
    EXPECT_EQ(next(too_old, edit), "replace: 30046") << "nobody did: each time";
    edit.operation = Operation::remove;
    EXPECT_EQ(next(too_old, edit), "posted 7 0");
}

TEST(NextStep, AThreadThatCannotBeOpenedOrClosedHoldsNothing) {
    const Entry opens = tried(1, 0ms, Operation::create_thread);
    const Entry closes = tried(1, 0ms, Operation::close_thread);
    Answer held = answered(Kind::held, "403 Missing Permissions (50013)");
    held.hold = HoldReason::missing_permission;
    EXPECT_EQ(next(held, opens), "dropped and told: 403 Missing Permissions (50013)");
    EXPECT_EQ(next(held, closes), "dropped: 403 Missing Permissions (50013)");
    EXPECT_EQ(next(answered(Kind::refused_content, "400"), opens), "dropped and told: 400");
    EXPECT_EQ(next(answered(Kind::refused_content, "400"), closes), "dropped: 400");
    EXPECT_EQ(next(answered(Kind::gone, "10008"), opens), "dropped: 10008") << "the message is gone";
    EXPECT_EQ(next(answered(Kind::failed, "503"), tried(9, 72h, Operation::create_thread), {9, 72h, false}),
              "dropped and told: given up after 9 attempts: 503");
    held.hold = HoldReason::bad_token;
    EXPECT_EQ(next(held, opens), "held bad_token: 403 Missing Permissions (50013), attempt 1");
}

TEST(NextStep, WaitsDoubleToAQuarterOfAnHourWithFullJitter) {
    struct Case {
        int failures;
        double roll;
        const char* expected;
    };
    for (const Case& c :
         {Case{1, 0.999999, "retry in 999 ms"}, Case{1, 0.5, "retry in 500 ms"},
          Case{1, 0.0, "retry in 10 ms"}, Case{2, 0.5, "retry in 1000 ms"}, Case{5, 0.5, "retry in 8000 ms"},
          Case{11, 0.5, "retry in 450000 ms"}, Case{1000, 0.999999, "retry in 899999 ms"}}) {
        const std::string step = next(answered(Kind::failed, "503"), tried(c.failures),
                                      {c.failures, 0ms, false}, at(DestinationKind::discord_channel), c.roll);
        EXPECT_EQ(step, fmt::format("{}: 503, attempt {}", c.expected, c.failures));
    }
}

TEST(NextStep, ParksAfterThreeDaysOfFailing) {
    const Answer failed = answered(Kind::failed, "503");
    EXPECT_EQ(next(failed, tried(300, 72h - 1ms), {300, 72h - 1ms, false}).substr(0, 5), "retry");
    EXPECT_EQ(next(failed, tried(300, 72h), {300, 72h, false}), "parked: given up after 300 attempts: 503");
    EXPECT_EQ(next(failed, tried(300, 99h), {2, 59min, false}).substr(0, 5), "retry")
        << "it waited behind a hold: it gets an hour of its own";
}

TEST(NextStep, RateLimitsWaitAsAskedAndCountForNothing) {
    struct Case {
        Milliseconds asked;
        const char* expected;
    };
    for (const Case& c :
         {Case{376ms, "retry in 501 ms"}, Case{65s, "retry in 65125 ms"},
          Case{1336570ms, "retry in 1336695 ms"}, Case{0ms, "retry in 225 ms"},
          Case{Milliseconds(-5), "retry in 225 ms"}, Case{24h * 400, "retry in 86400125 ms"}}) {
        Answer limited = answered(Kind::rate_limited, "429");
        limited.retry_after = c.asked;
        EXPECT_EQ(next(limited, tried(9, 100h)), std::string(c.expected) + ": 429, attempt 9");
    }
}

TEST(NextStep, ALostAnswerIsRememberedUntilItIsCleared) {
    EXPECT_EQ(next(lost(), tried(1)), "retry in 500 ms: no answer in 30 s, attempt 1, perhaps posted");
    EXPECT_EQ(next(answered(Kind::failed, "503"), tried(2), {2, 0ms, true}),
              "retry in 1000 ms: 503, attempt 2, perhaps posted");
    Answer limited = answered(Kind::rate_limited, "429");
    EXPECT_EQ(next(limited, tried(2), {1, 0ms, true}), "retry in 225 ms: 429, attempt 2, perhaps posted");
}

TEST(NextStep, AWebhookResendsOrHoldsAsItWasTold) {
    EXPECT_EQ(next(lost(), tried(1), {1, 0ms, false}, at(DestinationKind::discord_webhook)),
              "retry in 500 ms: no answer in 30 s, attempt 1, perhaps posted");
    EXPECT_EQ(next(lost(), tried(1), {1, 0ms, false}, at(DestinationKind::discord_webhook, false)),
              "held ambiguous: no answer in 30 s, attempt 1, perhaps posted");
    EXPECT_EQ(next(lost(), tried(1, 0ms, Operation::edit), {1, 0ms, false},
                   at(DestinationKind::discord_webhook, false)),
              "retry in 500 ms: no answer in 30 s, attempt 1, perhaps posted");
    EXPECT_EQ(next(answered(Kind::failed, "refused"), tried(1), {1, 0ms, false},
                   at(DestinationKind::discord_webhook, false)),
              "retry in 500 ms: refused, attempt 1");
}

TEST(NextStep, AVainSearchIsRepeatedForHoursThenParked) {
    EXPECT_EQ(told(after_vain_search(RetryPolicy{}, tried(1), {3, 1min, true}, now, 0.5)),
              "retry in 2000 ms: the channel's history could not be read, attempt 1, perhaps posted");
    EXPECT_EQ(
        told(after_vain_search(RetryPolicy{}, tried(1), {40, 6h, true}, now, 0.5)),
        "parked: it is unknown whether this was posted: the answer was lost, and the channel's history could "
        "not be read since");
}

TEST(BeforeAttempt, DependsOnWhatTheDestinationCanTell) {
    struct Case {
        DestinationKind kind;
        bool resends;
        Operation operation;
        Milliseconds ago;
        Precaution expected;
    };
    using enum DestinationKind;
    for (const Case& c : {Case{discord_channel, true, Operation::create, 59999ms, Precaution::none},
                          Case{discord_channel, true, Operation::create, 60s, Precaution::search},
                          Case{discord_channel, true, Operation::create, -1s, Precaution::search},
                          Case{discord_user, true, Operation::direct_message, 2h, Precaution::search},
                          Case{discord_channel, true, Operation::create_thread, 2h, Precaution::none},
                          Case{discord_channel, true, Operation::edit, 2h, Precaution::none},
                          Case{discord_channel, true, Operation::remove, 2h, Precaution::none},
                          Case{discord_webhook, true, Operation::create, 1s, Precaution::none},
                          Case{discord_webhook, false, Operation::create, 1s, Precaution::hold},
                          Case{discord_webhook, false, Operation::edit, 1s, Precaution::none},
                          Case{terminal, true, Operation::create, 1s, Precaution::none}}) {
        const DestinationInfo destination = at(c.kind, c.resends);
        EXPECT_EQ(before_attempt(RetryPolicy{}, destination, tried(1, c.ago, c.operation), true, now),
                  c.expected);
        EXPECT_EQ(before_attempt(RetryPolicy{}, destination, tried(1, c.ago, c.operation), false, now),
                  Precaution::none);
    }
}

TEST(MayHaveArrived, IsReadFromWhatIsStored) {
    struct Case {
        int attempts;
        std::string last_error;
        bool expected;
    };
    for (const Case& c :
         {Case{0, "", false}, Case{1, "", true}, Case{1, attempt_note("503", 1, false), false},
          Case{2, attempt_note("503", 1, false), true}, Case{2, attempt_note("503", 2, true), true},
          Case{12, attempt_note("said, attempt 3", 12, false), false}, Case{1, "something else", true}}) {
        Entry entry = tried(c.attempts);
        entry.last_error = c.last_error;
        EXPECT_EQ(may_have_arrived(entry), c.expected) << c.attempts << c.last_error;
    }
}

TEST(OutboxNames, ComeBack) {
    for (const Operation o : {Operation::create, Operation::edit, Operation::remove, Operation::create_thread,
                              Operation::direct_message, Operation::close_thread}) {
        EXPECT_EQ(parse_operation(name_of(o)), o);
    }
    for (const DestinationKind k : {DestinationKind::terminal, DestinationKind::discord_channel,
                                    DestinationKind::discord_webhook, DestinationKind::discord_user}) {
        EXPECT_EQ(parse_destination_kind(name_of(k)), k);
    }
    for (int i = 0; i < 8; ++i) {
        const auto reason = static_cast<HoldReason>(i);
        EXPECT_EQ(parse_hold_reason(name_of(reason)), reason);
        EXPECT_FALSE(reason_text(reason).empty());
    }
    EXPECT_FALSE(parse_operation("Create"));
    EXPECT_EQ(name_of(Step(Held{})), "held");
    EXPECT_EQ(name_of(Step(Replace{})), "replaced");
    EXPECT_EQ(name_of(Step(Dropped{})), "dropped");
}

}  // namespace hookline::dispatch
