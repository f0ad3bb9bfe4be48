// What commands ask of Discord, answered from the guild cache and REST.
#pragma once

#include <functional>

#include "base/clock.hpp"
#include "chat/direct.hpp"
#include "chat/lookup.hpp"
#include "commands/surroundings.hpp"
#include "discord/guild_cache.hpp"

namespace hookline::chat {

class ChatSurroundings final : public commands::Surroundings {
public:
    /// `gateway_state`: Gateway::state(), once there is one.
    ChatSurroundings(discord::GuildCache& cache, Direct& direct, Clock& clock, Log& log,
                     std::function<std::string()> gateway_state)
        : cache_(cache),
          direct_(direct),
          clock_(clock),
          lookup_(cache, direct, clock, log),
          gateway_state_(std::move(gateway_state)) {}

    [[nodiscard]] std::optional<commands::ChannelInfo> channel(Snowflake id) const override;
    Task<void> look_up(Snowflake id) override;
    Task<Result<void>> check_webhook(Secret address) override;
    [[nodiscard]] bool has_discord() const override { return true; }
    [[nodiscard]] std::string gateway_state() const override { return gateway_state_(); }

private:
    const discord::GuildCache& cache_;
    Direct& direct_;
    Clock& clock_;
    Lookup lookup_;
    std::function<std::string()> gateway_state_;
};

}  // namespace hookline::chat
