// Containers as a reader sees them, where a sample does not show it.
#include <gtest/gtest.h>

#include "format/format.hpp"

namespace hookline::format {
namespace {

event::Event crash(std::int64_t ends) {
    event::Event event;
    event.service = event::Service::docker;
    event.name = "error";
    event.action = "crashed";
    event.container.emplace();
    event.container->name = "web_1";
    event.container->exit_code = 1;
    event.container->ends = ends;
    return event;
}

TEST(Containers, ARowOfCrashesIsToldAsOne) {
    event::Event event = crash(1);
    EXPECT_EQ(to_message(event).embeds[0].title, "🚨 Container Stopped: web_1");
    event.container->ends = 14;
    event.container->ends_for = std::chrono::seconds(64);
    const message::Embed embed = to_message(event).embeds[0];
    EXPECT_EQ(embed.title, "🔁 Container Keeps Restarting: web_1");
    EXPECT_EQ(embed.fields.at(1).name, "Stopped");
    EXPECT_EQ(embed.fields.at(1).value, "14 times in 1m 4s");
}

TEST(Containers, WithoutANameTheIdIsShown) {
    event::Event event = crash(1);
    event.container->name.clear();
    event.container->id = "6fa9c3d4e5f60718aa";
    EXPECT_EQ(to_message(event).embeds[0].title, "🚨 Container Stopped: 6fa9c3d4e5f6");
}

TEST(Containers, OfSeveralEnginesTheFooterSaysWhich) {
    event::Event event = crash(1);
    event.container->engine = "docker";
    EXPECT_EQ(to_message(event).embeds[0].footer, "Docker");
    event.container->engine = "build farm";
    EXPECT_EQ(to_message(event).embeds[0].footer, "build farm · Docker");
}

TEST(Containers, LogsAreTextNotMarkup) {
    event::Event event = crash(1);
    event.container->logs = {"```", "@everyone **look**"};
    const message::Embed embed = to_message(event).embeds[0];
    EXPECT_EQ(embed.fields.back().name, "Last logs");
    EXPECT_EQ(embed.fields.back().value.find("```", 3), embed.fields.back().value.size() - 3);
}

TEST(Containers, AStopThatWasAskedForHasNoLastWords) {
    event::Event event = crash(0);
    event.name = "stop";
    event.action = "stopped";
    event.container->was_asked_for = true;
    event.container->logs = {"bye"};
    const message::Embed embed = to_message(event).embeds[0];
    EXPECT_EQ(embed.title, "⏹️ Container Shut Down: web_1");
    ASSERT_EQ(embed.fields.size(), 1U);
    EXPECT_EQ(embed.fields[0].name, "Exit code");
}

}  // namespace
}  // namespace hookline::format
