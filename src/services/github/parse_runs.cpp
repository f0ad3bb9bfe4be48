// What machines say about code: workflow runs, jobs, checks, statuses, deployments.
#include "base/text.hpp"
#include "services/github/common.hpp"
#include "services/github/parse.hpp"

namespace hookline::services::github {

namespace {

using event::Conclusion;
using event::Run;

struct Ending {
    std::string_view word;  // GitHub's
    Conclusion conclusion;
    std::string_view action;  // Hookline's: every bad end is "failed", so that workflow.failed misses none
};

constexpr std::array endings{
    Ending{"success", Conclusion::success, "passed"},
    Ending{"failure", Conclusion::failure, "failed"},
    Ending{"error", Conclusion::failure, "failed"},
    Ending{"timed_out", Conclusion::timed_out, "failed"},
    Ending{"startup_failure", Conclusion::startup_failure, "failed"},
    Ending{"cancelled", Conclusion::cancelled, "cancelled"},
    Ending{"skipped", Conclusion::skipped, "skipped"},
    Ending{"action_required", Conclusion::action_required, "action_required"},
    Ending{"neutral", Conclusion::neutral, "neutral"},
    Ending{"stale", Conclusion::stale, "stale"},
};

/// Ends `run` with GitHub's word for it. A word that is new to us, or none, counts as neutral: it is over.
void set_ending(Run& run, event::Event& event, std::string_view word) {
    for (const Ending& ending : endings) {
        if (ending.word == word) {
            run.conclusion = ending.conclusion;
            event.action = ending.action;
            return;
        }
    }
    run.conclusion = Conclusion::neutral;
    event.action = "neutral";
}

void set_action(Run& run, event::Event& event, const Node& conclusion) {
    if (event.action == "completed") {
        set_ending(run, event, conclusion.text());
    } else if (event.action == "in_progress") {
        event.action = "started";
    }
}

/// Clamped: clocks of runners differ, and a payload may say anything.
std::optional<std::chrono::seconds> time_between(const Node& begin, const Node& end) {
    const auto from = begin.time();
    const auto to = end.time();
    if (!from || !to) {
        return std::nullopt;
    }
    constexpr std::chrono::seconds longest = std::chrono::hours(24) * 3650;
    return std::clamp(std::chrono::duration_cast<std::chrono::seconds>(*to - *from), std::chrono::seconds(0),
                      longest);
}

std::vector<std::int64_t> numbers_of(const Node& pulls) {
    std::vector<std::int64_t> result;
    for (const Node& pull : pulls.items()) {
        if (const auto number = pull["number"].integer()) {
            result.push_back(*number);
        }
    }
    return result;
}

void set_run(event::Event& event, Run run) {
    if (!run.commit.empty() && run.commit_url.empty() && event.repo && !event.repo->url.empty()) {
        run.commit_url = event.repo->url + "/commit/" + path_encoded(run.commit);
    }
    event.branch = run.branch;
    event.commit = run.commit;
    event.title = run.name;
    event.message = run.title;
    event.url = run.url;
    event.workflow = std::move(run);
}

void parse_workflow_run(const Node& payload, event::Event& event) {
    const Node node = payload["workflow_run"];
    Run run;
    run.id = node["id"].integer_or(0);
    run.number = node["run_number"].integer_or(0);
    run.attempt = std::max<std::int64_t>(1, node["run_attempt"].integer_or(1));
    run.name = node["name"].text();
    if (run.name.empty()) {
        run.name = payload["workflow"]["name"].text();
    }
    if (run.name.empty()) {
        run.name = node["path"].text();
    }
    run.title = node["display_title"].text();
    if (run.title.empty()) {
        run.title = std::string(first_line(node["head_commit"]["message"].text()));
    }
    run.status = node["status"].text();
    run.branch = node["head_branch"].text();
    run.commit = node["head_sha"].text();
    run.url = node["html_url"].text();
    run.trigger = node["event"].text();
    run.triggered_by = login_of(node["triggering_actor"].exists() ? node["triggering_actor"] : node["actor"]);
    run.pull_requests = numbers_of(node["pull_requests"]);
    set_action(run, event, node["conclusion"]);
    if (run.conclusion != Conclusion::none) {
        // There is no completed_at; run_started_at begins anew with each attempt (GitHub, "workflow_run").
        run.duration = time_between(node["run_started_at"], node["updated_at"]);
    }
    set_time(event, {node["updated_at"]});
    set_run(event, std::move(run));
}

std::string failed_step(const Node& steps) {
    for (const Node& step : steps.items()) {
        if (step["conclusion"].text() == "failure") {
            return step["name"].text();
        }
    }
    return {};
}

void parse_workflow_job(const Node& payload, event::Event& event) {
    const Node node = payload["workflow_job"];
    Run run;
    run.id = node["id"].integer_or(0);
    run.attempt = std::max<std::int64_t>(1, node["run_attempt"].integer_or(1));
    run.run_id = node["run_id"].integer_or(0);
    run.name = node["name"].text();
    run.title = node["workflow_name"].text();
    run.status = node["status"].text();
    run.branch = node["head_branch"].text();
    run.commit = node["head_sha"].text();
    run.url = node["html_url"].text();
    set_action(run, event, node["conclusion"]);
    if (run.conclusion != Conclusion::none) {
        run.duration = time_between(node["started_at"], node["completed_at"]);
        run.detail = failed_step(node["steps"]);
    }
    if (event.action == "failed") {  // that a job passed, its run does not tell
        event.told_by = "workflow";
    }
    set_time(event, {node["completed_at"], node["started_at"]});
    set_run(event, std::move(run));
}

void parse_check_run(const Node& payload, event::Event& event) {
    const Node node = payload["check_run"];
    Run run;
    run.id = node["id"].integer_or(0);
    run.name = node["name"].text();
    run.title = node["app"]["name"].text();
    run.status = node["status"].text();
    run.branch = node["check_suite"]["head_branch"].text();
    run.commit = node["head_sha"].text();
    run.url = node["html_url"].text();
    run.detail = node["output"]["title"].text();
    run.pull_requests = numbers_of(node["pull_requests"]);
    set_action(run, event, node["conclusion"]);
    if (run.conclusion != Conclusion::none) {
        run.duration = time_between(node["started_at"], node["completed_at"]);
    }
    run.is_job_of_workflow = node["app"]["slug"].text() == "github-actions";
    if (run.is_job_of_workflow && event.action == "failed") {
        event.told_by = "workflow";
    }
    set_time(event, {node["completed_at"], node["started_at"]});
    set_run(event, std::move(run));
}

void parse_check_suite(const Node& payload, event::Event& event) {
    const Node node = payload["check_suite"];
    Run run;
    run.id = node["id"].integer_or(0);
    run.name = node["app"]["name"].text();
    run.title = std::string(first_line(node["head_commit"]["message"].text()));
    run.status = node["status"].text();
    run.branch = node["head_branch"].text();
    run.commit = node["head_sha"].text();
    run.pull_requests = numbers_of(node["pull_requests"]);
    set_action(run, event, node["conclusion"]);
    set_time(event, {node["updated_at"]});
    set_run(event, std::move(run));
    event.url = event.workflow->url = event.workflow->commit_url;
    // Of GitHub Actions a suite is a run, of anything else it is what its checks come to.
    if (node["app"]["slug"].text() == "github-actions") {
        event.told_by = "workflow";
    } else if (event.action == "failed") {
        event.told_by = "check";
    }
}

/// A status is a check that an outer service reports; it has a state instead of an action.
void parse_status(const Node& payload, event::Event& event) {
    Run run;
    run.id = payload["id"].integer_or(0);
    run.name = payload["context"].text();
    run.title = std::string(first_line(payload["commit"]["commit"]["message"].text()));
    run.status = payload["state"].text();
    run.commit = payload["sha"].text();
    run.commit_url = payload["commit"]["html_url"].text();
    run.url = payload["target_url"].text();
    run.detail = payload["description"].text();
    const auto branches = texts_of(payload["branches"], "name");
    if (!branches.empty()) {
        run.branch = branches.front();
    }
    if (run.status == "pending") {
        event.action = "pending";
    } else {
        set_ending(run, event, run.status);
    }
    if (run.url.empty()) {
        run.url = run.commit_url;
    }
    set_time(event, {payload["updated_at"]});
    set_run(event, std::move(run));
}

/// None of them: a step on its way (GitHub, "Create a deployment status").
Conclusion conclusion_of_deployment(std::string_view state) {
    const auto* const found = std::find_if(endings.begin(), endings.end(),
                                           [&](const Ending& ending) { return ending.word == state; });
    return found != endings.end() ? found->conclusion : Conclusion::none;
}

void parse_deployment(const Node& payload, event::Event& event) {
    const Node told = payload["deployment"];
    const Node status = payload["deployment_status"];
    event::Deployment deployment;
    deployment.id = told["id"].integer_or(0);
    deployment.environment = told["environment"].text();
    deployment.description = status.exists() ? status["description"].text() : told["description"].text();
    deployment.task = told["task"].text();
    deployment.ref = told["ref"].text();
    deployment.commit = told["sha"].text();
    deployment.url = status["environment_url"].text();
    deployment.log_url = status["log_url"].text();
    if (deployment.log_url.empty()) {
        deployment.log_url = status["target_url"].text();
    }
    const std::string repository = event.repo ? event.repo->url : std::string();
    if (!repository.empty() && !deployment.commit.empty()) {
        deployment.commit_url = repository + "/commit/" + deployment.commit;
    }
    if (status.exists()) {
        deployment.status = status["state"].text();
        deployment.conclusion = conclusion_of_deployment(deployment.status);
        event.action = deployment.status;
        set_time(event, {status["created_at"]});
    } else {
        set_time(event, {told["created_at"]});
    }
    event.branch = deployment.ref;
    event.commit = deployment.commit;
    event.title = deployment.environment;
    event.message = deployment.description;
    event.url = deployment.url.empty() ? deployment.log_url : deployment.url;
    if (event.url.empty() && !repository.empty()) {
        event.url = repository + "/deployments";
    }
    event.deployment = std::move(deployment);
}

}  // namespace

std::span<const Row> run_rows() {
    static constexpr std::array rows{
        Row{"workflow_run", "workflow", parse_workflow_run},
        Row{"workflow_job", "job", parse_workflow_job},
        Row{"check_run", "check", parse_check_run},
        Row{"check_suite", "check_suite", parse_check_suite},
        Row{"status", "check", parse_status},
        Row{"deployment", "deployment", parse_deployment},
        Row{"deployment_status", "deployment", parse_deployment},
    };
    return rows;
}

}  // namespace hookline::services::github
