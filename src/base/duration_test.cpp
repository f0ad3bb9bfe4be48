#include "base/duration.hpp"

#include <gtest/gtest.h>

namespace hookline {

using std::chrono::seconds;

TEST(Duration, ReadsWhatPeopleWrite) {
    EXPECT_EQ(parse_duration("90s"), seconds(90));
    EXPECT_EQ(parse_duration("1h30m"), seconds(5400));
    EXPECT_EQ(parse_duration("30d"), seconds(2592000));
    for (const char* wrong : {"", "5", "m", "5x", "-5m", "1h30", "99999999999999999999d", "9999d9999d"}) {
        EXPECT_FALSE(parse_duration(wrong)) << wrong;
    }
    EXPECT_EQ(parse_duration("5").error().detail,
              "\"5\" is not a duration; write it like 90s, 5m, 2h, 1d or 1h30m");
}

TEST(Duration, SpellsTheTwoLargestUnits) {
    EXPECT_EQ(spell_duration(seconds(204)), "3m 24s");
    EXPECT_EQ(spell_duration(seconds(8100)), "2h 15m");
    EXPECT_EQ(spell_duration(seconds(7205)), "2h");
    EXPECT_EQ(spell_duration(seconds(0)), "0s");
    EXPECT_EQ(spell_duration(seconds(-5)), "0s");
    EXPECT_EQ(spell_duration(seconds(90061)), "1d 1h");
    EXPECT_EQ(short_duration(seconds(5400)), "1h30m");
}

}  // namespace hookline
