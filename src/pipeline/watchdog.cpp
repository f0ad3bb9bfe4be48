#include "pipeline/watchdog.hpp"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>

#include "base/waiting.hpp"

namespace hookline::pipeline {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::hours between_looks(1);
constexpr std::size_t most_deliveries = 100;
constexpr std::size_t fewest_deliveries = 12;
constexpr std::chrono::hours shortest_history(72);
constexpr std::chrono::hours shortest_silence(24);
constexpr int times_the_longest_pause = 3;
constexpr int refusals_that_count = 3;
constexpr std::chrono::hours refusals_count_for(1);
constexpr std::size_t most_refused = 1000;

/// Which silence was told: the one after that event.
std::string told_key(EndpointId endpoint) { return fmt::format("told.silent.{}", endpoint.value); }

}  // namespace

std::optional<Overdue> overdue(std::span<const TimePoint> times, TimePoint now) {
    if (times.size() < fewest_deliveries || times.front() - times.back() < shortest_history) {
        return std::nullopt;
    }
    Milliseconds longest(0);
    for (std::size_t i = 1; i < times.size(); ++i) {
        longest = std::max(longest, times[i - 1] - times[i]);
    }
    const Milliseconds unusual = std::max<Milliseconds>(shortest_silence, longest * times_the_longest_pause);
    if (now - times.front() < unusual) {
        return std::nullopt;
    }
    return Overdue{times.front(), std::chrono::duration_cast<std::chrono::seconds>(longest)};
}

void Watchdog::on_refused(EndpointId endpoint) {
    if (!endpoint || (refusals_.size() >= most_refused && !refusals_.contains(endpoint))) {
        return;
    }
    Refusals& refusals = refusals_[endpoint];
    const TimePoint now = clock_.now();
    if (refusals.count == 0 || now - refusals.first > refusals_count_for) {
        refusals = Refusals{now, 0};
    }
    ++refusals.count;
    wake_.wake();
}

Task<void> Watchdog::run() {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    SteadyPoint next = clock_.steady() + between_looks;
    for (;;) {
        co_await wait_until(clock_, wake_, next);
        co_await look_at_refusals();
        if (clock_.steady() >= next) {
            next = clock_.steady() + between_looks;
            co_await look();
        }
    }
}

/// Before the first delivery one refusal tells that the secret is not the one; later it may be anybody who
/// tries: only where the service itself does not get through any more. `after`: the delivery that was
/// accepted last.
bool Watchdog::is_worth_telling(const store::Endpoint& endpoint, const store::Hook& hook,
                                const Refusals& refusals, std::string& after) {
    store::EventQuery query;
    query.hook = hook.id;
    query.limit = 1;
    const auto events = store_.events(query);
    if (!events) {
        log_.error("pipeline", "the store cannot be read", {{"why", events.error().detail}});
        return false;
    }
    after = events->empty() ? "nothing" : fmt::format("{}", events->front().id.value);
    if (!endpoint.connected_at) {
        return true;
    }
    return refusals.count >= refusals_that_count && !events->empty() &&
           events->front().received_at < refusals.first;
}

Task<void> Watchdog::look_at_refusals() {
    if (refusals_.empty()) {
        co_return;
    }
    const auto hooks = store_.hooks();
    const auto endpoints = store_.endpoints();
    if (!hooks || !endpoints) {
        log_.error("pipeline", "the store cannot be read");
        co_return;
    }
    store::Changes changes;
    std::erase_if(refusals_,
                  [&](const auto& pair) { return clock_.now() - pair.second.first > refusals_count_for; });
    for (const store::Endpoint& endpoint : *endpoints) {
        const auto refusals = refusals_.find(endpoint.id);
        const auto hook = std::find_if(hooks->begin(), hooks->end(),
                                       [&](const store::Hook& each) { return each.endpoint == endpoint.id; });
        if (refusals == refusals_.end() || hook == hooks->end()) {
            continue;
        }
        std::string after;
        if (!is_worth_telling(endpoint, *hook, refusals->second, after)) {
            continue;
        }
        const std::string key = fmt::format("told.refused.{}", endpoint.id.value);
        const auto told = store_.meta(key);
        if (told && told->value_or("") != after) {
            changes.emplace_back(store::PutMeta{key, after});
            listener_.on_refusals(hook->id);
        }
        refusals_.erase(refusals);
    }
    if (!changes.empty()) {
        const auto written = co_await store_.write(std::move(changes));
        if (!written) {
            log_.warn("pipeline", "refused deliveries may be told again", {{"why", written.error().detail}});
        }
    }
}

Task<void> Watchdog::look() {
    const auto hooks = store_.hooks();
    const auto endpoints = store_.endpoints();
    if (!hooks || !endpoints) {
        log_.error("pipeline", "the store cannot be read");
        co_return;
    }
    store::Changes changes;
    for (const store::Endpoint& endpoint : *endpoints) {
        const auto hook = std::find_if(hooks->begin(), hooks->end(), [&](const store::Hook& each) {
            return each.endpoint == endpoint.id && each.is_enabled && !each.is_paused && !each.is_stream;
        });
        if (!endpoint.connected_at || hook == hooks->end()) {
            continue;
        }
        store::EventQuery query;
        query.hook = hook->id;
        query.limit = most_deliveries;
        const auto events = store_.events(query);
        if (!events) {
            log_.error("pipeline", "the store cannot be read", {{"why", events.error().detail}});
            co_return;
        }
        std::vector<TimePoint> times;
        for (const store::StoredEvent& event : *events) {
            if (!event.is_test) {
                times.push_back(event.received_at);
            }
        }
        const auto silence = overdue(times, clock_.now());
        const std::string since =
            silence ? fmt::format("{}", silence->since.time_since_epoch().count()) : std::string();
        const auto told = store_.meta(told_key(endpoint.id));
        if (silence && told && told->value_or("") != since) {
            changes.emplace_back(store::PutMeta{told_key(endpoint.id), since});
            listener_.on_silence(hook->id, *silence);
        }
    }
    if (!changes.empty()) {
        const auto written = co_await store_.write(std::move(changes));
        if (!written) {
            log_.warn("pipeline", "a silence may be told again", {{"why", written.error().detail}});
        }
    }
}

}  // namespace hookline::pipeline
