// Where more comes than a channel may take, messages that wait one behind the other share a send: Discord
// counts requests, and one of them takes ten embeds. Pure; the outbox carries it out in the transaction that
// begins the attempt, so that what is decided holds for the rows as they are then.
#pragma once

#include <span>

#include "dispatch/outbox.hpp"

namespace hookline::dispatch {

/// So many must wait behind the head before it takes others along: a few messages that come together stay
/// messages of their own, each with its reactions and its link.
inline constexpr std::size_t fewest_behind = 5;

/// Whether Discord bounds what such a destination takes, so that sends are shared: a terminal takes all at
/// once, and what a member is told is never so much.
[[nodiscard]] bool is_channel(DestinationKind kind);

/// How many of `waiting` go in one send at `now`: the entries of a lane from its head on, at least
/// 1 + fewest_behind of them where as many wait. 1: the head goes alone.
[[nodiscard]] std::size_t shared_count(std::span<const Entry> waiting, TimePoint now);

/// What is sent for all of them: their embeds in their order.
[[nodiscard]] message::Message shared_body(std::span<const Entry> together);

}  // namespace hookline::dispatch
