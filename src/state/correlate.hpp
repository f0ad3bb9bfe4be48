// An event and what is known make what is known now: the door of room state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "event/event.hpp"
#include "state/build.hpp"
#include "state/deployment.hpp"
#include "state/entities.hpp"
#include "state/pull_request.hpp"
#include "state/recall.hpp"
#include "state/run.hpp"

namespace hookline::state {

/// What an event is about or bears on, as it stands after it.
struct Known {
    std::vector<PullRequest> pulls;      // the event's own first; those whose head's checks it told of
    std::vector<PullRequest> pushed_to;  // by a push to their branch, while they are open
    std::optional<Build> build;
    std::optional<Run> run;
    std::optional<Deployment> deployment;
    /// Something newer was told before of the same deployment, issue or build on a machine.
    bool is_old_news = false;
    std::optional<std::chrono::seconds> baseline;  // of the event's workflow or pipeline, before this run
};

/// Changes the entities that `event` tells of. Never throws over what a payload holds.
Known correlate(const event::Event& event, Entities& entities);

/// The pull request with what its code host told of it taken in.
PullRequest recall_pull_request(std::int64_t number, const Recall& recall, Entities& entities);

/// What is known of a thing now, without an event: for what is due at a time.
[[nodiscard]] std::optional<PullRequest> known_pull_request(std::int64_t number, Entities& entities);
/// The run or pipeline that the event tells of.
[[nodiscard]] std::optional<Run> known_run(const event::Event& event, Entities& entities);
/// How long the event's workflow or pipeline takes as a rule.
[[nodiscard]] std::optional<std::chrono::seconds> known_baseline(const event::Event& event,
                                                                 Entities& entities);

}  // namespace hookline::state
