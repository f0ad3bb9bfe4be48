#include "discord/rate_limits.hpp"

#include <gtest/gtest.h>

namespace hookline::discord {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Route route_of(const char* channel, const char* method = "POST") {
    Route route;
    route.method = method;
    route.pattern = "/channels/{channel}/messages";
    route.major = channel;
    return route;
}

LimitReport told(std::int64_t limit, std::int64_t remaining, milliseconds reset_after,
                 const char* bucket = "hash") {
    LimitReport report;
    report.limit = limit;
    report.remaining = remaining;
    report.reset_after = reset_after;
    report.bucket = bucket;
    return report;
}

LimitReport refused(Limited::Kind kind, milliseconds wait, const char* bucket = "hash") {
    LimitReport report;
    report.bucket = bucket;
    report.limited = Limited();
    report.limited->kind = kind;
    report.limited->wait = wait;
    return report;
}

class RateLimitsTest : public testing::Test {
protected:
    [[nodiscard]] bool may_go(const Route& route) { return limits.earliest(route, now).until <= now; }
    void exchange(const Route& route, const LimitReport& report) {
        limits.begin(route, now);
        limits.end(route, &report, now);
    }

    RateLimits limits;
    SteadyPoint now{std::chrono::hours(1)};
    const Route one = route_of("1");
    const Route two = route_of("2");
};

}  // namespace

TEST_F(RateLimitsTest, OneRequestIsUnderWayUntilTheLimitIsKnown) {
    EXPECT_TRUE(may_go(one));
    limits.begin(one, now);
    EXPECT_EQ(limits.earliest(one, now).until, SteadyPoint::max());
    EXPECT_TRUE(may_go(two));
    const LimitReport report = told(5, 4, seconds(5));
    limits.end(one, &report, now);
    for (int i = 0; i < 4; ++i) {
        EXPECT_TRUE(may_go(one));
        limits.begin(one, now);
    }
    EXPECT_FALSE(may_go(one));
}

TEST_F(RateLimitsTest, WhatIsUsedUpWaitsForTheEndOfTheWindow) {
    exchange(one, told(5, 0, milliseconds(330)));
    EXPECT_EQ(limits.earliest(one, now).until, now + milliseconds(330));
    now += milliseconds(330);
    EXPECT_TRUE(may_go(one));
}

TEST_F(RateLimitsTest, ANewWindowHoldsNoMoreThanTheLimit) {
    exchange(one, told(2, 0, seconds(1)));
    now += seconds(1);
    limits.begin(one, now);
    limits.begin(one, now);
    EXPECT_FALSE(may_go(one));
}

TEST_F(RateLimitsTest, AnswersThatOvertakeEachOtherDoNotMakeRoom) {
    exchange(one, told(5, 4, seconds(5)));
    limits.begin(one, now);
    limits.begin(one, now);
    const LimitReport later = told(5, 2, seconds(5));
    const LimitReport earlier = told(5, 3, seconds(5));
    limits.end(one, &later, now);
    limits.end(one, &earlier, now);
    limits.begin(one, now);
    limits.begin(one, now);
    EXPECT_FALSE(may_go(one));
}

TEST_F(RateLimitsTest, ARequestWithoutAnAnswerMayHaveBeenCounted) {
    exchange(one, told(2, 1, seconds(5)));
    limits.begin(one, now);
    limits.end(one, nullptr, now);
    EXPECT_EQ(limits.earliest(one, now).until, now + seconds(5));
}

TEST_F(RateLimitsTest, OneThatNeverLeftCountsNothing) {
    exchange(one, told(2, 1, seconds(5)));
    limits.begin(one, now);
    limits.abandon(one);
    EXPECT_TRUE(may_go(one));
}

TEST_F(RateLimitsTest, TwoChannelsWithTheSameHashAreLimitedApart) {
    exchange(one, told(5, 0, seconds(5)));
    exchange(two, told(5, 3, seconds(5)));
    EXPECT_FALSE(may_go(one));
    EXPECT_TRUE(may_go(two));
    exchange(one, refused(Limited::Kind::bucket, seconds(60)));
    EXPECT_TRUE(may_go(two));
}

