// What the commands about a hook's cards share (live, threads, show): where they are, and in words what is
// kept up to date.
#pragma once

#include <functional>

#include "commands/find_hook.hpp"
#include "pipeline/cards.hpp"

namespace hookline::commands {

[[nodiscard]] pipeline::Place place_of(const Request& request, const store::Hook& hook);

/// A line of Markdown on what has one message; and one on its threads, empty where there are none.
[[nodiscard]] std::string_view in_words(const pipeline::CardPlan& plan);
[[nodiscard]] std::string_view threads_in_words(const pipeline::CardPlan& plan);

/// Sets what "on" or "off" is said of; refused: the reply that says why not.
using SetCards = std::function<std::optional<Reply>(const Request& request, store::Hook& hook, bool is_on)>;

/// A command of `request`'s hook that is said with on, with off, or with neither to ask how it stands. `name`
/// is its word.
Task<Reply> switch_cards(Request request, std::string name, SetCards set);

}  // namespace hookline::commands
