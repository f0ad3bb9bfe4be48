// What a pipeline's payload means: its builds come in no order and no stage has a result of its own.
#include <gmock/gmock.h>

#include "base/iso_time.hpp"
#include "services/announced.hpp"
#include "services/gitlab/parse.hpp"
#include "services/gitlab/samples.hpp"

namespace hookline::services::gitlab {
namespace {

using event::Conclusion;
using testing::ElementsAre;

event::Event read(std::string_view event_type, std::string_view payload) {
    event::Delivery delivery;
    delivery.service = event::Service::ci;
    delivery.event_type = event_type;
    delivery.payload = payload;
    auto event = parse(delivery);
    EXPECT_TRUE(event) << event.error().detail;
    return event.value_or(event::Event{});
}

event::Event sample(std::string_view file) {
    for (const SampleFile& known : sample_files()) {
        if (known.name == file) {
            return read(file.substr(0, file.find('.')), known.text);
        }
    }
    ADD_FAILURE() << "no sample " << file;
    return {};
}

std::vector<Conclusion> stages(const event::Event& event) {
    std::vector<Conclusion> result;
    for (const event::Stage& stage : event.pipeline->stages) {
        result.push_back(stage.conclusion);
    }
    return result;
}

/// A pipeline of the stages a, b and c with these builds: {stage, status, allowed to fail}.
event::Event pipeline(std::string_view status,
                      std::vector<std::tuple<std::string_view, std::string_view, bool>> builds,
                      std::string_view more = "") {
    std::string list;
    for (const auto& [stage, build_status, is_allowed] : builds) {
        list += fmt::format(R"({}{{"stage": "{}", "status": "{}", "allow_failure": {}}})",
                            list.empty() ? "" : ",", stage, build_status, is_allowed);
    }
    return read("pipeline", fmt::format(R"({{"object_kind": "pipeline", "object_attributes": {{"status": "{}",
                                          "stages": ["a", "b", "c"]{}}}, "builds": [{}]}})",
                                        status, more, list));
}

TEST(ParsePipeline, Started) {
    const event::Event event = sample("pipeline.running");
    EXPECT_EQ(event.full_name(), "pipeline.started");
    EXPECT_EQ(event.pipeline->project, "Beacon");
    EXPECT_EQ(event.pipeline->stage, "build");
    EXPECT_EQ(event.pipeline->next_stage, "test");
    EXPECT_EQ(event.pipeline->run.branch, "main");
    EXPECT_EQ(event.pipeline->run.triggered_by, "isantos");
    EXPECT_EQ(event.pipeline->run.number, 1234);
    EXPECT_EQ(services::silent_by_default(event), "");
}

TEST(ParsePipeline, AStageHasPassed) {
    const event::Event event = sample("pipeline.stage");
    EXPECT_EQ(event.full_name(), "stage.passed");
    EXPECT_EQ(event.pipeline->stage, "build");
    EXPECT_EQ(event.pipeline->next_stage, "test");
    EXPECT_EQ(event.pipeline->stages.front().duration, std::chrono::seconds(105));
    EXPECT_EQ(services::silent_by_default(event), "");
}

TEST(ParsePipeline, ARetryIsNoStart) {
    EXPECT_EQ(pipeline("running", {{"a", "success", false}, {"b", "running", false}},
                       R"(, "finished_at": "2026-11-23 10:14:36 UTC")")
                  .full_name(),
              "pipeline.resumed");
    EXPECT_EQ(pipeline("running", {{"a", "running", false}}, R"(, "finished_at": null)").full_name(),
              "pipeline.started");
}

TEST(ParsePipeline, FailedTellsTheJobItsStageAndTheReason) {
    const event::Event event = sample("pipeline.failed");
    EXPECT_EQ(event.full_name(), "pipeline.failed");
    EXPECT_EQ(event.pipeline->stage, "test");
    EXPECT_EQ(event.pipeline->next_stage, "");
    EXPECT_EQ(event.pipeline->run.duration, std::chrono::seconds(195));
    EXPECT_THAT(stages(event), ElementsAre(Conclusion::success, Conclusion::failure, Conclusion::skipped));
    std::vector<std::string> names;
    for (const event::Job& job : event.pipeline->jobs) {
        names.push_back(job.name);
    }
    EXPECT_THAT(names, ElementsAre("compile", "unit-tests", "lint", "production"));
    const event::Job& job = event.pipeline->jobs.at(1);
    EXPECT_EQ(job.conclusion, Conclusion::failure);
    EXPECT_EQ(job.error, "script failure");
    EXPECT_EQ(job.url, "https://gitlab.example.com/nova-labs/beacon/-/jobs/8802");
    EXPECT_EQ(iso_time(event.time), "2026-11-23T10:14:36.000Z");
}

TEST(ParsePipeline, TheResultOfAStageFollowsFromItsJobs) {
    const struct {
        std::vector<std::tuple<std::string_view, std::string_view, bool>> builds;
        Conclusion conclusion;
    } cases[] = {
        {{{"a", "success", false}, {"a", "success", false}}, Conclusion::success},
        {{{"a", "success", false}, {"a", "failed", true}}, Conclusion::success},
        {{{"a", "success", false}, {"a", "failed", false}}, Conclusion::failure},
        {{{"a", "running", false}, {"a", "failed", false}}, Conclusion::failure},
        {{{"a", "success", false}, {"a", "running", false}}, Conclusion::none},
        {{{"a", "success", false}, {"a", "manual", true}}, Conclusion::success},
        {{{"a", "success", false}, {"a", "manual", false}}, Conclusion::action_required},
        {{{"a", "skipped", false}, {"a", "skipped", false}}, Conclusion::skipped},
        {{{"a", "skipped", false}, {"a", "success", false}}, Conclusion::success},
        {{{"a", "success", false}, {"a", "canceled", false}}, Conclusion::cancelled},
        {{{"b", "success", false}}, Conclusion::none},
        {{{"a", "brand_new", false}}, Conclusion::none},
    };
    for (const auto& [builds, conclusion] : cases) {
        EXPECT_EQ(stages(pipeline("success", builds)).front(), conclusion)
            << std::get<1>(builds.front()) << builds.size();
    }
}

