// Whom a message wakes when it is posted. That is decided once: what it says may change before anybody sees
// it, as it may afterwards by an edit, which wakes nobody.
#pragma once

#include "message/message.hpp"

namespace hookline::message {

/// The members and roles of `mentions` stand first, and only they may be woken.
[[nodiscard]] Message mentioning(Message message, AllowedMentions mentions);

/// `message` in the place of `unseen`, which nobody has seen yet: it wakes the same, where it names nobody
/// itself, and is as silent.
[[nodiscard]] Message in_place_of(const Message& unseen, Message message);

}  // namespace hookline::message
