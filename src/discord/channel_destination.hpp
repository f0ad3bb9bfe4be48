// A Discord channel, or a thread, through the bot. Creates carry a nonce, so a lost answer may be followed by
// another try; after a minute the channel's history is read instead (find). In a forum each create is a post
// of its own, unless it belongs into one.
#pragma once

#include "discord/forum.hpp"
#include "discord/guild_cache.hpp"
#include "discord/rest.hpp"
#include "dispatch/destination.hpp"

namespace hookline::discord {

class ChannelDestination final : public dispatch::Destination {
public:
    /// `installation`: this installation's id, part of every nonce.
    /// `guilds`: what is known of channels, null: nothing; it outlives this.
    ChannelDestination(Rest& rest, std::string installation, const GuildCache* guilds = nullptr)
        : rest_(rest), installation_(std::move(installation)), guilds_(guilds) {}

    /// Rate limits are waited for before an attempt begins, so that it carries what is newest by then.
    /// Not in a forum: what shared a send there would be one post.
    [[nodiscard]] bool shares_sends(const dispatch::DestinationInfo& destination) const override;
    Task<void> ready(dispatch::DestinationInfo destination, dispatch::Operation operation) override;
    Task<dispatch::Answer> post(dispatch::DestinationInfo destination, dispatch::Entry entry) override;
    Task<dispatch::Sighting> find(dispatch::DestinationInfo destination, dispatch::Entry entry) override;

private:
    /// What a thread does not take goes to the channel around it.
    Task<dispatch::Answer> create(dispatch::DestinationInfo destination, dispatch::Entry entry);
    Task<RestResult<PostedMessage>> send(Snowflake channel, dispatch::Entry entry);
    Task<dispatch::Answer> edit(dispatch::DestinationInfo destination, dispatch::Entry entry);
    Task<RestResult<PostedMessage>> edit_in_closed(Snowflake thread, dispatch::Entry entry,
                                                   RestError refusal);
    Task<dispatch::Answer> remove(dispatch::DestinationInfo destination, dispatch::Entry entry);
    Task<dispatch::Answer> create_thread(dispatch::DestinationInfo destination, dispatch::Entry entry);
    Task<dispatch::Answer> close_thread(dispatch::Entry entry);
    Task<dispatch::Answer> create_post(dispatch::DestinationInfo destination, dispatch::Entry entry,
                                       Forum forum);
    [[nodiscard]] std::optional<Forum> forum_at(Snowflake channel) const;
    Task<std::optional<Forum>> ask_forum(Snowflake channel);
    Task<dispatch::Sighting> find_post(dispatch::DestinationInfo destination, dispatch::Entry entry);
    Task<dispatch::Sighting> find_in(Snowflake channel, Snowflake me, dispatch::Entry entry);

    Rest& rest_;
    std::string installation_;
    const GuildCache* guilds_;
    std::unordered_map<Snowflake, Forum> forums_;  // asked for; bounded
};

}  // namespace hookline::discord
