#include "discord/webhook_destination.hpp"

#include "discord/answers.hpp"
#include "discord/forum.hpp"

namespace hookline::discord {

using dispatch::Answer;
using dispatch::Operation;

namespace {
constexpr int needs_a_post = 220001;  // the webhook of a forum
}

Task<void> WebhookDestination::ready(dispatch::DestinationInfo destination, Operation operation) {
    const auto address = parse_webhook_address(destination.address);
    if (address && operation == Operation::create) {
        co_await rest_.until_executable(*address);
    }
}

Task<Answer> WebhookDestination::post(dispatch::DestinationInfo destination, dispatch::Entry entry) {
    const auto address = parse_webhook_address(destination.address);
    if (!address) {
        Answer answer;
        answer.kind = Answer::Kind::held;
        answer.hold = dispatch::HoldReason::webhook_gone;
        answer.detail = "the stored webhook address is none";
        co_return answer;
    }
    // Discord wants to be told the thread that a message is in, but not the webhook's own channel.
    const bool is_in_thread =
        entry.discord_channel && destination.channel && entry.discord_channel != destination.channel;
    const Snowflake thread = is_in_thread ? entry.discord_channel : Snowflake();
    if (entry.operation == Operation::create_thread || entry.operation == Operation::close_thread) {
        co_return posted(entry.discord_thread, Snowflake());
    }
    if (entry.operation == Operation::remove) {
        if (!entry.discord_message) {
            co_return posted(entry.discord_channel, Snowflake());
        }
        const auto removed =
            co_await rest_.delete_webhook_message(*address, thread, entry.discord_message, Caller::outbox);
        co_return answer_of_delete(removed, entry, Credential::webhook);
    }
    if (entry.operation == Operation::edit) {
        if (!entry.discord_message) {
            co_return never_posted();
        }
        const auto edited = co_await rest_.edit_webhook_message(*address, thread, entry.discord_message,
                                                                body_to_send(entry), Caller::outbox);
        co_return answer_of(edited, Credential::webhook);
    }
    auto sent = co_await rest_.execute_webhook(*address, thread, body_to_send(entry), Caller::outbox);
    if (!sent && sent.error().code == needs_a_post && !thread) {
        sent = co_await rest_.execute_webhook(*address, thread, body_to_send(entry), Caller::outbox,
                                              post_name(entry));
    }
    co_return answer_of(sent, Credential::webhook);
}

Task<dispatch::Sighting> WebhookDestination::find(dispatch::DestinationInfo /*destination*/,
                                                  dispatch::Entry /*entry*/) {
    dispatch::Sighting unknown;
    co_return unknown;
}

}  // namespace hookline::discord
