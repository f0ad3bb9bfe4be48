#include "dispatch/outbox.hpp"

#include <array>

namespace hookline::dispatch {

namespace {

template <class Enum, std::size_t Size>
std::optional<Enum> find_name(const std::array<std::string_view, Size>& names, std::string_view name) {
    for (std::size_t i = 0; i < Size; ++i) {
        if (names[i] == name) {
            return static_cast<Enum>(i);
        }
    }
    return std::nullopt;
}

// In the order of the enums. These names are stored: they never change.
constexpr std::array<std::string_view, 6> operations{"create",        "edit",           "remove",
                                                     "create_thread", "direct_message", "close_thread"};
constexpr std::array<std::string_view, 4> kinds{"terminal", "discord_channel", "discord_webhook",
                                                "discord_user"};
constexpr std::array<std::string_view, 8> reasons{"none",         "missing_access", "missing_permission",
                                                  "channel_gone", "webhook_gone",   "bad_token",
                                                  "ambiguous",    "paused"};
constexpr std::array<std::string_view, 8> reason_texts{
    "not held",
    "the bot cannot see the channel",
    "the bot lacks a permission in the channel",
    "the channel is gone",
    "the channel's webhook is gone",
    "Discord does not accept the bot's token",
    "an answer was lost: the last message may be there already, sending it again could repeat it",
    "paused by a person"};

}  // namespace

std::string_view name_of(Operation operation) { return operations.at(static_cast<std::size_t>(operation)); }

std::optional<Operation> parse_operation(std::string_view name) {
    return find_name<Operation>(operations, name);
}

std::string_view name_of(DestinationKind kind) { return kinds.at(static_cast<std::size_t>(kind)); }

std::optional<DestinationKind> parse_destination_kind(std::string_view name) {
    return find_name<DestinationKind>(kinds, name);
}

std::string_view name_of(HoldReason reason) { return reasons.at(static_cast<std::size_t>(reason)); }

std::optional<HoldReason> parse_hold_reason(std::string_view name) {
    return find_name<HoldReason>(reasons, name);
}

std::string_view reason_text(HoldReason reason) { return reason_texts.at(static_cast<std::size_t>(reason)); }

}  // namespace hookline::dispatch
