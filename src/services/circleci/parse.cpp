#include "services/circleci/parse.hpp"

#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "services/circleci/circleci.hpp"
#include "services/payload.hpp"
#include "services/runs.hpp"

namespace hookline::services::circleci {

namespace {

using event::Conclusion;

constexpr std::array endings{
    RunEnding{"success", Conclusion::success, "passed"},
    RunEnding{"failed", Conclusion::failure, "failed"},
    RunEnding{"error", Conclusion::startup_failure, "failed"},
    RunEnding{"unauthorized", Conclusion::startup_failure, "failed"},
    RunEnding{"canceled", Conclusion::cancelled, "cancelled"},
    RunEnding{"not_run", Conclusion::skipped, "skipped"},
    RunEnding{"blocked", Conclusion::skipped, "skipped"},
};

/// What the word for a bad end says beyond "failed".
std::string error_of(std::string_view status) {
    if (status == "unauthorized") {
        return "Not authorized: whoever triggered it may not use a context of this workflow";
    }
    return status == "error" ? "The workflow could not be run: see its configuration" : "";
}

std::string first_text(std::initializer_list<Node> nodes) {
    for (const Node& node : nodes) {
        std::string text = node.text();
        if (!text.empty()) {
            return text;
        }
    }
    return {};
}

/// What ran, from whichever of the two shapes the pipeline has: `vcs` (GitHub OAuth, Bitbucket Cloud) or
/// `trigger_parameters` (GitHub App, GitLab).
void read_source(const Node& pipeline, event::Event& event, event::Run& run) {
    const Node vcs = pipeline["vcs"];
    const Node parameters = pipeline["trigger_parameters"];
    const Node git = parameters["git"];
    const Node gitlab = parameters["gitlab"];
    const Node app = parameters["github_app"];
    event.repo = repository_of_remote(first_text({vcs["target_repository_url"], vcs["origin_repository_url"],
                                                  gitlab["web_url"], app["repo_url"], git["repo_url"]}));
    run.branch = first_text({vcs["branch"], git["branch"]});
    if (run.branch.empty()) {
        run.branch = first_text({vcs["tag"], git["tag"]});
        run.is_for_tag = !run.branch.empty();
    }
    run.commit = first_text({vcs["revision"], git["checkout_sha"], app["checkout_sha"]});
    run.title = first_text({vcs["commit"]["subject"], gitlab["commit_title"], app["commit_title"]});
    run.triggered_by =
        first_text({gitlab["user_username"], app["user_username"], vcs["commit"]["author"]["name"],
                    gitlab["commit_author_name"], app["commit_author_name"], vcs["commit"]["author_name"]});
    run.trigger = pipeline["trigger"]["type"].text();
    if (run.trigger.starts_with("schedule")) {
        run.trigger = "schedule";
    }
    if (event.repo) {
        run.commit_url = commit_page(*event.repo, run.commit);
    }
}

event::Pipeline pipeline_of(const Node& payload, event::Event& event) {
    const Node workflow = payload["workflow"];
    event::Pipeline pipeline;
    pipeline.project = payload["project"]["name"].text();
    event::Run& run = pipeline.run;
    run.number = payload["pipeline"]["number"].integer_or(0);
    run.name = workflow["name"].text();
    run.url = workflow["url"].text();
    read_source(payload["pipeline"], event, run);
    return pipeline;
}

void finish(event::Event& event, event::Pipeline pipeline) {
    const event::Run& run = pipeline.run;
    event.branch = run.branch;
    event.commit = run.commit;
    event.title = run.name;
    event.message = run.title;
    event.pipeline = std::move(pipeline);
}

void parse_workflow(const Node& payload, event::Event& event) {
    const Node workflow = payload["workflow"];
    event::Pipeline pipeline = pipeline_of(payload, event);
    event::Run& run = pipeline.run;
    run.status = workflow["status"].text();
    const RunEnding ending = ending_of(endings, run.status);
    run.conclusion = ending.conclusion;
    if (ending.conclusion != Conclusion::startup_failure) {
        run.duration = duration_between(workflow["created_at"].time(), workflow["stopped_at"].time());
    }
    pipeline.error = error_of(run.status);
    event.name = "pipeline";
    event.action = ending.action;
    event.url = run.url;
    event.time = workflow["stopped_at"].time().value_or(event.time);
    finish(event, std::move(pipeline));
}

void parse_job(const Node& payload, event::Event& event) {
    const Node node = payload["job"];
    event::Pipeline pipeline = pipeline_of(payload, event);
    event::Job job;
    const std::int64_t number = node["number"].integer_or(0);
    job.id = number;
    job.name = node["name"].text();
    job.status = node["status"].text();
    const RunEnding ending = ending_of(endings, job.status);
    job.conclusion = ending.conclusion;
    if (ending.conclusion != Conclusion::startup_failure) {
        job.duration = duration_between(node["started_at"].time(), node["stopped_at"].time());
    }
    job.error = error_of(job.status);
    // The API's documentation of a job's page: <workflow>/jobs/<number>.
    job.url = pipeline.run.url.empty() || number <= 0 ? pipeline.run.url
                                                      : fmt::format("{}/jobs/{}", pipeline.run.url, number);
    event.name = "job";
    event.action = ending.action;
    event.told_by = event.action == "failed" ? "pipeline" : "";
    event.url = job.url;
    event.time = node["stopped_at"].time().value_or(event.time);
    event.job = job;
    pipeline.jobs.push_back(std::move(job));
    finish(event, std::move(pipeline));
    event.title = event.job->name;
}

struct Row {
    std::string_view type;
    void (*parse)(const Node& payload, event::Event& event);
};
constexpr std::array rows{Row{"workflow-completed", parse_workflow}, Row{"job-completed", parse_job}};

}  // namespace

Result<event::Event> parse(const event::Delivery& delivery) {
    auto document = Document::parse(delivery.payload);
    if (!document) {
        return fail(document.error().code, "the payload is " + document.error().detail);
    }
    const Node payload = document->root();
    if (!payload.is_object()) {
        return fail(Errc::malformed,
                    fmt::format("the payload of “{}” is no JSON object", delivery.event_type));
    }
    event::Event event;
    event.id = delivery.id;
    event.service = delivery.service;
    event.is_test = delivery.is_test;
    event.provider_name = delivery.event_type;
    event.time = payload["happened_at"].time().value_or(delivery.received_at);
    if (delivery.event_type == "ping") {
        event.ping.emplace();
    }
    for (const Row& row : rows) {
        if (row.type == delivery.event_type) {
            row.parse(payload, event);
        }
    }
    return event;
}

std::span<const EventName> names() {
    static constexpr std::array list{
        EventName{"pipeline", "workflow-completed", "workflows that ended, whatever their end"},
        EventName{"pipeline.passed", "", "a workflow succeeded"},
        EventName{"pipeline.failed", "", "a workflow failed, could not run or was not authorized"},
        EventName{"pipeline.cancelled", "", "a workflow was cancelled"},
        EventName{"pipeline.skipped", "", "a workflow did not run"},
        EventName{"pipeline.neutral", "", "a workflow ended in another way"},
        EventName{"job", "job-completed", "jobs that failed"},
        EventName{"job.failed", "", "a job failed"},
        EventName{"job.passed", "", "a job succeeded"},
        EventName{"job.cancelled", "", "a job was cancelled"},
        EventName{"job.skipped", "", "a job did not run"},
        EventName{"job.neutral", "", "a job ended in another way"},
    };
    return list;
}

}  // namespace hookline::services::circleci
