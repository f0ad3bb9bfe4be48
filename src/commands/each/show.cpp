// show: one hook with its settings, its health and its last deliveries.
#include <fmt/format.h>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "commands/hook_cards.hpp"
#include "commands/hook_rules.hpp"
#include "pipeline/quiet.hpp"
#include "pipeline/setup_message.hpp"

namespace hookline::commands {

namespace {

/// Where its deliveries come to, or the stream that they are read from and why it cannot be.
void add_address(message::Markdown& text, const Request& request, const store::Hook& hook,
                 const store::Endpoint& endpoint) {
    text.newline();
    if (!hook.name.empty()) {
        text.markup("Name: ").text(hook.name).newline();
    }
    if (!hook.is_stream) {
        text.markup("Webhook URL: ").code(pipeline::webhook_url(request.bench.parts.public_url, endpoint));
        return;
    }
    text.markup("Reads the stream ").code(hook.url);
    const auto trouble = request.store().meta(store::stream_trouble_key(hook.id));
    if (trouble && *trouble && !(*trouble)->empty()) {
        text.newline().markup("⚠️ It cannot be read: ").text(**trouble);
    }
}

void add_origin(message::Markdown& text, const store::Hook& hook) {
    text.newline().markup("Made ");
    if (hook.user) {
        text.markup(fmt::format("by <@{}> ", hook.user.value));
    }
    text.time(hook.created_at);
}

void add_connection(message::Markdown& text, const Request& request, const store::Hook& hook,
                    const store::Endpoint& endpoint) {
    text.newline();
    if (!endpoint.connected_at) {
        text.markup(hook.is_stream ? "The stream has told nothing yet."
                                   : fmt::format("Not connected yet: {} has delivered nothing.",
                                                 event::display_name(endpoint.service)));
        return;
    }
    text.markup("Connected ").time(*endpoint.connected_at);
    const auto health = request.store().health(endpoint.id, request.now());
    if (health) {
        text.markup(
            fmt::format(" · {} in the last 24 h", counted(health->deliveries_24h, "delivery", "deliveries")));
        if (health->last_delivery) {
            text.markup(", the last ").time(*health->last_delivery);
        }
    }
}

void add_rotation(message::Markdown& text, const Request& request, const store::Endpoint& endpoint) {
    if (endpoint.previous_until && *endpoint.previous_until > request.now()) {
        text.newline().markup("The old secret works until ").time(*endpoint.previous_until, 'f');
    }
}

void add_sharers(message::Markdown& text, const Request& request, const store::Hook& hook) {
    const auto hooks = visible_hooks(request);
    std::vector<std::string> others;
    for (const store::Hook& other : hooks.value_or(std::vector<store::Hook>())) {
        if (other.endpoint == hook.endpoint && other.id != hook.id) {
            others.push_back(fmt::format("`{}`", to_string(other.id)));
        }
    }
    if (!others.empty()) {
        text.newline().markup(fmt::format("Shares its URL with {}", fmt::join(others, ", ")));
    }
}

struct RuleHeading {
    store::RuleKind kind;
    std::string_view heading, noun;
};
constexpr std::array<RuleHeading, 4> rule_headings{
    {{store::RuleKind::filter, "Filters (all must hold):", "filter"},
     {store::RuleKind::alert, "Alerts:", "alert"},
     {store::RuleKind::mention, "Mentions:", "mention"},
     {store::RuleKind::silent, "No sound if:", "silent"}}};

void add_all_rules(message::Markdown& text, const Request& request, const store::Hook& hook) {
    for (const RuleHeading& row : rule_headings) {
        const auto rules = rules_of(request, hook, row.kind);
        if (rules && !rules->empty()) {
            text.newline().markup(row.heading);
            add_rules(text, request, *rules, row.noun);
        }
    }
    for (const store::Rule& mute :
         rules_of(request, hook, store::RuleKind::mute).value_or(std::vector<store::Rule>())) {
        const auto options = pipeline::parse_mute_options(mute.options);
        if (options && options->until > request.now()) {
            text.newline()
                .markup("🔇 Muted until ")
                .time(options->until, 'f')
                .markup(mute.text.empty() ? "" : ": ")
                .text(mute.text);
            if (mute.source != "true") {
                text.markup(" (").code(shorten(mute.source, 200)).markup(")");
            }
        }
    }
    const pipeline::CardPlan plan = pipeline::card_plan(hook, place_of(request, hook));
    if (plan.has_cards) {
        text.newline().markup(in_words(plan));
    }
    if (plan.has_threads) {
        text.newline().markup(threads_in_words(plan));
    }
    if (const auto hours = pipeline::parse_quiet_hours(hook.quiet)) {
        text.newline().markup("🌙 Quiet ").markup(pipeline::describe(*hours));
    }
    const auto forms = templates_of(request, hook);
    for (const store::Template& form : forms.value_or(std::vector<store::Template>())) {
        const std::string name = form.event.empty() ? "template" : "template " + form.event;
        text.newline().markup("Template for ").markup(form.event.empty() ? "every event" : form.event);
        text.markup(": ").code(shorten(first_line(trim(form.source)), 100));
        const auto trouble = request.store().meta(store::rule_trouble_key(hook.id, name));
        if (trouble && *trouble && !(*trouble)->empty()) {
            text.newline().markup("   ⚠️ It failed: ").text(first_line(**trouble));
        }
    }
}

}  // namespace

Task<Reply> show(Request request) {
    constexpr std::size_t most_deliveries = 5;
    const auto hook = find_hook(request, request.arguments.words().front());
    if (!hook) {
        co_return hook.error();
    }
    const auto destinations = destinations_of(request);
    if (!destinations) {
        co_return destinations.error();
    }
    const auto endpoint = endpoint_of(request, *hook);
    if (!endpoint) {
        co_return endpoint.error();
    }
    const auto lines = last_deliveries(request, *hook, most_deliveries);
    if (!lines) {
        co_return store_trouble(request, lines.error());
    }
    const auto* destination = destinations->find(hook->destination);
    message::Markdown text;
    text.markup(fmt::format("🔗 **{}** · {} → {}", to_string(hook->id), event::display_name(hook->service),
                            place_text(destination)));
    text.newline().markup("State: ").markup(state_text(*hook, destination));
    text.newline().markup("Events: ").text(pipeline::events_text(hook->events));
    text.newline().markup("Repositories: ").markup(pipeline::repositories_text(hook->repos));
    if (hook->window.count() > 0) {
        text.newline().markup(fmt::format("Summed up every {}", short_duration(hook->window)));
    }
    if (hook->style != message::Style::normal) {
        text.newline().markup(fmt::format("Style: {}", message::name_of(hook->style)));
    }
    add_all_rules(text, request, *hook);
    add_address(text, request, *hook, *endpoint);
    add_origin(text, *hook);
    add_connection(text, request, *hook, *endpoint);
    add_rotation(text, request, *endpoint);
    add_sharers(text, request, *hook);
    if (!lines->empty()) {
        text.newline().newline().markup("Last deliveries:");
    }
    for (const std::string& line : *lines) {
        text.newline().markup(line);
    }
    co_return fine(text);
}

}  // namespace hookline::commands
