#include "pipeline/watchdog.hpp"

#include <gtest/gtest.h>

#include "pipeline/testing/pipeline_fixture.hpp"

namespace hookline::pipeline {

namespace {

using std::chrono::hours;

/// One delivery every `pause`, newest first.
std::vector<TimePoint> every(Milliseconds pause, std::size_t count, TimePoint newest) {
    std::vector<TimePoint> times;
    for (std::size_t i = 0; i < count; ++i) {
        times.push_back(newest - pause * static_cast<int>(i));
    }
    return times;
}

class WatchdogTest : public PipelineFixture {
protected:
    void watch() {
        watchdog.emplace(*store, clock, log, [this](HookId id, Overdue) { told.push_back(id); });
        tasks.spawn("watchdog", watchdog->run());
        loop.settle();
    }
    void pass(hours time) {
        for (hours passed(0); passed < time; ++passed) {
            clock.advance(hours(1));
            loop.settle();
        }
        EXPECT_TRUE(loop.run_until([&] { return true; }));
    }
    std::optional<Watchdog> watchdog;
    std::vector<HookId> told;
};

}  // namespace

TEST(Overdue, IsMeasuredByTheRhythmBefore) {
    const TimePoint now(hours(1'000'000));
    EXPECT_FALSE(overdue(every(hours(8), 11, now - hours(900)), now)) << "too few";
    EXPECT_FALSE(overdue(every(hours(1), 20, now - hours(900)), now)) << "of one day";
    EXPECT_FALSE(overdue(every(hours(8), 20, now - hours(23)), now)) << "a day is nothing";
    EXPECT_TRUE(overdue(every(hours(8), 20, now - hours(25)), now));
    EXPECT_FALSE(overdue(every(hours(60), 20, now - hours(170)), now)) << "it often rests for days";
    const auto found = overdue(every(hours(60), 20, now - hours(181)), now);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->longest_pause, hours(60));
    EXPECT_EQ(found->since, now - hours(181));
}

TEST_F(WatchdogTest, TellsASilenceOnceAndTheNextOneAgain) {
    must_write({store::MarkConnected{endpoint.id, clock.now()}});
    watch();
    for (int i = 0; i < 20; ++i) {
        deliver("push", "push-" + std::to_string(i));
        pass(hours(6));
    }
    EXPECT_TRUE(told.empty());
    pass(hours(30));
    EXPECT_EQ(told.size(), 1U);
    pass(hours(100));
    EXPECT_EQ(told.size(), 1U) << "once";
    deliver("push", "again");
    pass(hours(500));
    EXPECT_EQ(told.size(), 2U);
}

}  // namespace hookline::pipeline
