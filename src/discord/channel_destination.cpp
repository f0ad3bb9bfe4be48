#include "discord/channel_destination.hpp"

#include <algorithm>
#include <array>
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
constexpr int missing_access = 50001;
constexpr int missing_permission = 50013;
constexpr int archived_thread = 50083;
constexpr int locked_thread = 160005;
constexpr int too_many_threads = 160006;
constexpr int most_pages = 3;
constexpr std::size_t full_page = 100;
// Between our clock and Discord's.
constexpr std::chrono::minutes clock_difference(10);

TimePoint time_of(Snowflake id) {  // Discord, "Snowflakes"
    constexpr std::int64_t discord_epoch = 1'420'070'400'000;
    return TimePoint(Milliseconds(static_cast<std::int64_t>(id.value >> 22U) + discord_epoch));
}

/// A thread that takes no message: it is gone, locked, or the bot may not write there. The channel around it
/// may take it still.
bool is_closed(const RestError& error) {
    constexpr std::array codes{unknown_channel, missing_access, missing_permission, archived_thread,
                               locked_thread};
    return std::find(codes.begin(), codes.end(), error.code) != codes.end();
}

/// A thread on a message, or a forum's post: not the destination itself.
bool is_in_thread(const dispatch::DestinationInfo& destination, const Entry& entry) {
    return entry.discord_channel && entry.discord_channel != destination.channel;
}

Answer deleted_with_its_thread(const RestError& error) {
    Answer answer = answer_of(error, Credential::bot);
    answer.kind = Answer::Kind::gone;
    answer.hold = dispatch::HoldReason::none;
    answer.loss = Answer::Loss::deleted;
    return answer;
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
    switch (entry.operation) {
        case Operation::edit:
            return edit(std::move(destination), std::move(entry));
        case Operation::remove:
            return remove(std::move(destination), std::move(entry));
        case Operation::create_thread:
            return create_thread(std::move(destination), std::move(entry));
        case Operation::close_thread:
            return close_thread(std::move(entry));
        case Operation::create:
        case Operation::direct_message:
            break;
    }
    return create(std::move(destination), std::move(entry));
}

Task<Answer> ChannelDestination::create(dispatch::DestinationInfo destination, Entry entry) {
    Snowflake channel = entry.discord_channel ? entry.discord_channel : destination.channel;
    auto sent = co_await send(channel, entry);
    if (!sent && is_in_thread(destination, entry) && is_closed(sent.error())) {
        channel = destination.channel;
        sent = co_await send(channel, entry);
    }
    if (!sent && sent.error().code == unknown_message) {
        // It was posted by an earlier try and deleted since: Discord refuses to post it again, and so do we.
        co_return posted(channel, Snowflake());
    }
    co_return answer_of(sent, Credential::bot);
}

Task<RestResult<PostedMessage>> ChannelDestination::send(Snowflake channel, Entry entry) {
    return rest_.create_message(channel, body_to_send(entry), nonce_of(installation_, entry), Caller::outbox);
}

Task<Answer> ChannelDestination::edit(dispatch::DestinationInfo destination, Entry entry) {
    const Snowflake channel = entry.discord_channel ? entry.discord_channel : destination.channel;
    if (!entry.discord_message) {
        co_return never_posted();
    }
    const auto sent =
        co_await rest_.edit_message(channel, entry.discord_message, body_to_send(entry), Caller::outbox);
    if (!sent && sent.error().code == unknown_channel && is_in_thread(destination, entry)) {
        co_return deleted_with_its_thread(sent.error());
    }
    co_return answer_of(sent, Credential::bot);
}

Task<Answer> ChannelDestination::remove(dispatch::DestinationInfo destination, Entry entry) {
    const Snowflake channel = entry.discord_channel ? entry.discord_channel : destination.channel;
    if (!entry.discord_message) {
        co_return posted(channel, Snowflake());
    }
    const auto removed = co_await rest_.delete_message(channel, entry.discord_message, Caller::outbox);
    if (!removed && removed.error().code == unknown_channel && is_in_thread(destination, entry)) {
        co_return posted(channel, Snowflake());
    }
    co_return answer_of_delete(removed, entry, Credential::bot);
}

/// A message has one thread at most: Discord answers with the one that is there, and so do we.
Task<Answer> ChannelDestination::create_thread(dispatch::DestinationInfo destination, Entry entry) {
    if (entry.discord_thread) {
        co_return posted(entry.discord_thread, Snowflake());
    }
    if (!entry.discord_message) {
        co_return never_posted();
    }
    const Snowflake channel = entry.discord_channel ? entry.discord_channel : destination.channel;
    const auto thread =
        co_await rest_.create_thread_on(channel, entry.discord_message, entry.thread_name, Caller::outbox);
    if (thread) {
        co_return posted(*thread, Snowflake());
    }
    Answer answer = answer_of(thread.error(), Credential::bot);
    if (thread.error().code == too_many_threads) {
        answer.kind = Answer::Kind::refused_content;  // others must end first: nobody waits for that
    }
    co_return answer;
}

/// What is gone is closed.
Task<Answer> ChannelDestination::close_thread(Entry entry) {
    if (!entry.discord_thread) {
        co_return posted(Snowflake(), Snowflake());
    }
    const auto closed = co_await rest_.archive_thread(entry.discord_thread, Caller::outbox);
    if (closed || closed.error().code == unknown_channel) {
        co_return posted(entry.discord_thread, Snowflake());
    }
    co_return answer_of(closed.error(), Credential::bot);
}

Task<Sighting> ChannelDestination::find(dispatch::DestinationInfo destination, Entry entry) {
    Sighting sighting;
    const auto me = co_await rest_.me(Caller::outbox);
    if (!me) {
        co_return sighting;
    }
    // A thread that took nothing leaves it to the channel around it: it may be in either.
    if (is_in_thread(destination, entry)) {
        sighting = co_await find_in(entry.discord_channel, me->id, entry);
        if (sighting.found == Found::yes) {
            co_return sighting;
        }
    }
    const bool is_unknown = is_in_thread(destination, entry) && sighting.found == Found::unknown;
    sighting = co_await find_in(destination.channel, me->id, entry);
    if (sighting.found == Found::no && is_unknown) {
        sighting.found = Found::unknown;
    }
    co_return sighting;
}

/// A channel that is gone holds nothing.
Task<Sighting> ChannelDestination::find_in(Snowflake channel, Snowflake me, Entry entry) {
    Sighting sighting;
    const TimePoint since = entry.first_attempt_at.value_or(entry.created_at) - clock_difference;
    const message::Message sent = body_to_send(entry);
    const std::string nonce = nonce_of(installation_, entry);
    Snowflake before;
    for (int page = 0; page < most_pages; ++page) {
        const auto seen = co_await rest_.history(channel, before, Caller::outbox);
        if (!seen) {
            sighting.found = seen.error().code == unknown_channel ? Found::no : Found::unknown;
            co_return sighting;
        }
        for (const SeenMessage& message : *seen) {
            const bool is_match = message.author == me && !message.webhook && time_of(message.id) >= since &&
                                  is_ours(message, sent, nonce);
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
