#include "commands/setup_reply.hpp"

#include <fmt/format.h>

#include "pipeline/setup_message.hpp"
#include "services/service.hpp"

namespace hookline::commands {

namespace {

void add_line(message::Message& message, const std::string& line) {
    if (!line.empty()) {
        message.content += "\n" + line;
    }
}

}  // namespace

std::string undeliverable_note(const Request& request, std::string_view again) {
    return fmt::format(
        "⚠️ I could not send it to you: allow direct messages from members of this server (server menu "
        "→ "
        "Privacy "
        "Settings), then say {} again",
        say(request, again));
}

message::Message secret_message(const Request& request, const store::Hook& hook,
                                const store::Endpoint& endpoint) {
    using services::SecretPlace;
    const services::ServiceAdapter* adapter = services::find_adapter(endpoint.service);
    const SecretPlace place = adapter != nullptr ? adapter->secret_place() : SecretPlace::settings;
    const std::string url = pipeline::webhook_url(request.bench.parts.public_url, endpoint);
    const std::string& secret = endpoint.secret.reveal();
    const bool is_url_alone = place == SecretPlace::url;
    message::Markdown text;
    text.markup(fmt::format("🔑 **{} of {}** ({})", is_url_alone ? "Webhook URL with the secret" : "Secret",
                            to_string(hook.id), event::display_name(hook.service)));
    text.newline().code(is_url_alone ? url + "/" + secret : secret).newline();
    if (!is_url_alone) {
        text.markup("It goes with this webhook URL: ").code(url).newline();
    }
    if (place == SecretPlace::either) {
        text.markup("Where nothing can be signed (Jenkins), the secret ends the URL: ")
            .code(url + "/" + secret);
        text.newline();
    }
    text.markup(fmt::format("Keep it to yourself; {} makes another.",
                            say(request, fmt::format("rotate {}", to_string(hook.id)))));
    return message_of(text);
}

Reply setup_reply(const Request& request, const store::Hook& hook, const store::Endpoint& endpoint,
                  const std::string& warning) {
    pipeline::SetupFacts setup;
    setup.hook = hook;
    setup.endpoint = endpoint;
    setup.public_url = request.bench.parts.public_url;
    setup.prefix = request.prefix();
    Reply reply;
    reply.setup_of = hook.id;
    if (!hook.is_stream) {  // nobody delivers to it: it has no secret to tell
        reply.only_you = secret_message(request, hook, endpoint);
    }
    if (hook.is_stream) {
        setup.secret_note.clear();
    } else if (request.is_administrator()) {
        setup.secret_note = "see below";
    } else {
        pipeline::SetupFacts undelivered = setup;
        undelivered.secret_note = undeliverable_note(
            request, fmt::format("{} {}", event::name_of(hook.service), hook.url.empty() ? "on" : hook.url));
        reply.if_undeliverable = pipeline::setup_message(undelivered);
        add_line(*reply.if_undeliverable, warning);
    }
    reply.message = pipeline::setup_message(setup);
    add_line(reply.message, warning);
    return reply;
}

Reply shared_reply(const Request& request, const store::Hook& hook, const store::Hook& from,
                   const std::string& warning) {
    const auto destinations = request.store().destinations();
    const pipeline::Destinations known(destinations.value_or(std::vector<dispatch::DestinationInfo>()),
                                       request.store());
    Reply reply = active_reply(request, hook, known.find(hook.destination), warning);
    add_line(reply.message, fmt::format("It shares URL and secret with `{}`: there is nothing to set up.",
                                        to_string(from.id)));
    return reply;
}

Reply active_reply(const Request&, const store::Hook& hook, const dispatch::DestinationInfo* destination,
                   const std::string& warning) {
    message::Markdown text;
    text.markup(fmt::format("🔗 **{} webhook active** · `{}` → {}", event::display_name(hook.service),
                            to_string(hook.id), place_text(destination)));
    text.newline().markup("Events: ").text(pipeline::events_text(hook.events));
    if (!hook.repos.empty()) {
        text.newline().markup("Repositories: " + pipeline::repositories_text(hook.repos));
    }
    Reply reply = fine(text);
    add_line(reply.message, warning);
    return reply;
}

}  // namespace hookline::commands
