// copy: the same hook for another channel; URL and secret are shared.
#include <fmt/format.h>

#include "commands/channel_argument.hpp"
#include "commands/hook_rules.hpp"
#include "commands/setup_reply.hpp"

namespace hookline::commands {

namespace {

/// Filters, alerts, mentions and templates go along.
Found<void> copy_rules(const Request& request, const store::Hook& from, const store::Hook& to,
                       store::Changes& changes) {
    for (const store::RuleKind kind : {store::RuleKind::filter, store::RuleKind::alert,
                                       store::RuleKind::mention, store::RuleKind::silent}) {
        auto rules = rules_of(request, from, kind);
        if (!rules) {
            return tl::unexpected(rules.error());
        }
        for (store::Rule& rule : *rules) {
            rule.id = request.store().next_rule_id();
            rule.hook = to.id;
            rule.created_at = to.created_at;
            changes.emplace_back(store::PutRule{std::move(rule)});
        }
    }
    auto forms = templates_of(request, from);
    if (!forms) {
        return tl::unexpected(forms.error());
    }
    for (store::Template& form : *forms) {
        form.hook = to.id;
        changes.emplace_back(store::PutTemplate{std::move(form)});
    }
    add_mirror(request, to, changes);
    return {};
}

}  // namespace

Task<Reply> copy(Request request) {
    std::string target = request.arguments.words()[1];
    const auto place = co_await place_named(request, std::move(target));
    if (!place) {
        co_return place.error();
    }
    const auto turn = co_await request.bench.turn.take();
    const auto original = find_hook(request, request.arguments.words()[0]);
    if (!original) {
        co_return original.error();
    }
    auto destinations = destinations_of(request);
    if (!destinations) {
        co_return destinations.error();
    }
    store::Changes changes;
    store::Hook hook = *original;
    hook.destination =
        destinations->find_or_make(place->kind, place->guild, place->channel, place->address, changes).id;
    if (hook.destination == original->destination) {
        co_return refused(fmt::format("`{}` announces to {} already.", to_string(original->id),
                                      place_text(destinations->find(hook.destination))));
    }
    hook.id = request.store().next_hook_id();
    hook.guild = place->guild ? to_string(place->guild) : request.guild();
    hook.command_channel = place->channel ? place->channel : request.caller.channel;
    hook.user = request.caller.user;
    hook.setup_reply = MessageId();
    hook.created_at = request.now();
    hook.absent_from = hook.absent_until = std::nullopt;
    changes.emplace_back(store::PutHook{hook});
    if (const auto copied = copy_rules(request, *original, hook, changes); !copied) {
        co_return copied.error();
    }
    const auto written = co_await commit(request, std::move(changes), hook.id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    co_return shared_reply(request, hook, *original, place->warning);
}

}  // namespace hookline::commands
