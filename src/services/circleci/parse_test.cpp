#include "services/circleci/parse.hpp"

#include <gtest/gtest.h>

#include "services/circleci/circleci.hpp"

namespace hookline::services::circleci {
namespace {

using event::Conclusion;

event::Event read(std::string_view type, std::string_view payload) {
    event::Delivery delivery;
    delivery.service = event::Service::circleci;
    delivery.event_type = type;
    delivery.payload = payload;
    const auto event = parse(delivery);
    EXPECT_TRUE(event) << payload;
    return event.value_or(event::Event());
}

event::Event sample(std::string_view name) {
    for (const Sample& known : adapter().samples()) {
        if (known.name == name) {
            return read(known.event_type, known.payload);
        }
    }
    ADD_FAILURE() << "no sample " << name;
    return {};
}

TEST(CircleCiParse, AWorkflowOfGitHub) {
    const event::Event event = sample("pipeline.passed");
    const event::Run& run = event.pipeline->run;
    EXPECT_EQ(event.pipeline->project, "phigen");
    EXPECT_EQ(run.name, "build-and-test");
    EXPECT_EQ(run.number, 130);
    EXPECT_EQ(run.conclusion, Conclusion::success);
    EXPECT_EQ(run.duration, std::chrono::seconds(203));
    EXPECT_EQ(run.triggered_by, "STRYK");
    EXPECT_EQ(run.title, "Fix encryption bug");
    EXPECT_EQ(event.branch, "main");
    EXPECT_EQ(event.repo->full_name, "octo-org/phigen");
    EXPECT_EQ(run.commit_url,
              "https://github.com/octo-org/phigen/commit/42f0c7d8bf6bd2e5ea5596a14b379370fb89f8b1");
}

TEST(CircleCiParse, AWorkflowOfGitLabHasAnotherShape) {
    const event::Event event = sample("pipeline.cancelled");
    EXPECT_EQ(event.branch, "release-1.4");
    EXPECT_EQ(event.repo->full_name, "octo-org/phigen");
    EXPECT_EQ(event.pipeline->run.triggered_by, "monalisa");
    EXPECT_EQ(event.pipeline->run.title, "Raise the version");
}

TEST(CircleCiParse, AJobHasItsPage) {
    const event::Event event = sample("job.failed");
    EXPECT_EQ(event.job->name, "unit-tests");
    EXPECT_EQ(event.job->duration, std::chrono::seconds(105));
    EXPECT_EQ(event.url,
              "https://app.circleci.com/pipelines/github/octo-org/phigen/130/workflows/"
              "fda08377-fe7e-46b1-8992-3a7aaecac9c3/jobs/413");
    EXPECT_EQ(event.told_by, "pipeline");
}

TEST(CircleCiParse, EveryEnd) {
    const struct {
        std::string_view status, told;
    } cases[] = {
        {"success", "pipeline.passed"},      {"failed", "pipeline.failed"},   {"error", "pipeline.failed"},
        {"canceled", "pipeline.cancelled"},  {"not_run", "pipeline.skipped"}, {"blocked", "pipeline.skipped"},
        {"unauthorized", "pipeline.failed"}, {"novel", "pipeline.neutral"},   {"", "pipeline.neutral"},
    };
    for (const auto& [status, told] : cases) {
        const std::string payload = fmt::format(R"({{"workflow":{{"status":"{}"}}}})", status);
        EXPECT_EQ(read("workflow-completed", payload).full_name(), told);
    }
    EXPECT_NE(read("workflow-completed", R"({"workflow":{"status":"unauthorized"}})").pipeline->error, "");
}

TEST(CircleCiParse, ATagIsABranchOfItsOwnKind) {
    const event::Event tag =
        read("workflow-completed", R"({"workflow":{},"pipeline":{"vcs":{"tag":"v1.4.0"}}})");
    EXPECT_EQ(tag.branch, "v1.4.0");
    EXPECT_TRUE(tag.pipeline->run.is_for_tag);
    const event::Event empty =
        read("workflow-completed",
             R"({"workflow":{},"pipeline":{"trigger_parameters":{"git":{"branch":"main","tag":""}}}})");
    EXPECT_EQ(empty.branch, "main");
    EXPECT_FALSE(empty.pipeline->run.is_for_tag);
}

TEST(CircleCiParse, WhatIsMissingIsNotInvented) {
    for (const char* type : {"workflow-completed", "job-completed"}) {
        const event::Event event = read(type, "{}");
        EXPECT_EQ(event.url, "");
        EXPECT_FALSE(event.repo);
        EXPECT_EQ(event.action, "neutral");
    }
    EXPECT_EQ(read("novel-event", "{}").full_name(), "");
    EXPECT_TRUE(read("ping", "{}").ping);
    event::Delivery delivery;
    for (const char* payload : {"", "[]", "{"}) {
        delivery.payload = payload;
        EXPECT_FALSE(parse(delivery)) << payload;
    }
}

}  // namespace
}  // namespace hookline::services::circleci
