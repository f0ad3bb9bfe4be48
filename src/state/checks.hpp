// The checks of one commit: workflow runs, pipelines, check runs and statuses, by name, as they stood last.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace hookline::state {

struct Check {
    std::string name;  // as people know it: "Tests"
    event::Conclusion conclusion = event::Conclusion::none;
    // What a later one is told by: a check that is run again has a higher id or attempt.
    std::int64_t id = 0, attempt = 1;
    TimePoint at;
    bool is_job_of_workflow = false;
};

enum class ChecksState { none, pending, passed, failed };
[[nodiscard]] std::string_view name_of(ChecksState state);

struct Commit {
    std::map<std::string, Check> checks;  // by "kind name"
    std::vector<std::int64_t> pulls;      // whose head it is or was

    /// Those that people count: a workflow is its jobs, where those are told.
    [[nodiscard]] std::vector<const Check*> counted() const;
    [[nodiscard]] ChecksState state() const;
    [[nodiscard]] std::vector<std::string> failed() const;  // names, in order
    [[nodiscard]] std::size_t passed_count() const;
};

[[nodiscard]] Commit parse_commit(std::string_view document);
[[nodiscard]] std::string to_document(const Commit& commit);

/// Whether `event` tells of a check of its commit.
[[nodiscard]] bool is_check(const event::Event& event);
/// Takes it in; an older word on the same check changes nothing. At most 300 checks are kept.
void take(Commit& commit, const event::Event& event);
/// `key`: "check_run unit": what a delivery of that name and the code host's answer have in common.
void take_check(Commit& commit, const std::string& key, Check check);
void add_pull(Commit& commit, std::int64_t number);

}  // namespace hookline::state
