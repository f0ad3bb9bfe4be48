#include "discord/rate_limits.hpp"

#include <algorithm>
#include <array>

namespace hookline::discord {

namespace {

constexpr std::chrono::seconds second(1);
// Two answers of the same window may tell slightly different ends of it.
constexpr std::chrono::milliseconds same_window(250);
constexpr std::array<std::string_view, 3> scope_names{"bucket", "global", "ceiling"};

std::string link_of(const std::string& hash, const Route& route) {
    return hash.empty() ? std::string() : hash + " " + route.major;
}

}  // namespace

std::string_view name_of(LimitScope scope) { return scope_names.at(static_cast<std::size_t>(scope)); }

std::string Route::key() const {
    return std::string(method).append(" ").append(pattern).append(" ").append(major);
}

RateLimits::Wait RateLimits::earliest(const Route& route, SteadyPoint now) {
    const auto found = buckets_.find(route.key());
    Wait wait;
    if (found != buckets_.end()) {
        Bucket& bucket = found->second;
        wait.until = bucket.blocked_until;
        const auto link = blocked_links_.find(bucket.link);
        if (link != blocked_links_.end()) {
            wait.until = std::max(wait.until, link->second);
        }
        const bool is_new_window = bucket.resets_at <= now;
        const std::int64_t room = (is_new_window ? bucket.limit : bucket.remaining) - bucket.in_flight;
        if (bucket.kind == Bucket::Kind::unknown && bucket.in_flight > 0) {
            wait.until = SteadyPoint::max();
        } else if (bucket.kind == Bucket::Kind::limited && room <= 0) {
            // Full with what is under way, or used up: then the window's end lets the next one in.
            wait.until = std::max(wait.until, is_new_window ? SteadyPoint::max() : bucket.resets_at);
        }
    }
    if (!route.counts_globally) {
        return wait;
    }
    SteadyPoint global = global_until_;
    if (recent_.size() >= global_per_second) {
        global = std::max(global, recent_.front() + second);
    }
    if (global > now && global > wait.until) {
        wait.until = global;
        wait.scope = LimitScope::global;
    }
    return wait;
}

void RateLimits::begin(const Route& route, SteadyPoint now) {
    forget_idle(now);
    ++buckets_[route.key()].in_flight;
    if (route.counts_globally) {
        recent_.push_back(now);
        if (recent_.size() > global_per_second) {
            recent_.pop_front();
        }
    }
}

void RateLimits::abandon(const Route& route) {
    const auto found = buckets_.find(route.key());
    if (found != buckets_.end() && found->second.in_flight > 0) {
        --found->second.in_flight;
    }
}

void RateLimits::end(const Route& route, const LimitReport* report, SteadyPoint now) {
    Bucket& bucket = buckets_[route.key()];
    if (bucket.in_flight > 0) {
        --bucket.in_flight;
    }
    if (report != nullptr) {
        learn(bucket, route, *report, now);
        return;
    }
    // No answer: it may have been counted all the same.
    bucket.remaining = std::max<std::int64_t>(bucket.remaining - 1, 0);
}

void RateLimits::learn(Bucket& bucket, const Route& route, const LimitReport& report, SteadyPoint now) {
    const std::string link = link_of(report.bucket, route);
    if (bucket.kind == Bucket::Kind::limited && !link.empty() && link != bucket.link &&
        bucket.remaining == 0 && bucket.resets_at > now) {
        // One route may have several buckets (DELETE, by the message's age), and nobody can tell which one
        // the next request meets: one that is used up holds all of them.
        bucket.blocked_until = std::max(bucket.blocked_until, bucket.resets_at);
    }
    if (report.remaining) {
        const std::int64_t told = std::max<std::int64_t>(*report.remaining, 0);
        const SteadyPoint resets_at = now + report.reset_after.value_or(second);
        const bool is_same_window = bucket.kind == Bucket::Kind::limited && link == bucket.link &&
                                    bucket.resets_at > now && resets_at <= bucket.resets_at + same_window;
        // Answers may overtake each other: within a window the smaller number is the later one.
        bucket.remaining = is_same_window ? std::min(bucket.remaining, told) : told;
        bucket.resets_at = is_same_window ? std::max(bucket.resets_at, resets_at) : resets_at;
        bucket.limit = std::max<std::int64_t>({report.limit.value_or(1), told, 1});
        bucket.kind = Bucket::Kind::limited;
    } else if (bucket.kind == Bucket::Kind::unknown && !report.limited) {
        bucket.kind = Bucket::Kind::free;
    }
    if (!link.empty()) {
        bucket.link = link;
    }
    if (report.limited) {
        punish(bucket, *report.limited, now);
    }
}

void RateLimits::punish(Bucket& bucket, const Limited& limited, SteadyPoint now) {
    const SteadyPoint until = now + limited.wait;
    if (limited.kind == Limited::Kind::global) {
        global_until_ = std::max(global_until_, until);
        return;
    }
    if (limited.kind == Limited::Kind::ban) {
        return;  // InvalidCeiling keeps silence for everything
    }
    bucket.remaining = 0;
    bucket.blocked_until = std::max(bucket.blocked_until, until);
    if (!bucket.link.empty()) {
        SteadyPoint& linked = blocked_links_[bucket.link];
        linked = std::max(linked, until);
    }
}

void RateLimits::forget_idle(SteadyPoint now) {
    if (buckets_.size() < most_buckets) {
        return;
    }
    std::erase_if(buckets_, [now](const auto& item) {
        const Bucket& bucket = item.second;
        return bucket.in_flight == 0 && bucket.resets_at <= now && bucket.blocked_until <= now;
    });
    std::erase_if(blocked_links_, [now](const auto& item) { return item.second <= now; });
}

}  // namespace hookline::discord
