// What adapters of CI services share: words for how a run ended, durations, whose repository a remote is.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "event/event.hpp"

namespace hookline::services {

/// How a service says that something ended, and what Hookline calls it: every bad end is "failed", so that
/// pipeline.failed misses none.
struct RunEnding {
    std::string_view word;
    event::Conclusion conclusion;
    std::string_view action;
};

/// The row of `word`, case ignored. A word that has no row is over all the same: neutral.
[[nodiscard]] RunEnding ending_of(std::span<const RunEnding> endings, std::string_view word);

/// Clamped to 0 … ten years: clocks of runners differ, and a payload may say anything.
[[nodiscard]] std::optional<std::chrono::seconds> duration_between(const std::optional<TimePoint>& begin,
                                                                   const std::optional<TimePoint>& end);
/// Rounded to seconds, clamped likewise; nothing for nothing.
[[nodiscard]] std::optional<std::chrono::seconds> duration_of_milliseconds(std::optional<std::int64_t> ms);

/// The repository that a remote's URL names: "https://github.com/octo/app.git", "git@github.com:octo/app",
/// "ssh://git@host:22/group/app.git". Nothing where it names none. Its page is known for https only; user
/// and password of a URL are left out.
[[nodiscard]] std::optional<event::Repository> repository_of_remote(std::string_view remote);

/// "main" of "origin/main", "refs/heads/main", "refs/remotes/origin/main", "*/main".
[[nodiscard]] std::string branch_of_ref(std::string_view ref);

/// The page of a commit on the hosts whose form of URL is known; else "".
[[nodiscard]] std::string commit_page(const event::Repository& repository, std::string_view commit);

}  // namespace hookline::services
