// Jenkins' Pipeline REST API ("wfapi", plugin pipeline-rest-api): the stages of a build, which none of
// Jenkins' senders tells. One Jenkins, the configured one: a build's URL comes from a payload, so that only
// the path of a build below that Jenkins is ever asked for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "event/event.hpp"
#include "net/http_client.hpp"

namespace hookline::forge {

struct BuildStages {
    std::vector<event::Stage>
        stages;              // in their order; at most 100. Durations without what was waited for input
    std::string stopped_at;  // the first stage that failed or was aborted; empty: none
    std::string error;       // Jenkins' own words on the step that failed
    std::string log;         // the end of that step's log, as plain text; at most 64 KiB
};

class Jenkins {
public:
    /// `client` has `origin` as its origin and outlives this.
    Jenkins(net::HttpClient& client, net::Origin origin, Clock& clock, Metrics& metrics,
            std::string_view user, const Secret& token);

    /// Whether `build_url` is the page of a build of this Jenkins. Asks nobody.
    [[nodiscard]] bool has(std::string_view build_url) const;

    /// Up to three requests: the stages, and of the first that failed the step and its log; what the later
    /// ones do not tell is left out. not_found: no such build for this user, or none with stages;
    /// unauthorized: user or token is refused; unavailable: network or Jenkins in trouble, or it was a moment
    /// ago; invalid_argument: not a build of this Jenkins, nothing was asked.
    Task<Result<BuildStages>> stages(std::string build_url);

private:
    [[nodiscard]] std::string path_of(std::string_view build_url) const;
    Task<Result<std::string>> get(std::string target);
    Task<void> add_failure(std::string build, std::string node, BuildStages& stages);

    net::HttpClient& client_;
    net::Origin origin_;
    Clock& clock_;
    Metrics& metrics_;
    Secret authorization_;
    TimePoint silent_until_;  // after an error that the next request would meet, too
};

}  // namespace hookline::forge
