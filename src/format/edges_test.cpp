// What senders really send on their bad days, each a sample with a few values changed: accounts that are
// gone, forks that are gone, nothing or too much of everything, clocks that run backwards, scripts that run
// from right to left.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "format/format.hpp"
#include "format/testing/readable.hpp"
#include "format/testing/unreadable.hpp"
#include "message/limits.hpp"
#include "services/service.hpp"

namespace hookline::format {
namespace {

namespace json = boost::json;
using event::Service;

struct Edit {
    std::string_view pointer, value;  // RFC 6901; JSON
};

struct Case {
    std::string_view what;
    Service service;
    std::string_view sample;  // by name; the first of it
    std::vector<Edit> edits;
    std::vector<std::string_view> tells;
    std::vector<std::string_view> tells_not;
};

json::value sample_payload(const services::ServiceAdapter& adapter, std::string_view name,
                           std::string& event_type) {
    for (const services::Sample& sample : adapter.samples()) {
        if (sample.name == name) {
            event_type = sample.event_type;
            return json::parse(sample.payload);
        }
    }
    ADD_FAILURE() << "no sample " << name;
    return json::object();
}

std::string told(const Case& edge) {
    const services::ServiceAdapter& adapter = *services::find_adapter(edge.service);
    event::Delivery delivery;
    delivery.service = edge.service;
    json::value payload = sample_payload(adapter, edge.sample, delivery.event_type);
    for (const Edit& edit : edge.edits) {
        boost::system::error_code error;
        json::value* place = payload.find_pointer(edit.pointer, error);
        if (place == nullptr) {
            ADD_FAILURE() << edge.what << ": the sample has no " << edit.pointer;
            return {};
        }
        *place = json::parse(edit.value);
    }
    delivery.payload = json::serialize(payload);
    const auto event = adapter.parse(delivery);
    EXPECT_TRUE(event) << edge.what;
    if (!event) {
        return {};
    }
    EXPECT_TRUE(message::broken_limits(plain_message(*event)).empty()) << edge.what;
    const message::Message message = to_message(*event);
    EXPECT_TRUE(message::broken_limits(message).empty()) << edge.what;
    EXPECT_EQ(unreadable_part(message), "") << edge.what << "\n" << readable(message);
    return readable(message);
}

void check(const std::vector<Case>& cases) {
    for (const Case& edge : cases) {
        const std::string text = told(edge);
        for (const std::string_view fact : edge.tells) {
            EXPECT_NE(text.find(fact), std::string::npos) << edge.what << ": “" << fact << "” is missing in\n"
                                                          << text;
        }
        for (const std::string_view other : edge.tells_not) {
            EXPECT_EQ(text.find(other), std::string::npos) << edge.what << ": “" << other << "” is in\n"
                                                           << text;
        }
    }
}

TEST(Edges, GitLab) {
    check({
        {"the account is gone",
         Service::gitlab,
         "push",
         {{"/user_name", "null"}, {"/user_username", "null"}, {"/user_avatar", "null"}},
         {"Push to main"},
         {}},
        {"no commits",
         Service::gitlab,
         "push",
         {{"/commits", "[]"}, {"/total_commits_count", "0"}},
         {"Push to"},
         {}},
        {"thousands of commits",
         Service::gitlab,
         "push",
         {{"/total_commits_count", "12345"}},
         {"12,345"},
         {}},
        {"a commit's author is nobody",
         Service::gitlab,
         "push",
         {{"/commits/0/author", "null"}},
         {"Push to"},
         {}},
        {"the fork is gone",
         Service::gitlab,
         "pr.opened",
         {{"/object_attributes/source", "null"}, {"/object_attributes/last_commit", "null"}},
         {"New Merge Request !"},
         {}},
        {"nobody opened it", Service::gitlab, "pr.opened", {{"/user", "null"}}, {"New Merge Request !"}, {}},
        {"from right to left",
         Service::gitlab,
         "issue.opened",
         {{"/object_attributes/title", "\"\\u202Eمرحبا بالعالم\\u202C 🏳️‍🌈\""}},
         {"مرحبا بالعالم"},
         {"\u202E"}},
        {"a manual job waits", Service::gitlab, "pipeline.action_required", {}, {"Waiting for"}, {}},
        {"cancelled", Service::gitlab, "pipeline.cancelled", {{"/user", "null"}}, {"Cancelled"}, {"Error"}},
        {"skipped", Service::gitlab, "pipeline.skipped", {{"/commit", "null"}}, {"Skipped"}, {"Error"}},
        {"timed out",
         Service::gitlab,
         "job.failed",
         {{"/build_failure_reason", "\"job_execution_timeout\""}},
         {"timed out", "job execution timeout"},
         {}},
        {"a rerun", Service::gitlab, "job.failed", {{"/retries_count", "2"}}, {"Attempt: 3"}, {}},
        {"clocks run backwards",
         Service::gitlab,
         "pipeline.failed",
         {{"/object_attributes/duration", "-5"}, {"/builds/0/duration", "-1.5"}},
         {"Pipeline Failed"},
         {"Duration: -"}},
        {"a deployment of nothing",
         Service::gitlab,
         "deployment.failure",
         {{"/commit_url", "null"}, {"/commit_title", "null"}, {"/short_sha", "null"}, {"/user", "null"}},
         {"Deployment to production failed"},
         {"Commit"}},
    });
}

TEST(Edges, Jenkins) {
    check({
        {"aborted",
         Service::jenkins,
         "pipeline.cancelled",
         {{"/build/log", "\"Aborted by \\u202Ex\""}},
         {"Cancelled"},
         {"Error"}},
        {"not built",
         Service::jenkins,
         "pipeline.passed",
         {{"/build/status", "\"NOT_BUILT\""}},
         {"Skipped"},
         {"Error"}},
        {"a status to come",
         Service::jenkins,
         "pipeline.passed",
         {{"/build/status", "\"MELTED\""}},
         {"Pipeline"},
         {}},
        {"clocks run backwards",
         Service::jenkins,
         "pipeline.passed",
         {{"/build/duration", "-204000"}},
         {"Pipeline Passed"},
         {"Duration: -"}},
        {"no source control",
         Service::jenkins,
         "pipeline.failed",
         {{"/build/scm", "null"}},
         {"Pipeline Failed"},
         {"Commit", "Branch"}},
        {"a job from right to left",
         Service::jenkins,
         "pipeline.passed",
         {{"/name", "\"\\u202Eעברית\""},
          {"/display_name", "\"\\u202Eעברית\""},
          {"/build/scm/branch", "\"\\u202Eסניף\""}},
         {"סניף"},
         {"\u202E"}},
        {"thousands of failed tests",
         Service::jenkins,
         "pipeline.failed",
         {{"/build/log", "\"\""}, {"/build/artifacts", "{}"}, {"/build/scm/culprits", "[null, 7, \"\"]"}},
         {"Pipeline Failed"},
         {}},
    });
}

TEST(Edges, CircleCi) {
    check({
        {"nobody triggered it",
         Service::circleci,
         "pipeline.failed",
         {{"/pipeline/vcs/commit", "null"}},
         {"Pipeline Failed"},
         {"Triggered by"}},
        {"clocks run backwards",
         Service::circleci,
         "pipeline.failed",
         {{"/workflow/stopped_at", "\"2026-11-23T09:12:39Z\""}},
         {"Pipeline Failed"},
         {"Duration: -"}},
        {"it never stopped",
         Service::circleci,
         "pipeline.failed",
         {{"/workflow/stopped_at", "null"}},
         {"Pipeline Failed"},
         {"Duration"}},
        {"not run",
         Service::circleci,
         "pipeline.passed",
         {{"/workflow/status", "\"not_run\""}},
         {"Skipped"},
         {"Error"}},
        {"no right to it",
         Service::circleci,
         "pipeline.passed",
         {{"/workflow/status", "\"unauthorized\""}},
         {"Could Not Start", "Not authorized"},
         {"Duration"}},
        {"neither branch nor tag",
         Service::circleci,
         "pipeline.passed",
         {{"/pipeline/vcs/branch", "null"}},
         {"Pipeline Passed"},
         {"Branch"}},
        {"from right to left",
         Service::circleci,
         "pipeline.failed",
         {{"/workflow/name", "\"\\u2067بناء\\u2069\""}, {"/pipeline/vcs/commit/subject", "\"\\u202Eإصلاح\""}},
         {"بناء", "إصلاح"},
         {"\u202E"}},
    });
}

TEST(Edges, Docker) {
    check({
        {"nobody pushed it",
         Service::docker,
         "image.pushed",
         {{"/push_data/pusher", "null"}},
         {"pushed"},
         {"Pushed by"}},
        {"the time is a fraction",
         Service::docker,
         "image.pushed",
         {{"/push_data/pushed_at", "1795428961.5"}},
         {"Image phigen-bot:1.4.0 pushed"},
         {}},
        {"no page",
         Service::docker,
         "image.pushed",
         {{"/repository/repo_url", "null"}},
         {"phigen-bot:1.4.0"},
         {}},
        {"a name from right to left",
         Service::docker,
         "image.pushed",
         {{"/repository/name", "\"\\u202Eصورة\""}, {"/repository/repo_name", "\"a/\\u202Eصورة\""}},
         {"صورة"},
         {"\u202E"}},
        {"whoever deleted it is not known",
         Service::docker,
         "image.deleted",
         {{"/events/0/actor", "{}"}},
         {"deleted"},
         {"By:"}},
        {"the size makes no sense",
         Service::docker,
         "image.pulled",
         {{"/events/0/target/size", "-1"}},
         {"pulled"},
         {"Size"}},
    });
}

TEST(Edges, AllCi) {
    check({
        {"the account is gone",
         Service::ci,
         "pipeline.started",
         {{"/workflow_run/triggering_actor", "null"}, {"/workflow_run/actor", "null"}, {"/sender", "null"}},
         {"Pipeline Started", "Project", "hello-hook"},
         {}},
        {"clocks run backwards",
         Service::ci,
         "stage.passed",
         {{"/workflow_job/completed_at", "\"2000-01-01T00:00:00Z\""}},
         {"Stage \"build\" passed", "Duration: 0s"},
         {}},
        {"no step failed",
         Service::ci,
         "stage.failed",
         {{"/workflow_job/steps", "[]"}},
         {"Stage \"unit-tests"},
         {"Error"}},
        {"timed out",
         Service::ci,
         "stage.failed",
         {{"/workflow_job/conclusion", "\"timed_out\""}},
         {"Stage \"unit-tests (3.12)\" timed out"},
         {}},
        {"from right to left",
         Service::ci,
         "stage.failed",
         {{"/workflow_job/name", "\"\\u202Eاختبار\""}},
         {"اختبار"},
         {"\u202E"}},
        {"a rerun", Service::ci, "pipeline.failed", {{"/workflow_run/run_attempt", "7"}}, {"Attempt: 7"}, {}},
    });
}

}  // namespace
}  // namespace hookline::format
