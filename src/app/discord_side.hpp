// Everything that speaks to Discord, joined: REST and the destinations over it always, since a channel
// webhook needs no bot; the gateway and chat where there is a token.
#pragma once

#include <memory>
#include <string>

#include "app/settings.hpp"
#include "chat/chat.hpp"
#include "chat/chat_surroundings.hpp"
#include "chat/rest_direct.hpp"
#include "discord/channel_destination.hpp"
#include "discord/direct_message_destination.hpp"
#include "discord/gateway.hpp"
#include "discord/guild_cache.hpp"
#include "discord/webhook_destination.hpp"
#include "dispatch/dispatcher.hpp"

namespace hookline::app {

class DiscordSide {
public:
    struct Parts {
        boost::asio::any_io_executor executor;
        store::Store& store;
        Clock& clock;
        Random& random;
        Log& log;
        Metrics& metrics;
    };
    /// `settings.discord_api` was checked. `installation`: part of every nonce.
    DiscordSide(Parts parts, const Settings& settings, const std::string& installation);

    [[nodiscard]] commands::Surroundings& surroundings() { return *surroundings_; }
    void add_destinations(dispatch::Dispatcher::Destinations& destinations);

    /// Starts the bot, where there is a token. All outlive this. A crash of the gateway's task calls
    /// `on_crash`.
    void start(commands::Commands& commands, chat::DestinationPorts ports, TaskGroup& tasks,
               std::function<void()> on_crash);
    /// Commands that run come to their end; the session stays resumable.
    Task<void> stop(Milliseconds patience);

private:
    void save(discord::SavedSession session, TaskGroup& tasks);

    Parts parts_;
    Secret token_;
    std::string prefix_;
    std::unique_ptr<net::HttpClient> client_;
    discord::RestTransport transport_;
    discord::Rest rest_;
    discord::GuildCache cache_;
    chat::RestDirect direct_;
    discord::WebhookDestination webhooks_;
    discord::ChannelDestination channels_;
    discord::DirectMessageDestination direct_messages_;
    std::unique_ptr<commands::Surroundings> surroundings_;
    std::unique_ptr<chat::Chat> chat_;
    std::unique_ptr<discord::Gateway> gateway_;
};

}  // namespace hookline::app
