// list: every hook of the channel, a line each.
#include <fmt/format.h>

#include "commands/find_hook.hpp"
#include "pipeline/setup_message.hpp"

namespace hookline::commands {

Task<Reply> list(Request request) {
    const auto hooks = hooks_here(request);
    if (!hooks) {
        co_return hooks.error();
    }
    const std::string here = request.caller.channel ? "This channel has" : "There are";
    if (hooks->empty()) {
        co_return fine(message::Markdown().markup(
            fmt::format("🔗 {} no hooks yet. {} makes one.", here, say(request, "github on"))));
    }
    const auto destinations = destinations_of(request);
    if (!destinations) {
        co_return destinations.error();
    }
    message::Markdown text;
    text.markup(request.caller.channel ? "🔗 **Hooks of this channel**" : "🔗 **Hooks**");
    for (const store::Hook& hook : *hooks) {
        const auto* destination = destinations->find(hook.destination);
        const auto health = request.store().health(hook.endpoint, request.now());
        text.newline().markup(fmt::format("`{}` {} ", to_string(hook.id), event::display_name(hook.service)));
        if (!hook.name.empty()) {
            text.markup("(").text(hook.name).markup(") ");
        }
        text.markup(fmt::format("→ {} · {} · ", place_text(destination), state_text(hook, destination)));
        text.text(hook.events.empty() ? "usual events" : pipeline::events_text(hook.events));
        if (!hook.repos.empty()) {
            text.markup(" · " + pipeline::repositories_text(hook.repos));
        }
        if (health && health->last_delivery) {
            text.markup(" · last delivery ").time(*health->last_delivery);
        } else {
            text.markup(" · no delivery yet");
        }
    }
    co_return fine(text);
}

}  // namespace hookline::commands
