// What containers show after a gap that no event tells.
#include "docker/missed.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "testing/fake_clock.hpp"
#include "testing/loop.hpp"

namespace hookline::docker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t second = 1'000'000'000;

class ListingEngine final : public net::HttpClient {
public:
    Task<net::Reply> send(net::Request request) override {
        net::Response answer(200);
        answer.fields = {{"Api-Version", "1.41"}};
        const auto known = answers.find(request.target.substr(request.target.find('/', 1) + 1));
        if (known != answers.end()) {
            answer.body = known->second;
        } else if (request.target != "/_ping") {
            answer.status = request.target.ends_with("all=1") ? 403 : 404;
        }
        co_return answer;
    }
    std::map<std::string, std::string> answers;
};

EngineEvent event_of(std::string_view action, std::string_view id, std::int64_t nanos) {
    return read_event(
               fmt::format(
                   R"({{"Type":"container","Action":"{}","Actor":{{"ID":"{}","Attributes":{{"name":"{}",
                   "image":"demo:1","team":"core"}}}},"timeNano":{}}})",
                   action, id, id, nanos))
        .value();
}

class MissedTest : public testing::Test {
protected:
    MissedTest() { loop.run(engine.greet()); }

    std::vector<std::string> found() {
        std::vector<std::string> said;
        const auto lines = loop.run(find_missed(engine, roster, now));
        for (const std::string& line : lines.value()) {
            const auto event = read_event(line).value();
            EXPECT_TRUE(event.is_found);
            said.push_back(fmt::format("{} {} {}", event.action, event.attribute("name"),
                                       event.nanos == now ? "now" : std::to_string(event.nanos / second)));
        }
        return said;
    }
    void is(std::string_view id, std::string_view status, std::string_view started,
            std::string_view finished = "0001-01-01T00:00:00Z") {
        client.answers[fmt::format("containers/{}/json", id)] = fmt::format(
            R"({{"Id":"{}","Name":"/{}","Config":{{"Image":"demo:1","Labels":{{"team":"core"}}}},
                "State":{{"Status":"{}","ExitCode":3,"StartedAt":"{}","FinishedAt":"{}"}}}})",
            id, id, status, started, finished);
    }

    Loop loop;
    FakeClock clock;
    ListingEngine client;
    Engine engine{client, {}};
    Roster roster;
    std::int64_t now = 2'000'000'000 * second;
};

TEST_F(MissedTest, ComparesWhatRunsWithWhatRan) {
    for (const std::string_view id : {"same", "ended", "again", "removed"}) {
        roster.on(event_of("start", id, 1'796'000'000 * second + second / 2));
    }
    is("same", "running", "2026-11-30T00:53:20.1Z");
    is("ended", "exited", "2026-11-30T00:53:20Z", "2026-11-30T01:53:20Z");
    is("again", "running", "2026-11-30T02:53:20Z");
    is("fresh", "running", "2026-11-30T03:53:20Z");
    client.answers["containers/json?all=1"] =
        R"([{"Id":"same","State":"running"},{"Id":"ended","State":"exited"},{"Id":"again","State":"running"},
            {"Id":"fresh","State":"running"},{"Id":"old","State":"exited"},7])";
    EXPECT_THAT(found(), ElementsAre("die ended 1796003600", "start again 1796007200",
                                     "start fresh 1796010800", "gone removed now"));
}

TEST_F(MissedTest, WithoutTheListOnlyWhatRanIsLookedAt) {
    roster.on(event_of("start", "ended", second));
    is("ended", "exited", "2026-11-30T00:53:20Z", "2026-11-30T01:53:20Z");
    is("fresh", "running", "2026-11-30T03:53:20Z");
    EXPECT_THAT(found(), ElementsAre("die ended 1796003600"));
}

TEST_F(MissedTest, WhoRanWhenTheEngineWasMetIsNoNews) {
    client.answers["containers/json?all=1"] =
        R"([{"Id":"a","State":"running","Names":["/web","/proxy/db"],"Image":"demo:1","Labels":{"team":"core"}}])";
    roster.begin_with(read_list(client.answers["containers/json?all=1"]));
    is("a", "running", "2026-11-30T00:53:20Z");
    EXPECT_TRUE(found().empty());
    client.answers.erase("containers/a/json");
    EXPECT_THAT(found(), ElementsAre("gone web now"));
}

TEST(Roster, IsReadAsItWasWritten) {
    Roster roster;
    EXPECT_TRUE(roster.on(event_of("start", "a", 7)));
    EXPECT_TRUE(roster.on(event_of("start", "b", 8)));
    EXPECT_TRUE(roster.on(event_of("die", "b", 9)));
    EXPECT_FALSE(roster.on(event_of("destroy", "b", 9)));
    EXPECT_FALSE(roster.on(event_of("kill", "a", 9)));
    Roster again;
    again.read(roster.to_text());
    ASSERT_EQ(again.running().size(), 1U);
    EXPECT_EQ(again.running().at("a").started, 7);
    EXPECT_EQ(again.running().at("a").attributes.at("team"), "core");
    again.read("[not a roster");
    again.read(R"({"x":7,"y":{"started":"late"}})");
    EXPECT_EQ(again.running().size(), 2U);
}

TEST(Roster, HoldsNoMoreThanCanBeCompared) {
    Roster roster;
    for (int i = 0; i < 600; ++i) {
        roster.on(event_of("start", std::to_string(i), 1));
    }
    EXPECT_EQ(roster.running().size(), Roster::most);
    EngineEvent long_labels = event_of("start", "0", 1);
    long_labels.attributes["essay"] = std::string(5'000, 'x');
    long_labels.attributes["com.docker.compose.service"] = "web";
    roster.on(long_labels);
    EXPECT_FALSE(roster.running().at("0").attributes.contains("essay"));
    EXPECT_TRUE(roster.running().at("0").attributes.contains("com.docker.compose.service"));
}

}  // namespace
}  // namespace hookline::docker
