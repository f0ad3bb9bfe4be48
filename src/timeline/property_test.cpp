// What is promised, held against random streams (random_stream.hpp, promises.hpp). A few fixed seeds here;
// HOOKLINE_SEEDS=500 plays that many others, HOOKLINE_SEEDS=1000-1500 those. A stream that breaks a promise
// is made smaller as long as it breaks it, and printed as a table that play() takes.
#include <fmt/format.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "timeline/promises.hpp"
#include "timeline/random_stream.hpp"
#include "timeline/samples.hpp"
#include "timeline/world.hpp"

namespace hookline::timeline {

namespace {

constexpr std::string_view begins_at = "08:59:00";
/// Longer than anything is held back, is tried again, or counts as the same storm.
constexpr std::chrono::hours drains_within(3);

/// Of the same events, one by one: each is shown before the next comes.
CardStories play_in_order(const Stream& stream, const std::vector<SampleDelivery>& deliveries) {
    World world(time_of(begins_at));
    for (const std::string& words : stream.commands) {
        const bool holds_back = words.starts_with("quiet ") || words.find(" aggregate ") != std::string::npos;
        if (!holds_back) {
            world.say(words);
        }
    }
    int number = 0;
    for (const SampleDelivery& delivery : deliveries) {
        world.run_until(world.now() + std::chrono::seconds(10));
        world.deliver(delivery.event_type, fmt::format("d{}", ++number), delivery.payload);
    }
    world.run_until(world.now() + drains_within);
    return card_stories(world);
}

std::vector<HookId> hooks_there(World& world) {
    std::vector<HookId> ids;
    const auto there = world.store().hooks().value();
    for (const store::Hook& hook : there) {
        ids.push_back(hook.id);
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

/// What broke, without the failures of the test itself.
std::vector<std::string> play_and_check(const Stream& stream) {
    std::vector<std::string> broken;
    testing::TestPartResultArray complaints;
    {
        const testing::ScopedFakeTestPartResultReporter reporter(
            testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &complaints);
        World world(time_of(begins_at));
        for (const std::string& words : stream.commands) {
            world.say(words);
        }
        Player player(world);
        Arrivals arrivals;
        std::vector<SampleDelivery> deliveries;
        for (const Row& row : stream.acts) {
            world.run_until(time_of(row.from));
            const bool arrives = row.verb == Verb::event || row.verb == Verb::dies;
            if (arrives && world.store().endpoints()->empty()) {
                continue;  // the last hook was deleted: nothing is acknowledged
            }
            const Arrived arrived{row.text, world.now(), hooks_there(world)};
            for (const EventId id : player.act(row)) {
                arrivals.emplace(id, arrived);
            }
        }
        world.run_until(end_of(stream) + drains_within);
        const Played played{stream, world, arrivals};
        broken = broken_promises(played);
        for (const auto& [id, arrived] : arrivals) {
            const auto stored = world.store().event(id).value();
            deliveries.push_back({stored->event_type, stored->payload, {}});
        }
        const auto cards = broken_card_promises(played, play_in_order(stream, deliveries));
        broken.insert(broken.end(), cards.begin(), cards.end());
    }
    for (int i = 0; i < complaints.size(); ++i) {
        broken.push_back(fmt::format("complaint: {}", complaints.GetTestPartResult(i).message()));
    }
    return broken;
}

std::string promise_of(const std::string& broken) { return broken.substr(0, broken.find(':')); }

bool breaks(const Stream& stream, const std::string& promise) {
    const auto broken = play_and_check(stream);
    const bool is_refused =
        promise != "complaint" &&
        std::any_of(broken.begin(), broken.end(), [](const auto& b) { return promise_of(b) == "complaint"; });
    return !is_refused && std::any_of(broken.begin(), broken.end(),
                                      [&](const std::string& b) { return promise_of(b) == promise; });
}

/// Leaves out what the promise is broken without: first many at once, then one by one.
template <class Item>
void leave_out(Stream& stream, std::vector<Item> Stream::*part, std::size_t first,
               const std::string& promise) {
    for (std::size_t size = std::max<std::size_t>((stream.*part).size() / 2, 1); size > 0; size /= 2) {
        for (std::size_t at = first; at < (stream.*part).size();) {
            Stream smaller = stream;
            auto& items = smaller.*part;
            const std::size_t end = std::min(at + size, items.size());
            items.erase(items.begin() + static_cast<std::ptrdiff_t>(at),
                        items.begin() + static_cast<std::ptrdiff_t>(end));
            if (breaks(smaller, promise)) {
                stream = std::move(smaller);
            } else {
                at = end;
            }
        }
    }
}

void expect_promises(unsigned seed) {
    Stream stream = random_stream(seed);
    const auto broken = play_and_check(stream);
    if (broken.empty()) {
        return;
    }
    const std::string promise = promise_of(broken.front());
    leave_out(stream, &Stream::acts, 0, promise);
    leave_out(stream, &Stream::commands, 1, promise);  // without its first command there is no hook
    ADD_FAILURE() << fmt::format("HOOKLINE_SEEDS={0}-{0} breaks:\n{1}\nIt is enough that\n{2}breaks:\n{3}",
                                 seed, fmt::join(broken, "\n"), written(stream),
                                 fmt::join(play_and_check(stream), "\n"));
}

/// The environment's seeds; else those of every run.
std::vector<unsigned> seeds() {
    const char* text = std::getenv("HOOKLINE_SEEDS");
    if (text == nullptr) {
        return {1, 2, 3, 4, 5, 6, 7, 8};
    }
    const std::string asked = text;
    const std::size_t dash = asked.find('-');
    const auto first = dash == std::string::npos ? 1UL : std::stoul(asked.substr(0, dash));
    const auto last = std::stoul(dash == std::string::npos ? asked : asked.substr(dash + 1));
    std::vector<unsigned> all;
    for (unsigned long seed = first; seed <= last; ++seed) {
        all.push_back(static_cast<unsigned>(seed));
    }
    return all;
}

TEST(Promises, HoldForRandomStreams) {
    for (const unsigned seed : seeds()) {
        expect_promises(seed);
    }
}

}  // namespace

}  // namespace hookline::timeline
