// Discord asked directly, over room discord's REST.
#pragma once

#include "chat/direct.hpp"
#include "discord/rest.hpp"

namespace hookline::chat {

class RestDirect final : public Direct {
public:
    /// `rest` outlives this.
    explicit RestDirect(discord::Rest& rest) : rest_(rest) {}

    Task<Result<void>> message_user(Snowflake user, message::Message message, std::string nonce) override;
    Task<Result<void>> message_channel(Snowflake channel, message::Message message,
                                       std::string nonce) override;
    Task<Result<Snowflake>> me() override;
    Task<Result<boost::json::object>> guild(Snowflake guild) override;
    Task<Result<boost::json::object>> channel(Snowflake channel) override;
    Task<Result<boost::json::object>> member(Snowflake guild, Snowflake user) override;
    Task<Result<void>> check_webhook(Secret address) override;

private:
    discord::Rest& rest_;
};

}  // namespace hookline::chat