TEST(ParsePipeline, EveryStatusHasItsName) {
    const struct {
        std::string_view status, action;
        Conclusion conclusion;
    } cases[] = {
        {"created", "created", Conclusion::none},
        {"waiting_for_resource", "waiting_for_resource", Conclusion::none},
        {"preparing", "preparing", Conclusion::none},
        {"pending", "pending", Conclusion::none},
        {"running", "started", Conclusion::none},
        {"success", "passed", Conclusion::success},
        {"failed", "failed", Conclusion::failure},
        {"canceling", "cancelling", Conclusion::none},
        {"canceled", "cancelled", Conclusion::cancelled},
        {"skipped", "skipped", Conclusion::skipped},
        {"manual", "action_required", Conclusion::action_required},
        {"scheduled", "scheduled", Conclusion::none},
        {"brand_new", "brand_new", Conclusion::none},
    };
    for (const auto& [status, action, conclusion] : cases) {
        const event::Event event = pipeline(status, {});
        EXPECT_EQ(event.action, action) << status;
        EXPECT_EQ(event.pipeline->run.conclusion, conclusion) << status;
    }
}

TEST(ParsePipeline, ThousandsOfJobsKeepTheFailedOnes) {
    std::vector<std::tuple<std::string_view, std::string_view, bool>> builds(1500, {"a", "success", false});
    builds.emplace_back("b", "failed", false);
    const event::Event event = pipeline("failed", builds);
    EXPECT_EQ(event.pipeline->jobs.size(), 100U);
    EXPECT_EQ(event.pipeline->jobs.front().stage, "b");
    EXPECT_THAT(stages(event), ElementsAre(Conclusion::success, Conclusion::failure, Conclusion::none));
}

TEST(ParsePipeline, DurationsAreClamped) {
    for (const auto& [duration, seconds] :
         {std::pair{"-5", 0LL}, std::pair{"63", 63LL}, std::pair{"9223372036854775807", 315'360'000LL}}) {
        EXPECT_EQ(
            pipeline("success", {}, fmt::format(R"(, "duration": {})", duration)).pipeline->run.duration,
            std::chrono::seconds(seconds));
    }
    EXPECT_EQ(pipeline("success", {}, R"(, "duration": null)").pipeline->run.duration, std::nullopt);
}

TEST(ParsePipeline, ThoseOfMergeRequestsAndTagsSaySo) {
    EXPECT_THAT(sample("pipeline.failed_jobs").pipeline->run.pull_requests, ElementsAre(45));
    const event::Event tag = pipeline("success", {}, R"(, "ref": "v2.3.0", "tag": true)");
    EXPECT_TRUE(tag.pipeline->run.is_for_tag);
    EXPECT_EQ(tag.branch, "");
}

TEST(ParseJob, IsToldByItsPipeline) {
    const event::Event event = sample("job.failed");
    EXPECT_EQ(event.full_name(), "job.failed");
    EXPECT_EQ(event.told_by, "pipeline");
    EXPECT_EQ(event.job->stage, "test");
    EXPECT_EQ(event.job->error, "script failure");
    EXPECT_EQ(event.job->duration, std::chrono::seconds(97));
    EXPECT_EQ(event.url, "https://gitlab.example.com/nova-labs/beacon/-/jobs/8802");
    EXPECT_EQ(event.pipeline->run.number, 1234);
    EXPECT_EQ(sample("job.failed_allowed").pipeline->run.attempt, 2);
}

TEST(ParseJob, AReasonIsOneOnlyOfAJobThatFailed) {
    EXPECT_EQ(sample("job.success").job->error, "");
    EXPECT_EQ(sample("job.running").full_name(), "job.started");
    EXPECT_EQ(sample("job.running").job->duration, std::nullopt);
    const event::Event event = read("job", R"({"object_kind": "build", "build_status": "failed",
                                               "build_failure_reason": "job_execution_timeout"})");
    EXPECT_EQ(event.job->conclusion, Conclusion::timed_out);
    EXPECT_EQ(event.full_name(), "job.failed");
}

TEST(ParseDeployment, LeadsToWhatWasDeployedOrToItsLog) {
    const event::Event success = sample("deployment.success");
    EXPECT_EQ(success.full_name(), "deployment.success");
    EXPECT_EQ(success.url, "https://beacon.example.com");
    EXPECT_EQ(success.deployment->environment, "production");
    EXPECT_EQ(success.deployment->commit, "5937ac0a7beb003549fc5fd26fc247adbce4a52e");
    EXPECT_EQ(iso_time(success.time), "2026-11-23T10:15:40.000Z");
    const event::Event failed = sample("deployment.failed");
    EXPECT_EQ(failed.full_name(), "deployment.failure");
    EXPECT_EQ(failed.url, "https://gitlab.example.com/nova-labs/beacon/-/jobs/8804");
    EXPECT_EQ(sample("deployment.running").full_name(), "deployment.in_progress");
    EXPECT_EQ(sample("deployment.canceled").full_name(), "deployment.cancelled");
    const event::Event blocked = sample("deployment.blocked");
    EXPECT_EQ(blocked.full_name(), "deployment.waiting");
    EXPECT_EQ(blocked.url, "https://gitlab.example.com/nova-labs/beacon/-/environments");
}

}  // namespace
}  // namespace hookline::services::gitlab
