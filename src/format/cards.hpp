// Live cards: one message that is kept up to date while a run goes on or a pull request lives. What a card
// shows comes from what is known of the thing, so that events in any order end in the same card. A compact
// card is a title and one line, as compact messages are.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "event/event.hpp"
#include "message/message.hpp"
#include "message/style.hpp"

namespace hookline::format {

using message::Style;

/// A run that goes on. Its end is told by the layout of its last event (to_message).
struct RunCard {
    struct Job {
        std::string name, url;
        event::Conclusion conclusion = event::Conclusion::none;
        std::optional<std::chrono::seconds> duration;
        bool is_allowed_to_fail = false;
    };
    event::Run run;  // name, number, branch, commit, url, attempt, triggered_by
    bool is_workflow = false;
    std::string project;
    std::optional<TimePoint> started;
    std::optional<std::chrono::seconds> usual;  // how long it takes as a rule
    std::vector<Job> jobs;                      // in the order in which they began
};
/// `event`: the latest about it; says where it happens.
[[nodiscard]] message::Message run_card(const event::Event& event, const RunCard& card, Style style);

/// The end of a run, with its jobs: its last event names none of them.
[[nodiscard]] message::Message with_jobs(message::Message message, const std::vector<RunCard::Job>& jobs,
                                         Style style);

/// What a deployment went through so far, with the time that it took.
struct Step {
    std::string name;  // "in_progress"
    TimePoint at;
};
[[nodiscard]] message::Message with_steps(message::Message message, const std::vector<Step>& steps,
                                          Style style);

struct PullRequestCard {
    event::PullRequest facts;
    std::string status;  // of state::PullRequest: "review_required"
    std::vector<std::string> approvers, objectors;
    std::optional<std::int64_t> required;  // approvals
    std::size_t checks = 0, checks_passed = 0;
    std::vector<std::string> checks_failed;
};
[[nodiscard]] message::Message pull_request_card(const event::Event& event, const PullRequestCard& card,
                                                 Style style);

/// An issue as it stands with the event.
[[nodiscard]] message::Message issue_card(const event::Event& event, Style style);

/// "▰▰▰▱▱": how many of `total`, in at most ten parts.
[[nodiscard]] std::string progress_bar(std::size_t done, std::size_t total);

}  // namespace hookline::format
