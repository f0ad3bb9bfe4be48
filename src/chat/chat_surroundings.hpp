// What commands ask of Discord, answered from the guild cache and REST.
#pragma once

#include <functional>

#include "base/clock.hpp"
#include "chat/direct.hpp"
#include "commands/surroundings.hpp"
#include "discord/guild_cache.hpp"

namespace hookline::chat {

class ChatSurroundings final : public commands::Surroundings {
public:
    /// `gateway_state`: Gateway::state(), once there is one.
    ChatSurroundings(const discord::GuildCache& cache, Direct& direct, Clock& clock,
                     std::function<std::string()> gateway_state)
        : cache_(cache), direct_(direct), clock_(clock), gateway_state_(std::move(gateway_state)) {}

    [[nodiscard]] std::optional<commands::ChannelInfo> channel(Snowflake id) const override;
    Task<Result<void>> check_webhook(Secret address) override;
    [[nodiscard]] bool has_discord() const override { return true; }
    [[nodiscard]] std::string gateway_state() const override { return gateway_state_(); }

private:
    const discord::GuildCache& cache_;
    Direct& direct_;
    Clock& clock_;
    std::function<std::string()> gateway_state_;
};

}  // namespace hookline::chat
