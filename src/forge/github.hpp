// GitHub's REST API, as far as Hookline asks it (GitHub, "REST API", version 2022-11-28). Answers are kept
// with their ETag, so that asking again costs no quota; rate limits are kept before GitHub enforces them.
#pragma once

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

class GitHub {
public:
    /// `client` has GitHub's API as its origin and outlives this.
    GitHub(net::HttpClient& client, Clock& clock, Metrics& metrics, Secret token);

    /// What a push changed. `before` of zeros (a new branch) asks for the commit `after` alone.
    /// not_found: the repository or the commits are not there (any more) for this token; unauthorized: the
    /// token is refused; unavailable: rate limit, network or GitHub in trouble; invalid_argument: not a
    /// repository or not commit ids, nothing was asked.
    Task<Result<Comparison>> compare(std::string repository, std::string before, std::string after);

private:
    struct Cached {
        std::string etag;
        Comparison comparison;
    };
    [[nodiscard]] net::Request request_for(const std::string& target) const;
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
