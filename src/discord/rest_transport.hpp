// One call to Discord after the other: credentials, rate limits, the ceiling on invalid requests, answers to
// errors. Knows no single call of the API.
#pragma once

#include <string>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "discord/rest_error.hpp"
#include "discord/rest_gate.hpp"
#include "net/http_client.hpp"

namespace hookline::discord {

/// Who asks, and so what may happen on the way.
enum class Caller {
    member,  // somebody waits for it: goes first, is asked again after a short rate limit or a failure where
             // repeating is safe; gives up soon
    outbox,  // the dispatcher: sent once; waits at most 15 s for a rate limit, else tells how long
};

struct RestCall {
    Route route;
    std::string target;
    std::string body;          // JSON or multipart
    std::string content_type;  // "" without a body
    bool is_repeatable = false;
    Credential credential = Credential::bot;
};

struct RestOptions {
    Secret token;  // empty: only webhooks can be called
    std::string user_agent = "DiscordBot (hookline, 0.1.0)";
};

class RestTransport {
public:
    /// `client`'s origin is Discord's base address with "/api/v10".
    RestTransport(net::HttpClient& client, Clock& clock, Random& random, Log& log, Metrics& metrics,
                  RestOptions options);

    /// The answer where its status is 2xx.
    Task<RestResult<net::Response>> send(RestCall call, Caller caller);
    /// See RestGate.
    Task<void> until_open(Route route) { return gate_.until_open(std::move(route)); }

    /// Nothing is sent at present: a ban page came, or our own ceiling on invalid requests is reached.
    [[nodiscard]] bool is_silenced();
    [[nodiscard]] Random& random() { return random_; }

private:
    [[nodiscard]] net::Request request_for(const RestCall& call) const;
    Task<RestResult<net::Response>> send_once(const RestCall& call, Caller caller);
    void learn(const RestCall& call, const net::Response& response, LimitReport& report);
    void count_wait(LimitScope scope, std::chrono::nanoseconds wait);

    net::HttpClient& client_;
    Clock& clock_;
    Random& random_;
    Log& log_;
    Metrics& metrics_;
    RestOptions options_;
    RestGate gate_;
    SteadyPoint token_refused_until_;  // after a 401 nothing is sent with it for a while
};

}  // namespace hookline::discord
