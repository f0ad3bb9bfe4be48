// What commands need of the world outside the store; implemented by room discord, or by the command line's
// stand-in where there is no Discord.
#pragma once

#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"

namespace hookline::commands {

struct ChannelInfo {
    Snowflake id;
    Snowflake guild;
    std::string name;  // without "#"
    bool everyone_can_see = true;
    std::string missing;  // permissions the bot lacks to post there, for people; empty: none
    bool is_forum = false;
};

class Surroundings {
public:
    virtual ~Surroundings() = default;
    /// Nothing for a channel that the bot does not see.
    [[nodiscard]] virtual std::optional<ChannelInfo> channel(Snowflake id) const = 0;
    /// Asks Discord for a channel that nobody has told of yet; channel() knows it then, if it can be seen.
    virtual Task<void> look_up(Snowflake id) = 0;
    /// Whether a Discord webhook URL's "ID/TOKEN" works: not_found, unavailable, …
    virtual Task<Result<void>> check_webhook(Secret address) = 0;
    [[nodiscard]] virtual bool has_discord() const = 0;
    /// "connected", "connecting", "not configured", "refused: bad token" for `status`.
    [[nodiscard]] virtual std::string gateway_state() const = 0;
};

}  // namespace hookline::commands
