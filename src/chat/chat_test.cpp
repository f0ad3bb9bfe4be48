#include "chat/chat.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "chat/chat_surroundings.hpp"
#include "chat/testing/scripted_parts.hpp"
#include "testing/fake_clock.hpp"
#include "testing/loop.hpp"
#include "testing/recording_log.hpp"

namespace hookline::chat {

namespace {

using namespace std::chrono_literals;
using dispatch::HoldReason;

constexpr const char* ready = R"({"user":{"id":"7"},"guilds":[{"id":"100","unavailable":true}]})";
constexpr const char* guild_create = R"({
    "id":"100","name":"Octo","owner_id":"1",
    "roles":[{"id":"100","permissions":"274878024704"},{"id":"201","permissions":"536870912"}],
    "channels":[{"id":"300","type":0,"name":"general","permission_overwrites":[]},
                {"id":"301","type":0,"name":"builds","permission_overwrites":[]}],
    "members":[{"user":{"id":"7"},"roles":[]}]})";
constexpr Snowflake general(300);
constexpr Snowflake with_role(8);  // holds role 201: Manage Webhooks
constexpr const char* canary = "gh_canary_secret";

Task<bool> looked_up(ChatSurroundings& surroundings, Snowflake channel) {
    co_await surroundings.look_up(channel);
    co_return true;
}

class ChatRoom : public testing::Test {
protected:
    ChatRoom() {
        start();
        event("READY", ready);
        event("GUILD_CREATE", guild_create);
        released.clear();
    }

    void start() {
        DestinationPorts ports;
        ports.release = [this](DestinationId id) { released.push_back(id.value); };
        ports.hold = [this](DestinationId id, HoldReason reason, const std::string& why) {
            held.push_back(fmt::format("{} {} {}", id.value, dispatch::name_of(reason), why));
        };
        chat.emplace(ChatParts{loop.executor(), store, commands, cache, direct, std::move(ports), clock, log,
                               "!hook"});
    }
    void event(std::string_view name, std::string_view data) {
        chat->on_event(name, boost::json::parse(data).as_object());
        loop.settle();
    }
    void say(std::string_view text, std::string_view roles = R"("201")", Snowflake in = general) {
        boost::json::object message =
            boost::json::parse(fmt::format(R"({{"id":"{}","channel_id":"{}","guild_id":"100","type":0,
                "author":{{"id":"8"}},"member":{{"roles":[{}]}}}})",
                                           ++last_message, in.value, roles))
                .as_object();
        message["content"] = text;
        last_event = message;
        chat->on_event("MESSAGE_CREATE", message);
        loop.settle();
    }
    std::string last_reply() { return store.entries.empty() ? "" : store.entries.back().body.content; }
    void answer_with_a_secret() {
        commands.answer = [](const std::string&, const commands::Caller&) {
            commands::Reply reply;
            reply.message.content = "Set up. The secret is in your direct messages.";
            reply.only_you.emplace();
            reply.only_you->content = canary;
            reply.if_undeliverable.emplace();
            reply.if_undeliverable->content =
                "Set up, but I cannot write to you: allow direct messages, then rotate.";
            reply.setup_of = HookId(500);
            return reply;
        };
    }
    /// Everything that rests in the database, as text.
    std::string everything_stored() {
        std::string text;
        for (const dispatch::Entry& entry : store.entries) {
            text += message::serialize(entry.body) + entry.last_error;
        }
        for (const auto& [key, value] : store.the_meta) {
            text += key + value;
        }
        return text;
    }

    Loop loop;
    FakeClock clock;
    RecordingLog log;
    ScriptedStore store;
    ScriptedDirect direct;
    ScriptedCommands commands{loop.executor()};
    discord::GuildCache cache;
    std::vector<std::int64_t> released;
    std::vector<std::string> held;
    std::optional<Chat> chat;
    std::uint64_t last_message = 1000;
    boost::json::object last_event;
};

}  // namespace

