#include "pipeline/dressing.hpp"

#include "message/mentions.hpp"

namespace hookline::pipeline {

namespace {

bool holds(const ActiveRule& rule, const rules::Facts& facts) {
    if (!rule.condition) {
        return false;
    }
    const language::Outcome outcome = rule.condition->evaluate(facts);
    return !outcome.trouble && language::is_true(outcome.value);
}

void add_once(std::vector<Snowflake>& list, Snowflake id) {
    if (std::find(list.begin(), list.end(), id) == list.end()) {
        list.push_back(id);
    }
}

}  // namespace

std::optional<Mentioned> parse_mention(std::string_view text) {
    if (!text.starts_with("<@") || !text.ends_with('>')) {
        return std::nullopt;
    }
    text.remove_prefix(2);
    text.remove_suffix(1);
    Mentioned mentioned;
    mentioned.is_role = text.starts_with('&');
    if (mentioned.is_role || text.starts_with('!')) {
        text.remove_prefix(1);
    }
    const auto id = parse_snowflake(text);
    if (!id) {
        return std::nullopt;
    }
    mentioned.id = *id;
    return mentioned;
}

Dressing dressing_of(const HookRules& rules, const rules::Facts& facts) {
    Dressing dressing;
    for (const auto& mention : rules.mentions) {
        const auto mentioned = parse_mention(mention->rule.text);
        if (mentioned && holds(*mention, facts)) {
            add_once(mentioned->is_role ? dressing.roles : dressing.users, mentioned->id);
        }
    }
    dressing.is_silent = std::any_of(rules.silents.begin(), rules.silents.end(),
                                     [&](const auto& rule) { return holds(*rule, facts); });
    return dressing;
}

message::Message dressed(message::Message message, const Dressing& dressing) {
    message.is_silent = message.is_silent || dressing.is_silent;
    message::AllowedMentions mentions = message.allowed_mentions;
    mentions.users = dressing.users;
    mentions.roles = dressing.roles;
    return message::mentioning(std::move(message), std::move(mentions));
}

}  // namespace hookline::pipeline
