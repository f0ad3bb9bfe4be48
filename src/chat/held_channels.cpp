#include "chat/held_channels.hpp"

namespace hookline::chat {

using discord::GuildNews;
using dispatch::HoldReason;

namespace {

bool ends_with_a_permission(HoldReason reason) {
    return reason == HoldReason::missing_access || reason == HoldReason::missing_permission;
}

}  // namespace

void HeldChannels::on_news(const std::vector<GuildNews>& news) {
    if (news.empty()) {
        return;
    }
    const auto destinations = store_.destinations();
    if (!destinations) {
        log_.error("chat", "destinations could not be read", {{"why", destinations.error().detail}});
        return;
    }
    for (const dispatch::DestinationInfo& destination : *destinations) {
        if (destination.kind != dispatch::DestinationKind::discord_channel) {
            continue;  // a channel webhook and a member's direct messages have no channel that is known here
        }
        for (const GuildNews& one : news) {
            on_news(one, destination);
        }
    }
}

void HeldChannels::on_news(const GuildNews& news, const dispatch::DestinationInfo& destination) {
    const bool is_gone = destination.held == HoldReason::channel_gone;
    switch (news.kind) {
        case GuildNews::Kind::channel_gone:
            if (destination.channel == news.channel && !is_gone) {
                ports_.hold(destination.id, HoldReason::channel_gone, "the channel was deleted");
            }
            return;
        case GuildNews::Kind::guild_gone:
            if (destination.guild == news.guild && !is_gone) {
                ports_.hold(destination.id, HoldReason::missing_access,
                            "the bot was removed from the server");
            }
            return;
        case GuildNews::Kind::rights_changed: {
            const discord::Channel* channel = cache_.channel(destination.channel);
            const bool is_concerned =
                channel != nullptr && channel->guild == news.guild &&
                (!news.channel || channel->id == news.channel || channel->parent == news.channel);
            if (!is_concerned || !ends_with_a_permission(destination.held)) {
                return;
            }
            const auto facts = cache_.facts(destination.channel, clock_.now());
            if (facts && facts->missing.empty()) {
                ports_.release(destination.id);
            }
            return;
        }
    }
}

}  // namespace hookline::chat
