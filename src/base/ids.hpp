// Strong ids: a HookId is no EventId. Numbers are given out by the store, counted from 1; 0 is "none".
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace hookline {

template <class Tag>
struct Id {
    constexpr Id() = default;
    constexpr explicit Id(std::int64_t number) : value(number) {}
    std::int64_t value = 0;
    auto operator<=>(const Id&) const = default;
    [[nodiscard]] explicit operator bool() const { return value != 0; }
};

using EndpointId = Id<struct EndpointTag>;
using HookId = Id<struct HookTag>;  // shown and stored as "hook_001"
using EventId = Id<struct EventTag>;
using DestinationId = Id<struct DestinationTag>;
using MessageId = Id<struct MessageTag>;  // our message, whatever Discord calls it
using OutboxId = Id<struct OutboxTag>;
using RuleId = Id<struct RuleTag>;

/// "hook_001"; more digits once they are needed.
[[nodiscard]] std::string to_string(HookId id);
/// Takes "hook_001", "hook_1" and "1"; nothing else.
[[nodiscard]] std::optional<HookId> parse_hook_id(std::string_view text);

/// A Discord id ("snowflake"): a decimal string on the wire, never a double.
struct Snowflake {
    constexpr Snowflake() = default;
    constexpr explicit Snowflake(std::uint64_t number) : value(number) {}
    std::uint64_t value = 0;
    auto operator<=>(const Snowflake&) const = default;
    [[nodiscard]] explicit operator bool() const { return value != 0; }
};

[[nodiscard]] std::string to_string(Snowflake id);
[[nodiscard]] std::optional<Snowflake> parse_snowflake(std::string_view text);

}  // namespace hookline

template <class Tag>
struct std::hash<hookline::Id<Tag>> {
    std::size_t operator()(hookline::Id<Tag> id) const noexcept {
        return std::hash<std::int64_t>{}(id.value);
    }
};
template <>
struct std::hash<hookline::Snowflake> {
    std::size_t operator()(hookline::Snowflake id) const noexcept {
        return std::hash<std::uint64_t>{}(id.value);
    }
};
