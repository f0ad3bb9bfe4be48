#include "state/run.hpp"

#include <boost/json/serialize.hpp>
#include <tuple>

#include "state/document.hpp"

namespace hookline::state {

namespace json = boost::json;
using event::Conclusion;

namespace {

constexpr std::size_t most_jobs = 300;

Conclusion conclusion_at(const json::object& object) {
    return static_cast<Conclusion>(
        std::clamp<std::int64_t>(number_at(object, "conclusion").value_or(0), 0,
                                 static_cast<std::int64_t>(Conclusion::startup_failure)));
}

std::optional<std::chrono::seconds> duration_at(const json::object& object) {
    const auto seconds = number_at(object, "seconds");
    return seconds ? std::optional(std::chrono::seconds(*seconds)) : std::nullopt;
}

void put_duration(json::object& object, const std::optional<std::chrono::seconds>& duration) {
    put_number(object, "seconds", duration ? std::optional<std::int64_t>(duration->count()) : std::nullopt);
}

/// Of an attempt the end is the last word, whatever the times say.
template <class Thing>
auto rank(const Thing& thing) {
    return std::tuple(thing.attempt, thing.conclusion != Conclusion::none, thing.at);
}

void take_job(Run& run, const std::string& name, RunJob job) {
    const auto known = run.jobs.find(name);
    if (known != run.jobs.end()) {
        if (rank(job) >= rank(known->second)) {
            known->second = std::move(job);
        }
    } else if (run.jobs.size() < most_jobs && !name.empty()) {
        run.jobs.emplace(name, std::move(job));
    }
}

RunJob job_of(const event::Job& job, const event::Run& run, TimePoint at) {
    RunJob fresh;
    fresh.stage = job.stage;
    fresh.url = job.url;
    fresh.conclusion = job.conclusion;
    fresh.id = job.id;
    fresh.attempt = run.attempt;
    fresh.duration = job.duration;
    fresh.is_allowed_to_fail = job.is_allowed_to_fail;
    fresh.at = at;
    return fresh;
}

/// GitHub tells a job as a run of its own.
RunJob job_of(const event::Run& told, TimePoint at) {
    RunJob fresh;
    fresh.url = told.url;
    fresh.conclusion = told.conclusion;
    fresh.id = told.id;
    fresh.attempt = told.attempt;
    fresh.duration = told.duration;
    fresh.at = at;
    return fresh;
}

void take_whole(Run& run, const event::Run& told, const event::Event& event) {
    Run fresh;
    fresh.attempt = told.attempt;
    fresh.conclusion = told.conclusion;
    fresh.at = event.time;
    const bool is_first = run.id == 0;
    if (!is_first && rank(fresh) < rank(run)) {
        return;
    }
    const bool is_new_attempt = is_first || told.attempt > run.attempt;
    run.id = told.id;
    run.number = told.number;
    run.attempt = told.attempt;
    run.name = told.name;
    run.branch = told.branch;
    run.url = told.url;
    run.commit = told.commit;
    run.status = told.status;
    run.triggered_by = told.triggered_by;
    run.trigger = told.trigger;
    run.conclusion = told.conclusion;
    run.duration = told.duration;
    run.at = event.time;
    run.repository = event.repo ? event.repo->full_name : std::string();
    if (is_new_attempt) {
        run.started = std::nullopt;
    }
    if (told.duration) {
        run.started = event.time - *told.duration;
    } else if (told.conclusion == Conclusion::none && (!run.started || event.time < *run.started)) {
        run.started = event.time;
    }
}

}  // namespace

std::vector<std::string> Run::failed_jobs() const {
    std::vector<std::string> names;
    for (const auto& [job_name, job] : jobs) {
        if (event::is_failure(job.conclusion) && !job.is_allowed_to_fail) {
            names.push_back(job_name);
        }
    }
    return names;
}

std::size_t Run::passed_jobs() const {
    return static_cast<std::size_t>(std::count_if(jobs.begin(), jobs.end(), [](const auto& pair) {
        return pair.second.conclusion == Conclusion::success;
    }));
}

std::size_t Run::jobs_over() const {
    return static_cast<std::size_t>(std::count_if(jobs.begin(), jobs.end(), [](const auto& pair) {
        return pair.second.conclusion != Conclusion::none;
    }));
}

std::int64_t run_id_of(const event::Event& event) {
    if (event.pipeline) {
        return event.pipeline->run.id;
    }
    if (!event.workflow) {
        return 0;
    }
    return event.name == "workflow" ? event.workflow->id : (event.name == "job" ? event.workflow->run_id : 0);
}

void take(Run& run, const event::Event& event) {
    if (event.pipeline) {
        if (event.name == "pipeline") {
            take_whole(run, event.pipeline->run, event);
        }
        for (const event::Job& job : event.pipeline->jobs) {
            take_job(run, job.name, job_of(job, event.pipeline->run, event.time));
        }
        if (event.job) {
            take_job(run, event.job->name, job_of(*event.job, event.pipeline->run, event.time));
        }
    } else if (event.name == "workflow") {
        take_whole(run, *event.workflow, event);
    } else {
        take_job(run, event.workflow->name, job_of(*event.workflow, event.time));
    }
}

Run parse_run(std::string_view document) {
    Run run;
    const json::object object = parse_document(document);
    run.id = number_at(object, "id").value_or(0);
    run.number = number_at(object, "number").value_or(0);
    run.attempt = number_at(object, "attempt").value_or(1);
    run.name = text_at(object, "name");
    run.branch = text_at(object, "branch");
    run.repository = text_at(object, "repository");
    run.url = text_at(object, "url");
    run.commit = text_at(object, "commit");
    run.status = text_at(object, "status");
    run.triggered_by = text_at(object, "triggered_by");
    run.trigger = text_at(object, "trigger");
    run.conclusion = conclusion_at(object);
    run.started = time_at(object, "started");
    run.at = time_at(object, "at").value_or(TimePoint());
    run.duration = duration_at(object);
    if (const json::object* jobs = object_at(object, "jobs")) {
        for (const auto& pair : *jobs) {
            if (!pair.value().is_object()) {
                continue;
            }
            const json::object& node = pair.value().get_object();
            RunJob job;
            job.stage = text_at(node, "stage");
            job.url = text_at(node, "url");
            job.conclusion = conclusion_at(node);
            job.id = number_at(node, "id").value_or(0);
            job.attempt = number_at(node, "attempt").value_or(1);
            job.duration = duration_at(node);
            job.is_allowed_to_fail = truth_at(node, "may_fail");
            job.at = time_at(node, "at").value_or(TimePoint());
            run.jobs.emplace(std::string(pair.key()), std::move(job));
        }
    }
    return run;
}

std::string to_document(const Run& run) {
    json::object object;
    object["id"] = run.id;
    object["number"] = run.number;
    object["attempt"] = run.attempt;
    put(object, "name", run.name);
    put(object, "branch", run.branch);
    put(object, "repository", run.repository);
    put(object, "url", run.url);
    put(object, "commit", run.commit);
    put(object, "status", run.status);
    put(object, "triggered_by", run.triggered_by);
    put(object, "trigger", run.trigger);
    object["conclusion"] = static_cast<std::int64_t>(run.conclusion);
    put_time(object, "started", run.started);
    put_time(object, "at", run.at);
    put_duration(object, run.duration);
    json::object jobs;
    for (const auto& [name, job] : run.jobs) {
        json::object node;
        put(node, "stage", job.stage);
        put(node, "url", job.url);
        node["conclusion"] = static_cast<std::int64_t>(job.conclusion);
        node["id"] = job.id;
        node["attempt"] = job.attempt;
        put_duration(node, job.duration);
        put_truth(node, "may_fail", job.is_allowed_to_fail ? std::optional(true) : std::nullopt);
        put_time(node, "at", job.at);
        jobs[name] = std::move(node);
    }
    object["jobs"] = std::move(jobs);
    return json::serialize(object);
}

}  // namespace hookline::state
