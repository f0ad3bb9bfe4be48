// What an engine sends, read: lines, events, log frames, and the payload made of them.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "docker/engine_event.hpp"
#include "docker/lines.hpp"
#include "docker/log_frames.hpp"
#include "docker/telling.hpp"

namespace hookline::docker {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// As Docker 20.10 sent it, the id shortened.
constexpr std::string_view die =
    R"({"status":"die","id":"6fa9","from":"demo:classic","Type":"container","Action":"die","Actor":{"ID":"6fa9","Attributes":{"exitCode":"137","image":"demo:classic","name":"oom1","team":"core"}},"scope":"local","time":1795446373,"timeNano":1795446373961472834})";

TEST(Lines, AnEventMaySpanPiecesAndAPieceMayHoldSeveral) {
    Lines lines;
    EXPECT_THAT(lines.feed("{\"a\"").value(), IsEmpty());
    EXPECT_THAT(lines.feed(":1}\n{\"b\":2}\r\n\n\x1E{\"c\":3}\n{").value(),
                ElementsAre("{\"a\":1}", "{\"b\":2}", "{\"c\":3}"));
    EXPECT_THAT(lines.feed("}\n").value(), ElementsAre("{}"));
}

TEST(Lines, ALineHasAnEnd) {
    Lines lines;
    EXPECT_TRUE(lines.feed(std::string(Lines::limit, 'x')));
    EXPECT_EQ(lines.feed("x").error().code, Errc::too_large);
}

TEST(EngineEvent, LabelsTakeNoMoreRoomThanTheyAreWorth) {
    std::string labels;
    for (int i = 0; i < 250; ++i) {
        labels += fmt::format(R"("label{}":"{}",)", i, std::string(1'500, 'x'));
    }
    const auto event = read_event(fmt::format(
        R"({{"Type":"container","Action":"health_status: unhealthy","Actor":{{"ID":"a","Attributes":{{{}"name":"web",
            "image":"demo:1","com.docker.compose.project":"shop"}}}},"timeNano":7}})",
        labels));
    ASSERT_TRUE(event);
    EXPECT_LT(event->json.size(), 20'000U);
    EXPECT_EQ(event->attribute("name"), "web");
    const auto again = read_event(event->json);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->key(), event->key());
    EXPECT_EQ(again->attribute("com.docker.compose.project"), "shop");
}

TEST(EngineEvent, ATimeThatCannotBeIsNone) {
    for (const char* time :
         {R"("time":179373782244450)", R"("timeNano":9223372036854775807)", R"("time":-5)"}) {
        const auto event = read_event(fmt::format(R"({{"Type":"container","Action":"start",{}}})", time));
        ASSERT_TRUE(event);
        EXPECT_EQ(event->nanos, 0) << time;
    }
}

TEST(EngineEvent, IsRead) {
    const auto event = read_event(die).value();
    EXPECT_EQ(event.type, "container");
    EXPECT_EQ(event.action, "die");
    EXPECT_EQ(event.id, "6fa9");
    EXPECT_EQ(event.attribute("exitCode"), "137");
    EXPECT_EQ(event.attribute("nothing"), "");
    EXPECT_EQ(event.nanos, 1'795'446'373'961'472'834) << "a double would lose digits";
    EXPECT_EQ(event.key(), "1795446373961472834 container die 6fa9");
    EXPECT_EQ(event.json, die);
}

TEST(EngineEvent, HealthSaysItsStateInTheAction) {
    const auto event = read_event(
        R"({"Type":"container","Action":"health_status: unhealthy","Actor":{"ID":"a"},"timeNano":5})");
    EXPECT_EQ(event->action, "health_status");
    EXPECT_EQ(event->detail, "unhealthy");
    EXPECT_EQ(event->key(), "5 container health_status=unhealthy a");
}

