// alert-if: says so when a condition becomes true for a pull request, a build, a run, or the hook as a whole.
#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/hook_rules.hpp"
#include "rules/form.hpp"

namespace hookline::commands {

namespace {

constexpr std::string_view noun = "alert";

Reply listed(const Request& request, const store::Hook& hook, const std::vector<store::Rule>& rules) {
    message::Markdown text;
    if (rules.empty()) {
        text.markup(fmt::format(
            "🔔 **{}** has no alerts.\nExample: {}", to_string(hook.id),
            say(request,
                fmt::format("{} alert-if \"pr.status == 'approved' and pr.reviews >= 2\"", request.target))));
        return fine(text);
    }
    text.markup(fmt::format("🔔 **Alerts of {}**:", to_string(hook.id)));
    add_rules(text, request, rules, noun);
    return fine(text);
}

Task<Reply> removed(Request request, store::Hook hook, store::Rule rule) {
    store::Changes changes;
    changes.emplace_back(store::DropRule{rule.id});
    forget_troubles(request, hook, noun, changes);
    add_mirror(request, hook, changes);
    const HookId id = hook.id;
    const auto written = co_await commit(request, std::move(changes), id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    message::Markdown text;
    text.markup("✅ **Alert removed**: ").code(shorten(rule.source, 200));
    co_return fine(text);
}

/// The condition and the template that the words hold: where no quotes told them apart, all is the condition.
struct Wanted {
    std::string source, form;
};
Wanted wanted_of(const std::vector<std::string>& words) {
    if (words.size() == 2 &&
        (words[1].find("{{") != std::string::npos || words[0].find(' ') != std::string::npos)) {
        return {words[0], words[1]};
    }
    return {rest_of(words, 0), {}};
}

}  // namespace

Task<Reply> alert_if(Request request) {
    const auto turn = co_await request.bench.turn.take();
    const auto hook = find_hook(request, request.target);
    if (!hook) {
        co_return hook.error();
    }
    const auto rules = rules_of(request, *hook, store::RuleKind::alert);
    if (!rules) {
        co_return rules.error();
    }
    const auto& words = request.arguments.words();
    const std::string first = words.empty() ? "list" : to_lower_ascii(words.front());
    if (first == "list") {
        co_return listed(request, *hook, *rules);
    }
    if (first == "remove") {
        const auto rule = rule_numbered(request, *rules, noun);
        if (!rule) {
            co_return rule.error();
        }
        store::Rule going = *rule;
        store::Hook from = *hook;
        auto reply = co_await removed(request, std::move(from), std::move(going));
        co_return reply;
    }
    if (rules->size() >= most_rules) {
        co_return refused(
            fmt::format("`{}` has {} alerts, more are not kept.", to_string(hook->id), rules->size()));
    }
    const Wanted wanted = wanted_of(words);
    const std::string example =
        fmt::format("{} alert-if \"pr.status == 'approved' and pr.reviews >= 2\"", request.target);
    const auto condition = read_condition(request, *hook, wanted.source, example);
    if (!condition) {
        co_return condition.error();
    }
    std::vector<std::string> unknown;
    if (!wanted.form.empty()) {
        const auto form = rules::Form::compile(wanted.form, hook->service);
        if (!form) {
            message::Markdown text;
            text.markup("❌ The template: ").text(first_line(form.error().detail)).block(form.error().detail);
            Reply reply = fine(text);
            reply.kind = Reply::Kind::refused;
            co_return reply;
        }
        unknown = form->unknown();
    }
    store::Rule rule;
    rule.id = request.store().next_rule_id();
    rule.hook = hook->id;
    rule.kind = store::RuleKind::alert;
    rule.source = wanted.source;
    rule.text = wanted.form;
    rule.options = request.arguments.has("--resolved") ? "resolved" : "";
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
    text.markup("🔔 **Alert rule added**").newline().markup("Condition: ").code(shorten(rule.source, 300));
    text.newline().markup(
        fmt::format("`{}` says so when it becomes true, and again only after it was false{}.", to_string(id),
                    rule.options.empty() ? "" : ", which it says too"));
    for (const std::string& sentence : unknown) {
        text.newline().markup("⚠️ In the template: ").text(sentence);
    }
    co_return fine(text);
}

}  // namespace hookline::commands
