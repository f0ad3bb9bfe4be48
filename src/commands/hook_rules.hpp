// What the commands about a hook's rules share: reading them, numbering them, saying what is wrong with one.
#pragma once

#include "commands/find_hook.hpp"
#include "language/diagnostic.hpp"
#include "rules/condition.hpp"

namespace hookline::commands {

inline constexpr std::size_t most_rules = 25;  // of one kind, for one hook

/// Of that kind, in the order in which they count.
[[nodiscard]] Found<std::vector<store::Rule>> rules_of(const Request& request, const store::Hook& hook,
                                                       store::RuleKind kind);
[[nodiscard]] Found<std::vector<store::Template>> templates_of(const Request& request,
                                                               const store::Hook& hook);

/// Reads what a member typed as a condition; the reply shows the place with a caret.
[[nodiscard]] Found<rules::Condition> read_condition(const Request& request, const store::Hook& hook,
                                                     std::string_view source, std::string_view example);

/// "3" of `remove 3`: which rule that is.
[[nodiscard]] Found<store::Rule> rule_numbered(const Request& request, const std::vector<store::Rule>& rules,
                                               std::string_view noun);

/// A line each: "1. `branch=main`"; with what went wrong with it, where something did.
void add_rules(message::Markdown& text, const Request& request, const std::vector<store::Rule>& rules,
               std::string_view noun);

/// Brings webhooks.filters and webhooks.template in line with what the hook's rules will be after `changes`
/// (docs/contract.md, section 6).
void add_mirror(const Request& request, const store::Hook& hook, store::Changes& changes);

/// What the hook holds back is told now, if nothing else keeps it. False: it holds back nothing.
bool add_flush(const Request& request, const store::Hook& hook, store::Changes& changes);

/// Troubles are kept by a rule's number, and the numbers move when one goes: all of that kind are forgotten.
void forget_troubles(const Request& request, const store::Hook& hook, std::string_view noun,
                     store::Changes& changes);

/// The words from `from` on, as one text: a member may leave the quotes away.
[[nodiscard]] std::string rest_of(const std::vector<std::string>& words, std::size_t from);

}  // namespace hookline::commands
