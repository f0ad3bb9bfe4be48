// What the payloads of Jenkins' plugins mean.
#include "services/jenkins/parse.hpp"

#include <gtest/gtest.h>

namespace hookline::services::jenkins {
namespace {

using event::Conclusion;

event::Event read(std::string_view payload) {
    event::Delivery delivery;
    delivery.service = event::Service::jenkins;
    delivery.event_type = "notification";
    delivery.payload = payload;
    delivery.received_at = TimePoint(std::chrono::seconds(1'800'000'000));
    const auto event = parse(delivery);
    EXPECT_TRUE(event) << payload;
    return event.value_or(event::Event());
}

std::string build(std::string_view inside) {
    return fmt::format(R"({{"name":"app","display_name":"app","url":"job/app/","build":{{{}}}}})", inside);
}

TEST(JenkinsParse, EachPhaseAndStatus) {
    const struct {
        std::string_view phase, status, told;
        Conclusion conclusion;
    } cases[] = {
        {"QUEUED", "", "pipeline.queued", Conclusion::none},
        {"STARTED", "", "pipeline.started", Conclusion::none},
        {"COMPLETED", "FAILURE", "pipeline.completed", Conclusion::failure},
        {"FINALIZED", "SUCCESS", "pipeline.passed", Conclusion::success},
        {"FINALIZED", "FAILURE", "pipeline.failed", Conclusion::failure},
        {"FINALIZED", "UNSTABLE", "pipeline.failed", Conclusion::failure},
        {"FINALIZED", "ABORTED", "pipeline.cancelled", Conclusion::cancelled},
        {"FINALIZED", "NOT_BUILT", "pipeline.skipped", Conclusion::skipped},
        {"FINALIZED", "", "pipeline.neutral", Conclusion::neutral},
        {"NONE", "", "pipeline.none", Conclusion::none},
    };
    for (const auto& [phase, status, told, conclusion] : cases) {
        const event::Event event = read(
            build(fmt::format(R"("phase":"{}","status":"{}","number":12,"duration":65000)", phase, status)));
        EXPECT_EQ(event.full_name(), told);
        ASSERT_TRUE(event.pipeline);
        EXPECT_EQ(event.pipeline->run.conclusion, conclusion) << phase;
        const bool is_over = phase == "COMPLETED" || phase == "FINALIZED";
        EXPECT_EQ(event.pipeline->run.duration.has_value(), is_over) << phase;
        EXPECT_EQ(event.pipeline->run.number, 12);
    }
}

TEST(JenkinsParse, ABuildsFacts) {
    const event::Event event = read(R"({"name":"main","display_name":"main",
        "url":"job/team/job/app/job/main/","build":{"phase":"FINALIZED","status":"SUCCESS","number":12,
        "full_url":"https://j.example/job/team/job/app/job/main/12/","timestamp":1795425355200,
        "duration":204000,"scm":{"url":"git@github.com:octo-org/app.git","branch":"origin/main",
        "commit":"42f0c7d8bf6bd2e5ea5596a14b379370fb89f8b1"}}})");
    const event::Pipeline& pipeline = *event.pipeline;
    EXPECT_EQ(pipeline.project, "team/app");
    EXPECT_EQ(pipeline.run.name, "app");
    EXPECT_EQ(pipeline.run.duration, std::chrono::seconds(204));
    EXPECT_EQ(event.branch, "main");
    EXPECT_EQ(event.commit, "42f0c7d8bf6bd2e5ea5596a14b379370fb89f8b1");
    EXPECT_EQ(event.repo->full_name, "octo-org/app");
    EXPECT_EQ(event.url, "https://j.example/job/team/job/app/job/main/12/");
    EXPECT_EQ(event.time, TimePoint(std::chrono::milliseconds(1'795'425'355'200)));
}

TEST(JenkinsParse, WhyItFailed) {
    const auto error = [](std::string_view status, std::string_view rest) {
        return read(build(fmt::format(R"("phase":"FINALIZED","status":"{}"{})", status, rest)))
            .pipeline->error;
    };
    EXPECT_EQ(error("UNSTABLE", R"(,"test_summary":{"failed":1,"failed_tests":["a.b"]})"),
              "1 test failed: a.b");
    EXPECT_EQ(error("FAILURE", R"(,"test_summary":{"failed":3,"failed_tests":["a","b"]},"log":"x")"),
              "3 tests failed: a, b, …");
    EXPECT_EQ(error("FAILURE", R"(,"test_summary":{"failed":0},"log":"make: error\nFinished: FAILURE")"),
              "make: error");
    EXPECT_EQ(error("UNSTABLE", ""), "The build is unstable");
    EXPECT_EQ(error("FAILURE", ""), "");
    EXPECT_EQ(error("SUCCESS", R"(,"log":"all is well")"), "");
}

TEST(JenkinsParse, OutboundWebHook) {
    const auto outbound = [](std::string_view said) {
        return read(fmt::format(R"({{"projectName":"nightly","buildName":"#16","event":"{}",
            "buildUrl":"https://j.example/job/nightly/16/","buildVars":"{{A=1}}"}})",
                                said));
    };
    EXPECT_EQ(outbound("start").full_name(), "pipeline.started");
    EXPECT_EQ(outbound("success").full_name(), "pipeline.passed");
    EXPECT_EQ(outbound("failure").full_name(), "pipeline.failed");
    EXPECT_EQ(outbound("unstable").pipeline->error, "The build is unstable");
    const event::Event event = outbound("success");
    EXPECT_EQ(event.pipeline->project, "nightly");
    EXPECT_EQ(event.pipeline->run.number, 16);
    EXPECT_EQ(event.url, "https://j.example/job/nightly/16/");
}

