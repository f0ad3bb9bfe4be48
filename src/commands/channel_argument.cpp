#include "commands/channel_argument.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace hookline::commands {

namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view token_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t longest_token = 200;

// The Discord contract, 1.1: hosts that people paste; the dispatcher builds its own URL from id and token.
constexpr std::array<std::string_view, 6> hosts{"discord.com",        "discordapp.com",
                                                "ptb.discord.com",    "canary.discord.com",
                                                "ptb.discordapp.com", "canary.discordapp.com"};

/// Takes `prefix` off the front of `text`; false where it is not there.
bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) {
        return false;
    }
    text.remove_prefix(prefix.size());
    return true;
}

std::string_view take_of(std::string_view& text, std::string_view characters) {
    const std::size_t end = std::min(text.find_first_not_of(characters), text.size());
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(end);
    return taken;
}

bool looks_like_url(std::string_view text) {
    const std::string lower = to_lower_ascii(text.substr(0, 9));
    return lower.starts_with("https://") || lower.starts_with("http://") || lower.starts_with("<http");
}

Place place_for(const ChannelInfo& channel) {
    Place place;
    place.kind = dispatch::DestinationKind::discord_channel;
    place.guild = channel.guild;
    place.channel = channel.id;
    if (!channel.missing.empty()) {
        place.warning = fmt::format("⚠️ In <#{}> I still lack: {}. Until I have it, messages wait.",
                                    channel.id.value, channel.missing);
    }
    return place;
}

Place terminal() { return {}; }

Task<Found<Place>> place_of_webhook(Request request, Secret address) {
    const auto works = co_await request.bench.parts.surroundings.check_webhook(address);
    if (works) {
        Place place;
        place.kind = dispatch::DestinationKind::discord_webhook;
        place.guild = request.caller.guild;
        place.address = std::move(address);
        co_return place;
    }
    if (works.error().code == Errc::unavailable || works.error().code == Errc::timeout) {
        co_return tl::unexpected(
            refused("Discord does not answer at present, so the webhook URL could not be checked. Try again "
                    "in a minute."));
    }
    co_return tl::unexpected(
        refused("Discord does not know this webhook URL (any more). Copy it again: channel settings → "
                "Integrations → Webhooks → Copy Webhook URL."));
}

}  // namespace

std::optional<Secret> parse_webhook_url(std::string_view text) {
    if (take(text, "<") && text.ends_with('>')) {  // how people keep Discord from showing a preview
        text.remove_suffix(1);
    }
    if (!take(text, "https://")) {
        return std::nullopt;
    }
    const std::string host = to_lower_ascii(text.substr(0, text.find('/')));
    if (std::find(hosts.begin(), hosts.end(), host) == hosts.end()) {
        return std::nullopt;
    }
    text.remove_prefix(host.size());
    if (!take(text, "/api/")) {
        return std::nullopt;
    }
    if (take(text, "v") && (take_of(text, digits).empty() || !take(text, "/"))) {
        return std::nullopt;
    }
    if (!take(text, "webhooks/")) {
        return std::nullopt;
    }
    const auto id = parse_snowflake(take_of(text, digits));
    const bool has_token = take(text, "/");
    const std::string_view token = take_of(text, token_characters);
    take(text, "/");
    if (!id || !has_token || token.empty() || token.size() > longest_token ||
        (!text.empty() && text.front() != '?')) {
        return std::nullopt;
    }
    return Secret(fmt::format("{}/{}", id->value, token));
}

std::optional<Snowflake> parse_channel(std::string_view text) {
    if (take(text, "<#")) {
        if (!text.ends_with('>')) {
            return std::nullopt;
        }
        text.remove_suffix(1);
    }
    return parse_snowflake(text);
}

std::string without_secrets(std::string_view text) {
    constexpr std::string_view mark = "webhooks/";
    std::string kept;
    for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark)) {
        kept += text.substr(0, at + mark.size());
        text.remove_prefix(at + mark.size());
        kept += take_of(text, digits);
        if (take(text, "/")) {
            take_of(text, token_characters);
            kept += "/…";
        }
    }
    return kept + std::string(text);
}

Found<Place> place_of_channel(const Request& request, Snowflake channel) {
    const Caller& caller = request.caller;
    const auto info = request.bench.parts.surroundings.channel(channel);
    const bool is_other_guild = !request.is_administrator() && info && info->guild != caller.guild;
    if (!info || is_other_guild) {
        return tl::unexpected(
            refused(fmt::format("I do not see the channel <#{}>. If it is one of this server, let me in: "
                                "channel settings → Permissions → View Channel and Send Messages.",
                                channel.value)));
    }
    const bool may = request.is_administrator() || channel == caller.channel ||
                     (caller.may_manage_channel && caller.may_manage_channel(channel));
    if (!may) {
        return tl::unexpected(refused(
            fmt::format("You need the permission **Manage Webhooks** in <#{}> for that.", channel.value)));
    }
    return place_for(*info);
}

Found<Place> place_here(const Request& request) {
    if (request.caller.channel) {
        return place_of_channel(request, request.caller.channel);
    }
    if (request.bench.parts.surroundings.has_discord()) {
        return tl::unexpected(
            refused(request,
                    "Say where the messages go: `--channel` with a channel's id, a Discord webhook URL, or "
                    "`terminal`.",
                    "github on --channel 123456789012345678"));
    }
    return terminal();
}

Task<Found<Place>> place_named(Request request, std::string text) {
    if (equals_ignoring_case(text, "terminal")) {
        if (request.is_administrator()) {
            co_return terminal();
        }
        co_return tl::unexpected(
            refused("The terminal belongs to whoever runs Hookline: only `hookline hook …` can send there."));
    }
    if (equals_ignoring_case(text, "here")) {
        co_return place_here(request);
    }
    if (const auto channel = parse_channel(text)) {
        co_return place_of_channel(request, *channel);
    }
    auto address = parse_webhook_url(text);
    if (address) {
        Secret checked = std::move(*address);
        auto place = co_await place_of_webhook(request, std::move(checked));
        co_return place;
    }
    if (looks_like_url(text)) {
        co_return tl::unexpected(refused(
            "This is no Discord webhook URL. It looks like `https://discord.com/api/webhooks/ID/TOKEN`: "
            "channel settings → Integrations → Webhooks → Copy Webhook URL."));
    }
    const bool is_name = text.starts_with('#');
    co_return tl::unexpected(refused(
        request,
        fmt::format("{} is no channel that I can find: {}.",
                    message::Markdown().code(shorten(text, 60)).str(),
                    is_name ? "pick it from the list that Discord shows after `#`, so that it becomes a link"
                            : "say `#channel`, a Discord webhook URL, or `terminal`"),
        "github on --channel #builds"));
}

}  // namespace hookline::commands