TEST(EngineEvent, PodmansWordsAreDockers) {
    const auto died = read_event(R"({"Type":"container","Action":"died","Actor":{"ID":"a"},"time":7})");
    EXPECT_EQ(died->action, "die");
    EXPECT_EQ(died->nanos, 7'000'000'000);
    EXPECT_EQ(read_event(R"({"Type":"image","Action":"remove","Actor":{"ID":"a"}})")->action, "delete");
    EXPECT_EQ(
        read_event(
            R"({"Type":"container","Action":"health_status","HealthStatus":"healthy","Actor":{"ID":"a"}})")
            ->detail,
        "healthy");
}

TEST(EngineEvent, WhatSaysNothingOfContainersIsLeftOut) {
    for (const std::string_view line :
         {R"({"Type":"network","Action":"connect","Actor":{"ID":"a"}})",
          R"({"Type":"container","Action":"exec_start: cat /run/secret","Actor":{"ID":"a"}})",
          R"({"Type":"container","Action":"die","scope":"swarm","Actor":{"ID":"a"}})", "no json", "[]", "{}",
          R"({"Type":7,"Action":[]})", R"({"Type":"daemon","Action":"reload"})"}) {
        EXPECT_FALSE(read_event(line)) << line;
    }
}

TEST(EngineEvent, SinceHasNineDigits) {
    EXPECT_EQ(since_text(1'795'446'428'504'968'597), "1795446428.504968597");
    EXPECT_EQ(since_text(1'700'000'000'000'000'005), "1700000000.000000005");
    EXPECT_EQ(since_text(-1), "0.000000000");
}

TEST(LogFrames, BothStreamsInTheOrderOfTheirComing) {
    const std::string frames =
        "\x01\0\0\0\0\0\0\x04out\n\x02\0\0\0\0\0\0\x04"
        "err\n"s;
    EXPECT_EQ(joined_frames(frames, false), "out\nerr\n");
    EXPECT_EQ(joined_frames("hello\r\n", true), "hello\r\n");
}

TEST(LogFrames, ALineInSeveralFramesIsOne) {
    EXPECT_EQ(joined_frames("\x01\0\0\0\0\0\0\x02ou\x01\0\0\0\0\0\0\x02t\n"s, false), "out\n");
}

TEST(LogFrames, WhatIsCutOffOrNoFrameEndsTheText) {
    EXPECT_EQ(joined_frames("\x01\0\0\0\0\0\0\x09out"s, false), "out");
    EXPECT_EQ(joined_frames("\x01\0\0\0\0\0"s, false), "");
    EXPECT_EQ(joined_frames("plain text without frames", false), "");
    EXPECT_EQ(joined_frames("\x01\0\0\0\xFF\xFF\xFF\xFF too long"s, false), "");
    EXPECT_EQ(joined_frames("\x01\0\0\0\0\0\0\x01"
                            "a"
                            "\x07\0\0\0\0\0\0\x01"
                            "b"s,
                            false),
              "a");
}

TEST(LastLines, AreWhatATerminalWouldShow) {
    EXPECT_THAT(last_lines("one\r\n\x1b[31mred\x1b[0m\n\n10%\r50%\r100%\n\tin\n"),
                ElementsAre("one", "red", "100%", " in"));
    EXPECT_THAT(last_lines("a\xFF"
                           "b\0c\x1b"s),
                ElementsAre("a\uFFFDbc"));
    EXPECT_THAT(last_lines("\x1b]0;title\a\x1b(Bone \x1b]8;;https://a\x1b\\two\x1b]8;;\x1b\\\n"),
                ElementsAre("one two"));
    EXPECT_THAT(last_lines(""), IsEmpty());
}

TEST(LastLines, AreTheLastOnesAndShort) {
    std::string text;
    for (int i = 0; i < 100; ++i) {
        text += std::to_string(i) + "\n";
    }
    const LogLimits two{2, 10, 100};
    EXPECT_THAT(last_lines(text, two), ElementsAre("98", "99"));
    EXPECT_EQ(last_lines(std::string(1'000, 'x'), two).front(), "xxxxxxxxx…");
    const LogLimits little{9, 10, 15};
    EXPECT_THAT(last_lines("aaaaaaaaaa\nbbbbbbbb\nccccc\n", little), ElementsAre("bbbbbbbb", "ccccc"));
}

TEST(LastLines, TellNoSecrets) {
    EXPECT_THAT(last_lines("DB_PASSWORD=hunter2 connecting\nhttps://me:pw@host/x\n"),
                ElementsAre(Not(HasSubstr("hunter2")), Not(HasSubstr(":pw"))));
}

TEST(Telling, WhatIsNobodysBusinessStaysOut) {
    Facts facts;
    facts.container = R"({"Id":"6fa9","Name":"/oom1","Image":"sha256:aa","RestartCount":2,
        "State":{"Status":"exited","ExitCode":137,"OOMKilled":true,
                 "Health":{"Status":"unhealthy","FailingStreak":3,
                           "Log":[{"Output":"old"},{"Output":"TOKEN_KEY=abc\nrefused\n"}]}},
        "Config":{"Env":["PASSWORD=x"],"Image":"demo","Tty":false},
        "HostConfig":{"Memory":16777216,"Binds":["/etc:/etc"]},"Mounts":[]})";
    facts.image = R"({"Id":"sha256:aa","Created":"2026-11-23T15:06:13Z","Size":7,"Config":{"Env":["A=b"]}})";
    facts.logs = {"last words"};
    Story story;
    story.is_out_of_memory = true;
    story.ends = 2;
    const std::string payload =
        payload_of("docker", {"1.41", "Docker/20.10", false}, read_event(die).value(), story, facts, false);
    EXPECT_THAT(payload, HasSubstr(R"("engine":{"name":"docker","kind":"docker","server":"Docker/20.10"})"));
    EXPECT_THAT(payload, HasSubstr(R"("timeNano":1795446373961472834)"));
    EXPECT_THAT(payload, HasSubstr(R"("Name":"/oom1")"));
    EXPECT_THAT(payload, HasSubstr(R"("logs":["last words"])"));
    EXPECT_THAT(payload, HasSubstr(R"("out_of_memory":true)"));
    EXPECT_THAT(payload, HasSubstr(R"("Output":["TOKEN_KEY=…","refused"])"));
    for (const char* secret : {"PASSWORD", "Binds", "A=b", "abc"}) {
        EXPECT_THAT(payload, Not(HasSubstr(secret)));
    }
    EXPECT_THAT(payload_of("docker", {}, read_event(die).value(), {}, {}, false),
                Not(HasSubstr("\"container\":{")));
}

TEST(Telling, AContainerIsReadForTheFollower) {
    const Inspected inspected = read_container(
        R"({"Image":"sha256:aa","State":{"Running":true,"StartedAt":"2026-11-23T15:06:13Z"},"Config":{"Tty":true}})");
    EXPECT_TRUE(inspected.has_terminal);
    EXPECT_TRUE(inspected.is_running);
    EXPECT_EQ(inspected.image, "sha256:aa");
    EXPECT_EQ(inspected.started_at, "2026-11-23T15:06:13Z");
    EXPECT_FALSE(read_container("[]").is_running);
}

}  // namespace
}  // namespace hookline::docker
