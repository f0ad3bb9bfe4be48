#include "state/checks.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <tuple>

#include "state/document.hpp"

namespace hookline::state {

namespace json = boost::json;
using event::Conclusion;

namespace {

constexpr std::size_t most_checks = 300;
constexpr std::size_t most_pulls = 20;
constexpr std::string_view workflow_prefix = "workflow_run ";

bool counts_as_failed(Conclusion conclusion) {
    switch (conclusion) {
        case Conclusion::failure:
        case Conclusion::cancelled:
        case Conclusion::timed_out:
        case Conclusion::action_required:
        case Conclusion::startup_failure:
            return true;
        default:
            return false;
    }
}

bool is_pending(Conclusion conclusion) {
    return conclusion == Conclusion::none || conclusion == Conclusion::stale;
}

/// The later of two words on one check. A run and a check run keep their id from the first word to the last.
bool is_later(const Check& fresh, const Check& known) {
    const auto rank = [](const Check& check) {
        return std::tuple(check.id, check.attempt, check.conclusion != Conclusion::none, check.at);
    };
    return rank(fresh) >= rank(known);
}

}  // namespace

std::string_view name_of(ChecksState state) {
    constexpr std::array<std::string_view, 4> names{{"none", "pending", "passed", "failed"}};
    return names[static_cast<std::size_t>(state)];
}

std::vector<const Check*> Commit::counted() const {
    const bool has_jobs = std::any_of(checks.begin(), checks.end(),
                                      [](const auto& pair) { return pair.second.is_job_of_workflow; });
    std::vector<const Check*> counted;
    for (const auto& [key, check] : checks) {
        if (!has_jobs || !key.starts_with(workflow_prefix)) {
            counted.push_back(&check);
        }
    }
    return counted;
}

ChecksState Commit::state() const {
    const auto all = counted();
    ChecksState state = all.empty() ? ChecksState::none : ChecksState::passed;
    for (const Check* check : all) {
        if (counts_as_failed(check->conclusion)) {
            return ChecksState::failed;
        }
        state = is_pending(check->conclusion) ? ChecksState::pending : state;
    }
    return state;
}

std::vector<std::string> Commit::failed() const {
    std::vector<std::string> names;
    for (const Check* check : counted()) {
        const bool is_known = std::find(names.begin(), names.end(), check->name) != names.end();
        if (counts_as_failed(check->conclusion) && !is_known) {
            names.push_back(check->name);
        }
    }
    return names;
}

std::size_t Commit::passed_count() const {
    const auto all = counted();
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const Check* check) {
        return !counts_as_failed(check->conclusion) && !is_pending(check->conclusion);
    }));
}

Commit parse_commit(std::string_view document) {
    Commit commit;
    const json::object object = parse_document(document);
    if (const json::object* checks = object_at(object, "checks")) {
        for (const auto& pair : *checks) {
            if (!pair.value().is_object()) {
                continue;
            }
            const json::object& node = pair.value().get_object();
            Check check;
            check.name = text_at(node, "name");
            check.conclusion = static_cast<Conclusion>(
                std::clamp<std::int64_t>(number_at(node, "conclusion").value_or(0), 0,
                                         static_cast<std::int64_t>(Conclusion::startup_failure)));
            check.id = number_at(node, "id").value_or(0);
            check.attempt = number_at(node, "attempt").value_or(1);
            check.at = time_at(node, "at").value_or(TimePoint());
            check.is_job_of_workflow = truth_at(node, "is_job");
            commit.checks.emplace(std::string(pair.key()), std::move(check));
        }
    }
    if (const json::array* pulls = array_at(object, "pulls")) {
        for (const json::value& pull : *pulls) {
            add_pull(commit, pull.is_int64() ? pull.get_int64() : 0);
        }
    }
    return commit;
}

std::string to_document(const Commit& commit) {
    json::object object;
    json::object checks;
    for (const auto& [key, check] : commit.checks) {
        json::object node;
        put(node, "name", check.name);
        node["conclusion"] = static_cast<std::int64_t>(check.conclusion);
        node["id"] = check.id;
        node["attempt"] = check.attempt;
        put_time(node, "at", check.at);
        put_truth(node, "is_job", check.is_job_of_workflow ? std::optional(true) : std::nullopt);
        checks[key] = std::move(node);
    }
    object["checks"] = std::move(checks);
    object["pulls"] = json::array(commit.pulls.begin(), commit.pulls.end());
    return json::serialize(object);
}

bool is_check(const event::Event& event) {
    const bool is_whole_pipeline = event.pipeline && event.name == "pipeline";
    return !event.commit.empty() &&
           (is_whole_pipeline || (event.workflow && (event.name == "workflow" || event.name == "check")));
}

void take(Commit& commit, const event::Event& event) {
    const event::Run& run = event.workflow ? *event.workflow : event.pipeline->run;
    Check check;
    const std::string name = run.name.empty() ? event.name : run.name;
    check.name = name;
    check.conclusion = run.conclusion;
    check.id = run.id;
    check.attempt = run.attempt;
    check.at = event.time;
    check.is_job_of_workflow = run.is_job_of_workflow;
    take_check(commit, event.provider_name + " " + name, std::move(check));
    for (const std::int64_t number : run.pull_requests) {
        add_pull(commit, number);
    }
}

void take_check(Commit& commit, const std::string& key, Check check) {
    const auto known = commit.checks.find(key);
    if (known != commit.checks.end()) {
        if (is_later(check, known->second)) {
            known->second = std::move(check);
        }
    } else if (commit.checks.size() < most_checks) {
        commit.checks.emplace(key, std::move(check));
    }
}

void add_pull(Commit& commit, std::int64_t number) {
    const bool is_known = std::find(commit.pulls.begin(), commit.pulls.end(), number) != commit.pulls.end();
    if (number > 0 && !is_known && commit.pulls.size() < most_pulls) {
        commit.pulls.insert(std::upper_bound(commit.pulls.begin(), commit.pulls.end(), number), number);
    }
}

}  // namespace hookline::state
