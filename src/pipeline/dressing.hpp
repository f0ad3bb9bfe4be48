// What a hook's rules add to any of its messages: whom it mentions, and whether it makes a sound.
#pragma once

#include <vector>

#include "base/ids.hpp"
#include "message/message.hpp"
#include "pipeline/rulebook.hpp"
#include "rules/facts.hpp"

namespace hookline::pipeline {

struct Dressing {
    std::vector<Snowflake> users, roles;
    bool is_silent = false;
};

/// Whom a rule's text names: "<@&123>" a role, "<@123>" a member.
struct Mentioned {
    Snowflake id;
    bool is_role = false;
};
[[nodiscard]] std::optional<Mentioned> parse_mention(std::string_view text);

[[nodiscard]] Dressing dressing_of(const HookRules& rules, const rules::Facts& facts);
/// Mentions stand first; only those named by a rule may ping.
[[nodiscard]] message::Message dressed(message::Message message, const Dressing& dressing);

}  // namespace hookline::pipeline
