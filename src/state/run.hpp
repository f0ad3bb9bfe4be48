// One workflow run or pipeline: its jobs as they stood last, whoever told them (GitHub's jobs come by
// themselves, GitLab's with their pipeline).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace hookline::state {

struct RunJob {
    std::string stage, url;
    event::Conclusion conclusion = event::Conclusion::none;
    std::int64_t id = 0, attempt = 1;
    std::optional<std::chrono::seconds> duration;
    bool is_allowed_to_fail = false;
    TimePoint at;
};

struct Run {
    std::int64_t id = 0, number = 0, attempt = 1;
    std::string name, branch, repository, url, commit, status, triggered_by, trigger;
    event::Conclusion conclusion = event::Conclusion::none;
    std::optional<TimePoint> started;
    TimePoint at;
    std::optional<std::chrono::seconds> duration;
    std::map<std::string, RunJob> jobs;  // by name, at most 300

    [[nodiscard]] std::vector<std::string> failed_jobs() const;  // that were not allowed to
    [[nodiscard]] std::size_t passed_jobs() const;
    [[nodiscard]] std::size_t jobs_over() const;
};

[[nodiscard]] Run parse_run(std::string_view document);
[[nodiscard]] std::string to_document(const Run& run);

/// The id of the run that `event` tells of, also by one of its jobs; 0: of none.
[[nodiscard]] std::int64_t run_id_of(const event::Event& event);
/// A word on an earlier attempt, or an older one on the same, changes nothing.
void take(Run& run, const event::Event& event);

}  // namespace hookline::state
