#include "state/build.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "state/document.hpp"

namespace hookline::state {

namespace json = boost::json;
using event::Conclusion;

namespace {

constexpr std::size_t most_runs = 50;
constexpr std::size_t most_passed = 10;

/// Whether it says something about the branch: cancelled and skipped runs do not.
std::optional<bool> verdict_of(Conclusion conclusion) {
    switch (conclusion) {
        case Conclusion::success:
            return true;
        case Conclusion::failure:
        case Conclusion::timed_out:
        case Conclusion::startup_failure:
            return false;
        default:
            return std::nullopt;
    }
}

bool is_of_a_request(const event::Run& run) {
    constexpr std::array<std::string_view, 6> triggers{{"pull_request", "pull_request_target",
                                                        "merge_request_event", "external_pull_request_event",
                                                        "merge_group", "pull_request_review"}};
    return std::find(triggers.begin(), triggers.end(), run.trigger) != triggers.end();
}

std::int64_t order_of(const event::Run& run) { return run.number != 0 ? run.number : run.id; }

/// Drops the oldest run; what it said of the streak is kept.
void drop_oldest(Build& build) {
    const FinishedRun& oldest = build.runs[0];
    const FinishedRun& next = build.runs[1];
    const bool goes_on = oldest.has_passed == next.has_passed;
    build.streak_before = goes_on ? build.streak_before.value_or(oldest.at) : std::optional<TimePoint>();
    build.runs.erase(build.runs.begin());
}

}  // namespace

std::string_view name_of(BuildStatus status) {
    constexpr std::array<std::string_view, 5> names{{"unknown", "passed", "fixed", "broken", "still broken"}};
    return names[static_cast<std::size_t>(status)];
}

BuildStatus Build::status() const {
    if (runs.empty()) {
        return BuildStatus::unknown;
    }
    const bool passed_before =
        runs.back().had_passed.value_or(runs.size() < 2 || runs[runs.size() - 2].has_passed);
    if (runs.back().has_passed) {
        return passed_before ? BuildStatus::passed : BuildStatus::fixed;
    }
    return passed_before ? BuildStatus::broken : BuildStatus::still_broken;
}

std::optional<TimePoint> Build::since() const {
    if (runs.empty()) {
        return std::nullopt;
    }
    std::size_t first = runs.size() - 1;
    while (first > 0 && runs[first - 1].has_passed == runs.back().has_passed) {
        --first;
    }
    return first == 0 ? streak_before.value_or(runs[0].at) : runs[first].at;
}

std::string_view Build::changed() const {
    const BuildStatus now = has_news ? status() : BuildStatus::unknown;
    return now == BuildStatus::broken || now == BuildStatus::fixed ? name_of(now) : std::string_view();
}

Build parse_build(std::string_view document) {
    Build build;
    const json::object object = parse_document(document);
    build.branch = text_at(object, "branch");
    build.name = text_at(object, "name");
    build.repository = text_at(object, "repository");
    build.url = text_at(object, "url");
    build.commit = text_at(object, "commit");
    build.streak_before = time_at(object, "streak_before");
    if (const json::array* runs = array_at(object, "runs")) {
        for (const json::value& value : *runs) {
            if (!value.is_object()) {
                continue;
            }
            const json::object& node = value.get_object();
            build.runs.push_back(FinishedRun{
                number_at(node, "number").value_or(0), number_at(node, "attempt").value_or(1),
                truth_at(node, "passed"), time_at(node, "at").value_or(TimePoint()), text_at(node, "commit"),
                optional_truth_at(node, "had_passed"), number_at(node, "had_attempt").value_or(0)});
        }
    }
    return build;
}

std::string to_document(const Build& build) {
    json::object object;
    put(object, "branch", build.branch);
    put(object, "name", build.name);
    put(object, "repository", build.repository);
    put(object, "url", build.url);
    put(object, "commit", build.commit);
    put_time(object, "streak_before", build.streak_before);
    json::array runs;
    for (const FinishedRun& run : build.runs) {
        json::object node;
        node["number"] = run.number;
        node["attempt"] = run.attempt;
        node["passed"] = run.has_passed;
        put_time(node, "at", run.at);
        put(node, "commit", run.commit);
        if (run.had_passed) {
            node["had_passed"] = *run.had_passed;
            node["had_attempt"] = run.had_attempt;
        }
        runs.emplace_back(std::move(node));
    }
    object["runs"] = std::move(runs);
    return json::serialize(object);
}

const event::Run* branch_run(const event::Event& event) {
    const event::Run* run = nullptr;
    if (event.pipeline && event.name == "pipeline") {
        run = &event.pipeline->run;
    } else if (event.workflow && event.name == "workflow") {
        run = &*event.workflow;
    }
    const bool is_branch =
        run != nullptr && !run->branch.empty() && !run->is_for_tag && !is_of_a_request(*run);
    return is_branch ? run : nullptr;
}

std::string build_key(const event::Run& run) { return run.branch + " " + run.name; }

void take(Build& build, const event::Event& event) {
    const event::Run& run = *branch_run(event);
    const auto has_passed = verdict_of(run.conclusion);
    build.has_news = false;
    build.branch = run.branch;
    build.name = run.name;
    build.repository = event.repo ? event.repo->full_name : build.repository;
    if (!has_passed) {
        return;
    }
    FinishedRun fresh{order_of(run), run.attempt, *has_passed, event.time, run.commit, std::nullopt, 0};
    const auto at =
        std::lower_bound(build.runs.begin(), build.runs.end(), fresh,
                         [](const FinishedRun& a, const FinishedRun& b) { return a.number < b.number; });
    if (at != build.runs.end() && at->number == fresh.number) {
        // The same run again: another attempt, or the same word from a second delivery.
        const bool is_last = at + 1 == build.runs.end();
        build.has_news = is_last && fresh.attempt > at->attempt && fresh.has_passed != at->has_passed;
        if (fresh.attempt > at->attempt) {
            fresh.had_passed = at->has_passed;
            fresh.had_attempt = at->attempt;
            *at = std::move(fresh);
        } else if (fresh.attempt < at->attempt && fresh.attempt > at->had_attempt) {
            at->had_passed = fresh.has_passed;
            at->had_attempt = fresh.attempt;
        }
    } else if (at == build.runs.begin() && build.runs.size() >= most_runs) {
        return;  // older than all that is remembered
    } else {
        build.has_news = at == build.runs.end();
        build.runs.insert(at, std::move(fresh));
    }
    if (build.runs.size() > most_runs) {
        drop_oldest(build);
    }
    if (build.runs.back().number == order_of(run)) {
        build.url = run.url;
        build.commit = run.commit;
    }
}

std::optional<std::chrono::seconds> Baseline::median() const {
    if (passed.empty()) {
        return std::nullopt;
    }
    std::vector<std::chrono::seconds> durations;
    for (const Passed& run : passed) {
        durations.push_back(run.duration);
    }
    std::sort(durations.begin(), durations.end());
    const std::size_t middle = durations.size() / 2;
    return durations.size() % 2 == 1 ? durations[middle] : (durations[middle - 1] + durations[middle]) / 2;
}

Baseline parse_baseline(std::string_view document) {
    Baseline baseline;
    const json::object object = parse_document(document);
    if (const json::array* passed = array_at(object, "passed")) {
        for (const json::value& value : *passed) {
            if (value.is_object()) {
                const json::object& node = value.get_object();
                baseline.passed.push_back(
                    Baseline::Passed{number_at(node, "id").value_or(0),
                                     std::chrono::seconds(number_at(node, "seconds").value_or(0))});
            }
        }
    }
    return baseline;
}

std::string to_document(const Baseline& baseline) {
    json::array passed;
    for (const Baseline::Passed& run : baseline.passed) {
        json::object node;
        node["id"] = run.id;
        node["seconds"] = run.duration.count();
        passed.emplace_back(std::move(node));
    }
    json::object object;
    object["passed"] = std::move(passed);
    return json::serialize(object);
}

void take(Baseline& baseline, const event::Run& run) {
    if (run.conclusion != Conclusion::success || !run.duration) {
        return;
    }
    const Baseline::Passed fresh{order_of(run), *run.duration};
    const auto at =
        std::lower_bound(baseline.passed.begin(), baseline.passed.end(), fresh,
                         [](const Baseline::Passed& a, const Baseline::Passed& b) { return a.id < b.id; });
    if (at != baseline.passed.end() && at->id == fresh.id) {
        *at = fresh;
    } else {
        baseline.passed.insert(at, fresh);
    }
    if (baseline.passed.size() > most_passed) {
        baseline.passed.erase(baseline.passed.begin());
    }
}

}  // namespace hookline::state