TEST(JenkinsParse, GenericEvent) {
    const auto run = [](std::string_view type) {
        return read(fmt::format(
            R"({{"type":"{}","id":"1","time":"2026-11-23T17:48:17.055+0800","source":"job/team/job/app/job/main/",
                "data":{{"number":12,"duration":58432,"result":"SUCCESS","_projectName":"main",
                "_parentFullName":"team/app","_multiBranch":true,
                "actions":[{{}},{{"causes":[{{"userId":"stryk"}}]}}]}},"metaData":null}})",
            type));
    };
    EXPECT_EQ(run("run.initialize").full_name(), "pipeline.initialized");
    EXPECT_EQ(run("run.started").full_name(), "pipeline.started");
    EXPECT_EQ(run("run.completed").full_name(), "pipeline.completed");
    EXPECT_EQ(run("run.deleted").full_name(), "pipeline.deleted");
    const event::Event ended = run("run.finalized");
    EXPECT_EQ(ended.full_name(), "pipeline.passed");
    EXPECT_EQ(ended.pipeline->project, "team/app");
    EXPECT_EQ(ended.branch, "main");
    EXPECT_EQ(ended.pipeline->run.triggered_by, "stryk");
    EXPECT_EQ(ended.pipeline->run.duration, std::chrono::seconds(58));
    EXPECT_EQ(ended.time, TimePoint(std::chrono::milliseconds(1'795'427'297'055)));
    EXPECT_EQ(run("run.exploded").full_name(), "");
}

TEST(JenkinsParse, JobsThemselves) {
    const event::Event moved = read(R"({"type":"item.locationChanged","source":"job/team/job/new/",
        "data":{"name":"new"},"metaData":{"oldName":"old","newName":"new"}})");
    EXPECT_EQ(moved.full_name(), "item.moved");
    EXPECT_EQ(moved.subject->name, "team/new");
    EXPECT_EQ(moved.subject->detail, "old → new");
}

TEST(JenkinsParse, WhatIsNotKnownIsStoredWithoutAMeaning) {
    EXPECT_EQ(read("{}").full_name(), "");
    event::Delivery delivery;
    delivery.event_type = "notification";
    for (const char* payload : {"", "[]", "7", "{"}) {
        delivery.payload = payload;
        EXPECT_FALSE(parse(delivery)) << payload;
    }
}

}  // namespace
}  // namespace hookline::services::jenkins
