#include "app/discord_direct.hpp"

namespace hookline::app {

using discord::Caller;

Task<Result<void>> DiscordDirect::message_user(Snowflake user, message::Message message, std::string nonce) {
    const auto channel = co_await rest_.open_direct_messages(user, Caller::member);
    if (!channel) {
        co_return tl::unexpected(channel.error().to_error());
    }
    const auto sent = co_await message_channel(*channel, std::move(message), std::move(nonce));
    co_return sent;
}

Task<Result<void>> DiscordDirect::message_channel(Snowflake channel, message::Message message,
                                                  std::string nonce) {
    const auto posted =
        co_await rest_.create_message(channel, std::move(message), std::move(nonce), Caller::member);
    if (!posted) {
        co_return tl::unexpected(posted.error().to_error());
    }
    co_return Result<void>();
}

Task<Result<std::string>> DiscordDirect::look_up(std::string path) {
    discord::RestCall call;
    call.route.method = "GET";
    call.route.pattern = "look-up";
    call.route.major = path;
    call.target = std::move(path);
    call.is_repeatable = true;
    const auto answer = co_await transport_.send(std::move(call), Caller::member);
    if (!answer) {
        co_return tl::unexpected(answer.error().to_error());
    }
    co_return answer->body;
}

Task<Result<void>> DiscordDirect::check_webhook(Secret address) {
    const auto webhook = discord::parse_webhook_address(address);
    if (!webhook) {
        co_return fail(Errc::invalid_argument, "not the address of a Discord webhook");
    }
    const auto answer = co_await rest_.webhook(*webhook, Caller::member);
    if (!answer) {
        co_return tl::unexpected(answer.error().to_error());
    }
    co_return Result<void>();
}

}  // namespace hookline::app
