#include "chat/rest_direct.hpp"

#include <boost/json.hpp>

namespace hookline::chat {

namespace json = boost::json;
using discord::Caller;

namespace {

template <class T>
Result<T> as_result(discord::RestResult<T> answer) {
    if (!answer) {
        return tl::unexpected(answer.error().to_error());
    }
    return std::move(*answer);
}

}  // namespace

Task<Result<void>> RestDirect::message_user(Snowflake user, message::Message message, std::string nonce) {
    const auto channel = co_await rest_.open_direct_messages(user, Caller::member);
    if (!channel) {
        co_return tl::unexpected(channel.error().to_error());
    }
    co_return co_await message_channel(*channel, std::move(message), std::move(nonce));
}

Task<Result<void>> RestDirect::message_channel(Snowflake channel, message::Message message,
                                               std::string nonce) {
    const auto posted =
        co_await rest_.create_message(channel, std::move(message), std::move(nonce), Caller::member);
    if (!posted) {
        co_return tl::unexpected(posted.error().to_error());
    }
    co_return Result<void>();
}

Task<Result<Snowflake>> RestDirect::me() {
    const auto user = co_await rest_.me(Caller::member);
    if (!user) {
        co_return tl::unexpected(user.error().to_error());
    }
    co_return user->id;
}

Task<Result<json::object>> RestDirect::guild(Snowflake guild) {
    auto answer = co_await rest_.guild(guild, Caller::member);
    co_return as_result(std::move(answer));
}

Task<Result<json::object>> RestDirect::channel(Snowflake channel) {
    auto answer = co_await rest_.channel(channel, Caller::member);
    co_return as_result(std::move(answer));
}

Task<Result<json::object>> RestDirect::member(Snowflake guild, Snowflake user) {
    auto answer = co_await rest_.member(guild, user, Caller::member);
    co_return as_result(std::move(answer));
}

Task<Result<void>> RestDirect::check_webhook(Secret address) {
    auto parsed = discord::parse_webhook_address(address);
    if (!parsed) {
        co_return fail(Errc::not_found, "not the address of a channel webhook");
    }
    discord::WebhookAddress webhook = std::move(*parsed);
    const auto found = co_await rest_.webhook(std::move(webhook), Caller::member);
    if (found) {
        co_return Result<void>();
    }
    Error error = found.error().to_error();
    if (error.code == Errc::unauthorized || error.code == Errc::forbidden) {
        error.code = Errc::not_found;  // a wrong token: to whoever pasted it the same
    }
    co_return tl::unexpected(std::move(error));
}

}  // namespace hookline::chat
