// What holds after any stream of deliveries, once everything is drained: docs/contract.md as properties.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "timeline/random_stream.hpp"
#include "timeline/world.hpp"

namespace hookline::timeline {

/// An event as it arrived for the first time.
struct Arrived {
    std::string words;  // of its row
    TimePoint at;
    std::vector<HookId> hooks;  // that were there
};
using Arrivals = std::map<EventId, Arrived>;

/// A stream that was played until nothing was left to do.
struct Played {
    const Stream& stream;
    World& world;
    const Arrivals& arrivals;
};

/// Everything that a card showed, in its order, by the card's key: without what mentions add, and without
/// repetitions.
using CardStories = std::map<std::string, std::vector<std::string>>;
[[nodiscard]] CardStories card_stories(World& world);

/// What is not as it was promised, a line each; each begins with the promise's name and a colon.
[[nodiscard]] std::vector<std::string> broken_promises(const Played& played);

/// `full`: of a run over the same events, one by one with nothing in their way. Cards of hooks whose settings
/// let everything through all the time show the same in the end, and nothing that comes later there.
[[nodiscard]] std::vector<std::string> broken_card_promises(const Played& played, const CardStories& full);

}  // namespace hookline::timeline
