#include "pipeline/watchdog.hpp"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>

namespace hookline::pipeline {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::hours between_looks(1);
constexpr std::size_t most_deliveries = 100;
constexpr std::size_t fewest_deliveries = 12;
constexpr std::chrono::hours shortest_history(72);
constexpr std::chrono::hours shortest_silence(24);
constexpr int times_the_longest_pause = 3;

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

Task<void> Watchdog::run() {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    for (;;) {
        co_await clock_.sleep_for(between_looks);
        co_await look();
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
            tell_(hook->id, *silence);
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