TEST_F(ChatRoom, ACommandIsRunWithTheMembersRightsAndAnsweredThroughTheOutbox) {
    say("!hook github on --events push");
    ASSERT_EQ(commands.said, std::vector<std::string>{"github on --events push"});
    const commands::Caller& caller = commands.callers[0];
    EXPECT_EQ(caller.kind, commands::Caller::Kind::member);
    EXPECT_EQ(caller.user, with_role);
    EXPECT_EQ(caller.guild, Snowflake(100));
    EXPECT_EQ(caller.channel, general);
    EXPECT_TRUE(caller.may_manage);
    EXPECT_TRUE(caller.may_manage_channel(Snowflake(301)));
    EXPECT_FALSE(caller.may_manage_channel(Snowflake(999))) << "not a channel of this server";

    ASSERT_EQ(store.entries.size(), 1U);
    EXPECT_EQ(store.writes, 1) << "reply and what goes with it are one transaction";
    const dispatch::Entry& entry = store.entries[0];
    EXPECT_EQ(entry.operation, dispatch::Operation::create);
    EXPECT_EQ(entry.body.content, "done: github on --events push");
    EXPECT_EQ(entry.body.reply_to, Snowflake(1001));
    EXPECT_EQ(entry.not_before, clock.now());
    ASSERT_EQ(store.the_destinations.size(), 1U);
    EXPECT_EQ(store.the_destinations[0].kind, dispatch::DestinationKind::discord_channel);
    EXPECT_EQ(store.the_destinations[0].channel, general);
    EXPECT_EQ(store.the_destinations[0].guild, Snowflake(100));
    EXPECT_EQ(entry.destination, store.the_destinations[0].id);
    EXPECT_EQ(entry.message, store.the_messages.at(0).id);

    say("!hook list");
    EXPECT_EQ(store.the_destinations.size(), 1U) << "one destination for each channel";
}

TEST_F(ChatRoom, AMemberWithoutTheRightIsKnownAsSuch) {
    commands.answer = [](const std::string&, const commands::Caller& caller) {
        commands::Reply reply;
        reply.message.content = caller.may_manage ? "fine" : "You need the permission **Manage Webhooks**.";
        return reply;
    };
    say("!hook github on", "");
    EXPECT_EQ(last_reply(), "You need the permission **Manage Webhooks**.");
    EXPECT_FALSE(commands.callers[0].may_manage_channel(Snowflake(301)));
    say("!hook github on", R"("201")");
    EXPECT_EQ(last_reply(), "fine");
    event("CHANNEL_UPDATE", R"({"id":"300","guild_id":"100","type":0,"name":"general",
        "permission_overwrites":[{"id":"8","type":1,"allow":"0","deny":"536870912"}]})");
    say("!hook github on", R"("201")");
    EXPECT_EQ(last_reply(), "You need the permission **Manage Webhooks**.");
}

TEST_F(ChatRoom, ASecretGoesByDirectMessageFirstAndNeverIntoTheStore) {
    answer_with_a_secret();
    store::Hook hook;
    hook.id = HookId(500);
    store.the_hooks.push_back(hook);
    say("!hook github on");
    ASSERT_EQ(direct.to_users.size(), 1U);
    EXPECT_EQ(direct.to_users[0].to, with_role);
    EXPECT_EQ(direct.to_users[0].message.content, canary);
    EXPECT_EQ(direct.to_users[0].nonce, "1001s");
    EXPECT_EQ(last_reply(), "Set up. The secret is in your direct messages.");
    EXPECT_EQ(everything_stored().find(canary), std::string::npos);
    EXPECT_EQ(store.the_hooks[0].setup_reply, store.the_messages.at(0).id) << "to be edited to say connected";
    for (const std::string& line : log.lines()) {
        EXPECT_EQ(line.find(canary), std::string::npos);
    }
}

TEST_F(ChatRoom, WhereTheDirectMessageFailsTheReplySaysWhatToDo) {
    answer_with_a_secret();
    direct.user_answer = fail(Errc::forbidden, "403 Cannot send messages to this user (50007)");
    say("!hook github on");
    EXPECT_EQ(last_reply(), "Set up, but I cannot write to you: allow direct messages, then rotate.");
    EXPECT_EQ(everything_stored().find(canary), std::string::npos);
}

TEST_F(ChatRoom, AMentionWorksWhereMessagesComeWithoutContent) {
    say("");  // what a bot without the intent sees of "!hook list"
    EXPECT_TRUE(commands.said.empty());
    say("<@7> list");
    EXPECT_EQ(commands.said, std::vector<std::string>{"list"});
}

