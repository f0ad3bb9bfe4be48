#include "discord/rest.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "base/text.hpp"
#include "discord/gateway.hpp"
#include "discord/multipart.hpp"
#include "discord/reading.hpp"
#include "discord/rest_reading.hpp"
#include "message/json.hpp"

namespace hookline::discord {

namespace json = boost::json;

namespace {

constexpr std::size_t most_direct_channels = 1'000;
constexpr std::size_t longest_thread_name = 100;  // Discord, "Start Thread": 1-100 characters
constexpr int thread_exists = 160004;
constexpr int page = 100;  // Discord, "Get Channel Messages"

constexpr std::string_view create_pattern = "/channels/{channel}/messages";
constexpr std::string_view message_pattern = "/channels/{channel}/messages/{message}";
constexpr std::string_view execute_pattern = "/webhooks/{webhook}/{token}";

RestCall bot_call(std::string_view method, std::string_view pattern, std::string target, Snowflake major) {
    RestCall call;
    call.route.method = method;
    call.route.pattern = pattern;
    call.route.major = major ? to_string(major) : std::string();
    call.target = std::move(target);
    call.is_repeatable = method != "POST";
    return call;
}

/// `rest` follows the address: "" or "/messages/1?thread_id=2".
RestCall webhook_call(std::string_view method, std::string_view pattern, const WebhookAddress& webhook,
                      const std::string& rest) {
    const std::string address = to_string(webhook.id) + "/" + webhook.token.reveal();
    RestCall call = bot_call(method, pattern, "/webhooks/" + address + rest, Snowflake());
    call.route.major = address;  // stays in memory: keys are never logged
    call.credential = Credential::webhook;
    return call;
}

void put_body(RestCall& call, Body body) {
    call.body = std::move(body.bytes);
    call.content_type = std::move(body.content_type);
}

void put_json(RestCall& call, const json::object& body) {
    put_body(call, Body{"application/json", json::serialize(body)});
}

/// "?thread_id=5&with_components=true".
std::string query(std::initializer_list<std::string> parts) {
    std::string text;
    for (const std::string& part : parts) {
        if (!part.empty()) {
            text.append(text.empty() ? "?" : "&").append(part);
        }
    }
    return text;
}
std::string thread_part(Snowflake thread) { return thread ? "thread_id=" + to_string(thread) : ""; }
std::string components_part(const message::Message& body) {
    return body.buttons.empty() ? "" : "with_components=true";
}

/// Sent, received, but the answer does not say what became of it.
RestError says_nothing(const net::Response& response) {
    RestError error(RestError::Cause::no_answer, response.status, "an answer that says nothing");
    error.may_have_arrived = true;
    return error;
}

std::optional<json::value> parse_body(const net::Response& response) {
    boost::system::error_code error;
    json::value value = json::parse(response.body, error);
    return error ? std::nullopt : std::optional(std::move(value));
}

RestResult<json::object> object_in_answer(RestResult<net::Response> answer) {
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    auto body = parse_body(*answer);
    if (!body || !body->is_object()) {
        return tl::unexpected(says_nothing(*answer));
    }
    return std::move(body->get_object());
}

RestResult<json::array> array_in_answer(RestResult<net::Response> answer) {
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    auto body = parse_body(*answer);
    if (!body || !body->is_array()) {
        return tl::unexpected(says_nothing(*answer));
    }
    return std::move(body->get_array());
}

/// What `read` makes of the object; an answer whose object has no id says nothing.
template <class Read>
auto read_answer(RestResult<net::Response> answer, Read read)
    -> RestResult<decltype(read(std::declval<const json::object&>()))> {
    const net::Response copy = answer ? net::Response(answer->status) : net::Response();
    const auto object = object_in_answer(std::move(answer));
    if (!object) {
        return tl::unexpected(object.error());
    }
    if (!id_in(*object, "id")) {
        return tl::unexpected(says_nothing(copy));
    }
    return read(*object);
}

PostedMessage read_posted(const json::object& object) {
    return PostedMessage{id_in(object, "channel_id"), id_in(object, "id")};
}

RestResult<void> nothing_in(const RestResult<net::Response>& answer) {
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    return {};
}

std::string thread_name(const std::string& name) {
    const std::string cut = shorten(trim(name), longest_thread_name);
    return cut.empty() ? "Hookline" : cut;
}

}  // namespace

std::optional<WebhookAddress> parse_webhook_address(const Secret& address) {
    const std::string& text = address.reveal();
    const std::size_t slash = text.find('/');
    const auto id = parse_snowflake(std::string_view(text).substr(0, std::min(slash, text.size())));
    constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    if (!id || slash == std::string::npos || slash + 1 == text.size() || text.size() > 300 ||
        text.find_first_not_of(allowed, slash + 1) != std::string::npos) {
        return std::nullopt;
    }
    return WebhookAddress{*id, Secret(text.substr(slash + 1))};
}

Task<void> Rest::until_creatable(Snowflake channel) {
    return transport_.until_open(bot_call("POST", create_pattern, "", channel).route);
}

Task<void> Rest::until_editable(Snowflake channel) {
    return transport_.until_open(bot_call("PATCH", message_pattern, "", channel).route);
}

Task<void> Rest::until_executable(WebhookAddress webhook) {
    return transport_.until_open(webhook_call("POST", execute_pattern, webhook, "").route);
}

Task<RestResult<PostedMessage>> Rest::create_message(Snowflake channel, message::Message body,
                                                     std::string nonce, Caller caller) {
    RestCall call =
        bot_call("POST", create_pattern, fmt::format("/channels/{}/messages", channel.value), channel);
    json::object json_body = message::to_discord(body);
    if (!nonce.empty()) {
        json_body["nonce"] = nonce;
        json_body["enforce_nonce"] = true;
        call.is_repeatable = true;
    }
    put_body(call, body_of(std::move(json_body), body.files, transport_.random()));
    auto answer = co_await transport_.send(std::move(call), caller);
    co_return read_answer(std::move(answer), read_posted);
}

Task<RestResult<PostedMessage>> Rest::edit_message(Snowflake channel, Snowflake message,
                                                   message::Message body, Caller caller) {
    RestCall call = bot_call("PATCH", message_pattern,
                             fmt::format("/channels/{}/messages/{}", channel.value, message.value), channel);
    put_body(call, body_of(message::to_discord_edit(body), body.files, transport_.random()));
    auto answer = co_await transport_.send(std::move(call), caller);
    co_return read_answer(std::move(answer), read_posted);
}

Task<RestResult<void>> Rest::delete_message(Snowflake channel, Snowflake message, Caller caller) {
    RestCall call = bot_call("DELETE", message_pattern,
                             fmt::format("/channels/{}/messages/{}", channel.value, message.value), channel);
    const auto answer = co_await transport_.send(std::move(call), caller);
    co_return nothing_in(answer);
}

Task<RestResult<SeenMessage>> Rest::get_message(Snowflake channel, Snowflake message, Caller caller) {
    RestCall call = bot_call("GET", message_pattern,
                             fmt::format("/channels/{}/messages/{}", channel.value, message.value), channel);
    auto answer = co_await transport_.send(std::move(call), caller);
    co_return read_answer(std::move(answer), read_message);
}

Task<RestResult<std::vector<SeenMessage>>> Rest::history(Snowflake channel, Snowflake before, Caller caller) {
    const std::string older = before ? "before=" + to_string(before) : "";
    RestCall call = bot_call(
        "GET", create_pattern,
        fmt::format("/channels/{}/messages{}", channel.value, query({fmt::format("limit={}", page), older})),
        channel);
    auto answer = co_await transport_.send(std::move(call), caller);
    const auto list = array_in_answer(std::move(answer));
    if (!list) {
        co_return tl::unexpected(list.error());
    }
    std::vector<SeenMessage> messages;
    for (const json::value& item : *list) {
        if (const json::object* object = item.if_object()) {
            messages.push_back(read_message(*object));
        }
    }
    co_return messages;
}

Task<RestResult<Snowflake>> Rest::open_direct_messages(Snowflake user, Caller caller) {
    const auto known = direct_channels_.find(user);
    if (known != direct_channels_.end()) {
        co_return known->second;
    }
    RestCall call = bot_call("POST", "/users/@me/channels", "/users/@me/channels", Snowflake());
    call.is_repeatable = true;  // an open channel is returned
    json::object body;
    body["recipient_id"] = to_string(user);
    put_json(call, body);
    auto answer = co_await transport_.send(std::move(call), caller);
    const auto channel =
        read_answer(std::move(answer), [](const json::object& object) { return id_in(object, "id"); });
    if (channel) {
        if (direct_channels_.size() >= most_direct_channels) {
            direct_channels_.clear();
        }
        direct_channels_[user] = *channel;
    }
    co_return channel;
}

Task<RestResult<Snowflake>> Rest::create_thread_on(Snowflake channel, Snowflake message, std::string name,
                                                   Caller caller) {
    RestCall call =
        bot_call("POST", "/channels/{channel}/messages/{message}/threads",
                 fmt::format("/channels/{}/messages/{}/threads", channel.value, message.value), channel);
    call.is_repeatable = true;  // one thread for each message
    json::object body;
    body["name"] = thread_name(name);
    put_json(call, body);
    auto answer = co_await transport_.send(std::move(call), caller);
    if (!answer && answer.error().code == thread_exists) {
        co_return message;  // Discord, "Start Thread from Message": the thread has the message's id
    }
    co_return read_answer(std::move(answer), [](const json::object& object) { return id_in(object, "id"); });
}

Task<RestResult<PostedMessage>> Rest::create_post(Snowflake forum, std::string name,
                                                  std::vector<Snowflake> tags, message::Message body,
                                                  Caller caller) {
    RestCall call = bot_call("POST", "/channels/{channel}/threads",
                             fmt::format("/channels/{}/threads", forum.value), forum);
    body.reply_to = Snowflake();  // a first message has nothing to reply to
    json::object json_body;
    json_body["name"] = thread_name(name);
    json_body["message"] = message::to_discord(body);
    if (!tags.empty()) {
        json::array& applied = json_body["applied_tags"].emplace_array();
        for (const Snowflake tag : tags) {
            applied.emplace_back(to_string(tag));
        }
    }
    put_body(call, body_of(std::move(json_body), body.files, transport_.random(), "message"));
    auto answer = co_await transport_.send(std::move(call), caller);
    co_return read_answer(std::move(answer), [](const json::object& object) {
        const Snowflake thread = id_in(object, "id");
        return PostedMessage{thread, thread};
    });
}

Task<RestResult<std::vector<SeenThread>>> Rest::active_threads(Snowflake guild, Caller caller) {
    RestCall call = bot_call("GET", "/guilds/{guild}/threads/active",
                             fmt::format("/guilds/{}/threads/active", guild.value), guild);
    auto answer = co_await transport_.send(std::move(call), caller);
    const auto object = object_in_answer(std::move(answer));
    if (!object) {
        co_return tl::unexpected(object.error());
    }
    std::vector<SeenThread> threads;
    const json::array* list = array_in(*object, "threads");
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        if (const json::object* thread = list->at(i).if_object()) {
            threads.push_back(read_thread(*thread));
        }
    }
    co_return threads;
}

