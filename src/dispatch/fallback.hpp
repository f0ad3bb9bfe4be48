// What is sent when Discord refuses a message for its content: the same facts as plain text.
#pragma once

#include "message/message.hpp"

namespace hookline::dispatch {

/// `message` without embeds, buttons, files and markup: its text, then each embed's title with its link, its
/// description and fields, within Discord's limits. Of what is already plain text, the same again.
[[nodiscard]] message::Message as_plain_text(const message::Message& message);

}  // namespace hookline::dispatch
