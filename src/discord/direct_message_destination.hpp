// A member's direct messages: the channel is asked for by the member's id, then it is a channel like others.
#pragma once

#include "discord/channel_destination.hpp"

namespace hookline::discord {

class DirectMessageDestination final : public dispatch::Destination {
public:
    DirectMessageDestination(Rest& rest, std::string installation)
        : rest_(rest), channel_(rest, std::move(installation)) {}

    /// `destination.channel` is the member.
    Task<dispatch::Answer> post(dispatch::DestinationInfo destination, dispatch::Entry entry) override;
    Task<dispatch::Sighting> find(dispatch::DestinationInfo destination, dispatch::Entry entry) override;

private:
    Rest& rest_;
    ChannelDestination channel_;
};

}  // namespace hookline::discord
