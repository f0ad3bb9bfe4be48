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
        WatchdogListener listener;
        listener.on_silence = [this](HookId id, Overdue) { told.push_back(id); };
        listener.on_refusals = [this](HookId id) { refused.push_back(id); };
        watchdog.emplace(loop.executor(), *store, clock, log, std::move(listener));
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
    std::vector<HookId> told, refused;
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

TEST_F(WatchdogTest, TellsOnceThatTheSecretIsNotTheOne) {
    watch();
    watchdog->on_refused(endpoint.id);
    EXPECT_TRUE(loop.run_until([&] { return refused.size() == 1; }));
    EXPECT_TRUE(loop.run_until([&] { return store->meta("told.refused.1").value().has_value(); }));
    watchdog->on_refused(endpoint.id);
    watchdog->on_refused(EndpointId());
    loop.settle();
    EXPECT_EQ(refused.size(), 1U) << "until something is accepted";
}

TEST_F(WatchdogTest, WhoeverTriesAtAConnectedHookIsNobodysBusinessWhileItsServiceGetsThrough) {
    must_write({store::MarkConnected{endpoint.id, clock.now()}});
    deliver("push", "1");
    clock.advance(std::chrono::minutes(1));
    watch();
    watchdog->on_refused(endpoint.id);
    watchdog->on_refused(endpoint.id);
    clock.advance(std::chrono::minutes(1));
    deliver("push", "2");
    watchdog->on_refused(endpoint.id);
    loop.settle();
    EXPECT_TRUE(refused.empty());
    clock.advance(hours(2));
    loop.settle();
    for (int i = 0; i < 3; ++i) {
        watchdog->on_refused(endpoint.id);
    }
    EXPECT_TRUE(loop.run_until([&] { return refused.size() == 1; }))
        << "three in an hour, and nothing accepted";
}

}  // namespace hookline::pipeline
