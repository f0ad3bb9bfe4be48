// Discord's REST API, v10, as typed calls: what Hookline needs of it and no more. Rate limits, the ceiling on
// invalid requests, User-Agent and Authorization are kept below, in RestTransport. Every failure is a value.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.hpp"
#include "base/secret.hpp"
#include "discord/gateway_session.hpp"
#include "discord/rest_transport.hpp"
#include "message/message.hpp"

namespace hookline::discord {

struct PostedMessage {
    Snowflake channel;
    Snowflake message;
};

/// A message as the history shows it: what is needed to recognise one of ours.
struct SeenMessage {
    struct SeenEmbed {
        std::optional<TimePoint> timestamp;
        std::string url;
    };
    Snowflake id;
    Snowflake channel;
    Snowflake author;
    Snowflake webhook;  // 0: not from a webhook
    std::string content;
    std::string nonce;  // where Discord tells it
    std::vector<SeenEmbed> embeds;
};

struct SeenThread {
    Snowflake id;
    Snowflake parent;
    Snowflake owner;  // who opened it
    std::string name;
};

struct User {
    Snowflake id;
    std::string name;
};

struct Application {
    Snowflake id;
    std::string name;
    std::string public_key;         // Ed25519, hex
    std::string interactions_url;   // not empty: interactions do not come over the gateway
    bool may_read_content = false;  // the message-content intent is switched on
};

/// A channel webhook. Its token is its credential: never logged, and the bot's is never sent with it.
struct WebhookAddress {
    Snowflake id;
    Secret token;
};
/// "ID/TOKEN"; nothing where it is not of that form.
[[nodiscard]] std::optional<WebhookAddress> parse_webhook_address(const Secret& address);

struct Webhook {
    Snowflake id;
    Snowflake channel;
    Snowflake guild;
    std::string name;
};

class Rest {
public:
    explicit Rest(RestTransport& transport) : transport_(transport) {}
    Rest(const Rest&) = delete;
    Rest& operator=(const Rest&) = delete;

    // Messages. `nonce`: at most 25 characters, "" for none; with one, Discord posts the same message only
    // once within a few minutes, and answers with the first.
    Task<RestResult<PostedMessage>> create_message(Snowflake channel, message::Message body,
                                                   std::string nonce, Caller caller);
    Task<RestResult<PostedMessage>> edit_message(Snowflake channel, Snowflake message, message::Message body,
                                                 Caller caller);
    Task<RestResult<void>> delete_message(Snowflake channel, Snowflake message, Caller caller);
    Task<RestResult<SeenMessage>> get_message(Snowflake channel, Snowflake message, Caller caller);
    /// The newest first, at most 100, older than `before` (0: the newest of all).
    Task<RestResult<std::vector<SeenMessage>>> history(Snowflake channel, Snowflake before, Caller caller);
    /// The channel of direct messages with `user`; remembered.
    Task<RestResult<Snowflake>> open_direct_messages(Snowflake user, Caller caller);
    /// The thread's id. A thread that stands there already is returned as well.
    Task<RestResult<Snowflake>> create_thread_on(Snowflake channel, Snowflake message, std::string name,
                                                 Caller caller);
    /// A post in a forum or media channel: a thread with its first message, which has the thread's id.
    /// Nothing keeps a second call from making a second one.
    Task<RestResult<PostedMessage>> create_post(Snowflake forum, std::string name,
                                                std::vector<Snowflake> tags, message::Message body,
                                                Caller caller);
    /// The guild's threads that are not archived, as far as the bot sees them.
    Task<RestResult<std::vector<SeenThread>>> active_threads(Snowflake guild, Caller caller);
    /// Whoever opened it may close it, others need Manage Threads. A new message opens it again, too.
    Task<RestResult<void>> archive_thread(Snowflake thread, bool is_archived, Caller caller);

    /// Returns once rate limits would let such a call through, as far as is known.
    Task<void> until_creatable(Snowflake channel);
    Task<void> until_editable(Snowflake channel);
    Task<void> until_executable(WebhookAddress webhook);

    // Channel webhooks. `thread` 0: the webhook's channel itself.
    /// `post`: in a forum, the name of the post that it makes; "" elsewhere and in a thread.
    Task<RestResult<PostedMessage>> execute_webhook(WebhookAddress webhook, Snowflake thread,
                                                    message::Message body, Caller caller,
                                                    std::string post = {});
    Task<RestResult<PostedMessage>> edit_webhook_message(WebhookAddress webhook, Snowflake thread,
                                                         Snowflake message, message::Message body,
                                                         Caller caller);
    Task<RestResult<void>> delete_webhook_message(WebhookAddress webhook, Snowflake thread, Snowflake message,
                                                  Caller caller);
    Task<RestResult<Webhook>> webhook(WebhookAddress webhook, Caller caller);

    // Look-ups.
    Task<RestResult<User>> me(Caller caller);  // remembered
    Task<RestResult<Application>> application(Caller caller);
    Task<RestResult<GatewayLimits>> gateway(Caller caller);
    Task<RestResult<boost::json::object>> guild(Snowflake guild, Caller caller);
    Task<RestResult<boost::json::object>> channel(Snowflake channel, Caller caller);
    Task<RestResult<boost::json::array>> roles(Snowflake guild, Caller caller);
    Task<RestResult<boost::json::object>> member(Snowflake guild, Snowflake user, Caller caller);

private:
    RestTransport& transport_;
    std::optional<User> me_;
    std::unordered_map<Snowflake, Snowflake> direct_channels_;  // by user; bounded
};

}  // namespace hookline::discord
