// What destinations have in common: results of REST calls as answers to the dispatcher.
#pragma once

#include "discord/rest.hpp"
#include "dispatch/destination.hpp"

namespace hookline::discord {

[[nodiscard]] dispatch::Answer posted(Snowflake channel, Snowflake message);
[[nodiscard]] dispatch::Answer answer_of(const RestResult<PostedMessage>& result, Credential credential);
/// Of a delete: what is gone already is deleted.
[[nodiscard]] dispatch::Answer answer_of_delete(const RestResult<void>& result, const dispatch::Entry& entry,
                                                Credential credential);
/// Of an edit of a message that never was: it must be created instead.
[[nodiscard]] dispatch::Answer never_posted();
/// `entry`'s message as it is to be sent: after a refusal as plain text.
[[nodiscard]] message::Message body_to_send(const dispatch::Entry& entry);

}  // namespace hookline::discord
