#include "discord/direct_message_destination.hpp"

namespace hookline::discord {

Task<dispatch::Answer> DirectMessageDestination::post(dispatch::DestinationInfo destination,
                                                      dispatch::Entry entry) {
    const auto channel = co_await rest_.open_direct_messages(destination.channel, Caller::outbox);
    if (!channel) {
        dispatch::Answer answer = answer_of(channel.error(), Credential::bot);
        answer.may_have_arrived = false;  // of the message nothing was sent
        co_return answer;
    }
    destination.channel = *channel;
    co_return co_await channel_.post(std::move(destination), std::move(entry));
}

Task<dispatch::Sighting> DirectMessageDestination::find(dispatch::DestinationInfo destination,
                                                        dispatch::Entry entry) {
    const auto channel = co_await rest_.open_direct_messages(destination.channel, Caller::outbox);
    if (!channel) {
        dispatch::Sighting unknown;
        co_return unknown;
    }
    destination.channel = *channel;
    co_return co_await channel_.find(std::move(destination), std::move(entry));
}

}  // namespace hookline::discord
