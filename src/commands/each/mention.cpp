// mention: pings a role or a member with a hook's messages when a condition holds.
#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/hook_rules.hpp"
#include "pipeline/dressing.hpp"

namespace hookline::commands {

namespace {

constexpr std::string_view noun = "mention";

Reply listed(const Request& request, const store::Hook& hook, const std::vector<store::Rule>& rules) {
    message::Markdown text;
    if (rules.empty()) {
        text.markup(
            fmt::format("📣 **{}** mentions nobody.\nExample: {}", to_string(hook.id),
                        say(request, fmt::format("{} mention @role if \"is_failure\"", request.target))));
        return fine(text);
    }
    text.markup(fmt::format("📣 **Mentions of {}**:", to_string(hook.id)));
    add_rules(text, request, rules, noun);
    return fine(text);
}

Task<Reply> write_and_say(Request request, store::Hook hook, store::Changes changes, message::Markdown text) {
    add_mirror(request, hook, changes);
    const HookId id = hook.id;
    const auto written = co_await commit(request, std::move(changes), id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    co_return fine(text);
}

}  // namespace

Task<Reply> mention(Request request) {
    const auto turn = co_await request.bench.turn.take();
    const auto hook = find_hook(request, request.target);
    if (!hook) {
        co_return hook.error();
    }
    const auto rules = rules_of(request, *hook, store::RuleKind::mention);
    if (!rules) {
        co_return rules.error();
    }
    const auto& words = request.arguments.words();
    const std::string first = words.empty() ? "list" : to_lower_ascii(words.front());
    if (first == "list") {
        co_return listed(request, *hook, *rules);
    }
    store::Changes changes;
    message::Markdown text;
    if (first == "remove") {
        const auto rule = rule_numbered(request, *rules, noun);
        if (!rule) {
            co_return rule.error();
        }
        changes.emplace_back(store::DropRule{rule->id});
        text.markup("✅ **Mention removed**: ")
            .markup(rule->text)
            .markup(" if ")
            .code(shorten(rule->source, 200));
        auto reply = co_await write_and_say(request, *hook, std::move(changes), std::move(text));
        co_return reply;
    }
    const std::string example = fmt::format("{} mention @role if \"is_failure\"", request.target);
    const auto mentioned = pipeline::parse_mention(words.front());
    if (!mentioned) {
        const bool is_everyone = first == "@everyone" || first == "@here";
        co_return refused(request,
                          is_everyone ? "A hook does not ping everyone: name a role or a member."
                                      : "Say whom: a role or a member, as a mention.",
                          example);
    }
    if (words.size() < 3 || to_lower_ascii(words[1]) != "if") {
        co_return refused(request, "Say when, after the word `if`.", example);
    }
    if (rules->size() >= most_rules) {
        co_return refused(
            fmt::format("`{}` has {} mentions, more are not kept.", to_string(hook->id), rules->size()));
    }
    store::Rule rule;
    rule.source = rest_of(words, 2);
    const auto condition = read_condition(request, *hook, rule.source, example);
    if (!condition) {
        co_return condition.error();
    }
    rule.id = request.store().next_rule_id();
    rule.hook = hook->id;
    rule.kind = store::RuleKind::mention;
    rule.text = fmt::format("<@{}{}>", mentioned->is_role ? "&" : "", mentioned->id.value);
    rule.created_at = request.now();
    changes.emplace_back(store::PutRule{rule});
    text.markup("📣 **Mention added**").newline();
    text.markup(fmt::format("`{}` mentions {} when this holds: ", to_string(hook->id), rule.text))
        .code(shorten(rule.source, 300));
    auto reply = co_await write_and_say(request, *hook, std::move(changes), std::move(text));
    co_return reply;
}

}  // namespace hookline::commands
