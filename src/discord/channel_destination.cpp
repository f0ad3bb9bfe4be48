#include "discord/channel_destination.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
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
constexpr int posts_only = 40058;
constexpr int needs_tag = 40067;
constexpr int missing_access = 50001;
constexpr int not_for_text = 50008;
constexpr int wrong_form = 50035;
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

Answer answer_of_create(const RestResult<PostedMessage>& sent, Snowflake channel) {
    if (!sent && sent.error().code == unknown_message) {
        // It was posted by an earlier try and deleted since: Discord refuses to post it again, and so do we.
        return posted(channel, Snowflake());
    }
    return answer_of(sent, Credential::bot);
}

Answer unknown_post() {
    Answer answer;
    answer.may_have_arrived = true;
    answer.detail = "whether the post is there already cannot be found out";
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

bool ChannelDestination::shares_sends(const dispatch::DestinationInfo& destination) const {
    return !forum_at(destination.channel);
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
    if (is_in_thread(destination, entry)) {
        const auto sent = co_await send(entry.discord_channel, entry);
        if (sent || !is_closed(sent.error())) {
            co_return answer_of_create(sent, entry.discord_channel);
        }
    }
    std::optional<Forum> forum = forum_at(destination.channel);
    if (!forum) {
        const auto sent = co_await send(destination.channel, entry);
        const int code = sent ? 0 : sent.error().code;
        if (code != posts_only && code != not_for_text) {
            co_return answer_of_create(sent, destination.channel);
        }
        forum = co_await ask_forum(destination.channel);
        if (!forum) {
            co_return answer_of(sent, Credential::bot);
        }
    }
    co_return co_await create_post(std::move(destination), std::move(entry), *std::move(forum));
}

/// A post has no nonce: before another try it is looked for.
Task<Answer> ChannelDestination::create_post(dispatch::DestinationInfo destination, Entry entry,
                                             Forum forum) {
    if (entry.attempts > 1) {
        const Sighting seen = co_await find_post(destination, entry);
        if (seen.found == Found::yes) {
            co_return posted(seen.channel, seen.message);
        }
        if (seen.found == Found::unknown) {
            co_return unknown_post();
        }
    }
    const std::string name = post_name(entry);
    const std::vector<Snowflake> tags = choose_tags(forum, entry.thread_tags);
    auto sent =
        co_await rest_.create_post(destination.channel, name, tags, body_to_send(entry), Caller::outbox);
    const int code = sent ? 0 : sent.error().code;
    if (code == needs_tag || code == wrong_form) {
        // Its tags may have changed since they were told.
        const std::optional<Forum> now = co_await ask_forum(destination.channel);
        const std::vector<Snowflake> others =
            now ? choose_tags(*now, entry.thread_tags) : std::vector<Snowflake>();
        if (now && others != tags) {
            sent = co_await rest_.create_post(destination.channel, name, others, body_to_send(entry),
                                              Caller::outbox);
        }
    }
    co_return answer_of(sent, Credential::bot);
}

std::optional<Forum> ChannelDestination::forum_at(Snowflake channel) const {
    const Channel* known = guilds_ == nullptr ? nullptr : guilds_->channel(channel);
    if (known != nullptr) {
        return known->forum;
    }
    const auto asked = forums_.find(channel);
    return asked == forums_.end() ? std::nullopt : std::optional(asked->second);
}

/// What the gateway did not tell, or not yet.
Task<std::optional<Forum>> ChannelDestination::ask_forum(Snowflake channel) {
    constexpr std::size_t most_remembered = 1'000;
    const auto told = co_await rest_.channel(channel, Caller::outbox);
    std::optional<Forum> forum = told ? read_forum(*told) : std::nullopt;
    if (forum) {
        if (forums_.size() >= most_remembered) {
            forums_.clear();
        }
        forums_[channel] = *forum;
    }
    co_return forum;
}

Task<RestResult<PostedMessage>> ChannelDestination::send(Snowflake channel, Entry entry) {
    return rest_.create_message(channel, body_to_send(entry), nonce_of(installation_, entry), Caller::outbox);
}

Task<Answer> ChannelDestination::edit(dispatch::DestinationInfo destination, Entry entry) {
    const Snowflake channel = entry.discord_channel ? entry.discord_channel : destination.channel;
    if (!entry.discord_message) {
        co_return never_posted();
    }
    auto sent =
        co_await rest_.edit_message(channel, entry.discord_message, body_to_send(entry), Caller::outbox);
    if (!sent && sent.error().code == archived_thread) {
        RestError refusal = sent.error();
        sent = co_await edit_in_closed(channel, entry, std::move(refusal));
    }
    if (!sent && sent.error().code == unknown_channel && is_in_thread(destination, entry)) {
        co_return deleted_with_its_thread(sent.error());
    }
    co_return answer_of(sent, Credential::bot);
}

/// Opened for the edit and closed again: posted anew it would be there twice, and open the thread for good.
/// Where it cannot be opened, it is as Discord said.
Task<RestResult<PostedMessage>> ChannelDestination::edit_in_closed(Snowflake thread, Entry entry,
                                                                   RestError refusal) {
    const auto opened = co_await rest_.archive_thread(thread, false, Caller::outbox);
    if (!opened) {
        const bool is_final = opened.error().cause == RestError::Cause::answered;
        co_return tl::unexpected(is_final ? std::move(refusal) : opened.error());
    }
    auto sent =
        co_await rest_.edit_message(thread, entry.discord_message, body_to_send(entry), Caller::outbox);
    const auto closed = co_await rest_.archive_thread(thread, true, Caller::outbox);
    static_cast<void>(closed);  // one that stays open harms nobody
    co_return sent;
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
    const auto closed = co_await rest_.archive_thread(entry.discord_thread, true, Caller::outbox);
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
    if (forum_at(destination.channel)) {
        co_return co_await find_post(std::move(destination), std::move(entry));
    }
    const bool is_unknown = is_in_thread(destination, entry) && sighting.found == Found::unknown;
    sighting = co_await find_in(destination.channel, me->id, entry);
    if (sighting.found == Found::no && is_unknown) {
        sighting.found = Found::unknown;
    }
    co_return sighting;
}

/// Among the forum's posts of this bot; their first messages have their ids.
Task<Sighting> ChannelDestination::find_post(dispatch::DestinationInfo destination, Entry entry) {
    Sighting sighting;
    const auto me = co_await rest_.me(Caller::outbox);
    const Channel* known = guilds_ == nullptr ? nullptr : guilds_->channel(destination.channel);
    const Snowflake guild = known == nullptr ? destination.guild : known->guild;
    if (!me || !guild) {
        co_return sighting;
    }
    const auto threads = co_await rest_.active_threads(guild, Caller::outbox);
    if (!threads) {
        co_return sighting;
    }
    sighting.found = Found::no;
    const TimePoint since = entry.first_attempt_at.value_or(entry.created_at) - clock_difference;
    const std::string name = post_name(entry);
    const message::Message sent = body_to_send(entry);
    for (const SeenThread& thread : *threads) {
        if (thread.parent != destination.channel || thread.owner != me->id || time_of(thread.id) < since ||
            thread.name != name) {
            continue;
        }
        const auto first = co_await rest_.get_message(thread.id, thread.id, Caller::outbox);
        if (first && (is_ours(*first, sent, std::string()) || !is_recognisable(sent))) {
            sighting.found = Found::yes;
            sighting.channel = sighting.message = thread.id;
            co_return sighting;
        }
        if (!first && first.error().code != unknown_message) {
            sighting.found = Found::unknown;
        }
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
