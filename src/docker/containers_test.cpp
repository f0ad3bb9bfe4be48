// What the events before an event make of it. The sequences are those that Docker 20.10 sent.
#include "docker/containers.hpp"

#include <gtest/gtest.h>

namespace hookline::docker {
namespace {

constexpr std::int64_t second = 1'000'000'000;

class ContainersTest : public testing::Test {
protected:
    std::optional<Story> on(std::string action, std::map<std::string, std::string> extra = {},
                            std::string image = "demo:1") {
        EngineEvent event;
        event.type = "container";
        const std::size_t colon = action.find('=');
        event.action = action.substr(0, colon);
        event.detail = colon != action.npos ? action.substr(colon + 1) : "";
        event.id = "a";
        event.attributes = std::move(extra);
        event.attributes["image"] = std::move(image);
        event.nanos = now += second / 10;
        return containers.on(event);
    }
    std::optional<Story> die(int exit_code) { return on("die", {{"exitCode", std::to_string(exit_code)}}); }
    void kill(int signal) { EXPECT_FALSE(on("kill", {{"signal", std::to_string(signal)}})); }

    Containers containers;
    std::int64_t now = 1'795'446'373'000'000'000;
};

TEST_F(ContainersTest, WhoIsStoppedWasAskedTo) {
    on("start");
    const std::int64_t started = now;
    kill(15);
    const auto end = die(143);
    EXPECT_TRUE(end->is_asked_for);
    EXPECT_EQ(end->signal, 15);
    EXPECT_EQ(end->started, started);
    EXPECT_EQ(end->ends, 0);
    EXPECT_FALSE(on("stop")) << "its end told it";
}

TEST_F(ContainersTest, WhoDoesNotListenIsKilledAndWasAskedToo) {
    on("start");
    kill(15);
    now += 10 * second;
    kill(9);
    EXPECT_TRUE(die(137)->is_asked_for);
}

TEST_F(ContainersTest, WhoTakesItsTimeSaysByItsCodeThatItWasAsked) {
    on("start");
    kill(15);
    now += 60 * second;
    EXPECT_TRUE(die(0)->is_asked_for);
    on("start");
    kill(15);
    now += 60 * second;
    EXPECT_FALSE(die(3)->is_asked_for);
}

TEST_F(ContainersTest, ASignalThatAsksForNoEndIsNone) {
    on("start");
    kill(1);
    kill(10);
    EXPECT_FALSE(die(1)->is_asked_for);
}

TEST_F(ContainersTest, WhoEndsByItselfWasNotAsked) {
    on("start");
    EXPECT_FALSE(die(1)->is_asked_for);
}

TEST_F(ContainersTest, AStopThatIsFollowedByAStartIsARestart) {
    on("start");
    kill(15);
    die(143);
    const std::int64_t stopped = now;
    on("stop");
    const auto start = on("start");
    EXPECT_TRUE(start->is_asked_for);
    EXPECT_EQ(start->stopped, stopped);
    EXPECT_FALSE(on("restart"));
    kill(15);
    die(143);
    now += 60 * second;
    EXPECT_FALSE(on("start")->is_asked_for) << "a minute later it is a start";
}

TEST_F(ContainersTest, CrashesInARowAreCounted) {
    std::int64_t first = 0;
    for (int time = 1; time <= 4; ++time) {
        const auto start = on("start");
        EXPECT_EQ(start->is_after_crash, time > 1);
        EXPECT_EQ(start->ends, time - 1);
        const auto end = die(7);
        first = time == 1 ? now : first;
        EXPECT_EQ(end->ends, time);
        EXPECT_EQ(end->row_since, first);
        now += 60 * second;
    }
    now += 600 * second;
    EXPECT_FALSE(on("start")->is_after_crash);
    EXPECT_EQ(die(7)->ends, 1) << "that is another story";
}

TEST_F(ContainersTest, TheLogOfARunBeginsBeforeItsStartIsTold) {
    on("start");
    const std::int64_t started = now;
    EXPECT_EQ(die(7)->logs_since, started - 5 * second);
    const std::int64_t first_end = now;
    on("start");
    EXPECT_EQ(die(7)->logs_since, first_end) << "what the run before said is not repeated";
    EXPECT_EQ(die(7)->logs_since, 0) << "nobody saw it start";
}

TEST_F(ContainersTest, OutOfMemoryIsRememberedUntilTheEnd) {
    on("start");
    EXPECT_TRUE(on("oom")->is_out_of_memory);
    EXPECT_FALSE(on("oom")) << "once for a run";
    EXPECT_TRUE(die(137)->is_out_of_memory);
    on("start");
    EXPECT_FALSE(die(137)->is_out_of_memory);
    EXPECT_TRUE(on("die", {{"exitCode", "137"}, {"oomKilled", "true"}})->is_out_of_memory) << "Podman's way";
}

TEST_F(ContainersTest, HealthIsToldWhenItChanges) {
    on("start");
    EXPECT_EQ(on("health_status=healthy")->health_before, "");
    EXPECT_FALSE(on("health_status=healthy"));
    EXPECT_EQ(on("health_status=unhealthy")->health_before, "healthy");
    EXPECT_EQ(on("health_status=healthy")->health_before, "unhealthy");
    EXPECT_FALSE(on("health_status=starting"));
}

TEST_F(ContainersTest, BuildersAreNoise) {
    EXPECT_FALSE(on("start", {}, "sha256:3ad2"));
    EXPECT_FALSE(on("die", {{"exitCode", "1"}}, ""));
    EXPECT_TRUE(on("start", {{"com.docker.compose.project", "shop"}}, "sha256:3ad2"));
}

TEST_F(ContainersTest, WhatIsGoneIsForgotten) {
    on("start");
    die(1);
    EXPECT_FALSE(on("destroy"));
    on("start");
    EXPECT_EQ(die(1)->ends, 1);
}

TEST_F(ContainersTest, NotEverythingIsTold) {
    EXPECT_FALSE(on("create"));
    EXPECT_FALSE(on("rename"));
    EXPECT_TRUE(on("pause"));
    EXPECT_TRUE(on("unpause"));
}

TEST(ContainersLimits, TheOldestIsForgotten) {
    Containers containers;
    EngineEvent event;
    event.type = "container";
    event.attributes = {{"image", "demo"}, {"exitCode", "1"}};
    for (int i = 0; i < 2'500; ++i) {
        event.id = std::to_string(i);
        event.action = "die";
        event.nanos = second + i;
        ASSERT_EQ(containers.on(event)->ends, 1);
    }
    event.id = "2499";
    EXPECT_EQ(containers.on(event)->ends, 2);
    event.id = "0";
    EXPECT_EQ(containers.on(event)->ends, 1);
}

/// A container of Compose, in the place of service web.
EngineEvent of_compose(std::string_view action, std::string_view id, std::int64_t nanos,
                       std::string_view number = "1") {
    EngineEvent event;
    event.type = "container";
    event.action = action;
    event.id = id;
    event.attributes = {{"image", "demo:1"},
                        {"com.docker.compose.project", "shop"},
                        {"com.docker.compose.service", "web"},
                        {"com.docker.compose.container-number", std::string(number)}};
    event.nanos = nanos;
    return event;
}

TEST_F(ContainersTest, WhatComposeMakesAnewIsOneRestart) {
    const auto replace = [&](std::string_view number, std::int64_t after) {
        Containers anew;
        EXPECT_TRUE(anew.on(of_compose("start", "old", now)));
        EngineEvent kill = of_compose("kill", "old", now + second);
        kill.attributes["signal"] = "15";
        EXPECT_FALSE(anew.on(kill));
        EXPECT_TRUE(anew.on(of_compose("die", "old", now + 2 * second)));
        EXPECT_FALSE(anew.on(of_compose("destroy", "old", now + 3 * second)));
        return anew.on(of_compose("start", "new", now + 2 * second + after, number)).value();
    };
    const Story story = replace("1", 2 * second);
    EXPECT_TRUE(story.is_recreated);
    EXPECT_TRUE(story.is_asked_for);
    EXPECT_EQ(story.stopped, now + 2 * second);
    EXPECT_EQ(story.stopped_id, "old");
    EXPECT_FALSE(replace("2", 2 * second).is_recreated) << "another replica";
    EXPECT_FALSE(replace("1", 60 * second).is_recreated) << "much later";
}

TEST_F(ContainersTest, WhatIsFoundEndedByASignalEndedWithItsEngine) {
    const auto found = [&](int exit_code, std::string oom = "") {
        EngineEvent end = of_compose("die", std::to_string(exit_code) + oom, now);
        end.is_found = true;
        end.attributes["exitCode"] = std::to_string(exit_code);
        end.attributes["oomKilled"] = oom;
        return containers.on(end).value().is_asked_for;
    };
    EXPECT_TRUE(found(143));
    EXPECT_TRUE(found(137));
    EXPECT_FALSE(found(137, "true"));
    EXPECT_FALSE(found(139));
    EXPECT_FALSE(found(1));
}

TEST_F(ContainersTest, WhatWasFoundAndIsToldToo) {
    const auto event = [&](std::string_view action, std::int64_t at, bool is_found) {
        EngineEvent told = of_compose(action, "a", now + at);
        told.is_found = is_found;
        return containers.on(told).has_value();
    };
    EXPECT_TRUE(event("start", 0, true));
    EXPECT_FALSE(event("start", second / 5, false));
    EXPECT_TRUE(event("die", 10 * second, false));
    EXPECT_FALSE(event("die", 10 * second - second / 1000, true));
    EXPECT_TRUE(event("start", 11 * second, false));
    EXPECT_TRUE(event("die", 12 * second, false));
    EXPECT_TRUE(event("start", 12 * second + second / 10, false)) << "a row of crashes is no repetition";
    EXPECT_TRUE(event("die", 12 * second + second / 5, false));
}

}  // namespace
}  // namespace hookline::docker
