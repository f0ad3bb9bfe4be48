#include "base/task_group.hpp"

#include <gtest/gtest.h>

#include "base/signal.hpp"
#include "testing/fake_clock.hpp"
#include "testing/loop.hpp"
#include "testing/recording_log.hpp"

namespace hookline {

namespace {

Task<void> throws_something() {
    throw std::runtime_error("boom");
    co_return;
}

Task<void> count_up(Clock& clock, int& counter) {
    for (;;) {
        co_await clock.sleep_for(Milliseconds(100));
        ++counter;
    }
}

Task<void> wait_for(WakeSignal& signal, int& wakes) {
    for (;;) {
        co_await signal.wait();
        ++wakes;
    }
}

}  // namespace

TEST(TaskGroup, ATaskThatThrowsIsLoggedAndEndsAlone) {
    Loop loop;
    RecordingLog log;
    TaskGroup group(loop.executor(), log);
    bool crashed = false;
    group.spawn("digest", throws_something(), [&] { crashed = true; });
    loop.settle();
    EXPECT_EQ(group.running(), 0U);
    EXPECT_TRUE(crashed);
    EXPECT_EQ(log.lines(),
              std::vector<std::string>{"error [base] a task ended with an error task=digest error=boom"});
}

TEST(TaskGroup, CancelEndsWhatWaits) {
    Loop loop;
    FakeClock clock;
    RecordingLog log;
    TaskGroup group(loop.executor(), log);
    int counter = 0;
    group.spawn("counter", count_up(clock, counter));
    loop.settle();
    clock.advance(Milliseconds(100));
    loop.settle();
    EXPECT_EQ(counter, 1);
    group.cancel();
    loop.settle();
    EXPECT_EQ(group.running(), 0U);
    EXPECT_TRUE(log.lines().empty());
}

TEST(WakeSignal, KeepsAWakeThatCameEarly) {
    Loop loop;
    RecordingLog log;
    WakeSignal signal(loop.executor());
    TaskGroup group(loop.executor(), log);
    int wakes = 0;
    signal.wake();
    group.spawn("waiter", wait_for(signal, wakes));
    loop.settle();
    EXPECT_EQ(wakes, 1);
    signal.wake();
    loop.settle();
    EXPECT_EQ(wakes, 2);
    group.cancel();
    loop.settle();
    EXPECT_EQ(group.running(), 0U);
}

}  // namespace hookline
