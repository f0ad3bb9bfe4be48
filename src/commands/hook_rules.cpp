#include "commands/hook_rules.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "base/text.hpp"
#include "pipeline/digest.hpp"

namespace hookline::commands {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_shown = 200;

std::string_view plural_of(store::RuleKind kind) {
    switch (kind) {
        case store::RuleKind::filter:
            return "filters";
        case store::RuleKind::alert:
            return "alerts";
        case store::RuleKind::mention:
            return "mentions";
        case store::RuleKind::silent:
            return "silent";
        case store::RuleKind::mute:
            break;
    }
    return "mutes";
}

}  // namespace

Found<std::vector<store::Rule>> rules_of(const Request& request, const store::Hook& hook,
                                         store::RuleKind kind) {
    auto rules = request.store().knowledge().rules();
    if (!rules) {
        return tl::unexpected(store_trouble(request, rules.error()));
    }
    std::erase_if(*rules, [&](const store::Rule& rule) { return rule.hook != hook.id || rule.kind != kind; });
    return std::move(*rules);
}

Found<std::vector<store::Template>> templates_of(const Request& request, const store::Hook& hook) {
    auto templates = request.store().knowledge().templates();
    if (!templates) {
        return tl::unexpected(store_trouble(request, templates.error()));
    }
    std::erase_if(*templates, [&](const store::Template& form) { return form.hook != hook.id; });
    return std::move(*templates);
}

Found<rules::Condition> read_condition(const Request& request, const store::Hook& hook,
                                       std::string_view source, std::string_view example) {
    auto condition = rules::Condition::compile(source, hook.service);
    if (condition) {
        return std::move(*condition);
    }
    message::Markdown text;
    text.markup("❌ ").text(condition.error().sentence);
    text.block(language::caret_under(source, condition.error().place));
    text.markup(fmt::format("{} tells what there is. Example: {}",
                            say(request, fmt::format("fields {}", event::name_of(hook.service))),
                            say(request, example)));
    Reply reply = fine(text);
    reply.kind = Reply::Kind::refused;
    return tl::unexpected(std::move(reply));
}

Found<store::Rule> rule_numbered(const Request& request, const std::vector<store::Rule>& rules,
                                 std::string_view noun) {
    const auto& words = request.arguments.words();
    const std::string& word = words.size() > 1 ? words[1] : words.front();
    std::size_t number = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), number);
    const bool is_number = read.ec == std::errc{} && read.ptr == word.data() + word.size();
    if (is_number && number >= 1 && number <= rules.size()) {
        return rules[number - 1];
    }
    if (rules.empty()) {
        return tl::unexpected(refused(fmt::format("This hook has no {} that could be removed.", noun)));
    }
    return tl::unexpected(refused(request,
                                  fmt::format("Say which {}: a number from 1 to {}.", noun, rules.size()),
                                  fmt::format("{} {} remove 1", request.target, request.command.word)));
}

void add_rules(message::Markdown& text, const Request& request, const std::vector<store::Rule>& rules,
               std::string_view noun) {
    std::size_t number = 0;
    for (const store::Rule& rule : rules) {
        ++number;
        text.newline().markup(fmt::format("{}. ", number));
        if (rule.kind == store::RuleKind::mention) {
            text.markup(rule.text).markup(" if ");
        }
        text.code(shorten(rule.source, longest_shown));
        if (rule.kind == store::RuleKind::alert && !rule.text.empty()) {
            text.markup(" → ").code(shorten(first_line(trim(rule.text)), 80));
        }
        if (rule.options == "resolved") {
            text.markup(" (says too when it is over)");
        }
        const auto trouble =
            request.store().meta(store::rule_trouble_key(rule.hook, fmt::format("{} {}", noun, number)));
        if (trouble && *trouble && !(*trouble)->empty()) {
            text.newline()
                .markup("   ⚠️ could not be worked out: ")
                .text(shorten(first_line(**trouble), longest_shown));
        }
    }
}

void add_mirror(const Request& request, const store::Hook& hook, store::Changes& changes) {
    std::vector<store::Rule> rules = request.store().knowledge().rules().value_or(std::vector<store::Rule>());
    std::vector<store::Template> forms =
        request.store().knowledge().templates().value_or(std::vector<store::Template>());
    std::erase_if(rules, [&](const store::Rule& rule) { return rule.hook != hook.id; });
    std::erase_if(forms, [&](const store::Template& form) { return form.hook != hook.id; });
    for (const store::Change& change : changes) {
        if (const auto* put = std::get_if<store::PutRule>(&change)) {
            rules.push_back(put->rule);
        } else if (const auto* drop = std::get_if<store::DropRule>(&change)) {
            std::erase_if(rules, [&](const store::Rule& rule) { return rule.id == drop->rule; });
        } else if (const auto* form = std::get_if<store::PutTemplate>(&change)) {
            std::erase_if(forms,
                          [&](const store::Template& known) { return known.event == form->form.event; });
            forms.push_back(form->form);
        } else if (const auto* gone = std::get_if<store::DropTemplate>(&change)) {
            std::erase_if(forms, [&](const store::Template& known) { return known.event == gone->event; });
        }
    }
    json::object kinds;
    for (const store::Rule& rule : rules) {
        if (rule.hook != hook.id) {
            continue;
        }
        const std::string source = rule.text.empty() || rule.kind == store::RuleKind::alert
                                       ? rule.source
                                       : fmt::format("{} if {}", rule.text, rule.source);
        const std::string_view name = plural_of(rule.kind);
        json::value& list = kinds[json::string_view(name.data(), name.size())];
        if (!list.is_array()) {
            list.emplace_array();
        }
        list.get_array().emplace_back(source);
    }
    // One template is told as it is; of several, the one for every event, else the first.
    std::sort(forms.begin(), forms.end(), [](const auto& a, const auto& b) { return a.event < b.event; });
    changes.emplace_back(store::MirrorRules{hook.id, json::serialize(kinds),
                                            forms.empty() ? std::string() : forms.front().source});
}

bool add_flush(const Request& request, const store::Hook& hook, store::Changes& changes) {
    const auto open = request.store().knowledge().window(hook.id);
    if (!open || !*open) {
        return false;
    }
    changes.emplace_back(store::PutTimer{
        store::Timer{std::string(pipeline::window_timer), std::to_string(hook.id.value), request.now()}});
    return true;
}

void forget_troubles(const Request& request, const store::Hook& hook, std::string_view noun,
                     store::Changes& changes) {
    for (std::size_t i = 1; i <= most_rules; ++i) {
        const std::string key = store::rule_trouble_key(hook.id, fmt::format("{} {}", noun, i));
        const auto trouble = request.store().meta(key);
        if (trouble && *trouble && !(*trouble)->empty()) {
            changes.emplace_back(store::PutMeta{key, std::string()});
        }
    }
}

std::string rest_of(const std::vector<std::string>& words, std::size_t from) {
    std::string text;
    for (std::size_t i = from; i < words.size(); ++i) {
        text += (i == from ? "" : " ") + words[i];
    }
    return text;
}

}  // namespace hookline::commands
