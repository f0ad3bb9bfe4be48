#include "discord/guild_cache.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace hookline::discord {

namespace {

using Kind = GuildNews::Kind;
using AllNews = std::vector<GuildNews>;

constexpr TimePoint now{Milliseconds(1'700'000'000'000)};
constexpr Snowflake guild_id(100);
constexpr Snowflake general(300);
constexpr Snowflake secret_room(301);
constexpr Snowflake thread(400);
constexpr const char* ready = R"({"user":{"id":"7"},"guilds":[{"id":"100","unavailable":true}]})";
// Everyone may do the usual (117760 + threads), dev (201) may manage webhooks; #staff is hidden from
// everyone, the bot's role (202) sees it.
constexpr const char* guild_create = R"({
    "id":"100","name":"Octo","owner_id":"1","unavailable":false,
    "roles":[{"id":"100","permissions":"274878024704"},{"id":"201","permissions":"536870912"},
             {"id":"202","permissions":"0"}],
    "channels":[
        {"id":"300","type":0,"name":"general","permission_overwrites":[]},
        {"id":"301","type":0,"name":"staff","permission_overwrites":[
            {"id":"100","type":0,"allow":"0","deny":"1024"},{"id":"202","type":0,"allow":"1024","deny":"0"}]},
        {"id":"302","type":15,"name":"ideas","flags":16,
            "permission_overwrites":[{"id":"100","type":0,"allow":"0","deny":"274877906944"}],
            "available_tags":[{"id":"901","name":"Open"}]},
        {"id":"303","type":4,"name":"rooms","permission_overwrites":[]}],
    "threads":[{"id":"400","type":11,"name":"fix","parent_id":"300"}],
    "members":[{"user":{"id":"8"},"roles":["201"]},{"user":{"id":"7"},"roles":["202"]}]})";

class Cache : public testing::Test {
protected:
    Cache() {
        apply("READY", ready);
        apply("GUILD_CREATE", guild_create);
    }
    AllNews apply(std::string_view event, std::string_view text) {
        return cache.apply(event, boost::json::parse(text).as_object());
    }
    bool may_manage(std::vector<Snowflake> roles, Snowflake channel) {
        Member member;
        member.id = Snowflake(8);
        member.roles = std::move(roles);
        return (cache.permissions_of(member, channel, now).value_or(0) & permission::manage_webhooks) != 0;
    }
    GuildCache cache;
};

}  // namespace

TEST_F(Cache, KnowsWhatAGuildCreateTold) {
    EXPECT_EQ(cache.self(), Snowflake(7));
    ASSERT_NE(cache.guild(guild_id), nullptr);
    EXPECT_TRUE(cache.guild(guild_id)->is_available);
    EXPECT_TRUE(may_manage({Snowflake(201)}, general));
    EXPECT_FALSE(may_manage({}, general));
    const auto facts = cache.facts(general, now);
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->name, "general");
    EXPECT_EQ(facts->guild, guild_id);
    EXPECT_TRUE(facts->everyone_can_see);
    EXPECT_EQ(facts->missing, "");
    EXPECT_FALSE(cache.facts(secret_room, now)->everyone_can_see);
    EXPECT_EQ(cache.facts(secret_room, now)->missing, "");
    EXPECT_EQ(cache.facts(Snowflake(303), now)->missing, "Send Messages (a category takes none)");
    EXPECT_FALSE(cache.facts(Snowflake(999), now));
}

TEST_F(Cache, AForumTakesPostsAndHasTags) {
    EXPECT_EQ(cache.facts(Snowflake(302), now)->missing, "Send Messages in Threads") << "what follows a post";
    EXPECT_FALSE(cache.channel(general)->forum);
    ASSERT_TRUE(cache.channel(Snowflake(302))->forum);
    EXPECT_TRUE(cache.channel(Snowflake(302))->forum->needs_tag);
    EXPECT_EQ(cache.channel(Snowflake(302))->forum->tags.at(0).name, "Open");
    apply("CHANNEL_UPDATE", R"({"id":"302","guild_id":"100","type":15,"available_tags":[
        {"id":"902","name":"New"}]})");
    EXPECT_FALSE(cache.channel(Snowflake(302))->forum->needs_tag);
    EXPECT_EQ(cache.channel(Snowflake(302))->forum->tags.at(0).id, Snowflake(902));
}

