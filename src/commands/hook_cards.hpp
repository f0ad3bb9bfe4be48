// What the commands about a hook's cards share (live, threads, show): where they are, and in words what is
// kept up to date.
#pragma once

#include "commands/find_hook.hpp"
#include "pipeline/cards.hpp"

namespace hookline::commands {

[[nodiscard]] pipeline::Place place_of(const Request& request, const store::Hook& hook);

/// A line of Markdown on what has one message; and one on its threads, empty where there are none.
[[nodiscard]] std::string_view in_words(const pipeline::CardPlan& plan);
[[nodiscard]] std::string_view threads_in_words(const pipeline::CardPlan& plan);

/// How the hook tells what goes on, as the reply to a command about it.
[[nodiscard]] Reply told_cards(const Request& request, const store::Hook& hook);

}  // namespace hookline::commands
