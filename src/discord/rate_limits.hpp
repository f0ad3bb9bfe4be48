// Discord's rate limits as state: what has been learned from answers, and when a request may leave. Pure:
// times go in, times come out; who waits is RestGate's business (Discord, "Rate Limits").
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"

namespace hookline::discord {

/// What Discord counts a request under: method, template of the path, and the channel, guild or webhook.
/// Never the bucket's hash alone: two channels share it and are limited apart.
struct Route {
    std::string_view method;      // "POST"
    std::string_view pattern;     // "/channels/{channel}/messages"
    std::string major;            // "123"; "" where there is none
    bool counts_globally = true;  // not for answers to interactions
    [[nodiscard]] std::string key() const;
};

enum class LimitScope { bucket, global, ceiling };
[[nodiscard]] std::string_view name_of(LimitScope scope);

/// A 429, in whatever shape it came.
struct Limited {
    enum class Kind {
        bucket,  // ours
        shared,  // of the channel, used up by anyone: not counted as invalid
        global,
        ban,  // Cloudflare's page: nothing at all may be sent
    };
    Kind kind = Kind::bucket;
    std::chrono::milliseconds wait{0};  // ban: 0 where the page does not say
};

/// What an answer says of limits. All of it may be missing.
struct LimitReport {
    std::optional<std::int64_t> limit;
    std::optional<std::int64_t> remaining;
    std::optional<std::chrono::milliseconds> reset_after;
    std::string bucket;  // the hash
    std::optional<Limited> limited;
};

class RateLimits {
public:
    static constexpr std::size_t global_per_second = 45;  // Discord's is 50
    static constexpr std::size_t most_buckets = 10'000;   // what is idle is forgotten beyond that

    struct Wait {
        SteadyPoint until;  // max(): until a request that is under way has ended
        LimitScope scope = LimitScope::bucket;
    };
    /// When a request of `route` may leave; `until` <= `now`: at once.
    [[nodiscard]] Wait earliest(const Route& route, SteadyPoint now);
    /// A request of `route` leaves.
    void begin(const Route& route, SteadyPoint now);
    /// It has ended, with `report` or without an answer.
    void end(const Route& route, const LimitReport* report, SteadyPoint now);
    /// It never left.
    void abandon(const Route& route);

    [[nodiscard]] std::size_t buckets() const { return buckets_.size(); }

private:
    struct Bucket {
        enum class Kind { unknown, limited, free };  // free: Discord tells no limit for this route
        Kind kind = Kind::unknown;
        std::int64_t limit = 1;
        std::int64_t remaining = 1;
        std::int64_t in_flight = 0;
        SteadyPoint resets_at;
        SteadyPoint blocked_until;
        std::string link;  // hash and major: a 429 blocks all routes that share them
    };

    void learn(Bucket& bucket, const Route& route, const LimitReport& report, SteadyPoint now);
    void punish(Bucket& bucket, const Limited& limited, SteadyPoint now);
    void forget_idle(SteadyPoint now);

    std::unordered_map<std::string, Bucket> buckets_;
    std::unordered_map<std::string, SteadyPoint> blocked_links_;
    std::deque<SteadyPoint> recent_;  // of requests that count globally, at most global_per_second
    SteadyPoint global_until_;
};

}  // namespace hookline::discord