Task<RestResult<void>> Rest::archive_thread(Snowflake thread, bool is_archived, Caller caller) {
    RestCall call =
        bot_call("PATCH", "/channels/{channel}", fmt::format("/channels/{}", thread.value), thread);
    json::object body;
    body["archived"] = is_archived;
    put_json(call, body);
    const auto answer = co_await transport_.send(std::move(call), caller);
    co_return nothing_in(answer);
}

Task<RestResult<PostedMessage>> Rest::execute_webhook(WebhookAddress webhook, Snowflake thread,
                                                      message::Message body, Caller caller,
                                                      std::string post) {
    // Without wait=true a message that was not saved raises no error (Discord, "Execute Webhook").
    RestCall call = webhook_call("POST", execute_pattern, webhook,
                                 query({"wait=true", thread_part(thread), components_part(body)}));
    body.reply_to = Snowflake();  // webhooks cannot reply
    json::object json_body = message::to_discord(body);
    if (!post.empty()) {
        json_body["thread_name"] = thread_name(post);
    }
    put_body(call, body_of(std::move(json_body), body.files, transport_.random()));
    auto answer = co_await transport_.send(std::move(call), caller);
    co_return read_answer(std::move(answer), read_posted);
}

Task<RestResult<PostedMessage>> Rest::edit_webhook_message(WebhookAddress webhook, Snowflake thread,
                                                           Snowflake message, message::Message body,
                                                           Caller caller) {
    RestCall call =
        webhook_call("PATCH", "/webhooks/{webhook}/{token}/messages/{message}", webhook,
                     "/messages/" + to_string(message) + query({thread_part(thread), components_part(body)}));
    put_body(call, body_of(message::to_discord_edit(body), body.files, transport_.random()));
    auto answer = co_await transport_.send(std::move(call), caller);
    co_return read_answer(std::move(answer), read_posted);
}

