// A message as Discord's JSON body, and back: the outbox stores what it will send.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "message/message.hpp"

namespace hookline::message {

/// The body of "Create Message": allowed_mentions always there. Files are not part of it.
[[nodiscard]] boost::json::object to_discord(const Message& message);
/// The body of "Edit Message": what is absent in `message` is cleared, not left as it was.
[[nodiscard]] boost::json::object to_discord_edit(const Message& message);

/// For the outbox: everything, files included (base64).
[[nodiscard]] std::string serialize(const Message& message);
[[nodiscard]] Result<Message> parse(std::string_view text);

}  // namespace hookline::message
