// Discord asked directly, past the outbox: what holds a secret (decision 2), what must be known at once, and
// what is said where no destination is.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "message/message.hpp"

namespace hookline::chat {

class Direct {
public:
    virtual ~Direct() = default;
    /// By direct message. `nonce` (at most 25 characters) keeps a retry from posting twice. forbidden: the
    /// member takes none from the bot; everything else: Discord did not take it now.
    virtual Task<Result<void>> message_user(Snowflake user, message::Message message, std::string nonce) = 0;
    /// Into a channel, a direct one perhaps.
    virtual Task<Result<void>> message_channel(Snowflake channel, message::Message message,
                                               std::string nonce) = 0;
    // Look-ups. not_found, forbidden: Discord shows it to this bot not at all; unavailable: not now.
    virtual Task<Result<Snowflake>> me() = 0;
    virtual Task<Result<boost::json::object>> guild(Snowflake guild) = 0;
    virtual Task<Result<boost::json::object>> channel(Snowflake channel) = 0;
    virtual Task<Result<boost::json::object>> member(Snowflake guild, Snowflake user) = 0;
    /// Whether a channel webhook "ID/TOKEN" works: not_found where it does not (any more).
    virtual Task<Result<void>> check_webhook(Secret address) = 0;
};

}  // namespace hookline::chat
