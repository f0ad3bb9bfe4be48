#include "services/ci/tell.hpp"

#include <fmt/format.h>

#include "services/payload.hpp"

namespace hookline::services::ci {

namespace {

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

void tell_stage(event::Event& event) {
    event::Job job = std::move(*event.job);
    event.job.reset();
    job.stage = job.name;
    event::Pipeline& pipeline = *event.pipeline;
    pipeline.stage = job.name;
    pipeline.stages = {event::Stage{job.name, job.status, job.conclusion, job.duration}};
    pipeline.error = job.error;
    event.name = "stage";
    event.told_by.clear();  // the pipeline's end does not name its stages
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
        tell_stage(event);
    } else if (event.name == "job" && event.job && event.pipeline &&
               delivery.service == event::Service::circleci) {
        tell_stage(event);
    }
    return event;
}

}  // namespace hookline::services::ci
