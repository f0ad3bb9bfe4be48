// What may happen to a channel's hooks within a quarter of an hour, made up from a seed: deliveries of a
// handful of things, interleaved, late, twice and in bursts; settings and their changes; restarts, outages
// and lost answers. The same seed is the same stream everywhere.
#pragma once

#include <string>
#include <vector>

#include "timeline/script.hpp"

namespace hookline::timeline {

struct Stream {
    std::vector<std::string> commands;  // that set the hooks up
    std::vector<Row> acts;              // in the order of time
};

[[nodiscard]] Stream random_stream(unsigned seed);
/// As play() takes it.
[[nodiscard]] std::string written(const Stream& stream);

/// From then on nothing is held back by quiet hours and nothing happens any more.
[[nodiscard]] TimePoint end_of(const Stream& stream);

/// Whom its mention rule wakes, and when: "<@&77> if …" for issues (random_stream()'s only one).
inline constexpr std::string_view mention_rule = R"(mention <@&77> if "event == 'issue'")";

}  // namespace hookline::timeline
