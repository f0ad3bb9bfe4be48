// How the builds of one branch go: one workflow or pipeline of it, run by run.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace hookline::state {

/// A run that is over and says whether the branch builds.
struct FinishedRun {
    std::int64_t number = 0;  // runs of one workflow are counted; where not, their id
    std::int64_t attempt = 1;
    bool has_passed = false;
    TimePoint at;
    std::string commit;
    std::optional<bool> had_passed;  // as its attempt before …
    std::int64_t had_attempt = 0;    // … which was this one
};

enum class BuildStatus { unknown, passed, fixed, broken, still_broken };
[[nodiscard]] std::string_view name_of(BuildStatus status);  // "still broken"

struct Build {
    std::string branch, name, repository, url, commit;
    std::vector<FinishedRun> runs;           // in the order of their numbers, at most 50
    std::optional<TimePoint> streak_before;  // since when it stood as the oldest of `runs` does
    bool has_news = false;                   // the event at hand told of the latest run

    [[nodiscard]] BuildStatus status() const;
    /// Since when it has passed, or been broken.
    [[nodiscard]] std::optional<TimePoint> since() const;
    /// "broken" or "fixed" where the event at hand made it so, else nothing.
    [[nodiscard]] std::string_view changed() const;
};

[[nodiscard]] Build parse_build(std::string_view document);
[[nodiscard]] std::string to_document(const Build& build);

/// The run or pipeline as a whole that `event` tells of, if it is a branch's own: not one of a pull request.
[[nodiscard]] const event::Run* branch_run(const event::Event& event);
/// "main Tests": one build of a branch.
[[nodiscard]] std::string build_key(const event::Run& run);
void take(Build& build, const event::Event& event);

/// How long the runs of a workflow take that pass: the last ten, whatever their branch.
struct Baseline {
    struct Passed {
        std::int64_t id = 0;
        std::chrono::seconds duration{};
    };
    std::vector<Passed> passed;  // in the order of their ids
    [[nodiscard]] std::optional<std::chrono::seconds> median() const;
};

[[nodiscard]] Baseline parse_baseline(std::string_view document);
[[nodiscard]] std::string to_document(const Baseline& baseline);
void take(Baseline& baseline, const event::Run& run);

}  // namespace hookline::state
