// rotate: a new secret for a hook's URL; the old one works for 24 h more. Within that time the command sends
// the new one again instead of making a third, which would lock out what is set up at the service.
#include <fmt/format.h>

#include "commands/find_hook.hpp"
#include "commands/setup_reply.hpp"

namespace hookline::commands {

namespace {

constexpr std::chrono::hours both_work_for(24);  // docs/contract.md, section 4

Reply rotated(const Request& request, const store::Hook& hook, const store::Endpoint& endpoint,
              bool is_again) {
    const auto text_with = [&](std::string_view secret_note) {
        message::Markdown text;
        text.markup(fmt::format("🔑 **{} ({}) has a new secret**{}", to_string(hook.id),
                                event::display_name(hook.service), is_again ? ", made before" : ""));
        text.newline().markup("Secret: ").markup(secret_note);
        text.newline().markup("Put it into the webhook's settings: the old one works until ");
        text.time(*endpoint.previous_until, 'f').markup(" (").time(*endpoint.previous_until).markup(").");
        if (is_again) {
            text.newline().markup(
                fmt::format("To make another one now: {}",
                            say(request, fmt::format("rotate {} --new", to_string(hook.id)))));
        }
        return message_of(text);
    };
    Reply reply;
    reply.only_you = secret_message(request, hook, endpoint);
    if (request.is_administrator()) {
        reply.message = text_with("see below");
        return reply;
    }
    reply.message = text_with("by direct message, never shown here");
    reply.if_undeliverable =
        text_with(undeliverable_note(request, fmt::format("rotate {}", to_string(hook.id))));
    return reply;
}

}  // namespace

Task<Reply> rotate(Request request) {
    const auto turn = co_await request.bench.turn.take();
    const auto hook = find_hook(request, request.arguments.words().front());
    if (!hook) {
        co_return hook.error();
    }
    auto endpoint = endpoint_of(request, *hook);
    if (!endpoint) {
        co_return endpoint.error();
    }
    const auto adapter = offered_service(request, event::name_of(hook->service));
    if (!adapter) {
        co_return adapter.error();
    }
    const bool is_under_way = endpoint->previous_until && *endpoint->previous_until > request.now();
    if (is_under_way && !request.arguments.has("--new")) {
        co_return rotated(request, *hook, *endpoint, true);
    }
    endpoint->previous_secret = endpoint->secret;
    endpoint->previous_until = request.now() + both_work_for;
    endpoint->secret = (*adapter)->new_secret(request.bench.parts.random);
    store::Changes changes;
    changes.emplace_back(store::PutEndpoint{*endpoint});
    const auto written = co_await commit(request, std::move(changes), hook->id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    co_return rotated(request, *hook, *endpoint, false);
}

}  // namespace hookline::commands