TEST_F(RateLimitsTest, MethodsCountApartButA429BlocksWhatSharesTheHash) {
    const Route edit = route_of("1", "PATCH");
    exchange(one, told(5, 0, seconds(5)));
    exchange(edit, told(5, 4, seconds(5)));
    EXPECT_TRUE(may_go(edit));
    exchange(edit, refused(Limited::Kind::bucket, seconds(60)));
    EXPECT_EQ(limits.earliest(one, now).until, now + seconds(60));
    EXPECT_EQ(limits.earliest(edit, now).until, now + seconds(60));
}

TEST_F(RateLimitsTest, ARefusalDespiteRoomIsKeptToItsEnd) {
    exchange(one, told(5, 4, seconds(1)));
    exchange(one, refused(Limited::Kind::shared, seconds(40)));
    EXPECT_EQ(limits.earliest(one, now).until, now + seconds(40));
    now += seconds(40) - std::chrono::nanoseconds(1);
    EXPECT_FALSE(may_go(one));
    now += std::chrono::nanoseconds(1);
    EXPECT_TRUE(may_go(one));
}

TEST_F(RateLimitsTest, AChangingHashNeverHurries) {
    exchange(one, told(3, 0, seconds(4), "young"));
    exchange(one, told(30, 29, seconds(4), "old"));
    EXPECT_EQ(limits.earliest(one, now).until, now + seconds(4));
    now += seconds(4);
    EXPECT_TRUE(may_go(one));
}

TEST_F(RateLimitsTest, AGlobalRefusalStopsAllButAnswersToInteractions) {
    exchange(one, refused(Limited::Kind::global, seconds(7)));
    EXPECT_EQ(limits.earliest(two, now).until, now + seconds(7));
    EXPECT_EQ(limits.earliest(two, now).scope, LimitScope::global);
    Route interaction = route_of("3");
    interaction.counts_globally = false;
    EXPECT_TRUE(may_go(interaction));
}

TEST_F(RateLimitsTest, NoMoreThan45RequestsLeaveInAnySecond) {
    for (int i = 0; i < 45; ++i) {
        const Route route = route_of(std::to_string(i).c_str());
        EXPECT_TRUE(may_go(route));
        limits.begin(route, now);
        now += milliseconds(10);
    }
    const auto wait = limits.earliest(route_of("x"), now);
    EXPECT_EQ(wait.until, now + milliseconds(550));
    EXPECT_EQ(wait.scope, LimitScope::global);
}

TEST_F(RateLimitsTest, ARouteWithoutFieldsHasOnlyTheGlobalLimit) {
    exchange(one, LimitReport());
    limits.begin(one, now);
    limits.begin(one, now);
    EXPECT_TRUE(may_go(one));
}

TEST_F(RateLimitsTest, LyingNumbersNeitherStallNorHurry) {
    exchange(one, told(0, 0, milliseconds(0)));
    EXPECT_TRUE(may_go(one));  // the window is over: one at a time
    limits.begin(one, now);
    EXPECT_FALSE(may_go(one));
    exchange(two, told(-5, -3, seconds(2)));
    EXPECT_EQ(limits.earliest(two, now).until, now + seconds(2));
    LimitReport no_end;
    no_end.remaining = 0;
    exchange(route_of("3"), no_end);
    EXPECT_EQ(limits.earliest(route_of("3"), now).until, now + seconds(1));
}

TEST_F(RateLimitsTest, WhatIsIdleIsForgottenBeforeTheMemoryGrows) {
    for (std::size_t i = 0; i < RateLimits::most_buckets + 100; ++i) {
        now += seconds(10);
        exchange(route_of(std::to_string(i).c_str()), told(5, 4, seconds(1)));
    }
    EXPECT_LE(limits.buckets(), RateLimits::most_buckets);
}

}  // namespace hookline::discord
