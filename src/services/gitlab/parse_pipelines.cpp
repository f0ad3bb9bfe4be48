// What machines do: pipelines with their stages and jobs, deployments.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/text.hpp"
#include "services/gitlab/common.hpp"
#include "services/gitlab/parse.hpp"
#include "services/runs.hpp"

namespace hookline::services::gitlab {

namespace {

using event::Conclusion;
using event::Job;
using event::Pipeline;
using event::Stage;

constexpr std::size_t most_builds = 2000;  // that are looked at; GitLab's own limit for one pipeline is lower
constexpr std::size_t most_jobs = 100;     // that are kept

struct Status {
    std::string_view word;  // GitLab's, of pipelines and jobs
    Conclusion conclusion;
    std::string_view action;
};

/// GitLab, "Pipeline status". What has no row is not over and keeps its word as action.
constexpr std::array statuses{
    Status{"running", Conclusion::none, "started"},
    Status{"success", Conclusion::success, "passed"},
    Status{"failed", Conclusion::failure, "failed"},
    Status{"canceled", Conclusion::cancelled, "cancelled"},
    Status{"canceling", Conclusion::none, "cancelling"},
    Status{"skipped", Conclusion::skipped, "skipped"},
    Status{"manual", Conclusion::action_required, "action_required"},
};

Status status_of(std::string_view word) {
    for (const Status& status : statuses) {
        if (status.word == word) {
            return status;
        }
    }
    return {word, Conclusion::none, word};
}

/// "script failure" of "script_failure". On a job that did not fail it means nothing (GitLab keeps the
/// default there).
std::string error_of(Conclusion conclusion, std::string reason) {
    if (!event::is_failure(conclusion)) {
        return {};
    }
    std::replace(reason.begin(), reason.end(), '_', ' ');
    return reason;
}

std::optional<std::chrono::seconds> duration_of_seconds(const Node& node) {
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 1000;
    const auto seconds = node.integer();
    return seconds ? duration_of_milliseconds(std::clamp<std::int64_t>(*seconds, 0, most) * 1000)
                   : std::nullopt;
}

Conclusion conclusion_of_job(std::string_view status, std::string_view reason) {
    return status == "failed" && reason == "job_execution_timeout" ? Conclusion::timed_out
                                                                   : status_of(status).conclusion;
}

/// A job together with the times that its stage's duration is made of.
struct Build {
    Job job;
    std::optional<TimePoint> started, finished;
};

Build build_of(const Node& node, const event::Event& event) {
    Build build;
    Job& job = build.job;
    job.id = node["id"].integer_or(0);
    job.name = node["name"].text();
    job.stage = node["stage"].text();
    job.status = node["status"].text();
    job.conclusion = conclusion_of_job(job.status, node["failure_reason"].text());
    job.error = error_of(job.conclusion, node["failure_reason"].text());
    job.is_allowed_to_fail = node["allow_failure"].is_true();
    if (job.id > 0) {
        job.url = page(event, fmt::format("/-/jobs/{}", job.id));
    }
    build.started = node["started_at"].time();
    build.finished = node["finished_at"].time();
    job.duration = duration_between(build.started, build.finished);
    return build;
}

/// Whether the pipeline waits for nothing of this job: it ended, or nobody has to start it.
bool is_over(const Job& job) {
    return job.conclusion == Conclusion::action_required ? job.is_allowed_to_fail
                                                         : job.conclusion != Conclusion::none;
}

/// GitLab, "Webhook events", has no result of a stage: it follows from its jobs. A stage whose jobs are not
/// listed (they start other pipelines) stays undecided.
Stage stage_of(std::string name, const std::vector<Build>& builds) {
    Stage stage;
    stage.name = std::move(name);
    std::optional<TimePoint> first, last;
    std::size_t count = 0, over = 0, skipped = 0, cancelled = 0, waiting = 0;
    bool has_failed = false;
    for (const Build& build : builds) {
        const Job& job = build.job;
        if (job.stage != stage.name) {
            continue;
        }
        ++count;
        over += is_over(job) ? 1 : 0;
        skipped += job.conclusion == Conclusion::skipped ? 1 : 0;
        cancelled += job.conclusion == Conclusion::cancelled ? 1 : 0;
        waiting += job.conclusion == Conclusion::action_required && !job.is_allowed_to_fail ? 1 : 0;
        has_failed = has_failed || (event::is_failure(job.conclusion) && !job.is_allowed_to_fail);
        first = build.started && (!first || *build.started < *first) ? build.started : first;
        last = build.finished && (!last || *build.finished > *last) ? build.finished : last;
    }
    if (has_failed) {
        stage.conclusion = Conclusion::failure;
    } else if (count == 0 || over + waiting < count) {
        return stage;
    } else if (cancelled > 0) {
        stage.conclusion = Conclusion::cancelled;
    } else if (waiting > 0) {
        stage.conclusion = Conclusion::action_required;
    } else {
        stage.conclusion = skipped == count ? Conclusion::skipped : Conclusion::success;
    }
    if (over == count) {
        stage.duration = duration_between(first, last);
    }
    return stage;
}

bool has_ended_well(const Stage& stage) {
    return stage.conclusion == Conclusion::success || stage.conclusion == Conclusion::skipped;
}

/// Failed ones are kept before others: they are what a message names.
std::vector<Job> jobs_of(std::vector<Build> builds) {
    if (builds.size() > most_jobs) {
        std::stable_partition(builds.begin(), builds.end(),
                              [](const Build& build) { return event::is_failure(build.job.conclusion); });
        builds.resize(most_jobs);
    }
    std::vector<Job> jobs;
    jobs.reserve(builds.size());
    for (Build& build : builds) {
        jobs.push_back(std::move(build.job));
    }
    return jobs;
}

/// `builds` come in no useful order: by stage, within it as they were made.
std::vector<Build> builds_of(const Node& payload, const std::vector<std::string>& stages,
                             const event::Event& event) {
    std::vector<Build> builds;
    for (const Node& node : payload["builds"].items(most_builds)) {
        builds.push_back(build_of(node, event));
    }
    const auto place = [&](const Build& build) {
        return std::pair(std::find(stages.begin(), stages.end(), build.job.stage) - stages.begin(),
                         build.job.id);
    };
    std::stable_sort(builds.begin(), builds.end(),
                     [&](const Build& left, const Build& right) { return place(left) < place(right); });
    return builds;
}

void read_stages(const Node& payload, Pipeline& pipeline, const event::Event& event) {
    std::vector<std::string> names;
    for (const Node& name : payload["object_attributes"]["stages"].items()) {
        if (!name.text().empty()) {
            names.push_back(name.text());
        }
    }
    auto builds = builds_of(payload, names, event);
    for (std::string& name : names) {
        pipeline.stages.push_back(stage_of(std::move(name), builds));
    }
    pipeline.jobs = jobs_of(std::move(builds));
}

/// The stage that the pipeline is at: the first that did not end well.
void set_current_stage(Pipeline& pipeline) {
    const auto current = std::find_if_not(pipeline.stages.begin(), pipeline.stages.end(), has_ended_well);
    if (current != pipeline.stages.end()) {
        pipeline.stage = current->name;
        if (current + 1 != pipeline.stages.end()) {
            pipeline.next_stage = (current + 1)->name;
        }
    }
}

/// GitLab tells again that a pipeline runs: once a stage has passed and the next begins, and after a retry.
/// Its own end is set only in the second case.
void read_progress(const Node& attributes, Pipeline& pipeline, event::Event& event) {
    if (attributes["finished_at"].exists()) {
        event.action = "resumed";
        return;
    }
    const auto current = std::find_if_not(pipeline.stages.begin(), pipeline.stages.end(), has_ended_well);
    if (current == pipeline.stages.begin() || current == pipeline.stages.end()) {
        return;
    }
    const auto passed = current - 1;
    event.name = "stage";
    event.action = passed->conclusion == Conclusion::skipped ? "skipped" : "passed";
    pipeline.stage = passed->name;
    pipeline.next_stage = current->name;
}

/// The last part of ".../-/commit/<sha>".
std::string commit_in_url(const std::string& url) {
    const std::size_t slash = url.rfind('/');
    return slash == std::string::npos ? std::string() : url.substr(slash + 1);
}

void set_commit(event::Run& run, const event::Event& event, const Node& commit) {
    run.title = commit["title"].text();
    if (run.title.empty()) {
        run.title = std::string(first_line(trim(commit["message"].text())));
    }
    run.commit_url = commit["url"].text();
    if (run.commit_url.empty() && !run.commit.empty()) {
        run.commit_url = page(event, "/-/commit/" + path_encoded(run.commit));
    }
}

void set_pipeline(event::Event& event, Pipeline pipeline) {
    const event::Run& run = pipeline.run;
    event.branch = run.is_for_tag ? "" : run.branch;
    event.commit = run.commit;
    event.title = run.name.empty() ? run.title : run.name;
    event.message = run.title;
    event.url = run.url;
    event.pipeline = std::move(pipeline);
}

void parse_pipeline(const Node& payload, event::Event& event) {
    const Node attributes = payload["object_attributes"];
    Pipeline pipeline;
    event::Run& run = pipeline.run;
    run.id = attributes["id"].integer_or(0);
    run.number = run.id;  // what GitLab's pages show; `iid` is shown nowhere
    run.name = attributes["name"].text();
    run.status = attributes["status"].text();
    run.branch = attributes["ref"].text();
    run.is_for_tag = attributes["tag"].is_true();
    run.commit = attributes["sha"].text();
    run.trigger = attributes["source"].text();
    run.triggered_by = event.actor ? event.actor->login : "";
    run.url = attributes["url"].text();
    if (run.url.empty() && run.id > 0) {
        run.url = page(event, fmt::format("/-/pipelines/{}", run.id));
    }
    if (const auto number = payload["merge_request"]["iid"].integer()) {
        run.pull_requests.push_back(*number);
    }
    set_commit(run, event, payload["commit"]);
    const Status status = status_of(run.status);
    run.conclusion = status.conclusion;
    event.action = status.action;
    if (status.conclusion != Conclusion::none) {
        run.duration = duration_of_seconds(attributes["duration"]);
    }
    pipeline.project = payload["project"]["name"].text();
    read_stages(payload, pipeline, event);
    set_current_stage(pipeline);
    if (run.status == "running") {
        read_progress(attributes, pipeline, event);
    }
    if (status.conclusion != Conclusion::none) {
        pipeline.next_stage.clear();
        set_time(event, {attributes["finished_at"]});
    }
    set_pipeline(event, std::move(pipeline));
}

/// "Job Hook", whose payload is called "build" and is flat.
void parse_job(const Node& payload, event::Event& event) {
    Job job;
    job.id = payload["build_id"].integer_or(0);
    job.name = payload["build_name"].text();
    job.stage = payload["build_stage"].text();
    job.status = payload["build_status"].text();
    job.conclusion = conclusion_of_job(job.status, payload["build_failure_reason"].text());
    job.error = error_of(job.conclusion, payload["build_failure_reason"].text());
    job.is_allowed_to_fail = payload["build_allow_failure"].is_true();
    if (job.id > 0) {
        job.url = page(event, fmt::format("/-/jobs/{}", job.id));
    }
    if (job.conclusion != Conclusion::none) {
        job.duration =
            duration_between(payload["build_started_at"].time(), payload["build_finished_at"].time());
    }
    Pipeline pipeline;
    event::Run& run = pipeline.run;
    run.id = payload["pipeline_id"].integer_or(payload["commit"]["id"].integer_or(0));
    run.number = run.id;
    run.name = payload["commit"]["name"].text();
    run.branch = payload["ref"].text();
    run.is_for_tag = payload["tag"].is_true();
    run.commit = payload["sha"].text();
    run.triggered_by = event.actor ? event.actor->login : "";
    run.attempt = 1 + std::clamp<std::int64_t>(payload["retries_count"].integer_or(0), 0, 1000);
    set_commit(run, event, payload["commit"]);
    pipeline.project = payload["project"]["name"].text();
    pipeline.stage = job.stage;
    event.action = status_of(job.status).action;
    if (event.action == "failed") {
        event.told_by = "pipeline";
    }
    set_time(event, {payload["build_finished_at"], payload["build_started_at"], payload["build_created_at"]});
    set_pipeline(event, std::move(pipeline));
    event.title = job.name;
    event.url = job.url;
    event.job = std::move(job);
}

/// GitLab's words for a deployment in those of Hookline, which GitHub's set.
std::string deployment_action(std::string_view status) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> words{{{"running", "in_progress"},
                                                                                  {"failed", "failure"},
                                                                                  {"canceled", "cancelled"},
                                                                                  {"blocked", "waiting"},
                                                                                  {"approved", "queued"}}};
    for (const auto& [theirs, ours] : words) {
        if (theirs == status) {
            return std::string(ours);
        }
    }
    return std::string(status);
}

void parse_deployment(const Node& payload, event::Event& event) {
    event::Deployment deployment;
    deployment.id = payload["deployment_id"].integer_or(0);
    deployment.environment = payload["environment"].text();
    deployment.status = payload["status"].text();
    deployment.conclusion = status_of(deployment.status).conclusion;
    deployment.url = payload["environment_external_url"].text();
    deployment.log_url = payload["deployable_url"].text();
    deployment.ref = payload["ref"].text();
    deployment.commit_url = payload["commit_url"].text();
    deployment.commit_title = payload["commit_title"].text();
    deployment.commit = commit_in_url(deployment.commit_url);
    if (deployment.commit.empty()) {
        deployment.commit = payload["short_sha"].text();
    }
    event.action = deployment_action(deployment.status);
    event.branch = deployment.ref;
    event.commit = deployment.commit;
    event.title = deployment.environment;
    event.message = deployment.commit_title;
    // What was deployed is there to be looked at only when that went well; else its log is.
    const bool is_up = event.action == "success" && !deployment.url.empty();
    event.url = is_up ? deployment.url : deployment.log_url;
    if (event.url.empty()) {
        event.url = page(event, "/-/environments");
    }
    set_time(event, {payload["status_changed_at"]});
    event.deployment = std::move(deployment);
}

}  // namespace

std::span<const Row> pipeline_rows() {
    static constexpr std::array rows{
        Row{"pipeline", "pipeline", parse_pipeline},
        Row{"job", "job", parse_job},
        Row{"build", "job", parse_job},
        Row{"deployment", "deployment", parse_deployment},
    };
    return rows;
}

}  // namespace hookline::services::gitlab