TEST_F(ChatRoom, AReplayedMessageRunsOnceAlsoOverARestart) {
    say("!hook rotate hook_001");
    event("MESSAGE_CREATE", boost::json::serialize(last_event));
    EXPECT_EQ(commands.said.size(), 1U);
    start();  // the store has kept what was dealt with
    event("MESSAGE_CREATE", boost::json::serialize(last_event));
    EXPECT_EQ(commands.said.size(), 1U);
    event("MESSAGE_UPDATE", boost::json::serialize(last_event));
    EXPECT_EQ(commands.said.size(), 1U);
}

TEST_F(ChatRoom, CommandsOfAChannelRunOneAfterAnotherOthersBeside) {
    commands.is_slow = true;
    say("!hook first");
    say("!hook second");
    EXPECT_EQ(commands.said, std::vector<std::string>{"first"});
    say("!hook elsewhere", R"("201")", Snowflake(301));
    EXPECT_EQ(commands.said.size(), 2U);
    commands.go_on();
    loop.settle();
    EXPECT_EQ(commands.said.back(), "second");
    commands.go_on();
    loop.settle();
    EXPECT_EQ(chat->busy(), 0U);
}

TEST_F(ChatRoom, WhoIsTooFastIsToldOnce) {
    for (int i = 0; i < 20; ++i) {
        say("!hook list");
    }
    EXPECT_EQ(commands.said.size(), 5U);
    EXPECT_EQ(store.entries.size(), 6U);
    EXPECT_EQ(last_reply(), "That was quick. Give me a few seconds, then say it again.");
    clock.advance(1min);
    say("!hook list");
    EXPECT_EQ(last_reply(), "done: list");
}

TEST_F(ChatRoom, ADirectMessageGetsAHintOnceInAWhile) {
    const auto write = [this](int id) {
        event(
            "MESSAGE_CREATE",
            fmt::format(
                R"({{"id":"{}","channel_id":"600","type":0,"content":"hello","author":{{"id":"8"}}}})", id));
    };
    write(1);
    write(2);
    ASSERT_EQ(direct.to_channels.size(), 1U);
    EXPECT_EQ(direct.to_channels[0].to, Snowflake(600));
    EXPECT_EQ(
        direct.to_channels[0].message.content,
        "I take commands in the channels of a server: say `!hook help` there, or mention me: <@7> help.");
    EXPECT_TRUE(commands.said.empty());
    EXPECT_TRUE(store.entries.empty());
    clock.advance(10min);
    write(3);
    EXPECT_EQ(direct.to_channels.size(), 2U);
}

TEST_F(ChatRoom, WhatAResumeDidNotTellIsAskedOnce) {
    cache = discord::GuildCache();
    direct.known["/users/@me"] = R"({"id":"7"})";
    direct.known["/guilds/100"] = R"({"id":"100","owner_id":"1","roles":[{"id":"100","permissions":"117760"},
        {"id":"201","permissions":"536870912"}]})";
    direct.known["/guilds/100/members/7"] = R"({"user":{"id":"7"},"roles":[]})";
    direct.known["/channels/300"] = R"({"id":"300","guild_id":"100","type":0,"name":"general"})";
    direct.known["/channels/301000000000000000"] =
        R"({"id":"301000000000000000","guild_id":"100","type":11,"parent_id":"300"})";
    say("!hook copy hook_001 <#301000000000000000>");
    EXPECT_TRUE(commands.callers.at(0).may_manage);
    EXPECT_TRUE(commands.callers.at(0).may_manage_channel(Snowflake(301000000000000000)));
    EXPECT_EQ(direct.looked_up.size(), 5U);
    say("!hook list");
    EXPECT_EQ(direct.looked_up.size(), 5U);
}

