// The three messages of a pipeline's life, and what stands around them, whatever service tells them.
#include <gtest/gtest.h>

#include "format/format.hpp"
#include "format/testing/readable.hpp"
#include "message/limits.hpp"

namespace hookline::format {
namespace {

using event::Conclusion;

event::Event make(std::string_view name, std::string_view action, Conclusion conclusion) {
    event::Event event;
    event.service = event::Service::ci;
    event.name = name;
    event.action = action;
    event.url = "https://ci.example/1234";
    event::Pipeline& pipeline = event.pipeline.emplace();
    pipeline.project = "PhiGEN";
    pipeline.run.conclusion = conclusion;
    pipeline.run.branch = "main";
    pipeline.run.triggered_by = "STRYK";
    pipeline.run.number = 1234;
    pipeline.run.url = event.url;
    return event;
}

event::Job job(std::string_view name, std::string_view stage, Conclusion conclusion,
               std::string_view error = "") {
    event::Job result;
    result.name = name;
    result.stage = stage;
    result.conclusion = conclusion;
    result.error = error;
    result.url = "https://ci.example/jobs/" + result.name;
    return result;
}

std::string shown(const event::Event& event) {
    const message::Message message = to_message(event);
    EXPECT_TRUE(message::broken_limits(message).empty());
    return readable(message);
}

TEST(Pipelines, Started) {
    event::Event event = make("pipeline", "started", Conclusion::none);
    event.pipeline->stage = "Build";
    EXPECT_EQ(shown(event), R"(title:  ⚙️ Pipeline Started
url:    https://ci.example/1234
colour: #1f6feb
fields:
  ▪ Project: PhiGEN
  ▪ Branch: `main`
  ▪ Stage: Build
  ▪ Triggered by: @STRYK
  ▪ Pipeline: #1234
footer: CI
)");
}

TEST(Pipelines, StagePassed) {
    event::Event event = make("stage", "passed", Conclusion::none);
    event.pipeline->stages = {{"Build", "success", Conclusion::success, std::chrono::seconds(105)},
                              {"Test", "created", Conclusion::none, std::nullopt}};
    event.pipeline->stage = "Build";
    event.pipeline->next_stage = "Test";
    EXPECT_EQ(shown(event), R"(title:  ✅ Stage "Build" passed
url:    https://ci.example/1234
colour: #2da44e
fields:
  ▪ Duration: 1m 45s
  ▪ Next: Test
  ▪ Project: PhiGEN
  ▪ Branch: `main`
  ▪ Pipeline: #1234
footer: CI
)");
}

TEST(Pipelines, AStageThatFailedDoesNotSayItsNameTwice) {
    event::Event event = make("stage", "failed", Conclusion::none);
    event.pipeline->stage = "unit-tests";
    event.pipeline->stages = {{"unit-tests", "", Conclusion::failure, std::chrono::seconds(71)}};
    event.pipeline->jobs = {job("unit-tests", "unit-tests", Conclusion::failure, "3 tests failed")};
    EXPECT_EQ(shown(event), R"(title:  ❌ Stage "unit-tests" failed
url:    https://ci.example/1234
colour: #da3633
fields:
  ▬ Error: 3 tests failed
  ▪ Logs: [View logs](https://ci.example/jobs/unit-tests)
  ▪ Duration: 1m 11s
  ▪ Project: PhiGEN
  ▪ Branch: `main`
  ▪ Pipeline: #1234
footer: CI
)");
    EXPECT_EQ(plain_message(event).content,
              "❌ Stage \"unit-tests\" failed in PhiGEN: <https://ci.example/1234>");
}

TEST(Pipelines, FailedInOneJob) {
    event::Event event = make("pipeline", "failed", Conclusion::failure);
    event.pipeline->jobs = {job("compile", "Build", Conclusion::success),
                            job("unit-tests", "Test", Conclusion::failure, "3 tests failed")};
    EXPECT_EQ(shown(event), R"(title:  ❌ Pipeline Failed
url:    https://ci.example/1234
colour: #da3633
fields:
  ▪ Stage: Test
  ▪ Job: unit-tests
  ▬ Error: 3 tests failed
  ▪ Logs: [View logs](https://ci.example/jobs/unit-tests)
  ▪ Project: PhiGEN
  ▪ Branch: `main`
  ▪ Triggered by: @STRYK
  ▪ Pipeline: #1234
footer: CI
)");
}

TEST(Pipelines, FailedInSeveralJobsOfSeveralStages) {
    event::Event event = make("pipeline", "failed", Conclusion::failure);
    event.pipeline->stages = {{"Build", "", Conclusion::success, std::nullopt},
                              {"Test", "", Conclusion::failure, std::nullopt},
                              {"Deploy", "", Conclusion::skipped, std::nullopt}};
    for (int i = 0; i < 7; ++i) {
        event.pipeline->jobs.push_back(
            job(fmt::format("test {}", i), "Test", Conclusion::failure, "exit code 1"));
    }
    event.pipeline->jobs.push_back(job("lint", "Test", Conclusion::failure));
    event.pipeline->jobs.back().is_allowed_to_fail = true;
    event.pipeline->run.trigger = "schedule";
    EXPECT_EQ(shown(event), R"(title:  ❌ Pipeline Failed
url:    https://ci.example/1234
colour: #da3633
fields:
  ▪ Stage: Test
  ▬ Jobs:
      [test 0](https://ci.example/jobs/test%200): exit code 1
      [test 1](https://ci.example/jobs/test%201): exit code 1
      [test 2](https://ci.example/jobs/test%202): exit code 1
      [test 3](https://ci.example/jobs/test%203): exit code 1
      [test 4](https://ci.example/jobs/test%204): exit code 1
      …and 2 more
  ▪ Logs: [View logs](https://ci.example/1234)
  ▪ Project: PhiGEN
  ▪ Branch: `main`
  ▪ Triggered by: schedule
  ▪ Pipeline: #1234
  ▬ Stages: ✅ Build → ❌ Test → ⏭️ Deploy
  ▬ Allowed to fail: [lint](https://ci.example/jobs/lint)
footer: CI
)");
}

TEST(Pipelines, AnErrorOfManyLinesIsItsEnd) {
    event::Event event = make("pipeline", "failed", Conclusion::failure);
    event.pipeline->error = "1\n2\n3\n4\n5\n6\n7 ``` @everyone\nERROR: 3 tests failed\n";
    const std::string text = shown(event);
    EXPECT_NE(text.find("      3\n      4\n      5\n      6\n"), std::string::npos) << text;
    EXPECT_NE(text.find("ERROR: 3 tests failed\n      ```"), std::string::npos) << text;
    EXPECT_EQ(text.find("      2\n"), std::string::npos) << text;
}

TEST(Pipelines, EveryEndHasItsWords) {
    const struct {
        Conclusion conclusion;
        std::string_view pipeline, stage, job;
    } cases[] = {
        {Conclusion::success, "✅ Pipeline Passed", "✅ Stage \"Test\" passed", "✅ Job \"unit\" passed"},
        {Conclusion::failure, "❌ Pipeline Failed", "❌ Stage \"Test\" failed", "❌ Job \"unit\" failed"},
        {Conclusion::cancelled, "⏹️ Pipeline Cancelled", "⏹️ Stage \"Test\" was cancelled",
         "⏹️ Job \"unit\" was cancelled"},
        {Conclusion::skipped, "⏭️ Pipeline Skipped", "⏭️ Stage \"Test\" was skipped",
         "⏭️ Job \"unit\" was skipped"},
        {Conclusion::timed_out, "⏰ Pipeline Timed Out", "⏰ Stage \"Test\" timed out",
         "⏰ Job \"unit\" timed out"},
        {Conclusion::action_required, "✋ Pipeline Waiting", "✋ Stage \"Test\" waits for an approval",
         "✋ Job \"unit\" waits for an approval"},
    };
    for (const auto& [conclusion, pipeline, stage, job_title] : cases) {
        EXPECT_EQ(to_message(make("pipeline", "x", conclusion)).embeds.at(0).title, pipeline);
        event::Event event = make("stage", "x", Conclusion::none);
        event.pipeline->stage = "Test";
        event.pipeline->stages = {{"Test", "", conclusion, std::nullopt}};
        EXPECT_EQ(to_message(event).embeds.at(0).title, stage);
        event.job = job("unit", "Test", conclusion);
        EXPECT_EQ(to_message(event).embeds.at(0).title, job_title);
    }
}

TEST(Pipelines, AJobTellsItsStageItsErrorAndItsLogs) {
    event::Event event = make("job", "failed", Conclusion::none);
    event.job = job("unit-tests", "Test", Conclusion::failure, "3 tests failed");
    EXPECT_EQ(shown(event), R"(title:  ❌ Job "unit-tests" failed
url:    https://ci.example/1234
colour: #da3633
fields:
  ▪ Stage: Test
  ▬ Error: 3 tests failed
  ▪ Logs: [View logs](https://ci.example/jobs/unit-tests)
  ▪ Project: PhiGEN
  ▪ Branch: `main`
  ▪ Triggered by: @STRYK
  ▪ Pipeline: #1234
footer: CI
)");
    event.job->is_allowed_to_fail = true;
    EXPECT_EQ(to_message(event).embeds.at(0).title, "⚠️ Job \"unit-tests\" failed, as it is allowed to");
}

TEST(Pipelines, WhatIsNotToldIsNotShown) {
    event::Event event;
    event.name = "pipeline";
    event.pipeline.emplace();
    EXPECT_EQ(shown(event), "title:  ⏳ Pipeline\nurl:    \ncolour: #1f6feb\nfooter: GitHub\n");
    event.pipeline.reset();
    event.job.emplace();
    event.action = "failed";
    event.job->conclusion = Conclusion::failure;
    EXPECT_EQ(to_message(event).embeds.at(0).title, "❌ Job failed");
    event.job.reset();
    event.deployment.emplace();
    event.name = "deployment";
    event.action = "success";
    EXPECT_EQ(shown(event), "title:  🚢 Deployment: success\nurl:    \ncolour: #2da44e\nfooter: GitHub\n");
}

TEST(Pipelines, ADeploymentTellsWhereAndWhat) {
    event::Event event;
    event.service = event::Service::gitlab;
    event.name = "deployment";
    event.action = "success";
    event.url = "https://phigen.example";
    event.actor = event::Actor{"STRYK", "https://gitlab.example/STRYK", "", false};
    event::Deployment& deployment = event.deployment.emplace();
    deployment.environment = "production";
    deployment.ref = "main";
    deployment.commit = "42f0c7d8bf6bd2e5ea5596a14b379370fb89f8b1";
    deployment.commit_title = "Fix encryption bug";
    deployment.commit_url = "https://gitlab.example/c/42f0c7d";
    deployment.log_url = "https://gitlab.example/jobs/9";
    EXPECT_EQ(shown(event), R"(title:  🚢 Deployed to production
url:    https://phigen.example
colour: #2da44e
fields:
  ▪ By: [@STRYK](https://gitlab.example/STRYK)
  ▪ Branch: `main`
  ▬ Commit: "Fix encryption bug" [`42f0c7d`](https://gitlab.example/c/42f0c7d)
  ▪ Logs: [View logs](https://gitlab.example/jobs/9)
footer: GitLab
)");
}

TEST(Pipelines, MergeRequestsAreCalledSo) {
    event::Event event;
    event.name = "pr";
    event.action = "opened";
    event.pr.emplace().number = 45;
    EXPECT_EQ(to_message(event).embeds.at(0).title, "📋 New Pull Request #45");
    event.has_merge_requests = true;
    EXPECT_EQ(to_message(event).embeds.at(0).title, "📋 New Merge Request !45");
    event.comment.emplace();
    event.name = "comment";
    event.action = "created";
    EXPECT_EQ(to_message(event).embeds.at(0).title, "💬 New comment on Merge Request !45");
}

}  // namespace
}  // namespace hookline::format
