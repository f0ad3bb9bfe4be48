// docs/day.md: the figures of a replayed day and what its channel looked like.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "timeline/discord_model.hpp"

namespace hookline::timeline {

/// One way to set the hook up, by what a member says after `!hook`.
struct DayVariant {
    std::string_view name;
    std::vector<std::string_view> commands;
    std::string_view shows;  // which of it the page shows, a sentence; empty: figures alone
    bool is_shown_whole = false;
};
/// In the order of the page's columns. A new way is a row here.
[[nodiscard]] std::span<const DayVariant> day_variants();

/// What a variant left in the channel.
struct Replayed {
    DayVariant variant;
    std::vector<ChannelMessage> messages;
    std::vector<ChannelThread> threads;
};

/// What arrived: the times of all deliveries, and how many of each kind there are.
struct DayFacts {
    std::vector<TimePoint> arrivals;
    std::map<std::string, std::size_t> kinds;  // by GitHub's name
};

[[nodiscard]] std::string day_page(const DayFacts& facts, std::span<const Replayed> replays);

}  // namespace hookline::timeline
