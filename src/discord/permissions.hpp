// Who may do what where, computed as Discord computes it (Discord, "Permissions"): from roles, overwrites,
// ownership and timeouts. Values in, a value out; it knows no cache and no network.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace hookline::discord {

/// A set of permission bits. Bits that this version does not know are kept.
using Permissions = std::uint64_t;

namespace permission {
inline constexpr Permissions administrator = 1ULL << 3U;
inline constexpr Permissions view_channel = 1ULL << 10U;
inline constexpr Permissions send_messages = 1ULL << 11U;
inline constexpr Permissions send_tts_messages = 1ULL << 12U;
inline constexpr Permissions embed_links = 1ULL << 14U;
inline constexpr Permissions attach_files = 1ULL << 15U;
inline constexpr Permissions read_message_history = 1ULL << 16U;
inline constexpr Permissions mention_everyone = 1ULL << 17U;
inline constexpr Permissions manage_webhooks = 1ULL << 29U;
inline constexpr Permissions manage_threads = 1ULL << 34U;
inline constexpr Permissions create_public_threads = 1ULL << 35U;
inline constexpr Permissions send_messages_in_threads = 1ULL << 38U;
inline constexpr Permissions all = ~0ULL;
}  // namespace permission

/// Reads Discord's decimal string. Of a number beyond 64 bits the low 64 bits are kept, so that what is
/// known stays right; a text that is no number holds no permission.
[[nodiscard]] Permissions parse_permissions(std::string_view decimal);

struct Overwrite {
    enum class Kind { role, member };
    Snowflake id;
    Kind kind = Kind::role;
    Permissions allow = 0;
    Permissions deny = 0;
};

struct Role {
    Snowflake id;
    Permissions permissions = 0;
};

/// What of a guild decides about permissions. The role @everyone has the guild's own id.
struct GuildRights {
    Snowflake id;
    Snowflake owner;
    std::unordered_map<Snowflake, Role> roles;
};

struct Member {
    Snowflake id;
    std::vector<Snowflake> roles;  // without @everyone; ids that the guild does not have are skipped
    std::optional<TimePoint> timed_out_until;
};

/// A channel, or a thread with the overwrites of its parent.
struct Place {
    std::span<const Overwrite> overwrites;
    bool is_thread = false;
    bool is_private_thread = false;
    bool is_forum = false;   // what is posted there is a thread
    bool has_joined = true;  // of a private thread: this member was added to it
};

/// In the guild as a whole: owner and administrator have everything.
[[nodiscard]] Permissions guild_permissions(const Member& member, const GuildRights& guild);

/// In one channel or thread, with all that follows implicitly: who does not see a channel can do nothing
/// there, who may not write may not embed either. Discord's own formula (Discord, "Permission Overwrites").
[[nodiscard]] Permissions permissions_in(const Member& member, const GuildRights& guild, const Place& place,
                                         TimePoint now);

/// Whether a member without any role sees the channel.
[[nodiscard]] bool everyone_can_see(const GuildRights& guild, const Place& place);

/// What the member lacks to post messages with embeds and replies there, in the words of Discord's settings:
/// "Send Messages, Embed Links"; "" where nothing is missing. Only what is denied itself is named, not what
/// follows from it, so that a person who grants it is done.
[[nodiscard]] std::string missing_to_post(const Member& member, const GuildRights& guild, const Place& place,
                                          TimePoint now);

}  // namespace hookline::discord
