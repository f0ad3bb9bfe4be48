// What is left of a message that Discord refused: its words and its link as one plain text.
#pragma once

#include "message/message.hpp"

namespace hookline::discord {

/// Title, link and the beginning of the text of each embed as content; no embeds, buttons, files or previews.
/// Never empty.
[[nodiscard]] message::Message as_plain_text(const message::Message& message);

}  // namespace hookline::discord
