#include "discord/invalid_ceiling.hpp"

#include <gtest/gtest.h>

namespace hookline::discord {

TEST(InvalidCeiling, SlowsDownStopsAndForgets) {
    InvalidCeiling ceiling;
    SteadyPoint now{std::chrono::hours(1)};
    const auto count = [&](std::size_t times) {
        for (std::size_t i = 0; i < times; ++i) {
            ceiling.count(now);
        }
    };
    count(InvalidCeiling::slow_at - 1);
    ceiling.sent(now);
    EXPECT_LE(ceiling.earliest(now), now);
    count(1);
    EXPECT_EQ(ceiling.earliest(now), now + InvalidCeiling::slow_gap);
    now += std::chrono::minutes(1);
    EXPECT_LE(ceiling.earliest(now), now);
    count(InvalidCeiling::stop_at - InvalidCeiling::slow_at);
    EXPECT_EQ(ceiling.earliest(now), now + std::chrono::minutes(9));
    count(5'000);
    EXPECT_EQ(ceiling.counted(now), InvalidCeiling::stop_at);
    now += InvalidCeiling::window;
    EXPECT_EQ(ceiling.counted(now), 0U);
    EXPECT_LE(ceiling.earliest(now), now);
}

TEST(InvalidCeiling, ABanIsSilenceForAsLongAsToldOrAQuarterOfAnHour) {
    InvalidCeiling ceiling;
    const SteadyPoint now{std::chrono::hours(1)};
    ceiling.banned(now, std::chrono::milliseconds(0));
    EXPECT_EQ(ceiling.earliest(now), now + std::chrono::minutes(15));
    ceiling.banned(now, std::chrono::hours(1));
    EXPECT_EQ(ceiling.earliest(now), now + std::chrono::hours(1));
    ceiling.banned(now, std::chrono::seconds(1));
    EXPECT_EQ(ceiling.earliest(now), now + std::chrono::hours(1));
    EXPECT_TRUE(ceiling.is_banned(now));
}

}  // namespace hookline::discord
