#include "chat/reply_poster.hpp"

#include "message/limits.hpp"
#include "pipeline/destinations.hpp"

namespace hookline::chat {

namespace {

/// One message of Hookline's for each message of a member's, so that a retry never posts twice.
std::string nonce_of(const Heard& heard, char what) {  // at most 25 characters: an id has 20
    return to_string(heard.message) + what;
}

constexpr char secret_part = 's', member_part = 'm', plain_part = 'p';

}  // namespace

Task<void> ReplyPoster::post(Heard heard, commands::Reply reply, store::Changes facts) {
    const HookId setup_of = reply.setup_of;
    message::Message message = reply.message;
    if (reply.only_you) {
        message = co_await tell_privately(heard, std::move(reply));
    }
    const auto channel = cache_.facts(heard.channel, clock_.now());
    const bool may_post = !channel || channel->may_embed;  // not known: Discord will say
    if (may_post && (!channel || channel->may_read_history)) {
        message.reply_to = heard.message;  // a reply needs Read Message History
    }
    if (!may_post && !message.empty()) {
        co_await post_to_member(heard, message, channel->missing);
        message = message::Message();
    }
    co_await write(std::move(heard), std::move(message), setup_of, std::move(facts));
}

Task<message::Message> ReplyPoster::tell_privately(Heard heard, commands::Reply reply) {
    message::Message secret = *reply.only_you;
    const auto told =
        co_await direct_.message_user(heard.author.id, std::move(secret), nonce_of(heard, secret_part));
    if (told) {
        co_return reply.message;
    }
    log_.info("chat", "a direct message could not be delivered",
              {{"user", to_string(heard.author.id)}, {"why", told.error().detail}});
    if (reply.if_undeliverable) {
        co_return *reply.if_undeliverable;
    }
    reply.message.content +=
        "\n⚠️ I could not send you a direct message: allow them from this server's members.";
    co_return message::fit(std::move(reply.message));
}

Result<store::Changes> ReplyPoster::as_changes(const Heard& heard, const message::Message& message,
                                               HookId setup_of) {
    auto known = store_.destinations();
    if (!known) {
        return tl::unexpected(known.error());
    }
    store::Changes changes;
    pipeline::Destinations destinations(std::move(*known), store_);
    const DestinationId destination = destinations
                                          .find_or_make(dispatch::DestinationKind::discord_channel,
                                                        heard.guild, heard.channel, Secret(), changes)
                                          .id;
    store::StoredMessage stored;
    stored.id = store_.next_message_id();
    stored.destination = destination;
    stored.created_at = clock_.now();
    if (setup_of) {
        changes.emplace_back(store::SetSetupReply{setup_of, stored.id});
    }
    dispatch::Entry entry;
    entry.id = store_.next_outbox_id();
    entry.message = stored.id;
    entry.destination = destination;
    entry.body = message;
    entry.created_at = stored.created_at;
    entry.not_before = stored.created_at;
    changes.emplace_back(store::PutMessage{std::move(stored)});
    changes.emplace_back(store::Enqueue{std::move(entry)});
    return changes;
}

Task<void> ReplyPoster::write(Heard heard, message::Message message, HookId setup_of, store::Changes facts) {
    Result<void> written;
    auto changes =
        message.empty() ? Result<store::Changes>(store::Changes()) : as_changes(heard, message, setup_of);
    if (changes) {
        changes->insert(changes->end(), std::make_move_iterator(facts.begin()),
                        std::make_move_iterator(facts.end()));
        written = co_await store_.write(std::move(*changes));
    } else {
        written = tl::unexpected(changes.error());
    }
    if (written) {
        co_return;
    }
    log_.error("chat", "a reply could not be stored", {{"why", written.error().detail}});
    if (message.empty()) {
        co_return;
    }
    // Said without the outbox: a member must not be left without an answer because a disk is full.
    const auto said =
        co_await direct_.message_channel(heard.channel, std::move(message), nonce_of(heard, plain_part));
    if (!said) {
        log_.error("chat", "a reply could not be posted", {{"why", said.error().detail}});
    }
}

Task<void> ReplyPoster::post_to_member(Heard heard, message::Message message, std::string missing) {
    message.content = fmt::format("⚠️ I may not answer in <#{}>: I lack {} there.\n{}",
                                  to_string(heard.channel), missing, message.content);
    message.reply_to = Snowflake();
    message::Message fitting = message::fit(std::move(message));
    const auto told =
        co_await direct_.message_user(heard.author.id, std::move(fitting), nonce_of(heard, member_part));
    if (!told) {
        log_.warn(
            "chat", "a reply reached nobody: the bot may not write in the channel, nor to the member",
            {{"channel", to_string(heard.channel)}, {"missing", missing}, {"why", told.error().detail}});
    }
}

}  // namespace hookline::chat
