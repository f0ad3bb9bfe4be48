#include "chat/pace.hpp"

#include <gtest/gtest.h>

#include "chat/seen.hpp"

namespace hookline::chat {

using Verdict = Pace::Verdict;
using namespace std::chrono_literals;

TEST(Pace, AFewAtOnceThenOneAfterAnother) {
    Pace pace(3, 2s);
    SteadyPoint now{1h};
    const Snowflake member(1);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(pace.take(member, now), Verdict::go);
    }
    EXPECT_EQ(pace.take(member, now), Verdict::too_fast);
    EXPECT_EQ(pace.take(member, now), Verdict::still_too_fast) << "answered once";
    EXPECT_EQ(pace.take(Snowflake(2), now), Verdict::go) << "another member is not concerned";
    now += 2s;
    EXPECT_EQ(pace.take(member, now), Verdict::go);
    EXPECT_EQ(pace.take(member, now), Verdict::too_fast);
    now += 1h;
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(pace.take(member, now), Verdict::go);
    }
}

TEST(Pace, RemembersABoundedNumber) {
    Pace pace(1, 1h, 100);
    const SteadyPoint now{1h};
    for (std::uint64_t id = 1; id <= 100'000; ++id) {
        EXPECT_EQ(pace.take(Snowflake(id), now), Verdict::go);
    }
}

TEST(Seen, EachMessageOnceAlsoOverARestart) {
    Seen seen(3);
    EXPECT_TRUE(seen.add(Snowflake(1)));
    EXPECT_FALSE(seen.add(Snowflake(1)));
    for (std::uint64_t id = 2; id <= 4; ++id) {
        EXPECT_TRUE(seen.add(Snowflake(id)));
    }
    EXPECT_TRUE(seen.add(Snowflake(1))) << "forgotten: only three are kept";
    EXPECT_EQ(seen.newest(2), "4 1");
    EXPECT_EQ(seen.newest(10), "3 4 1");
    Seen after;
    after.load("3 4 junk  1 -5");
    EXPECT_FALSE(after.add(Snowflake(4)));
    EXPECT_TRUE(after.add(Snowflake(5)));
    EXPECT_EQ(Seen().newest(5), "");
}

}  // namespace hookline::chat
