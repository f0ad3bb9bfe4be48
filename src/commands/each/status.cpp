// status: health, backlog, what is held or given up. Members see what concerns their server.
#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/find_hook.hpp"

namespace hookline::commands {

namespace {

constexpr std::size_t most_listed = 10;

std::vector<store::Hook> hooks_to(DestinationId destination, const std::vector<store::Hook>& hooks) {
    std::vector<store::Hook> found;
    std::copy_if(hooks.begin(), hooks.end(), std::back_inserter(found),
                 [&](const store::Hook& hook) { return hook.destination == destination; });
    return found;
}

/// One line for each held destination of the caller's hooks; how many there are.
std::size_t add_held(message::Markdown& text, const Request& request,
                     const std::vector<dispatch::DestinationInfo>& destinations,
                     const std::vector<store::Hook>& hooks) {
    std::size_t count = 0;
    for (const dispatch::DestinationInfo& destination : destinations) {
        const auto affected = hooks_to(destination.id, hooks);
        if (destination.held == dispatch::HoldReason::none || affected.empty() || ++count > most_listed) {
            continue;
        }
        text.newline().markup(fmt::format("⚠️ {} takes no messages since ", place_text(&destination)));
        text.time(destination.held_since).markup(": ").markup(dispatch::reason_text(destination.held));
        if (!destination.held_detail.empty()) {
            text.markup(" (").text(destination.held_detail).markup(")");
        }
        text.markup(fmt::format(". When it is solved: {}",
                                say(request, fmt::format("resume {}", to_string(affected.front().id)))));
    }
    return count;
}

std::size_t add_parked(message::Markdown& text, const std::vector<store::StoredMessage>& parked,
                       const std::vector<store::Hook>& hooks) {
    std::size_t count = 0;
    for (const store::StoredMessage& message : parked) {
        const bool is_ours = std::any_of(hooks.begin(), hooks.end(),
                                         [&](const store::Hook& hook) { return hook.id == message.hook; });
        if (!is_ours || ++count > most_listed) {
            continue;
        }
        text.newline().markup(fmt::format("⚠️ Given up: event `{}` of `{}`: ", message.event.value,
                                          to_string(message.hook)));
        text.text(shorten(message.error, 200));
    }
    return count;
}

}  // namespace

Task<Reply> status(Request request) {
    constexpr std::size_t most_parked_read = 200;
    const auto hooks = visible_hooks(request);
    if (!hooks) {
        co_return hooks.error();
    }
    const auto counts = request.store().counts();
    const auto destinations = request.store().destinations();
    const auto parked = request.store().parked(most_parked_read);
    if (!counts || !destinations || !parked) {
        const Error& error = !counts ? counts.error() : !destinations ? destinations.error() : parked.error();
        co_return store_trouble(request, error);
    }
    const auto writable = co_await request.store().check_writable();
    message::Markdown troubles;
    const std::size_t troubled =
        add_held(troubles, request, *destinations, *hooks) + add_parked(troubles, *parked, *hooks);
    const Surroundings& surroundings = request.bench.parts.surroundings;
    const std::string gateway = surroundings.gateway_state();
    const bool is_connected = !surroundings.has_discord() || gateway == "connected";
    const bool is_well = writable.has_value() && troubled == 0 && is_connected;

    message::Markdown text;
    text.markup(is_well ? "✅ **Hookline is well**" : "⚠️ **Hookline needs attention**");
    text.newline().markup("Discord: ").text(gateway);
    text.newline()
        .markup("Database: ")
        .markup(writable ? "takes writes" : "⚠️ takes no writes, deliveries are answered 503");
    text.newline().markup(fmt::format("Waiting: {}, {}", counted(counts->unprocessed, "event"),
                                      counted(counts->waiting, "message")));
    if (request.is_administrator()) {
        text.newline().markup(
            fmt::format("Given up: {} · Held: {} · Stored: {}", counted(counts->parked, "message"),
                        counted(counts->held_destinations, "destination"), counted(counts->events, "event")));
    }
    text.markup(troubles.str());
    co_return fine(text);
}

}  // namespace hookline::commands