Task<RestResult<void>> Rest::delete_webhook_message(WebhookAddress webhook, Snowflake thread,
                                                    Snowflake message, Caller caller) {
    RestCall call = webhook_call("DELETE", "/webhooks/{webhook}/{token}/messages/{message}", webhook,
                                 "/messages/" + to_string(message) + query({thread_part(thread)}));
    const auto answer = co_await transport_.send(std::move(call), caller);
    co_return nothing_in(answer);
}

Task<RestResult<Webhook>> Rest::webhook(WebhookAddress webhook, Caller caller) {
    RestCall call = webhook_call("GET", execute_pattern, webhook, "");
    auto answer = co_await transport_.send(std::move(call), caller);
    co_return read_answer(std::move(answer), read_webhook);
}

Task<RestResult<User>> Rest::me(Caller caller) {
    if (me_) {
        co_return *me_;
    }
    RestCall call = bot_call("GET", "/users/@me", "/users/@me", Snowflake());
    auto answer = co_await transport_.send(std::move(call), caller);
    const auto user = read_answer(std::move(answer), read_user);
    if (user) {
        me_ = *user;
    }
    co_return user;
}

Task<RestResult<Application>> Rest::application(Caller caller) {
    RestCall call = bot_call("GET", "/applications/@me", "/applications/@me", Snowflake());
    auto answer = co_await transport_.send(std::move(call), caller);
    co_return read_answer(std::move(answer), read_application);
}

