// filter: which of a hook's events are announced; all of its filters must hold.
#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/hook_rules.hpp"

namespace hookline::commands {

namespace {

constexpr std::string_view noun = "filter";

/// "Only main branch events", where the short form says it so plainly; else the condition itself.
void add_meaning(message::Markdown& text, const std::string& source) {
    constexpr std::string_view branch = "branch=";
    const std::string_view value = trim(source);
    if (value.starts_with(branch) && value.find_first_of(",*?", branch.size()) == value.npos &&
        value.size() > branch.size()) {
        text.markup("Only ").text(value.substr(branch.size())).markup(" branch events");
        return;
    }
    text.markup("Only events for which this holds: ").code(shorten(source, 300));
}

Reply listed(const Request& request, const store::Hook& hook, const std::vector<store::Rule>& rules) {
    message::Markdown text;
    if (rules.empty()) {
        text.markup(fmt::format(
            "🔎 **{}** has no filters: every event it is set up for is announced.\nExample: {}",
            to_string(hook.id), say(request, fmt::format("{} filter branch=main", request.target))));
        return fine(text);
    }
    text.markup(fmt::format("🔎 **Filters of {}** (all must hold):", to_string(hook.id)));
    add_rules(text, request, rules, noun);
    return fine(text);
}

Task<Reply> removed(Request request, store::Hook hook, std::vector<store::Rule> going, std::string said) {
    store::Changes changes;
    for (const store::Rule& rule : going) {
        changes.emplace_back(store::DropRule{rule.id});
    }
    forget_troubles(request, hook, noun, changes);
    add_mirror(request, hook, changes);
    const HookId id = hook.id;
    const auto written = co_await commit(request, std::move(changes), id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    const auto left = rules_of(request, hook, store::RuleKind::filter);
    message::Markdown text;
    text.markup(said);
    if (left && !left->empty()) {
        text.newline().markup("What is left:");
        add_rules(text, request, *left, noun);
    } else {
        text.newline().markup(fmt::format("`{}` has no filters any more.", to_string(id)));
    }
    co_return fine(text);
}

}  // namespace

Task<Reply> filter(Request request) {
    const auto turn = co_await request.bench.turn.take();
    const auto hook = find_hook(request, request.target);
    if (!hook) {
        co_return hook.error();
    }
    const auto rules = rules_of(request, *hook, store::RuleKind::filter);
    if (!rules) {
        co_return rules.error();
    }
    const auto& words = request.arguments.words();
    const std::string first = words.empty() ? "list" : to_lower_ascii(words.front());
    if (first == "list") {
        co_return listed(request, *hook, *rules);
    }
    if (first == "clear") {
        auto reply = co_await removed(request, *hook, *rules, "✅ **All filters removed**");
        co_return reply;
    }
    if (first == "remove") {
        const auto rule = rule_numbered(request, *rules, noun);
        if (!rule) {
            co_return rule.error();
        }
        std::string said = fmt::format("✅ **Filter removed**: {}",
                                       message::Markdown().code(shorten(rule->source, 200)).str());
        std::vector<store::Rule> going(1, *rule);
        auto reply = co_await removed(request, *hook, std::move(going), std::move(said));
        co_return reply;
    }
    if (rules->size() >= most_rules) {
        co_return refused(fmt::format("`{}` has {} filters, more are not kept. Join some with `and`.",
                                      to_string(hook->id), rules->size()));
    }
    store::Rule rule;
    rule.source = rest_of(words, 0);
    const auto condition =
        read_condition(request, *hook, rule.source, fmt::format("{} filter branch=main", request.target));
    if (!condition) {
        co_return condition.error();
    }
    rule.id = request.store().next_rule_id();
    rule.hook = hook->id;
    rule.kind = store::RuleKind::filter;
    rule.created_at = request.now();
    store::Changes changes;
    changes.emplace_back(store::PutRule{rule});
    add_mirror(request, *hook, changes);
    const HookId id = hook->id;
    const auto written = co_await commit(request, std::move(changes), id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    message::Markdown text;
    text.markup("✅ **Filter added**: ");
    add_meaning(text, rule.source);
    text.newline().markup(fmt::format("`{}` now has {} {}.", to_string(id), rules->size() + 1,
                                      rules->empty() ? "filter" : "filters; all must hold"));
    const std::string without = rules::events_without(*condition, hook->service);
    if (!without.empty()) {
        text.newline().markup("Events that have nothing of the kind pass: ").text(without).markup(".");
    }
    co_return fine(text);
}

}  // namespace hookline::commands