TEST_F(Cache, AThreadHasTheRightsOfItsChannel) {
    EXPECT_TRUE(may_manage({Snowflake(201)}, thread));
    apply("CHANNEL_UPDATE", R"({"id":"300","guild_id":"100","type":0,"name":"general",
        "permission_overwrites":[{"id":"201","type":0,"allow":"0","deny":"536870912"}]})");
    EXPECT_FALSE(may_manage({Snowflake(201)}, thread));
    EXPECT_EQ(cache.facts(thread, now)->missing, "");
}

TEST_F(Cache, EventsChangeRightsAndSaySo) {
    struct Case {
        const char* event;
        const char* data;
        AllNews news;
    };
    const AllNews in_guild{{Kind::rights_changed, guild_id, Snowflake()}};
    for (const Case& c : std::vector<Case>{
             {"GUILD_ROLE_UPDATE", R"({"guild_id":"100","role":{"id":"201","permissions":"0"}})", in_guild},
             {"GUILD_ROLE_CREATE", R"({"guild_id":"100","role":{"id":"201","permissions":"536870912"}})",
              in_guild},
             {"GUILD_ROLE_DELETE", R"({"guild_id":"100","role_id":"201"})", in_guild},
             {"GUILD_UPDATE", R"({"id":"100","owner_id":"8","name":"Octo 2"})", in_guild},
             {"GUILD_MEMBER_UPDATE", R"({"guild_id":"100","user":{"id":"7"},"roles":[]})", in_guild},
             {"GUILD_MEMBER_UPDATE", R"({"guild_id":"100","user":{"id":"8"},"roles":[]})", {}},
             {"CHANNEL_CREATE",
              R"({"id":"303","guild_id":"100","type":0,"name":"new"})",
              {{Kind::rights_changed, guild_id, Snowflake(303)}}},
             {"THREAD_CREATE",
              R"({"id":"401","guild_id":"100","parent_id":"300","type":11})",
              {{Kind::rights_changed, guild_id, Snowflake(401)}}},
             {"CHANNEL_UPDATE", R"({"id":"300","guild_id":"999","type":0})", {}},
             {"GUILD_ROLE_UPDATE", R"({"guild_id":"999","role":{"id":"201","permissions":"8"}})", {}},
             {"SOME_NEW_EVENT", R"({"id":"100"})", {}},
         }) {
        EXPECT_EQ(apply(c.event, c.data), c.news) << c.event << " " << c.data;
    }
    EXPECT_TRUE(may_manage({}, general)) << "the member became the owner";
    EXPECT_EQ(cache.facts(secret_room, now)->missing, "View Channel") << "the bot lost its role";
}

TEST_F(Cache, ADeletedChannelTakesItsThreadsAlong) {
    EXPECT_EQ(apply("CHANNEL_DELETE", R"({"id":"300","guild_id":"100","type":0})"),
              (AllNews{{Kind::channel_gone, guild_id, general}, {Kind::channel_gone, guild_id, thread}}));
    EXPECT_FALSE(cache.facts(general, now));
    EXPECT_FALSE(cache.facts(thread, now));
    EXPECT_EQ(apply("THREAD_DELETE", R"({"id":"400","guild_id":"100","parent_id":"300","type":11})"),
              (AllNews{{Kind::channel_gone, guild_id, thread}}))
        << "told again, though not known any more: a destination may be";
}

TEST_F(Cache, AnOutageIsNoRemoval) {
    EXPECT_EQ(apply("GUILD_DELETE", R"({"id":"100","unavailable":true})"), AllNews{});
    ASSERT_NE(cache.guild(guild_id), nullptr);
    EXPECT_FALSE(cache.guild(guild_id)->is_available);
    EXPECT_TRUE(may_manage({Snowflake(201)}, general));
    EXPECT_EQ(apply("GUILD_CREATE", R"({"id":"100","unavailable":true})"), AllNews{});
    EXPECT_TRUE(may_manage({Snowflake(201)}, general));
    EXPECT_EQ(apply("GUILD_DELETE", R"({"id":"100"})"), (AllNews{{Kind::guild_gone, guild_id, Snowflake()}}));
    EXPECT_EQ(cache.guild(guild_id), nullptr);
    EXPECT_EQ(cache.channel(general), nullptr);
}

TEST_F(Cache, ANewSessionTellsWhichGuildsWereLeft) {
    EXPECT_EQ(apply("READY", R"({"user":{"id":"7"},"guilds":[{"id":"101","unavailable":true}]})"),
              (AllNews{{Kind::guild_gone, guild_id, Snowflake()}}));
    EXPECT_EQ(cache.channel(general), nullptr);
    EXPECT_FALSE(cache.guild(Snowflake(101))->is_available);
}

