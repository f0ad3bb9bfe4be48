#include "discord/permissions.hpp"

namespace hookline::discord {

namespace {

const Overwrite* find_overwrite(std::span<const Overwrite> overwrites, Overwrite::Kind kind, Snowflake id) {
    const auto found = std::find_if(overwrites.begin(), overwrites.end(), [&](const Overwrite& overwrite) {
        return overwrite.kind == kind && overwrite.id == id;
    });
    return found == overwrites.end() ? nullptr : &*found;
}

Permissions applied(Permissions held, const Overwrite* overwrite) {
    return overwrite == nullptr ? held : (held & ~overwrite->deny) | overwrite->allow;
}

bool is_owner_or_administrator(Permissions held) { return held == permission::all; }

/// What roles and overwrites grant, before anything that follows from it.
Permissions granted_in(const Member& member, const GuildRights& guild, const Place& place) {
    const Permissions base = guild_permissions(member, guild);
    if (is_owner_or_administrator(base)) {
        return base;
    }
    Permissions held = applied(base, find_overwrite(place.overwrites, Overwrite::Kind::role, guild.id));
    // Of a member's roles every allow beats every deny; their position does not matter.
    Permissions allow = 0;
    Permissions deny = 0;
    for (const Snowflake role : member.roles) {
        if (const Overwrite* overwrite = find_overwrite(place.overwrites, Overwrite::Kind::role, role)) {
            allow |= overwrite->allow;
            deny |= overwrite->deny;
        }
    }
    held = (held & ~deny) | allow;
    return applied(held, find_overwrite(place.overwrites, Overwrite::Kind::member, member.id));
}

bool is_timed_out(const Member& member, TimePoint now) {
    return member.timed_out_until && *member.timed_out_until > now;
}

Permissions to_write(const Place& place) {
    return place.is_thread ? permission::send_messages_in_threads : permission::send_messages;
}

}  // namespace

Permissions parse_permissions(std::string_view decimal) {
    constexpr std::size_t longest = 100;  // far beyond any number of flags Discord could add
    if (decimal.size() > longest) {
        return 0;
    }
    Permissions value = 0;
    for (const char digit : decimal) {
        if (digit < '0' || digit > '9') {
            return 0;
        }
        value = value * 10U + static_cast<Permissions>(digit - '0');  // wraps: the low 64 bits are kept
    }
    return value;
}

Permissions guild_permissions(const Member& member, const GuildRights& guild) {
    if (member.id == guild.owner) {
        return permission::all;
    }
    const auto permissions_of = [&guild](Snowflake role) {
        const auto found = guild.roles.find(role);
        return found == guild.roles.end() ? Permissions{0} : found->second.permissions;
    };
    Permissions held = permissions_of(guild.id);
    for (const Snowflake role : member.roles) {
        held |= permissions_of(role);
    }
    return (held & permission::administrator) != 0 ? permission::all : held;
}

Permissions permissions_in(const Member& member, const GuildRights& guild, const Place& place,
                           TimePoint now) {
    Permissions held = granted_in(member, guild, place);
    if (is_owner_or_administrator(held)) {
        return held;
    }
    if (is_timed_out(member, now)) {
        held &= permission::view_channel | permission::read_message_history;
    }
    if ((held & permission::view_channel) == 0) {
        return 0;
    }
    if (place.is_private_thread && !place.has_joined && (held & permission::manage_threads) == 0) {
        return 0;
    }
    if ((held & to_write(place)) == 0) {
        held &= ~(permission::mention_everyone | permission::send_tts_messages | permission::attach_files |
                  permission::embed_links);
    }
    return held;
}

bool everyone_can_see(const GuildRights& guild, const Place& place) {
    if (place.is_private_thread) {
        return false;
    }
    const Member nobody;
    return (granted_in(nobody, guild, place) & permission::view_channel) != 0;
}

std::string missing_to_post(const Member& member, const GuildRights& guild, const Place& place,
                            TimePoint now) {
    const Permissions held = granted_in(member, guild, place);
    if (is_owner_or_administrator(held)) {
        return {};
    }
    struct Needed {
        Permissions bit;
        std::string_view name;
    };
    const std::array needed{
        Needed{permission::view_channel, "View Channel"},
        Needed{to_write(place), place.is_thread ? "Send Messages in Threads" : "Send Messages"},
        Needed{permission::embed_links, "Embed Links"},
        Needed{permission::read_message_history, "Read Message History"},
    };
    std::string missing;
    const auto add = [&missing](std::string_view name) {
        missing += missing.empty() ? "" : ", ";
        missing += name;
    };
    for (const Needed& one : needed) {
        if ((held & one.bit) == 0) {
            add(one.name);
        }
    }
    if (place.is_forum && (held & permission::send_messages_in_threads) == 0) {
        add("Send Messages in Threads");
    }
    if (missing.empty() && is_timed_out(member, now)) {
        add("Send Messages (it is timed out)");
    }
    if (missing.empty() && permissions_in(member, guild, place, now) == 0) {
        add("to be added to the private thread");
    }
    return missing;
}

}  // namespace hookline::discord
