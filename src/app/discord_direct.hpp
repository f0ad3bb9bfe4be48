// What chat asks of Discord past the outbox, answered by REST.
#pragma once

#include "chat/direct.hpp"
#include "discord/rest.hpp"

namespace hookline::app {

class DiscordDirect final : public chat::Direct {
public:
    DiscordDirect(discord::Rest& rest, discord::RestTransport& transport)
        : rest_(rest), transport_(transport) {}

    Task<Result<void>> message_user(Snowflake user, message::Message message, std::string nonce) override;
    Task<Result<void>> message_channel(Snowflake channel, message::Message message,
                                       std::string nonce) override;
    Task<Result<std::string>> look_up(std::string path) override;
    Task<Result<void>> check_webhook(Secret address) override;

private:
    discord::Rest& rest_;
    discord::RestTransport& transport_;
};

}  // namespace hookline::app
