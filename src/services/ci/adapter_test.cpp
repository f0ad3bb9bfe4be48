// Which platform wrote a delivery.
#include <gmock/gmock.h>

#include "services/announced.hpp"
#include "services/ci/ci.hpp"
#include "services/ci/names.hpp"
#include "services/event_names.hpp"
#include "testing/fixed_random.hpp"

namespace hookline::services::ci {
namespace {

event::Headers headers_of(std::vector<std::pair<std::string, std::string>> fields) {
    event::Headers headers;
    for (const auto& [name, value] : fields) {
        headers.add(name, value);
    }
    return headers;
}

std::string type_of(const event::Headers& headers, std::string_view payload) {
    const auto envelope = adapter().envelope(headers, payload);
    EXPECT_TRUE(envelope) << payload;
    return envelope ? envelope->event_type : "";
}

TEST(CiAdapter, HeadersAndBodyTellThePlatform) {
    const event::Headers github =
        headers_of({{"X-GitHub-Event", "workflow_run"}, {"X-GitHub-Delivery", "72d3"}});
    EXPECT_EQ(type_of(github, "{}"), "github:workflow_run");
    EXPECT_EQ(adapter().envelope(github, "{}")->delivery_id, "72d3");
    EXPECT_EQ(type_of(headers_of({{"circleci-event-type", "job-completed"}}), R"({"job":{}})"),
              "circleci:job-completed");
    EXPECT_EQ(type_of({}, R"({"type":"workflow-completed","id":"1","webhook":{},"workflow":{}})"),
              "circleci:workflow-completed");
    EXPECT_EQ(type_of({}, R"({"name":"app","build":{"phase":"STARTED"}})"), "jenkins:notification");
    EXPECT_EQ(type_of(headers_of({{"X-Event-Type", "run.started"}}), R"({"type":"run.started","id":"1"})"),
              "jenkins:run.started");
    EXPECT_EQ(type_of({}, R"({"projectName":"a","buildName":"#1","event":"start"})"), "jenkins:outbound");
}

TEST(CiAdapter, WhatIsOfNoPlatformIsKeptWithoutAMeaning) {
    EXPECT_EQ(type_of({}, R"({"hello":"world"})"), "unknown");
    // Forges that imitate GitHub's headers are not GitHub.
    EXPECT_EQ(
        type_of(
            headers_of({{"X-Gitea-Event", "push"}, {"X-GitHub-Event", "push"}, {"X-GitHub-Delivery", "1"}}),
            "{}"),
        "unknown");
    event::Delivery delivery;
    delivery.service = event::Service::ci;
    delivery.payload = "{}";
    for (const char* type : {"unknown", "", ":", "ci:ci:ci", "docker:push", "nobody:push", "github:"}) {
        delivery.event_type = type;
        const auto event = adapter().parse(delivery);
        ASSERT_TRUE(event) << type;
        EXPECT_EQ(event->name, "") << type;
        EXPECT_EQ(event->provider_name, type);
    }
}

TEST(CiAdapter, PingsOfThePlatformsArePings) {
    const auto ping = adapter().envelope(headers_of({{"X-GitHub-Event", "ping"}, {"X-GitHub-Delivery", "1"}}),
                                         R"({"zen":"x"})");
    ASSERT_TRUE(ping);
    EXPECT_TRUE(ping->is_ping);
    EXPECT_EQ(ping->event_type, "github:ping");
}

TEST(CiAdapter, WhatAPlatformAlwaysSendsMustBeThere) {
    const auto envelope = adapter().envelope(headers_of({{"X-GitHub-Event", "push"}}), "{}");
    ASSERT_FALSE(envelope);
    EXPECT_EQ(envelope.error().detail, "the header X-GitHub-Delivery is missing");
}

TEST(CiAdapter, SamplesOfEveryPlatformComeThroughTheDoor) {
    FixedRandom random;
    const Secret secret = adapter().new_secret(random);
    EXPECT_EQ(secret.reveal().size(), 43U);
    EXPECT_TRUE(secret.reveal().starts_with("ci_"));
    const Key key(secret);
    const std::array<const Key*, 1> keys{&key};
    std::vector<std::string> platforms;
    EXPECT_EQ(adapter().samples().front().name, "pipeline.started");
    for (const Sample& sample : adapter().samples()) {
        const auto headers = adapter().sign(sample.event_type, "1", sample.payload, secret);
        const auto check = adapter().check(Credentials{headers, "", TimePoint{}}, keys);
        check->feed(sample.payload);
        EXPECT_TRUE(check->holds()) << sample.event_type;
        const auto envelope = adapter().envelope(headers, sample.payload);
        ASSERT_TRUE(envelope) << sample.event_type;
        EXPECT_EQ(envelope->event_type, sample.event_type);
        platforms.emplace_back(sample.event_type.substr(0, sample.event_type.find(':')));
        EXPECT_TRUE(is_ci_event(sample.name.substr(0, sample.name.find('.')))) << sample.name;
    }
    for (const char* platform : {"github", "jenkins", "circleci"}) {
        EXPECT_THAT(platforms, testing::Contains(platform));
    }
}

TEST(CiAdapter, NamingAWholeEventMeansWhatIsUsual) {
    event::Event event;
    event.service = event::Service::ci;
    event.name = "stage";
    event.action = "queued";
    const std::vector<std::string> stages{"stage"};
    EXPECT_EQ(why_unwanted(stages, event), "stage.queued is announced only where it is named itself");
    event.action = "passed";
    EXPECT_EQ(why_unwanted(stages, event), "");
    event.action = "failed";
    event.told_by = "pipeline";  // who asks for stages alone hears of those that failed from nobody else
    EXPECT_EQ(why_unwanted(stages, event), "");
    EXPECT_TRUE(parse_event_names("pipeline.failed,deployment", adapter()));
    EXPECT_FALSE(parse_event_names("push", adapter()));
}

}  // namespace
}  // namespace hookline::services::ci