TEST_F(ChatRoom, AfterAResumeThePlacesOfHooksAreAskedForAtOnce) {
    cache = discord::GuildCache();
    cache.set_self(Snowflake(7));
    dispatch::DestinationInfo place;
    place.kind = dispatch::DestinationKind::discord_channel;
    place.channel = Snowflake(300);
    store.the_destinations = {place};
    direct.known["/guilds/100"] =
        R"({"id":"100","owner_id":"1","roles":[{"id":"100","permissions":"117760"}]})";
    direct.known["/guilds/100/members/7"] = R"({"user":{"id":"7"},"roles":[]})";
    direct.known["/channels/300"] = R"({"id":"300","guild_id":"100","type":15,"name":"ideas"})";
    event("RESUMED", "{}");
    loop.settle();
    const auto facts = cache.facts(Snowflake(300), clock.now());
    ASSERT_TRUE(facts);
    EXPECT_TRUE(facts->is_forum);
    EXPECT_TRUE(facts->everyone_can_see);
    const std::size_t asked = direct.looked_up.size();
    event("RESUMED", "{}");
    loop.settle();
    EXPECT_EQ(direct.looked_up.size(), asked);
}

TEST_F(ChatRoom, WhereNothingIsKnownNobodyHasRights) {
    cache = discord::GuildCache();
    cache.set_self(Snowflake(7));
    say("!hook github on");
    EXPECT_TRUE(commands.said.empty());
    EXPECT_EQ(last_reply(),
              "Discord has not told me yet who may do what here. Please say it again in a minute.");
    const std::size_t asked = direct.looked_up.size();
    say("!hook github on");
    EXPECT_EQ(direct.looked_up.size(), asked) << "a refusal is believed for a while";
}

TEST_F(ChatRoom, NamingChannelsNeedsTheRightToHaveThemAsked) {
    say("!hook copy hook_001 <#123456789012345678>", "");
    EXPECT_EQ(direct.looked_up, std::vector<std::string>());
    say("!hook copy hook_001 <#123456789012345678>");
    EXPECT_EQ(direct.looked_up, std::vector<std::string>{"/channels/123456789012345678"});
}

TEST_F(ChatRoom, WhereTheBotMayNotWriteItAnswersTheMember) {
    event("CHANNEL_UPDATE", R"({"id":"300","guild_id":"100","type":0,"name":"general",
        "permission_overwrites":[{"id":"100","type":0,"allow":"0","deny":"2048"}]})");
    say("!hook list");
    ASSERT_EQ(direct.to_users.size(), 1U);
    EXPECT_EQ(direct.to_users[0].message.content,
              "⚠️ I may not answer in <#300>: I lack Send Messages there.\ndone: list");
    EXPECT_TRUE(store.entries.empty());
    EXPECT_EQ(store.the_meta["chat.seen"], "1001") << "and it is not run again";
}

TEST_F(ChatRoom, WithoutReadMessageHistoryItAnswersWithoutAReply) {
    event("CHANNEL_UPDATE", R"({"id":"300","guild_id":"100","type":0,"name":"general",
        "permission_overwrites":[{"id":"100","type":0,"allow":"0","deny":"65536"}]})");
    say("!hook list");
    ASSERT_EQ(store.entries.size(), 1U);
    EXPECT_FALSE(store.entries[0].body.reply_to);
}

TEST_F(ChatRoom, AFullDiskLeavesNobodyWithoutAnAnswer) {
    store.is_full = true;
    say("!hook list");
    ASSERT_EQ(direct.to_channels.size(), 1U);
    EXPECT_EQ(direct.to_channels[0].to, general);
    EXPECT_EQ(direct.to_channels[0].message.content, "done: list");
}

TEST_F(ChatRoom, ACommandThatFailsTakesNoOtherAlong) {
    commands.is_slow = true;
    say("!hook crash");
    say("!hook list");
    commands.is_slow = false;
    commands.go_on();
    loop.settle();
    ASSERT_EQ(store.entries.size(), 2U);
    EXPECT_EQ(store.entries[0].body.content,
              "Something went wrong on my side. Whoever runs me finds it in the log.");
    EXPECT_EQ(last_reply(), "done: list");
    EXPECT_EQ(log.lines().back(), "error [chat] a command failed error=bug");
}

