#include "store/rows.hpp"

#include "store/store.hpp"

namespace hookline::store {

namespace {

constexpr std::array<std::pair<OutcomeKind, std::string_view>, 8> outcome_kinds{
    {{OutcomeKind::sent, "sent"},
     {OutcomeKind::folded, "folded"},
     {OutcomeKind::filtered, "filtered"},
     {OutcomeKind::muted, "muted"},
     {OutcomeKind::not_announced, "not_announced"},
     {OutcomeKind::hook_off, "hook_off"},
     {OutcomeKind::parked, "parked"},
     {OutcomeKind::not_understood, "not_understood"}}};

constexpr std::array<std::pair<MessageState, std::string_view>, 4> message_states{
    {{MessageState::waiting, "waiting"},
     {MessageState::sent, "sent"},
     {MessageState::parked, "parked"},
     {MessageState::deleted, "deleted"}}};

constexpr std::array<std::pair<RuleKind, std::string_view>, 5> rule_kinds{{{RuleKind::filter, "filter"},
                                                                           {RuleKind::alert, "alert"},
                                                                           {RuleKind::mention, "mention"},
                                                                           {RuleKind::silent, "silent"},
                                                                           {RuleKind::mute, "mute"}}};

template <class Table>
auto find_name(const Table& table, std::string_view name)
    -> std::optional<typename Table::value_type::first_type> {
    for (const auto& [value, known] : table) {
        if (known == name) {
            return value;
        }
    }
    return std::nullopt;
}

}  // namespace

std::string rule_trouble_key(HookId hook, std::string_view rule) {
    return "rule.trouble." + to_string(hook) + "." + std::string(rule);
}

std::string stream_trouble_key(HookId hook) { return "stream.trouble." + to_string(hook); }

std::string_view name_of(OutcomeKind kind) { return outcome_kinds.at(static_cast<std::size_t>(kind)).second; }

std::optional<OutcomeKind> parse_outcome_kind(std::string_view name) {
    return find_name(outcome_kinds, name);
}

std::string_view name_of(RuleKind kind) { return rule_kinds.at(static_cast<std::size_t>(kind)).second; }

std::optional<RuleKind> parse_rule_kind(std::string_view name) { return find_name(rule_kinds, name); }

std::string_view name_of(MessageState state) {
    return message_states.at(static_cast<std::size_t>(state)).second;
}

std::optional<MessageState> parse_message_state(std::string_view name) {
    return find_name(message_states, name);
}

}  // namespace hookline::store
