#include "discord/permissions.hpp"

#include <gtest/gtest.h>

namespace hookline::discord {

namespace {

using namespace permission;

constexpr Snowflake guild_id(100);
constexpr Snowflake owner(1);
constexpr Snowflake member_id(2);
constexpr Snowflake dev(201);
constexpr Snowflake lead(202);
constexpr TimePoint now{Milliseconds(1'700'000'000'000)};
constexpr Permissions usual = view_channel | send_messages | embed_links | read_message_history;

GuildRights guild_with(Permissions everyone, Permissions of_dev = 0, Permissions of_lead = 0) {
    GuildRights guild;
    guild.id = guild_id;
    guild.owner = owner;
    guild.roles[guild_id] = Role{guild_id, everyone};
    guild.roles[dev] = Role{dev, of_dev};
    guild.roles[lead] = Role{lead, of_lead};
    return guild;
}

Member member_with(std::vector<Snowflake> roles) {
    Member member;
    member.id = member_id;
    member.roles = std::move(roles);
    return member;
}

Overwrite of_role(Snowflake id, Permissions allow, Permissions deny) {
    return Overwrite{id, Overwrite::Kind::role, allow, deny};
}

Overwrite of_member(Permissions allow, Permissions deny) {
    return Overwrite{member_id, Overwrite::Kind::member, allow, deny};
}

Place channel(std::span<const Overwrite> overwrites) {
    Place place;
    place.overwrites = overwrites;
    return place;
}

}  // namespace

TEST(Permissions, AreReadFromDecimalStringsOfAnyLength) {
    struct Case {
        const char* text;
        Permissions value;
    };
    for (const Case& c : {Case{"0", 0}, Case{"8", administrator},
                          Case{"274877906944", send_messages_in_threads}, Case{"18446744073709551615", all},
                          Case{"18446744073709551624", administrator},  // 2^64 + 8: an unknown bit above 64
                          Case{"340282366920938463463374607431768211464", administrator},  // 2^128 + 8
                          Case{"", 0}, Case{"-1", 0}, Case{"0x8", 0}, Case{"8.0", 0}}) {
        EXPECT_EQ(parse_permissions(c.text), c.value) << c.text;
    }
    EXPECT_EQ(parse_permissions(std::string(10'000, '9')), 0U);
}

TEST(Permissions, InTheGuildAreTheUnionOfEveryoneAndRoles) {
    const GuildRights guild = guild_with(view_channel, send_messages, manage_webhooks);
    EXPECT_EQ(guild_permissions(member_with({}), guild), view_channel);
    EXPECT_EQ(guild_permissions(member_with({dev}), guild), view_channel | send_messages);
    EXPECT_EQ(guild_permissions(member_with({dev, lead}), guild),
              view_channel | send_messages | manage_webhooks);
    EXPECT_EQ(guild_permissions(member_with({Snowflake(999)}), guild), view_channel) << "role not known";
}

TEST(Permissions, OwnerAndAdministratorHaveEverythingWhateverOverwritesSay) {
    const std::array deny_all{of_role(guild_id, 0, all), of_member(0, all)};
    Member the_owner;
    the_owner.id = owner;
    the_owner.timed_out_until = now + std::chrono::hours(1);
    EXPECT_EQ(permissions_in(the_owner, guild_with(0), channel(deny_all), now), all);
    EXPECT_EQ(permissions_in(member_with({lead}), guild_with(0, 0, administrator), channel(deny_all), now),
              all);
    EXPECT_EQ(missing_to_post(the_owner, guild_with(0), channel(deny_all), now), "");
}

TEST(Permissions, OverwritesApplyInDiscordsOrder) {
    struct Case {
        const char* what;
        std::vector<Snowflake> roles;
        std::vector<Overwrite> overwrites;
        bool may_manage;
    };
    const std::vector<Case> cases{
        {"the role grants it", {dev}, {}, true},
        {"without the role", {}, {}, false},
        {"everyone denied beats the guild's grant", {dev}, {of_role(guild_id, 0, manage_webhooks)}, false},
        {"a role's allow beats everyone's deny",
         {dev},
         {of_role(guild_id, 0, manage_webhooks), of_role(dev, manage_webhooks, 0)},
         true},
        {"among roles allow beats deny",
         {dev, lead},
         {of_role(dev, 0, manage_webhooks), of_role(lead, manage_webhooks, 0)},
         true},
        {"… in whatever order they stand",
         {dev, lead},
         {of_role(lead, manage_webhooks, 0), of_role(dev, 0, manage_webhooks)},
         true},
        {"an overwrite of a role that the member lacks", {}, {of_role(lead, manage_webhooks, 0)}, false},
        {"the member's own deny beats a role's allow",
         {dev},
         {of_role(dev, manage_webhooks, 0), of_member(0, manage_webhooks)},
         false},
        {"the member's own allow beats all",
         {},
         {of_role(guild_id, 0, manage_webhooks), of_member(manage_webhooks, 0)},
         true},
        {"a member's overwrite is not a role's of the same id",
         {member_id},
         {of_role(member_id, 0, 0), of_member(manage_webhooks, 0)},
         true},
    };
    const GuildRights guild = guild_with(usual, manage_webhooks);
    for (const Case& c : cases) {
        const Permissions held = permissions_in(member_with(c.roles), guild, channel(c.overwrites), now);
        EXPECT_EQ((held & manage_webhooks) != 0, c.may_manage) << c.what;
    }
}

TEST(Permissions, WhoDoesNotSeeAChannelCanDoNothingThere) {
    const std::array hidden{of_role(guild_id, 0, view_channel)};
    EXPECT_EQ(permissions_in(member_with({dev}), guild_with(usual, manage_webhooks), channel(hidden), now),
              0U);
}

TEST(Permissions, WhoMayNotWriteMayNotEmbedAttachOrMention) {
    const std::array mute{of_role(guild_id, 0, send_messages)};
    const GuildRights guild = guild_with(usual | attach_files | mention_everyone | send_tts_messages);
    EXPECT_EQ(permissions_in(member_with({}), guild, channel(mute), now),
              view_channel | read_message_history);
}

TEST(Permissions, ATimeoutLeavesReadingOnlyAndEnds) {
    Member member = member_with({dev});
    const GuildRights guild = guild_with(usual, manage_webhooks);
    member.timed_out_until = now + std::chrono::seconds(1);
    EXPECT_EQ(permissions_in(member, guild, channel({}), now), view_channel | read_message_history);
    EXPECT_EQ(missing_to_post(member, guild, channel({}), now), "Send Messages (it is timed out)");
    EXPECT_EQ(permissions_in(member, guild, channel({}), now + std::chrono::seconds(1)),
              usual | manage_webhooks);
}

TEST(Permissions, InAThreadWritingHasItsOwnBit) {
    Place thread;
    thread.is_thread = true;
    const GuildRights guild = guild_with(usual);  // Send Messages, but not in threads
    EXPECT_EQ(permissions_in(member_with({}), guild, thread, now) & embed_links, 0U);
    EXPECT_EQ(missing_to_post(member_with({}), guild, thread, now), "Send Messages in Threads");
    const GuildRights threads_only = guild_with((usual & ~send_messages) | send_messages_in_threads);
    EXPECT_NE(permissions_in(member_with({}), threads_only, thread, now) & embed_links, 0U);
    EXPECT_EQ(missing_to_post(member_with({}), threads_only, thread, now), "");
}

TEST(Permissions, APrivateThreadNeedsMembershipOrManageThreads) {
    Place thread;
    thread.is_thread = true;
    thread.is_private_thread = true;
    thread.has_joined = false;
    const Permissions in_threads = usual | send_messages_in_threads;
    EXPECT_EQ(permissions_in(member_with({}), guild_with(in_threads), thread, now), 0U);
    EXPECT_EQ(missing_to_post(member_with({}), guild_with(in_threads), thread, now),
              "to be added to the private thread");
    EXPECT_NE(permissions_in(member_with({dev}), guild_with(in_threads, manage_threads), thread, now), 0U);
    thread.has_joined = true;
    EXPECT_NE(permissions_in(member_with({}), guild_with(in_threads), thread, now), 0U);
    EXPECT_FALSE(everyone_can_see(guild_with(in_threads), thread));
}

TEST(Permissions, TellWhetherEveryoneSeesAChannel) {
    EXPECT_TRUE(everyone_can_see(guild_with(view_channel), channel({})));
    EXPECT_FALSE(everyone_can_see(guild_with(0), channel({})));
    const std::array hidden{of_role(guild_id, 0, view_channel), of_role(dev, view_channel, 0)};
    EXPECT_FALSE(everyone_can_see(guild_with(view_channel, view_channel), channel(hidden)));
    const std::array opened{of_role(guild_id, view_channel, 0)};
    EXPECT_TRUE(everyone_can_see(guild_with(0), channel(opened)));
}

TEST(Permissions, WhatIsMissingIsSaidInDiscordsWords) {
    struct Case {
        Permissions denied;
        const char* text;
    };
    for (const Case& c : {Case{0, ""}, Case{send_messages | embed_links, "Send Messages, Embed Links"},
                          Case{view_channel, "View Channel"}, Case{send_messages, "Send Messages"},
                          Case{read_message_history, "Read Message History"},
                          Case{usual, "View Channel, Send Messages, Embed Links, Read Message History"}}) {
        const std::array denied{of_role(guild_id, 0, c.denied)};
        EXPECT_EQ(missing_to_post(member_with({}), guild_with(usual), channel(denied), now), c.text);
    }
}

}  // namespace hookline::discord
