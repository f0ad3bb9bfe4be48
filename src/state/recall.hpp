// What a code host tells of a pull request when it is asked: what came before Hookline was there, and what no
// delivery tells (how many approvals the branch asks for).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "state/pull_request.hpp"

namespace hookline::state {

struct Recall {
    struct Review {
        std::string author;
        Opinion opinion;
    };
    std::vector<Review> reviews;
    std::string commit;                                 // whose checks these are
    std::vector<std::pair<std::string, Check>> checks;  // by "kind name", as Commit keeps them
    std::optional<std::int64_t> required;
    std::optional<bool> is_mergeable;
};

/// Both kinds of facts are ordered by their own times and ids: what was heard meanwhile and is later stays.
void take(PullRequest& pull, const Recall& recall);
void take(Commit& commit, const Recall& recall);

}  // namespace hookline::state
