#include "chat/chat_surroundings.hpp"

namespace hookline::chat {

std::optional<commands::ChannelInfo> ChatSurroundings::channel(Snowflake id) const {
    const auto facts = cache_.facts(id, clock_.now());
    if (!facts) {
        return std::nullopt;
    }
    commands::ChannelInfo info;
    info.id = facts->id;
    info.guild = facts->guild;
    info.name = facts->name;
    info.everyone_can_see = facts->everyone_can_see;
    info.is_forum = facts->is_forum;
    info.missing = facts->missing;
    return info;
}

Task<void> ChatSurroundings::look_up(Snowflake id) { return lookup_.ensure_place(id); }

Task<Result<void>> ChatSurroundings::check_webhook(Secret address) {
    return direct_.check_webhook(std::move(address));
}

}  // namespace hookline::chat
