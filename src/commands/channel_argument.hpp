// What `--channel D` names, and whether the caller may send there.
#pragma once

#include "commands/answers.hpp"

namespace hookline::commands {

/// Where a hook's messages go, and which channel's commands concern it.
struct Place {
    dispatch::DestinationKind kind = dispatch::DestinationKind::terminal;
    Snowflake guild;      // 0: none
    Snowflake channel;    // 0: no channel of Discord that the bot posts to
    Secret address;       // of a channel webhook: "ID/TOKEN"
    std::string warning;  // what the bot lacks there, a line for the reply; empty: nothing
};

/// "ID/TOKEN" of a Discord webhook URL, whatever of Discord's hosts it names; nothing for any other URL.
[[nodiscard]] std::optional<Secret> parse_webhook_url(std::string_view text);
/// "<#123>" or "123".
[[nodiscard]] std::optional<Snowflake> parse_channel(std::string_view text);
/// `text` without what must not be kept: tokens of webhook URLs become "…".
[[nodiscard]] std::string without_secrets(std::string_view text);

/// Where the command was said: its channel; on the command line the terminal where there is no Discord.
[[nodiscard]] Found<Place> place_here(const Request& request);
/// A channel that the caller manages and the bot sees.
[[nodiscard]] Found<Place> place_of_channel(const Request& request, Snowflake channel);
/// What `--channel` was given; asks Discord whether a webhook URL works.
Task<Found<Place>> place_named(Request request, std::string text);

}  // namespace hookline::commands
