// GitHub's REST API, as far as Hookline asks it (GitHub, "REST API", version 2022-11-28). Answers are kept
// with their ETag, so that asking again costs no quota; rate limits are kept before GitHub enforces them.
#pragma once

#include <boost/json/value.hpp>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "net/http_client.hpp"

namespace hookline::forge {

struct ChangedFile {
    std::string name;
    std::int64_t additions = 0, deletions = 0;
};

struct Comparison {
    std::vector<ChangedFile> files;
    bool is_partial = false;  // GitHub lists at most 300 (GitHub, "Compare two commits")
};

struct PullHistory {
    struct Review {
        std::int64_t id = 0;
        std::string author, state, submitted_at;  // APPROVED, CHANGES_REQUESTED, …
    };
    struct Check {
        std::string kind, name;  // kind: check_run or status, as deliveries are named
        std::int64_t id = 0;
        std::string conclusion;  // "": it runs
        std::string at;
        bool is_job_of_workflow = false;
    };
    std::string head_sha, base;
    std::optional<bool> is_mergeable;
    std::vector<Review> reviews;
    std::vector<Check> checks;
    std::optional<std::int64_t> required_approvals;
};

class GitHub {
public:
    /// `client` has GitHub's API as its origin and outlives this.
    GitHub(net::HttpClient& client, Clock& clock, Metrics& metrics, Secret token);

    /// What a push changed. `before` of zeros (a new branch) asks for the commit `after` alone.
    /// not_found: the repository or the commits are not there (any more) for this token; unauthorized: the
    /// token is refused; unavailable: rate limit, network or GitHub in trouble; invalid_argument: not a
    /// repository or not commit ids, nothing was asked.
    Task<Result<Comparison>> compare(std::string repository, std::string before, std::string after);

    /// What came before Hookline was there: reviews, the checks of the head, how many approvals its base asks
    /// for (GitHub, "REST API": reviews, check runs, commit statuses, rules of a branch). Parts that GitHub
    /// refuses are left out; the errors of compare() where the request itself is not there.
    Task<Result<PullHistory>> pull_history(std::string repository, std::int64_t number);

private:
    struct Cached {
        std::string etag;
        Comparison comparison;
    };
    [[nodiscard]] net::Request request_for(const std::string& target) const;
    /// The answer's document, for 200.
    Task<Result<boost::json::value>> get(std::string target);
    void learn_limits(const net::Response& response);
    void remember(const std::string& target, Cached cached);

    net::HttpClient& client_;
    Clock& clock_;
    Metrics& metrics_;
    Secret token_;
    TimePoint silent_until_;  // rate limited: nothing is asked before
    std::unordered_map<std::string, Cached> cache_;
    std::deque<std::string> cache_order_;
};

}  // namespace hookline::forge
