#include "services/ci/tell.hpp"

#include <fmt/format.h>

#include "services/payload.hpp"

namespace hookline::services::ci {

namespace {

// What GitHub and CircleCI tell in two: the end of a run, and each of its jobs.
constexpr std::string_view github_run = "github:workflow_run";
constexpr std::string_view github_job = "github:workflow_job";
constexpr std::string_view circleci_run = "circleci:workflow-completed";
constexpr std::string_view circleci_job = "circleci:job-completed";

/// "hello-hook" of "octo-org/hello-hook".
std::string short_name(const std::optional<event::Repository>& repository) {
    if (!repository) {
        return {};
    }
    const std::string& name = repository->full_name;
    return name.substr(name.rfind('/') + 1);
}

/// GitHub: a workflow run.
void tell_run(event::Event& event) {
    event::Pipeline pipeline;
    pipeline.run = std::move(*event.workflow);
    pipeline.project = short_name(event.repo);
    pipeline.error = pipeline.run.detail;
    event.workflow.reset();
    event.rest_in = github_job;
    event.name = "pipeline";
    event.pipeline = std::move(pipeline);
}

/// GitHub: a job of a workflow run, as pipeline and job.
void split_job(event::Event& event, const event::Delivery& delivery) {
    const event::Run job_run = std::move(*event.workflow);
    event.workflow.reset();
    event::Job job;
    job.id = job_run.id;
    job.name = job_run.name;
    job.url = job_run.url;
    job.status = job_run.status;
    job.conclusion = job_run.conclusion;
    job.duration = job_run.duration;
    job.error = job_run.detail.empty() ? "" : fmt::format("Step “{}” failed", job_run.detail);
    event::Pipeline pipeline;
    event::Run& run = pipeline.run;
    // GitHub's adapter names the job alone; which run it is of, its payload tells.
    const auto document = Document::parse(delivery.payload);
    run.id = document ? document->root()["workflow_job"]["run_id"].integer_or(0) : 0;
    run.attempt = job_run.attempt;
    run.name = job_run.title;
    run.branch = job_run.branch;
    run.commit = job_run.commit;
    run.commit_url = job_run.commit_url;
    run.url = job_run.url.substr(0, job_run.url.find("/job/"));
    pipeline.project = short_name(event.repo);
    event.job = std::move(job);
    event.pipeline = std::move(pipeline);
}

void tell_stage(event::Event& event, std::string_view run_event) {
    event::Job job = std::move(*event.job);
    event.job.reset();
    job.stage = job.name;
    event::Pipeline& pipeline = *event.pipeline;
    pipeline.stage = job.name;
    pipeline.stages = {event::Stage{job.name, job.status, job.conclusion, job.duration}};
    pipeline.error = job.error;
    event.name = "stage";
    // Only what failed is told again: with the jobs that were told before, the run's end names it (room
    // pipeline).
    event.told_by = event.action == "failed" ? "pipeline" : "";
    event.rest_in = run_event;
    event.title = job.name;
    event.message = job.error;
    event.url = job.url;
    pipeline.jobs = {std::move(job)};
}

}  // namespace

event::Event as_ci_event(event::Event event, const event::Delivery& delivery) {
    if (event.name == "workflow" && event.workflow) {
        tell_run(event);
    } else if (event.name == "job" && event.workflow) {
        split_job(event, delivery);
        tell_stage(event, github_run);
    } else if (event.name == "job" && event.job && event.pipeline &&
               delivery.service == event::Service::circleci) {
        tell_stage(event, circleci_run);
    } else if (event.name == "pipeline" && delivery.service == event::Service::circleci) {
        event.rest_in = circleci_job;
    }
    return event;
}

}  // namespace hookline::services::ci
