// Keeps one bad event from ending the process again and again. What was left over by the last process is
// marked in the store before it is tried; what was marked and is still there after a restart may be what
// ended that process, so it is tried alone, and set aside once it was tried alone five times: a process that
// is killed again and again by others, each time in the middle of the same event, must not give up a good
// one. Fresh events cost nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/ids.hpp"

namespace hookline::pipeline {

inline constexpr std::string_view trial_key = "pipeline.trial";  // of Store::meta
inline constexpr int most_trials = 5;

/// The events first…last were in hand; `count` says how often where it was one alone.
struct Trial {
    EventId first, last;
    int count = 1;
    bool operator==(const Trial&) const = default;
};

[[nodiscard]] std::string to_text(const Trial& trial);
[[nodiscard]] std::optional<Trial> parse_trial(std::string_view text);

struct TrialPlan {
    std::size_t take = 0;             // how many of those waiting to take now
    bool sets_aside = false;          // the first is not tried any more
    std::optional<Trial> mark_first;  // to be stored before they are tried
};

/// `waiting`: ids in order, not empty. `before`: what the last process left as its mark. `newest_left_over`:
/// the newest event that was there when this process started.
[[nodiscard]] TrialPlan plan_trial(std::span<const EventId> waiting, const std::optional<Trial>& before,
                                   EventId newest_left_over);

}  // namespace hookline::pipeline
