// What is known of one pull request: its facts as the latest delivery had them, and every reviewer's opinion.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"
#include "state/checks.hpp"

namespace hookline::state {

/// A reviewer's latest word that decides anything: a comment takes no approval back (GitHub, "About pull
/// request reviews").
struct Opinion {
    event::Review::State state = event::Review::State::approved;  // approved, changes_requested, dismissed
    TimePoint at;
    std::int64_t id = 0;
};

struct PullRequest {
    event::PullRequest facts;
    std::optional<TimePoint> created, facts_at, counts_at;
    std::string repository;  // "owner/name"
    std::map<std::string, Opinion> opinions;
    std::optional<std::int64_t> required;  // approvals that the branch's protection asks for
    std::optional<bool> is_mergeable;
    bool was_asked = false;  // the code host has told what came before (recall.hpp)
    Commit head;             // of facts.head_sha: kept apart, joined by correlate()

    [[nodiscard]] std::vector<std::string> approvers() const;
    [[nodiscard]] std::vector<std::string> objectors() const;  // who asks for changes
    /// draft, review_required, changes_requested, approved, merged, closed.
    [[nodiscard]] std::string_view status() const;
};

[[nodiscard]] PullRequest parse_pull_request(std::string_view document);
[[nodiscard]] std::string to_document(const PullRequest& pull);

/// A reviewer's word; an older one than what is known changes nothing.
void take_opinion(PullRequest& pull, const std::string& reviewer, const Opinion& opinion);

/// Takes in what `event` tells of it; what is older than what is known changes nothing.
void take(PullRequest& pull, const event::Event& event);

}  // namespace hookline::state