Task<RestResult<GatewayLimits>> Rest::gateway(Caller caller) {
    RestCall call = bot_call("GET", "/gateway/bot", "/gateway/bot", Snowflake());
    const auto answer = co_await transport_.send(std::move(call), caller);
    if (!answer) {
        co_return tl::unexpected(answer.error());
    }
    auto limits = read_gateway_limits(answer->body);
    if (!limits) {
        co_return tl::unexpected(says_nothing(*answer));
    }
    co_return std::move(*limits);
}

Task<RestResult<json::object>> Rest::guild(Snowflake guild, Caller caller) {
    RestCall call = bot_call("GET", "/guilds/{guild}", fmt::format("/guilds/{}", guild.value), guild);
    auto answer = co_await transport_.send(std::move(call), caller);
    co_return object_in_answer(std::move(answer));
}

Task<RestResult<json::object>> Rest::channel(Snowflake channel, Caller caller) {
    RestCall call =
        bot_call("GET", "/channels/{channel}", fmt::format("/channels/{}", channel.value), channel);
    auto answer = co_await transport_.send(std::move(call), caller);
    co_return object_in_answer(std::move(answer));
}

Task<RestResult<json::array>> Rest::roles(Snowflake guild, Caller caller) {
    RestCall call =
        bot_call("GET", "/guilds/{guild}/roles", fmt::format("/guilds/{}/roles", guild.value), guild);
    auto answer = co_await transport_.send(std::move(call), caller);
    co_return array_in_answer(std::move(answer));
}

Task<RestResult<json::object>> Rest::member(Snowflake guild, Snowflake user, Caller caller) {
    RestCall call = bot_call("GET", "/guilds/{guild}/members/{user}",
                             fmt::format("/guilds/{}/members/{}", guild.value, user.value), guild);
    auto answer = co_await transport_.send(std::move(call), caller);
    co_return object_in_answer(std::move(answer));
}

}  // namespace hookline::discord
