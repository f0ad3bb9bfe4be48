// A Discord channel through a channel webhook's URL, which is its own credential. There is no nonce and no
// history: a send whose answer was lost stays unknown, and the dispatcher sends one at a time.
#pragma once

#include "discord/rest.hpp"
#include "dispatch/destination.hpp"

namespace hookline::discord {

class WebhookDestination final : public dispatch::Destination {
public:
    explicit WebhookDestination(Rest& rest) : rest_(rest) {}

    Task<void> ready(dispatch::DestinationInfo destination, dispatch::Operation operation) override;
    /// Threads cannot be opened through a webhook: what was meant for one goes into the channel. In a forum a
    /// create becomes a post, without tags: their ids are not told to a webhook.
    Task<dispatch::Answer> post(dispatch::DestinationInfo destination, dispatch::Entry entry) override;
    /// Always unknown.
    Task<dispatch::Sighting> find(dispatch::DestinationInfo destination, dispatch::Entry entry) override;

private:
    Rest& rest_;
};

}  // namespace hookline::discord
