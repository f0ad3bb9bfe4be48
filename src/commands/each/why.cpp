// why: what became of one event for each hook, and for which reason.
#include <fmt/format.h>

#include "commands/find_hook.hpp"

namespace hookline::commands {

namespace {

/// "https://discord.com/channels/1/2/3" of a message that is there.
std::string link_to(const Request& request, const store::Outcome& outcome, const store::Hook& hook) {
    const auto message = request.store().message(outcome.message);
    const bool is_there = message && *message && (*message)->discord_message && !hook.guild.empty();
    return is_there ? fmt::format("https://discord.com/channels/{}/{}/{}", hook.guild,
                                  (*message)->discord_channel.value, (*message)->discord_message.value)
                    : std::string();
}

}  // namespace

Task<Reply> why(Request request) {
    const auto found = find_event(request, request.arguments.words().front());
    if (!found) {
        co_return found.error();
    }
    const store::StoredEvent& event = found->event;
    message::Markdown text;
    text.markup(fmt::format("🔎 **Event {}** · {} ", event.id.value, event::display_name(event.service)));
    text.text(event.event_type).markup(event.is_test ? " (test) " : " ").time(event.received_at);
    for (const store::Hook& hook : found->hooks) {
        const auto outcome = std::find_if(found->outcomes.begin(), found->outcomes.end(),
                                          [&](const store::Outcome& o) { return o.hook == hook.id; });
        text.newline().markup(fmt::format("`{}`: ", to_string(hook.id)));
        if (outcome == found->outcomes.end()) {
            text.markup(event.is_processed ? "made after this event came" : "not processed yet");
            continue;
        }
        text.markup(outcome_text(request, *outcome));
        const std::string link = link_to(request, *outcome, hook);
        if (!link.empty()) {
            text.markup(" · ").link("message", link);
        }
    }
    co_return fine(text);
}

}  // namespace hookline::commands
