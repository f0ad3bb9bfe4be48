#include "message/mentions.hpp"

#include <fmt/format.h>

namespace hookline::message {

namespace {

bool names_nobody(const AllowedMentions& mentions) {
    return mentions.users.empty() && mentions.roles.empty() && !mentions.everyone;
}

}  // namespace

Message mentioning(Message message, AllowedMentions mentions) {
    std::string names;
    for (const Snowflake role : mentions.roles) {
        names += fmt::format("{}<@&{}>", names.empty() ? "" : " ", role.value);
    }
    for (const Snowflake user : mentions.users) {
        names += fmt::format("{}<@{}>", names.empty() ? "" : " ", user.value);
    }
    if (!names.empty()) {
        message.content = message.content.empty() ? names : names + "\n" + message.content;
    }
    message.allowed_mentions = std::move(mentions);
    return message;
}

Message in_place_of(const Message& unseen, Message message) {
    message.is_silent = unseen.is_silent;
    const bool wakes_the_same =
        !names_nobody(message.allowed_mentions) || names_nobody(unseen.allowed_mentions);
    return wakes_the_same ? message : mentioning(std::move(message), unseen.allowed_mentions);
}

}  // namespace hookline::message
