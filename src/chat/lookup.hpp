// Makes sure that the guild cache knows what a command needs. After a resume over a restart the gateway tells
// no guild again; then it is asked of REST: the places of hooks at once, others when somebody speaks there.
#pragma once

#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/task.hpp"
#include "chat/direct.hpp"
#include "chat/hearing.hpp"
#include "discord/guild_cache.hpp"

namespace hookline::chat {

class Lookup {
public:
    Lookup(discord::GuildCache& cache, Direct& direct, Clock& clock, Log& log)
        : cache_(cache), direct_(direct), clock_(clock), log_(log) {}

    /// The bot's own user, the guild, the channel with a thread's parent; and, for a member who may manage
    /// webhooks there, channels that the words name. False where the guild or the channel remain unknown.
    Task<bool> ensure(Heard heard);
    /// A channel with its guild, before anybody speaks there.
    Task<void> ensure_place(Snowflake channel);

private:
    Task<void> ensure_guild(Snowflake guild);
    Task<void> ensure_channel(Snowflake channel);
    /// What `answer` brings; null where nothing came, and why is logged with `what`. A refusal is believed
    /// for some minutes, so that nobody can make the bot run into Discord's ceiling of invalid requests by
    /// naming channels that it may not see.
    Task<std::shared_ptr<const boost::json::object>> ask(std::string what,
                                                         Task<Result<boost::json::object>> answer);

    discord::GuildCache& cache_;
    Direct& direct_;
    Clock& clock_;
    Log& log_;
    std::unordered_map<std::string, SteadyPoint> refused_;  // what, until when it is not asked again
};

/// Channels that `words` name: "<#123>", or a bare id; the first few.
[[nodiscard]] std::vector<Snowflake> channels_in(std::string_view words);

}  // namespace hookline::chat
