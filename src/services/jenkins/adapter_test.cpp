// How Jenkins' deliveries prove themselves, what their envelope is, and what the samples mean.
#include <gmock/gmock.h>

#include "services/announced.hpp"
#include "services/event_names.hpp"
#include "services/jenkins/jenkins.hpp"
#include "testing/fixed_random.hpp"

namespace hookline::services::jenkins {
namespace {

bool holds(const event::Headers& headers, std::string_view url_secret = "") {
    const Key key(Secret("jk_right"));
    const std::array<const Key*, 1> keys{&key};
    const auto check = adapter().check(Credentials{headers, url_secret, TimePoint{}}, keys);
    check->feed("{}");
    return check->holds();
}

event::Headers header(std::string_view name, std::string_view value) {
    event::Headers headers;
    headers.add(name, value);
    return headers;
}

Envelope envelope_of_text(std::string_view payload) {
    const auto envelope = adapter().envelope({}, payload);
    EXPECT_TRUE(envelope) << payload;
    return envelope.value_or(Envelope());
}

TEST(JenkinsAdapter, TheSecretIsInTheUrlOrInAuthorization) {
    EXPECT_TRUE(holds({}, "jk_right"));
    EXPECT_TRUE(holds(header("Authorization", "Bearer jk_right")));
    EXPECT_TRUE(holds(header("Authorization", "Basic " + to_base64("hook:jk_right"))));
    EXPECT_FALSE(holds({}));
    EXPECT_FALSE(holds({}, "jk_wrong"));
    EXPECT_FALSE(holds(header("Authorization", "Bearer jk_wrong")));
    EXPECT_FALSE(holds(header("X-Gitlab-Token", "jk_right")));
    EXPECT_FALSE(holds(header("Authorization", "Bearer jk_right"), "jk_wrong"));
}

TEST(JenkinsAdapter, WhatItSignsItAccepts) {
    const auto headers = adapter().sign("notification", "", "{}", Secret("jk_right"));
    EXPECT_TRUE(holds(headers));
    FixedRandom random;
    const Secret secret = adapter().new_secret(random);
    EXPECT_EQ(secret.reveal().size(), 43U);
    EXPECT_TRUE(secret.reveal().starts_with("jk_"));
}

TEST(JenkinsAdapter, TheEnvelopeTellsThePluginApart) {
    EXPECT_EQ(envelope_of_text(R"({"name":"app","build":{"phase":"STARTED"}})").event_type, "notification");
    EXPECT_EQ(envelope_of_text(R"({"projectName":"a","buildName":"#1","event":"start"})").event_type,
              "outbound");
    const Envelope generic = envelope_of_text(R"({"type":"run.started","id":"6f1b7f0e","data":{}})");
    EXPECT_EQ(generic.event_type, "run.started");
    EXPECT_EQ(generic.delivery_id, "6f1b7f0e");
    for (const char* other : {"{}", R"({"type":"run.@everyone"})", R"({"build":{"phase":"STARTED"}})",
                              R"({"type":"push"})", R"({"name":null,"build":[]})"}) {
        const Envelope envelope = envelope_of_text(other);
        EXPECT_EQ(envelope.event_type, "unknown") << other;
        EXPECT_EQ(envelope.delivery_id, "");
    }
    EXPECT_FALSE(adapter().envelope({}, "<xml/>"));
}

TEST(JenkinsAdapter, EachPhaseOfABuildIsADeliveryOfItsOwnAndARetryIsNot) {
    const auto id = [](std::string_view phase, std::string_view timestamp, std::string_view url) {
        return envelope_of_text(
                   fmt::format(R"({{"name":"app","build":{{"full_url":"{}","phase":"{}","timestamp":{}}}}})",
                               url, phase, timestamp))
            .delivery_id;
    };
    const std::string started = id("STARTED", "1795425151000", "https://j/job/app/1/");
    EXPECT_EQ(started.size(), 32U);
    EXPECT_EQ(started, id("STARTED", "1795425151000", "https://j/job/app/1/"));
    EXPECT_NE(started, id("QUEUED", "1795425151000", "https://j/job/app/1/"));
    EXPECT_NE(started, id("STARTED", "1795425151001", "https://j/job/app/1/"));
    EXPECT_NE(started, id("STARTED", "1795425151000", "https://j/job/app/2/"));
    // Without the time it could be the same build of a job that was made anew: no id at all.
    EXPECT_EQ(id("STARTED", "null", "https://j/job/app/1/"), "");
    EXPECT_EQ(id("STARTED", "1795425151000", ""), "");
}

TEST(JenkinsAdapter, SamplesAreOfEveryKind) {
    std::vector<std::string_view> names;
    for (const Sample& sample : adapter().samples()) {
        names.push_back(sample.name);
    }
    EXPECT_EQ(names.front(), "pipeline.passed");
    for (const char* name : {"pipeline.started", "pipeline.failed", "pipeline.cancelled", "pipeline.queued",
                             "pipeline.completed", "deployment.success", "deployment.failure",
                             "deployment.in_progress", "item.created"}) {
        EXPECT_THAT(names, testing::Contains(name));
    }
}

TEST(JenkinsAdapter, ABuildIsAnnouncedOnce) {
    std::map<std::string, std::string> silent;
    for (const Sample& sample : adapter().samples()) {
        event::Delivery delivery;
        delivery.service = event::Service::jenkins;
        delivery.event_type = sample.event_type;
        delivery.payload = sample.payload;
        silent[std::string(sample.name)] = silent_by_default(adapter().parse(delivery).value());
    }
    EXPECT_EQ(silent["pipeline.queued"],
              "pipeline.queued is not announced by default: its end is told, in hooks for CI its start too");
    EXPECT_EQ(silent["pipeline.started"],
              "pipeline.started is not announced by default: its end is told, in hooks for CI its start too");
    EXPECT_EQ(
        silent["pipeline.completed"],
        "pipeline.completed is not announced by default: its end is told, in hooks for CI its start too");
    EXPECT_EQ(silent["pipeline.passed"], "");
    EXPECT_EQ(silent["deployment.success"], "");
    EXPECT_NE(silent["deployment.in_progress"], "");
}

}  // namespace
}  // namespace hookline::services::jenkins
