#include "discord/answers.hpp"

#include "discord/plain_text.hpp"

namespace hookline::discord {

using dispatch::Answer;

dispatch::Answer posted(Snowflake channel, Snowflake message) {
    Answer answer;
    answer.kind = Answer::Kind::ok;
    answer.channel = channel;
    answer.message = message;
    return answer;
}

dispatch::Answer answer_of(const RestResult<PostedMessage>& result, Credential credential) {
    return result ? posted(result->channel, result->message) : answer_of(result.error(), credential);
}

dispatch::Answer answer_of_delete(const RestResult<void>& result, const dispatch::Entry& entry,
                                  Credential credential) {
    if (!result) {
        Answer answer = answer_of(result.error(), credential);
        if (answer.kind != Answer::Kind::gone) {
            return answer;
        }
    }
    return posted(entry.discord_channel, entry.discord_message);
}

dispatch::Answer never_posted() {
    Answer answer;
    answer.kind = Answer::Kind::gone;
    answer.loss = Answer::Loss::deleted;  // before its answer came
    answer.detail = "the message was never posted";
    return answer;
}

message::Message body_to_send(const dispatch::Entry& entry) {
    return entry.is_fallback ? as_plain_text(entry.body) : entry.body;
}

}  // namespace hookline::discord
