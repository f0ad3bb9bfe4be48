// Every hook's rules, compiled: filters, alerts, mentions, what is silent, and forms of messages. Read anew
// only when something changed; what did not change is not compiled again.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "rules/condition.hpp"
#include "rules/form.hpp"
#include "store/store.hpp"

namespace hookline::pipeline {

/// A rule with its compiled condition. Null where this version cannot compile it (an older one could):
/// `trouble` says why, and the rule counts as one that cannot be worked out.
struct ActiveRule {
    store::Rule rule;
    std::size_t place = 1;  // among the hook's rules of its kind, from 1: what `list` and `remove` count by
    std::shared_ptr<const rules::Condition> condition;
    std::shared_ptr<const rules::Form> form;  // an alert's own; null: none
    std::string trouble;
};

struct ActiveForm {
    std::string event;  // "push", "pr.merged"; "": every event
    std::string source;
    std::shared_ptr<const rules::Form> form;
    std::string trouble;
};

struct HookRules {
    std::vector<std::shared_ptr<const ActiveRule>> filters, alerts, mentions, silents, mutes;
    std::vector<std::shared_ptr<const ActiveForm>> forms;

    /// The hook's own form for that event: of exactly this event, else of the whole, else of all; null: none.
    [[nodiscard]] const ActiveForm* form_for(const event::Event& event) const;
};

class RuleBook {
public:
    /// Reads all rules and templates. What did not change since `earlier` is taken from it.
    [[nodiscard]] static Result<RuleBook> read(store::Store& store, const std::vector<store::Hook>& hooks,
                                               const RuleBook* earlier);
    /// Of one hook; empty where it has none.
    [[nodiscard]] const HookRules& of(HookId hook) const;

private:
    std::unordered_map<HookId, HookRules> hooks_;
    std::unordered_map<RuleId, std::shared_ptr<const ActiveRule>> rules_;
};

/// "always" of `silent always` as a condition.
[[nodiscard]] std::string condition_source(const store::Rule& rule);

}  // namespace hookline::pipeline
