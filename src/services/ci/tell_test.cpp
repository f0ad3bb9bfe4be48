// The platforms' events as pipelines, stages and jobs.
#include <gtest/gtest.h>

#include "services/announced.hpp"
#include "services/ci/ci.hpp"

namespace hookline::services::ci {
namespace {

using event::Conclusion;

event::Event read(std::string_view event_type, std::string_view payload) {
    event::Delivery delivery;
    delivery.service = event::Service::ci;
    delivery.event_type = event_type;
    delivery.payload = payload;
    const auto event = adapter().parse(delivery);
    EXPECT_TRUE(event) << payload;
    return event.value_or(event::Event());
}

constexpr std::string_view repository =
    R"("repository":{"full_name":"octo-org/app","html_url":"https://github.com/octo-org/app"})";

event::Event run(std::string_view action, std::string_view conclusion) {
    return read("github:workflow_run",
                fmt::format(R"({{"action":"{}","workflow_run":{{"id":7,"run_number":3,"name":"Tests",
                    "head_branch":"main","conclusion":{},"status":"x","html_url":"https://github.com/octo-org/app/actions/runs/7",
                    "run_started_at":"2026-11-23T10:00:00Z","updated_at":"2026-11-23T10:01:45Z",
                    "triggering_actor":{{"login":"octocat"}}}},{}}})",
                            action, conclusion, repository));
}

event::Event job(std::string_view action, std::string_view conclusion) {
    return read("github:workflow_job",
                fmt::format(R"({{"action":"{}","workflow_job":{{"id":9,"run_id":7,"name":"build",
                    "workflow_name":"Tests","head_branch":"main","conclusion":{},"status":"x",
                    "html_url":"https://github.com/octo-org/app/actions/runs/7/job/9",
                    "started_at":"2026-11-23T10:00:00Z","completed_at":"2026-11-23T10:01:45Z",
                    "steps":[{{"name":"Compile","conclusion":"failure"}}]}},{}}})",
                            action, conclusion, repository));
}

TEST(CiTell, AWorkflowRunIsAPipeline) {
    const event::Event started = run("in_progress", "null");
    EXPECT_EQ(started.full_name(), "pipeline.started");
    EXPECT_EQ(started.service, event::Service::ci);
    EXPECT_EQ(started.provider_name, "github:workflow_run");
    EXPECT_EQ(started.pipeline->project, "app");
    EXPECT_EQ(started.pipeline->run.triggered_by, "octocat");
    EXPECT_FALSE(started.workflow);
    EXPECT_EQ(silent_by_default(started), "");
    const event::Event failed = run("completed", "\"failure\"");
    EXPECT_EQ(failed.full_name(), "pipeline.failed");
    EXPECT_EQ(failed.pipeline->run.conclusion, Conclusion::failure);
    EXPECT_EQ(failed.pipeline->run.duration, std::chrono::seconds(105));
    EXPECT_EQ(silent_by_default(failed), "");
    // A run is asked for before it starts: one of the two is told.
    EXPECT_EQ(
        silent_by_default(run("requested", "null")),
        "pipeline.requested is not announced by default: its end is told, in hooks for CI its start too");
}

TEST(CiTell, AJobOfGitHubIsAStage) {
    const event::Event passed = job("completed", "\"success\"");
    EXPECT_EQ(passed.full_name(), "stage.passed");
    EXPECT_EQ(passed.pipeline->stage, "build");
    ASSERT_EQ(passed.pipeline->stages.size(), 1U);
    EXPECT_EQ(passed.pipeline->stages.front().duration, std::chrono::seconds(105));
    EXPECT_EQ(passed.pipeline->next_stage, "");  // GitHub does not tell it
    EXPECT_EQ(passed.pipeline->run.id, 7);
    EXPECT_EQ(passed.pipeline->run.name, "Tests");
    EXPECT_EQ(passed.pipeline->run.url, "https://github.com/octo-org/app/actions/runs/7");
    EXPECT_FALSE(passed.job);
    EXPECT_EQ(silent_by_default(passed), "");
    const event::Event failed = job("completed", "\"failure\"");
    EXPECT_EQ(failed.full_name(), "stage.failed");
    ASSERT_EQ(failed.pipeline->jobs.size(), 1U);
    EXPECT_EQ(failed.pipeline->jobs.front().error, "Step “Compile” failed");
    EXPECT_EQ(silent_by_default(failed), "stage.failed is not announced by default: pipeline tells it");
    EXPECT_EQ(failed.rest_in, "github:workflow_run");
    EXPECT_EQ(failed.pipeline->run.url, run("completed", "\"failure\"").pipeline->run.url);
    EXPECT_NE(silent_by_default(job("queued", "null")), "");
    EXPECT_NE(silent_by_default(job("in_progress", "null")), "");
}

TEST(CiTell, AJobOfCircleCiIsAStage) {
    const event::Event event = read(
        "circleci:job-completed",
        R"({"workflow":{"name":"w","url":"https://c/w"},"job":{"name":"unit","number":4,"status":"failed"}})");
    EXPECT_EQ(event.full_name(), "stage.failed");
    EXPECT_EQ(event.pipeline->stage, "unit");
    EXPECT_EQ(event.url, "https://c/w/jobs/4");
    EXPECT_EQ(event.rest_in, "circleci:workflow-completed");
    EXPECT_EQ(silent_by_default(event), "stage.failed is not announced by default: pipeline tells it");
}

TEST(CiTell, JenkinsTellsBuildsAndDeployments) {
    const std::string_view payload = R"({"name":"deploy-prod","url":"job/deploy-prod/",
        "build":{"phase":"FINALIZED","status":"SUCCESS","number":3}})";
    EXPECT_EQ(read("jenkins:notification", payload).full_name(), "deployment.success");
}

TEST(CiTell, WhatIsNoCiIsSilent) {
    const event::Event event = read("github:push", fmt::format(R"({{"ref":"refs/heads/main","before":"1",
        "after":"2","commits":[{{"id":"2","message":"x","distinct":true}}],{}}})",
                                                               repository));
    EXPECT_EQ(event.name, "push");
    EXPECT_EQ(silent_by_default(event),
              "push is not announced by default: hooks for CI tell pipelines, stages, jobs, checks, "
              "deployments and builds");
}

TEST(CiTell, MutilatedPayloadsAreEventsAllTheSame) {
    for (const char* type : {"github:workflow_run", "github:workflow_job", "circleci:job-completed",
                             "circleci:workflow-completed", "jenkins:notification", "jenkins:run.started"}) {
        for (const char* payload :
             {"{}", R"({"action":"completed"})", R"({"workflow_job":null,"job":[],"build":7})",
              R"({"type":"run.started","data":"x"})", R"({"name":"x","build":{"phase":"FINALIZED"}})"}) {
            (void)read(type, payload);
        }
    }
}

}  // namespace
}  // namespace hookline::services::ci
