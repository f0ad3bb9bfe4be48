// What of a channel's messages is meant for the bot (CONTRACT, section 4): `!hook …`, or the bot mentioned
// first. Pure: a MESSAGE_CREATE in, words out.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "discord/permissions.hpp"

namespace hookline::chat {

struct Heard {
    Snowflake message;
    Snowflake channel;  // a thread, perhaps
    Snowflake guild;    // 0: a direct message to the bot
    discord::Member author;
    std::string words;  // without prefix or mention: "github on"; of a direct message all of it
    [[nodiscard]] bool is_direct() const { return !guild; }
};

/// Nothing for what is not meant for the bot, said by another bot, a webhook or Discord itself. `self`: the
/// bot's user, 0 where it is not known yet; `prefix`: "!hook".
[[nodiscard]] std::optional<Heard> hear(const boost::json::object& message, Snowflake self,
                                        std::string_view prefix);

/// The words after `prefix` at the start of `text`, or after a mention of `self`; nothing where neither is
/// there.
[[nodiscard]] std::optional<std::string> words_for_us(std::string_view text, Snowflake self,
                                                      std::string_view prefix);

}  // namespace hookline::chat
