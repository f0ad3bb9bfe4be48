// threads: what follows a run, a pull request or an issue goes to a thread under its message.
#include <fmt/format.h>

#include "commands/hook_cards.hpp"

namespace hookline::commands {

Task<Reply> threads(Request request) {
    const auto set = [](const Request& asked, store::Hook& hook, bool is_on) -> std::optional<Reply> {
        if (is_on && place_of(asked, hook) == pipeline::Place::messages) {
            return refused(asked, "Threads can be opened only where the bot itself posts, in a channel.",
                           fmt::format("{} on", asked.target));
        }
        hook.has_threads = is_on;
        hook.is_live = is_on ? std::optional(true) : hook.is_live;  // threads hang on those
        return std::nullopt;
    };
    return switch_cards(std::move(request), "threads", set);
}

}  // namespace hookline::commands
