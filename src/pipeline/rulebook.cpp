#include "pipeline/rulebook.hpp"

#include <fmt/format.h>

namespace hookline::pipeline {

namespace {

std::shared_ptr<const ActiveRule> activate(const store::Rule& rule, event::Service service,
                                           std::size_t place) {
    auto active = std::make_shared<ActiveRule>();
    active->rule = rule;
    active->place = place;
    const std::string source = condition_source(rule);
    auto condition = rules::Condition::compile(source, service);
    if (condition) {
        active->condition = std::make_shared<const rules::Condition>(std::move(*condition));
    } else {
        active->trouble = condition.error().sentence;
    }
    if (rule.kind == store::RuleKind::alert && !rule.text.empty()) {
        auto form = rules::Form::compile(rule.text, service);
        if (form) {
            active->form = std::make_shared<const rules::Form>(std::move(*form));
        }
    }
    return active;
}

std::shared_ptr<const ActiveForm> activate(const store::Template& row, event::Service service) {
    auto active = std::make_shared<ActiveForm>();
    active->event = row.event;
    active->source = row.source;
    auto form = rules::Form::compile(row.source, service);
    if (form) {
        active->form = std::make_shared<const rules::Form>(std::move(*form));
    } else {
        active->trouble = form.error().detail;
    }
    return active;
}

std::vector<std::shared_ptr<const ActiveRule>>& list_of(HookRules& hook, store::RuleKind kind) {
    switch (kind) {
        case store::RuleKind::filter:
            return hook.filters;
        case store::RuleKind::alert:
            return hook.alerts;
        case store::RuleKind::mention:
            return hook.mentions;
        case store::RuleKind::silent:
            return hook.silents;
        case store::RuleKind::mute:
            break;
    }
    return hook.mutes;
}

const ActiveForm* find_form(const HookRules& hook, std::string_view event) {
    const auto found = std::find_if(hook.forms.begin(), hook.forms.end(),
                                    [&](const auto& form) { return form->event == event; });
    return found == hook.forms.end() ? nullptr : found->get();
}

}  // namespace

std::string condition_source(const store::Rule& rule) {
    return rule.kind == store::RuleKind::silent && rule.source == "always" ? "true" : rule.source;
}

const ActiveForm* HookRules::form_for(const event::Event& event) const {
    for (const std::string& name : {event.full_name(), event.name, event.provider_name, std::string()}) {
        if (const ActiveForm* form = find_form(*this, name)) {
            return form;
        }
    }
    return nullptr;
}

Result<RuleBook> RuleBook::read(store::Store& store, const std::vector<store::Hook>& hooks,
                                const RuleBook* earlier) {
    const auto rules = store.knowledge().rules();
    if (!rules) {
        return tl::unexpected(rules.error());
    }
    const auto templates = store.knowledge().templates();
    if (!templates) {
        return tl::unexpected(templates.error());
    }
    std::unordered_map<HookId, event::Service> services;
    for (const store::Hook& hook : hooks) {
        services.emplace(hook.id, hook.service);
    }
    RuleBook book;
    for (const store::Rule& rule : *rules) {
        const auto service = services.find(rule.hook);
        if (service == services.end()) {
            continue;
        }
        auto& list = list_of(book.hooks_[rule.hook], rule.kind);
        const std::size_t place = list.size() + 1;
        const auto known = earlier != nullptr ? earlier->rules_.find(rule.id) : book.rules_.end();
        const bool is_known =
            earlier != nullptr && known != earlier->rules_.end() && known->second->place == place;
        auto active = is_known ? known->second : activate(rule, service->second, place);
        list.push_back(active);
        book.rules_.emplace(rule.id, std::move(active));
    }
    for (const store::Template& row : *templates) {
        const auto service = services.find(row.hook);
        if (service == services.end()) {
            continue;
        }
        const ActiveForm* known = earlier != nullptr ? find_form(earlier->of(row.hook), row.event) : nullptr;
        HookRules& hook = book.hooks_[row.hook];
        if (known != nullptr && known->source == row.source) {
            hook.forms.push_back(std::make_shared<const ActiveForm>(*known));
        } else {
            hook.forms.push_back(activate(row, service->second));
        }
    }
    return book;
}

const HookRules& RuleBook::of(HookId hook) const {
    static const HookRules none;
    const auto found = hooks_.find(hook);
    return found == hooks_.end() ? none : found->second;
}

}  // namespace hookline::pipeline
