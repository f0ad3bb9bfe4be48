// Brings a command's reply to where it belongs: what is for the caller's eyes only by direct message and
// never through the outbox (decision 2), the rest through the outbox, so that it is posted once and can be
// edited later.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/task.hpp"
#include "chat/direct.hpp"
#include "chat/hearing.hpp"
#include "commands/commands.hpp"
#include "discord/guild_cache.hpp"
#include "store/store.hpp"

namespace hookline::chat {

class ReplyPoster {
public:
    ReplyPoster(store::Store& store, Direct& direct, const discord::GuildCache& cache, Clock& clock, Log& log)
        : store_(store), direct_(direct), cache_(cache), clock_(clock), log_(log) {}

    /// `facts` are written in the transaction that holds the reply.
    Task<void> post(Heard heard, commands::Reply reply, store::Changes facts);

private:
    Task<message::Message> tell_privately(Heard heard, commands::Reply reply);
    [[nodiscard]] Result<store::Changes> as_changes(const Heard& heard, const message::Message& message,
                                                    HookId setup_of);
    Task<void> write(Heard heard, message::Message message, HookId setup_of, store::Changes facts);
    Task<void> post_to_member(Heard heard, message::Message message, std::string missing);

    store::Store& store_;
    Direct& direct_;
    const discord::GuildCache& cache_;
    Clock& clock_;
    Log& log_;
};

}  // namespace hookline::chat