TEST_F(Cache, AThreadListReplacesTheThreadsOfItsChannels) {
    apply("THREAD_CREATE", R"({"id":"401","guild_id":"100","parent_id":"301","type":11})");
    EXPECT_EQ(
        apply(
            "THREAD_LIST_SYNC",
            R"({"guild_id":"100","channel_ids":["300"],"threads":[{"id":"402","type":11,"parent_id":"300"}]})"),
        (AllNews{{Kind::rights_changed, guild_id, Snowflake()}}));
    EXPECT_EQ(cache.channel(thread), nullptr);
    EXPECT_NE(cache.channel(Snowflake(401)), nullptr);
    EXPECT_NE(cache.channel(Snowflake(402)), nullptr);
    apply("THREAD_LIST_SYNC", R"({"guild_id":"100","threads":[]})");
    EXPECT_EQ(cache.channel(Snowflake(401)), nullptr);
}

TEST_F(Cache, APrivateThreadIsKnownAsJoinedWhenTheBotWasAdded) {
    apply("THREAD_CREATE", R"({"id":"410","guild_id":"100","parent_id":"300","type":12})");
    EXPECT_EQ(cache.facts(Snowflake(410), now)->missing, "to be added to the private thread");
    apply("THREAD_CREATE",
          R"({"id":"410","guild_id":"100","parent_id":"300","type":12,"member":{"id":"410"}})");
    apply("THREAD_UPDATE", R"({"id":"410","guild_id":"100","parent_id":"300","type":12})");
    EXPECT_EQ(cache.facts(Snowflake(410), now)->missing, "");
}

TEST_F(Cache, WhatAResumeDoesNotTellIsLearnedFromRest) {
    GuildCache fresh;
    fresh.set_self(Snowflake(7));
    const auto learn = [](const char* text) { return boost::json::parse(text).as_object(); };
    fresh.learn_channel(learn(R"({"id":"300","guild_id":"100","type":0,"name":"general"})"));
    EXPECT_EQ(fresh.channel(general), nullptr) << "a channel without its guild says nothing";
    fresh.learn_guild(learn(R"({"id":"100","owner_id":"1","roles":[{"id":"100","permissions":"1024"}]})"));
    fresh.learn_channel(learn(R"({"id":"300","guild_id":"100","type":0,"name":"general"})"));
    EXPECT_EQ(fresh.facts(general, now)->missing, "") << "not known is not missing";
    fresh.learn_self(guild_id, learn(R"({"user":{"id":"7"},"roles":[]})"));
    EXPECT_EQ(fresh.facts(general, now)->missing, "Send Messages, Embed Links, Read Message History");
}

TEST_F(Cache, HostileObjectsChangeNothing) {
    for (const char* event :
         {"READY", "GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE", "GUILD_ROLE_CREATE", "GUILD_ROLE_DELETE",
          "CHANNEL_CREATE", "CHANNEL_DELETE", "THREAD_CREATE", "THREAD_LIST_SYNC", "GUILD_MEMBER_UPDATE"}) {
        GuildCache fresh;
        for (
            const char* data :
            {R"({})", R"({"id":null,"guild_id":5,"user":[],"guilds":{},"roles":"x","channels":[1,null]})",
             R"({"id":"99999999999999999999999","guild_id":"-1"})",
             R"({"id":"5","roles":[null,{"id":[]},{"id":"1","permissions":8}],"channels":[{"id":"6","type":"x",
                  "permission_overwrites":[{},5,{"id":"1","allow":"99999999999999999999999999","deny":null}]}]})"}) {
            (void)fresh.apply(event, boost::json::parse(data).as_object());
        }
    }
    GuildCache fresh;
    (void)fresh.apply("GUILD_CREATE", boost::json::parse(R"({"id":"5","roles":[]})").as_object());
    for (int id = 1; id <= 2000; ++id) {
        (void)fresh.apply("GUILD_ROLE_CREATE",
                          boost::json::parse(
                              fmt::format(R"({{"guild_id":"5","role":{{"id":"{}","permissions":"8"}}}})", id))
                              .as_object());
    }
    EXPECT_EQ(fresh.guild(Snowflake(5))->rights.roles.size(), 1000U);
}

}  // namespace hookline::discord
