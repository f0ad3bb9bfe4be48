// silent: a hook's messages come without a push notification, always or when a condition holds.
#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/hook_rules.hpp"

namespace hookline::commands {

Task<Reply> silent(Request request) {
    const auto turn = co_await request.bench.turn.take();
    const auto hook = find_hook(request, request.target);
    if (!hook) {
        co_return hook.error();
    }
    const auto rules = rules_of(request, *hook, store::RuleKind::silent);
    if (!rules) {
        co_return rules.error();
    }
    const auto& words = request.arguments.words();
    const std::string first = words.empty() ? "list" : to_lower_ascii(words.front());
    const std::string example = fmt::format("{} silent if \"is_bot\"", request.target);
    message::Markdown text;
    if (first == "list") {
        text.markup(rules->empty() ? fmt::format("🔔 **{}** notifies as the channel does.\nExample: {}",
                                                 to_string(hook->id), say(request, example))
                                   : fmt::format("🔕 **{}** makes no sound if:", to_string(hook->id)));
        add_rules(text, request, *rules, "silent");
        co_return fine(text);
    }
    store::Changes changes;
    for (const store::Rule& rule : *rules) {
        changes.emplace_back(store::DropRule{rule.id});
    }
    if (first == "off") {
        text.markup(fmt::format("🔔 **{}** notifies as the channel does.", to_string(hook->id)));
    } else {
        store::Rule rule;
        rule.source =
            first == "always" && words.size() == 1 ? "always" : rest_of(words, first == "if" ? 1 : 0);
        if (rule.source != "always") {
            const auto condition = read_condition(request, *hook, rule.source, example);
            if (!condition) {
                co_return condition.error();
            }
        }
        rule.id = request.store().next_rule_id();
        rule.hook = hook->id;
        rule.kind = store::RuleKind::silent;
        rule.created_at = request.now();
        changes.emplace_back(store::PutRule{rule});
        text.markup(fmt::format("🔕 **{}** makes no sound", to_string(hook->id)));
        if (rule.source == "always") {
            text.markup(": its messages come without a push notification.");
        } else {
            text.markup(" when this holds: ").code(shorten(rule.source, 300));
        }
    }
    add_mirror(request, *hook, changes);
    const HookId id = hook->id;
    const auto written = co_await commit(request, std::move(changes), id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    co_return fine(text);
}

}  // namespace hookline::commands