TEST_F(ChatRoom, HeldDestinationsAreReleasedWhenTheBotMayWriteAgain) {
    struct Case {
        std::int64_t id;
        std::uint64_t channel;
        HoldReason reason;
    };
    for (const Case& c : {Case{1, 300, HoldReason::missing_permission},
                          Case{2, 301, HoldReason::missing_access}, Case{3, 300, HoldReason::none},
                          Case{4, 300, HoldReason::paused}, Case{5, 999, HoldReason::missing_access}}) {
        dispatch::DestinationInfo destination;
        destination.id = DestinationId(c.id);
        destination.kind = dispatch::DestinationKind::discord_channel;
        destination.guild = Snowflake(100);
        destination.channel = Snowflake(c.channel);
        destination.held = c.reason;
        store.the_destinations.push_back(destination);
    }
    event("CHANNEL_UPDATE", R"({"id":"300","guild_id":"100","type":0,
        "permission_overwrites":[{"id":"100","type":0,"allow":"0","deny":"2048"}]})");
    EXPECT_TRUE(released.empty()) << "still not allowed";
    event("CHANNEL_UPDATE", R"({"id":"300","guild_id":"100","type":0,"permission_overwrites":[]})");
    EXPECT_EQ(released, std::vector<std::int64_t>{1});
    released.clear();
    event("GUILD_ROLE_UPDATE", R"({"guild_id":"100","role":{"id":"201","permissions":"0"}})");
    EXPECT_EQ(released, (std::vector<std::int64_t>{1, 2}));
    event("CHANNEL_DELETE", R"({"id":"301","guild_id":"100","type":0})");
    EXPECT_EQ(held, std::vector<std::string>{"2 channel_gone the channel was deleted"});
    held.clear();
    event("GUILD_DELETE", R"({"id":"100","unavailable":true})");
    EXPECT_TRUE(held.empty()) << "an outage at Discord's";
    event("GUILD_DELETE", R"({"id":"100"})");
    EXPECT_EQ(held.size(), 5U);
    EXPECT_EQ(held[0], "1 missing_access the bot was removed from the server");
}

TEST_F(ChatRoom, StopLetsACommandEnd) {
    commands.is_slow = true;
    say("!hook list");
    std::optional<bool> stopped;
    const auto stop = [](Chat* one) -> Task<bool> {
        co_await one->stop(10s);
        co_return true;
    };
    loop.start(stop(&*chat), stopped);
    loop.settle();
    EXPECT_FALSE(stopped);
    commands.go_on();
    loop.settle();
    clock.advance(10ms);
    loop.settle();
    EXPECT_TRUE(stopped);
    EXPECT_EQ(last_reply(), "done: list");
}

TEST_F(ChatRoom, SurroundingsTellCommandsOfChannelsAndWebhooks) {
    ChatSurroundings surroundings(cache, direct, clock, log, [] { return std::string("connected"); });
    EXPECT_TRUE(surroundings.has_discord());
    EXPECT_EQ(surroundings.gateway_state(), "connected");
    const auto info = surroundings.channel(general);
    ASSERT_TRUE(info);
    EXPECT_EQ(info->name, "general");
    EXPECT_EQ(info->guild, Snowflake(100));
    EXPECT_TRUE(info->everyone_can_see);
    EXPECT_EQ(info->missing, "");
    EXPECT_FALSE(surroundings.channel(Snowflake(999)));
    direct.known["/channels/999"] = R"({"id":"999","guild_id":"100","type":15,"name":"ideas"})";
    std::optional<bool> asked;
    loop.start(looked_up(surroundings, Snowflake(999)), asked);
    loop.settle();
    ASSERT_TRUE(surroundings.channel(Snowflake(999)));
    EXPECT_TRUE(surroundings.channel(Snowflake(999))->is_forum);
    std::optional<Result<void>> works, fails;
    loop.start(surroundings.check_webhook(Secret("1/good")), works);
    loop.start(surroundings.check_webhook(Secret("1/bad")), fails);
    loop.settle();
    EXPECT_TRUE(works->has_value());
    EXPECT_EQ(fails->error().code, Errc::not_found);
}

TEST(ChannelsInWords, AreFoundBounded) {
    EXPECT_EQ(channels_in("copy hook_001 <#5> and 123456789012345678"),
              (std::vector<Snowflake>{Snowflake(5), Snowflake(123456789012345678)}));
    EXPECT_EQ(channels_in("github on --repo octo/app2 99999999999999999999999999 <#18446744073709551616>"),
              std::vector<Snowflake>());
    EXPECT_EQ(channels_in("<#1><#2><#3><#4>").size(), 3U);
}

}  // namespace hookline::chat
