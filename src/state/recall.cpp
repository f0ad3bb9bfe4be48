#include "state/recall.hpp"

namespace hookline::state {

void take(PullRequest& pull, const Recall& recall) {
    for (const Recall::Review& review : recall.reviews) {
        take_opinion(pull, review.author, review.opinion);
    }
    if (recall.required) {
        pull.required = recall.required;
    }
    if (recall.is_mergeable) {
        pull.is_mergeable = recall.is_mergeable;
    }
    pull.was_asked = true;
}

void take(Commit& commit, const Recall& recall) {
    for (const auto& [key, check] : recall.checks) {
        take_check(commit, key, check);
    }
}

}  // namespace hookline::state
