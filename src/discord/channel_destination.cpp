#include "discord/channel_destination.hpp"

#include <algorithm>
#include <iterator>

#include "discord/answers.hpp"
#include "discord/nonce.hpp"

namespace hookline::discord {

using dispatch::Answer;
using dispatch::Entry;
using dispatch::Found;
using dispatch::Operation;
using dispatch::Sighting;

namespace {

constexpr int unknown_channel = 10003;
constexpr int unknown_message = 10008;
constexpr int most_pages = 3;
constexpr std::size_t full_page = 100;
// Between our clock and Discord's.
constexpr std::chrono::minutes clock_difference(10);

TimePoint time_of(Snowflake id) {  // Discord, "Snowflakes"
    constexpr std::int64_t discord_epoch = 1'420'070'400'000;
    return TimePoint(Milliseconds(static_cast<std::int64_t>(id.value >> 22U) + discord_epoch));
}

/// What of a text surely survives: Discord trims, and strips what would break the layout.
std::string letters_of(std::string_view text) {
    std::string letters;
    std::copy_if(text.begin(), text.end(), std::back_inserter(letters), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
    return letters;
}

bool is_dated(const message::Embed& embed) { return embed.timestamp.has_value(); }

/// By the nonce where Discord tells it, else by the embed's timestamp, which no other message of the channel
/// has; without an embed by the whole text.
bool is_ours(const SeenMessage& seen, const message::Message& sent, const std::string& nonce) {
    if (!seen.nonce.empty()) {
        return seen.nonce == nonce;
    }
    const auto dated = std::find_if(sent.embeds.begin(), sent.embeds.end(), is_dated);
    if (dated != sent.embeds.end()) {
        return std::any_of(seen.embeds.begin(), seen.embeds.end(),
                           [&dated](const auto& embed) { return embed.timestamp == dated->timestamp; });
    }
    const std::string letters = letters_of(sent.content);
    return !letters.empty() && letters_of(seen.content) == letters;
}

/// Whether is_ours would surely know it: neither a date nor a letter is nothing to go by.
bool is_recognisable(const message::Message& sent) {
    return std::any_of(sent.embeds.begin(), sent.embeds.end(), is_dated) || !letters_of(sent.content).empty();
}

}  // namespace

Task<void> ChannelDestination::ready(dispatch::DestinationInfo destination, Operation operation) {
    return operation == Operation::edit ? rest_.until_editable(destination.channel)
                                        : rest_.until_creatable(destination.channel);
}

Task<Answer> ChannelDestination::post(dispatch::DestinationInfo destination, Entry entry) {
    const Snowflake channel = entry.discord_channel ? entry.discord_channel : destination.channel;
    switch (entry.operation) {
        case Operation::edit:
            return edit(channel, std::move(entry));
        case Operation::remove:
            return remove(channel, std::move(entry));
        case Operation::create_thread:
            return create_thread(channel, std::move(entry));
        case Operation::create:
        case Operation::direct_message:
            break;
    }
    return create(channel, std::move(entry));
}

Task<Answer> ChannelDestination::create(Snowflake channel, Entry entry) {
    const auto sent = co_await rest_.create_message(channel, body_to_send(entry),
                                                    nonce_of(installation_, entry), Caller::outbox);
    if (!sent && sent.error().code == unknown_message) {
        // It was posted by an earlier try and deleted since: Discord refuses to post it again, and so do we.
        co_return posted(channel, Snowflake());
    }
    co_return answer_of(sent, Credential::bot);
}

Task<Answer> ChannelDestination::edit(Snowflake channel, Entry entry) {
    if (!entry.discord_message) {
        co_return never_posted();
    }
    const auto sent =
        co_await rest_.edit_message(channel, entry.discord_message, body_to_send(entry), Caller::outbox);
    co_return answer_of(sent, Credential::bot);
}

Task<Answer> ChannelDestination::remove(Snowflake channel, Entry entry) {
    if (!entry.discord_message) {
        co_return posted(channel, Snowflake());
    }
    const auto removed = co_await rest_.delete_message(channel, entry.discord_message, Caller::outbox);
    co_return answer_of_delete(removed, entry, Credential::bot);
}

Task<Answer> ChannelDestination::create_thread(Snowflake channel, Entry entry) {
    RestResult<Snowflake> thread;
    if (entry.discord_message) {
        thread = co_await rest_.create_thread_on(channel, entry.discord_message, entry.thread_name,
                                                 Caller::outbox);
    } else {
        thread = co_await rest_.create_thread(channel, entry.thread_name, Caller::outbox);
    }
    if (!thread) {
        co_return answer_of(thread.error(), Credential::bot);
    }
    if (entry.body.empty()) {
        co_return posted(*thread, Snowflake());
    }
    co_return co_await create(*thread, std::move(entry));
}

Task<Sighting> ChannelDestination::find(dispatch::DestinationInfo destination, Entry entry) {
    Sighting sighting;
    const bool is_thread = entry.operation == Operation::create_thread;
    const auto me = co_await rest_.me(Caller::outbox);
    if (!me || (is_thread && !entry.discord_message)) {
        co_return sighting;
    }
    // The thread on a message has the message's id (Discord, "Start Thread from Message").
    const Snowflake usual = entry.discord_channel ? entry.discord_channel : destination.channel;
    const Snowflake channel = is_thread ? entry.discord_message : usual;
    const TimePoint since = entry.first_attempt_at.value_or(entry.created_at) - clock_difference;
    const message::Message sent = body_to_send(entry);
    const std::string nonce = nonce_of(installation_, entry);
    Snowflake before;
    for (int page = 0; page < most_pages; ++page) {
        const auto seen = co_await rest_.history(channel, before, Caller::outbox);
        if (!seen) {
            const bool has_no_thread = is_thread && seen.error().code == unknown_channel;
            sighting.found = has_no_thread ? Found::no : Found::unknown;
            co_return sighting;
        }
        for (const SeenMessage& message : *seen) {
            const bool is_match = message.author == me->id && !message.webhook &&
                                  time_of(message.id) >= since && is_ours(message, sent, nonce);
            if (is_match) {
                sighting.found = Found::yes;
                sighting.channel = channel;
                sighting.message = message.id;
                co_return sighting;
            }
        }
        if (seen->size() < full_page || time_of(seen->back().id) < since) {
            sighting.found = is_recognisable(sent) ? Found::no : Found::unknown;
            co_return sighting;
        }
        before = seen->back().id;
    }
    co_return sighting;  // a busy channel: it may be further back
}

}  // namespace hookline::discord
