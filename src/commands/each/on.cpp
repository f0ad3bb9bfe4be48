// on: sets a service up for a channel, or changes what is set up.
#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/channel_argument.hpp"
#include "commands/find_hook.hpp"
#include "commands/hook_rules.hpp"
#include "commands/new_hook.hpp"
#include "commands/options.hpp"
#include "commands/setup_reply.hpp"
#include "pipeline/setup_message.hpp"

namespace hookline::commands {

namespace {

/// What the words ask for, checked.
struct Wish {
    const services::ServiceAdapter* adapter = nullptr;
    std::optional<std::vector<std::string>> events, repos;
    Place place;
    bool has_place = false;  // --channel was given
    std::optional<store::Hook> from;
    bool is_new = false;
    std::optional<bool> only_failures;  // --only failures, --only everything
    bool no_bots = false;
    std::optional<message::Style> style;
};

constexpr std::string_view failures_filter = "is_failure";
constexpr std::string_view no_bots_filter = "not is_bot";

Found<Wish> wish_of(const Request& request, const services::ServiceAdapter& adapter) {
    Wish wish;
    wish.adapter = &adapter;
    wish.is_new = request.arguments.has("--new");
    if (const auto text = request.arguments.value("--events")) {
        auto events = read_events(request, *text, adapter);
        if (!events) {
            return tl::unexpected(events.error());
        }
        wish.events = std::move(*events);
    }
    if (const auto text = request.arguments.value("--repo")) {
        auto repos = read_repositories(request, *text);
        if (!repos) {
            return tl::unexpected(repos.error());
        }
        wish.repos = std::move(*repos);
    }
    wish.no_bots = request.arguments.has("--no-bots");
    if (const auto text = request.arguments.value("--only")) {
        const std::string what = to_lower_ascii(*text);
        if (what != "failures" && what != "everything") {
            return tl::unexpected(refused(request, "`--only` is followed by `failures`, or by `everything`.",
                                          fmt::format("{} on --only failures", request.target)));
        }
        wish.only_failures = what == "failures";
    }
    if (const auto text = request.arguments.value("--style")) {
        wish.style = message::parse_style(to_lower_ascii(*text));
        if (!wish.style) {
            return tl::unexpected(refused(request, "`--style` is followed by `compact`, `normal` or `full`.",
                                          fmt::format("{} on --style compact", request.target)));
        }
    }
    if (const auto text = request.arguments.value("--from")) {
        auto from = find_hook(request, *text);
        if (!from) {
            return tl::unexpected(from.error());
        }
        if (from->service != adapter.service()) {
            return tl::unexpected(refused(fmt::format("`{}` is a {} hook: a {} hook cannot share its URL.",
                                                      to_string(from->id), event::display_name(from->service),
                                                      event::display_name(adapter.service()))));
        }
        wish.from = std::move(*from);
    }
    return wish;
}

/// The hook that `on` changes: the one of that id, or the one of this service in the place. Nothing: a new
/// one.
Found<std::optional<store::Hook>> hook_to_change(const Request& request, const Wish& wish, bool names_hook) {
    if (names_hook) {
        auto hook = find_hook(request, request.target);
        if (!hook) {
            return tl::unexpected(hook.error());
        }
        return std::optional(std::move(*hook));
    }
    auto hooks = visible_hooks(request);
    if (!hooks) {
        return tl::unexpected(hooks.error());
    }
    const Snowflake channel = wish.place.channel ? wish.place.channel : request.caller.channel;
    std::erase_if(*hooks, [&](const store::Hook& hook) { return hook.command_channel != channel; });
    if (hooks->size() >= most_hooks_in_a_channel && wish.is_new) {
        return tl::unexpected(
            refused(fmt::format("There are {} hooks here already, more are not made. {} removes one.",
                                hooks->size(), say(request, "delete <id>"))));
    }
    std::erase_if(*hooks, [&](const store::Hook& hook) { return hook.service != wish.adapter->service(); });
    if (wish.is_new || hooks->empty()) {
        return std::optional<store::Hook>();
    }
    if (hooks->size() > 1) {
        std::vector<std::string> ids;
        for (const store::Hook& hook : *hooks) {
            ids.push_back(fmt::format("`{}`", to_string(hook.id)));
        }
        return tl::unexpected(refused(
            request,
            fmt::format(
                "There are {} {} hooks here: {}. Say the id in place of `{}`, or add `--new` for another.",
                hooks->size(), event::display_name(wish.adapter->service()), fmt::join(ids, ", "),
                request.target),
            fmt::format("{} on --events push,pr", to_string(hooks->front().id))));
    }
    return std::optional(std::move(hooks->front()));
}

void apply(store::Hook& hook, const Wish& wish) {
    if (wish.events) {
        hook.events = *wish.events;
    }
    if (wish.repos) {
        hook.repos = *wish.repos;
    }
    hook.style = wish.style.value_or(hook.style);
    hook.is_enabled = true;
    hook.is_paused = false;
}

/// The presets are filters like others: `filter list` shows them, `filter remove` takes them away.
void add_presets(const Request& request, const store::Hook& hook, const Wish& wish, store::Changes& changes) {
    if (!wish.only_failures && !wish.no_bots) {
        return;
    }
    const auto known = rules_of(request, hook, store::RuleKind::filter).value_or(std::vector<store::Rule>());
    const auto find = [&](std::string_view source) {
        return std::find_if(known.begin(), known.end(),
                            [&](const store::Rule& rule) { return rule.source == source; });
    };
    const auto want = [&](std::string_view source) {
        if (find(source) != known.end()) {
            return;
        }
        store::Rule rule;
        rule.id = request.store().next_rule_id();
        rule.hook = hook.id;
        rule.kind = store::RuleKind::filter;
        rule.source = std::string(source);
        rule.created_at = request.now();
        changes.emplace_back(store::PutRule{std::move(rule)});
    };
    if (wish.no_bots) {
        want(no_bots_filter);
    }
    if (wish.only_failures.value_or(false)) {
        want(failures_filter);
    } else if (wish.only_failures && find(failures_filter) != known.end()) {
        changes.emplace_back(store::DropRule{find(failures_filter)->id});
    }
    add_mirror(request, hook, changes);
}

/// A channel's quiet hours hold for hooks that come later, too.
std::string quiet_hours_of(const Request& request, Snowflake channel) {
    for (const store::Hook& hook : visible_hooks(request).value_or(std::vector<store::Hook>())) {
        if (hook.command_channel == channel && !hook.quiet.empty()) {
            return hook.quiet;
        }
    }
    return {};
}

/// How the source of its events is, where that is Hookline's to reach.
Task<std::string> source_text(const Request& request, event::Service service) {
    std::string text;
    if (request.bench.parts.source) {
        text = co_await request.bench.parts.source(service);
    }
    co_return message::escape(text, true);
}

Task<Reply> make(Request request, Wish wish) {
    auto destinations = destinations_of(request);
    if (!destinations) {
        co_return destinations.error();
    }
    store::Changes changes;
    store::Hook hook;
    hook.id = request.store().next_hook_id();
    hook.service = wish.adapter->service();
    hook.user = request.caller.user;
    hook.created_at = request.now();
    apply(hook, wish);
    aim(hook, request, wish.place, *destinations, changes);
    hook.quiet = quiet_hours_of(request, hook.command_channel);
    Found<store::Endpoint> endpoint =
        wish.from ? endpoint_of(request, *wish.from) : new_endpoint(request, *wish.adapter, hook.id);
    if (!endpoint) {
        co_return endpoint.error();
    }
    hook.endpoint = endpoint->id;
    if (!wish.from) {
        changes.emplace_back(store::PutEndpoint{*endpoint});
    }
    changes.emplace_back(store::PutHook{hook});
    add_presets(request, hook, wish, changes);
    const auto written = co_await commit(request, std::move(changes), hook.id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    if (wish.from) {
        co_return shared_reply(request, hook, *wish.from, wish.place.warning);
    }
    co_return setup_reply(request, hook, *endpoint, wish.place.warning);
}

Task<Reply> change(Request request, Wish wish, store::Hook hook) {
    if (wish.from && wish.from->endpoint != hook.endpoint) {
        co_return refused(
            request,
            fmt::format("`{}` has a URL and a secret of its own and keeps them. Add `--new` to make another "
                        "hook that shares those of `{}`.",
                        to_string(hook.id), to_string(wish.from->id)),
            fmt::format("{} on --new --from {}", event::name_of(hook.service), to_string(wish.from->id)));
    }
    auto destinations = destinations_of(request);
    if (!destinations) {
        co_return destinations.error();
    }
    const auto endpoint = endpoint_of(request, hook);
    if (!endpoint) {
        co_return endpoint.error();
    }
    store::Changes changes;
    apply(hook, wish);
    if (wish.has_place) {
        aim(hook, request, wish.place, *destinations, changes);
    }
    changes.emplace_back(store::PutHook{hook});
    add_presets(request, hook, wish, changes);
    const auto written = co_await commit(request, std::move(changes), hook.id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    if (!endpoint->connected_at) {
        // Perhaps the secret never reached the member: saying the command again repairs that.
        co_return setup_reply(request, hook, *endpoint, wish.place.warning);
    }
    co_return active_reply(request, hook, destinations->find(hook.destination), wish.place.warning);
}

}  // namespace

Task<Reply> on(Request request) {
    const bool names_hook = !event::parse_service(to_lower_ascii(request.target)).has_value();
    std::string service = request.target;
    if (names_hook) {
        const auto hook = find_hook(request, request.target);
        if (!hook) {
            co_return hook.error();
        }
        service = std::string(event::name_of(hook->service));
        if (request.arguments.has("--new")) {
            co_return refused(request, "`--new` makes another hook: say the service, not an id.",
                              fmt::format("{} on --new", service));
        }
    }
    const auto adapter = offered_service(request, service);
    if (!adapter) {
        co_return adapter.error();
    }
    auto wish = wish_of(request, **adapter);
    if (!wish) {
        co_return wish.error();
    }
    const auto channel = request.arguments.value("--channel");
    Found<Place> place = Place();
    wish->has_place = channel.has_value();
    if (channel) {
        std::string text = *channel;
        place = co_await place_named(request, std::move(text));
    } else if (!names_hook) {
        place = place_here(request);
    }
    if (!place) {
        co_return place.error();
    }
    wish->place = *place;
    const std::string source = co_await source_text(request, (*adapter)->service());
    if (!source.empty()) {
        wish->place.warning += (wish->place.warning.empty() ? "" : "\n") + source;
    }
    const auto turn = co_await request.bench.turn.take();
    auto existing = hook_to_change(request, *wish, names_hook);
    if (!existing) {
        co_return existing.error();
    }
    Wish checked = std::move(*wish);
    if (!*existing) {
        auto made = co_await make(std::move(request), std::move(checked));
        co_return made;
    }
    store::Hook hook = std::move(**existing);
    auto changed = co_await change(std::move(request), std::move(checked), std::move(hook));
    co_return changed;
}

}  // namespace hookline::commands
