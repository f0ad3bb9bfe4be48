#include <gtest/gtest.h>

#include "base/iso_time.hpp"
#include "base/text.hpp"
#include "discord/channel_destination.hpp"
#include "discord/direct_message_destination.hpp"
#include "discord/nonce.hpp"
#include "discord/plain_text.hpp"
#include "discord/testing/discord_fixture.hpp"
#include "discord/webhook_destination.hpp"

namespace hookline::discord {

namespace json = boost::json;
using dispatch::Answer;
using dispatch::Entry;
using dispatch::Found;
using dispatch::Operation;

namespace {

class DestinationsTest : public DiscordTest {
protected:
    DestinationsTest() {
        place.channel = Snowflake(5);
        place.address = Secret("9/canary-token");
        entry.id = OutboxId(12);
        entry.message = MessageId(3);
        entry.created_at = clock.now();
        entry.body.embeds.resize(1);
        entry.body.embeds[0].title = "Push to main";
        entry.body.embeds[0].url = "https://github.com/octo/app";
        entry.body.embeds[0].description = "One\nTwo";
        entry.body.embeds[0].timestamp = clock.now();
    }
    Answer post(dispatch::Destination& destination) { return finish(destination.post(place, entry)); }
    /// Discord's id of a message of `minutes` ago.
    [[nodiscard]] std::uint64_t id_at(std::int64_t minutes_ago, std::uint64_t number) const {
        const TimePoint time = clock.now() - std::chrono::minutes(minutes_ago);
        return static_cast<std::uint64_t>(time.time_since_epoch().count() - 1'420'070'400'000) << 22U |
               number;
    }
    [[nodiscard]] json::object seen(std::uint64_t id, const char* author, TimePoint timestamp) const {
        json::object message{{"id", std::to_string(id)}, {"author", {{"id", author}}}, {"content", ""}};
        message["embeds"] = json::array{json::object{{"timestamp", iso_time(timestamp)}}};
        return message;
    }
    void answer_history(const json::array& messages) { answer(200, json::serialize(messages)); }
    void answer_me() { answer(200, R"({"id":"42"})"); }

    dispatch::DestinationInfo place;
    Entry entry;
    GuildCache guilds;
    ChannelDestination channel{rest, "installation", &guilds};
    DirectMessageDestination direct{rest, "installation"};
    WebhookDestination webhook{rest};
};

Task<bool> ended(Task<void> task) {
    co_await std::move(task);
    co_return true;
}

}  // namespace

TEST_F(DestinationsTest, AChannelCreateCarriesANonceThatIsEnforced) {
    answer_posted();
    const Answer answer = post(channel);
    EXPECT_EQ(answer.kind, Answer::Kind::ok);
    EXPECT_EQ(answer.channel, Snowflake(5));
    EXPECT_EQ(answer.message, Snowflake(77));
    EXPECT_EQ(said(0, "nonce"), nonce_of("installation", entry));
    EXPECT_EQ(said(0, "enforce_nonce"), "true");
    EXPECT_TRUE(body(0).contains("allowed_mentions"));
}

TEST_F(DestinationsTest, ReadyWaitsForTheBucketAndForNothingElse) {
    dispatch::DestinationInfo other = place;
    other.channel = Snowflake(6);
    const auto wait = [this](const dispatch::DestinationInfo& where) {
        const SteadyPoint before = clock.steady();
        finish(ended(channel.ready(where, Operation::create)));
        return clock.steady() - before;
    };
    EXPECT_EQ(wait(place).count(), 0);
    answer(200, R"({"id":"77","channel_id":"5"})",
           {{"X-RateLimit-Limit", "5"},
            {"X-RateLimit-Remaining", "0"},
            {"X-RateLimit-Reset-After", "2.5"},
            {"X-RateLimit-Bucket", "b"}});
    post(channel);
    EXPECT_EQ(wait(other).count(), 0);
    EXPECT_GE(wait(place), std::chrono::milliseconds(2500));
}

TEST_F(DestinationsTest, TheNonceChangesWithWhatIsSaidAndOnlyThen) {
    const std::string nonce = nonce_of("installation", entry);
    EXPECT_EQ(nonce.size(), 25U);
    EXPECT_EQ(nonce.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567"), std::string::npos);
    std::set<std::string> nonces{nonce, nonce_of("other", entry)};
    entry.attempts = 9;
    entry.first_attempt_at = clock.now();
    EXPECT_EQ(nonce_of("installation", entry), nonce);
    entry.revision = 1;
    nonces.insert(nonce_of("installation", entry));
    entry.is_fallback = true;
    nonces.insert(nonce_of("installation", entry));
    entry.id = OutboxId(13);
    nonces.insert(nonce_of("installation", entry));
    EXPECT_EQ(nonces.size(), 5U);
}

TEST_F(DestinationsTest, WhatAPersonDeletedIsNotPostedAgain) {
    answer(404, R"({"code":10008,"message":"Unknown Message"})");
    const Answer answer = post(channel);
    EXPECT_EQ(answer.kind, Answer::Kind::ok);
    EXPECT_FALSE(answer.message);
}

TEST_F(DestinationsTest, EditsAndDeletesGoWhereTheMessageIs) {
    entry.operation = Operation::edit;
    entry.discord_channel = Snowflake(6);
    entry.discord_message = Snowflake(77);
    answer_posted("77", "6");
    EXPECT_EQ(post(channel).kind, Answer::Kind::ok);
    EXPECT_EQ(client.asked[0].target, "/channels/6/messages/77");
    EXPECT_TRUE(body(0).contains("allowed_mentions"));
    EXPECT_FALSE(body(0).contains("nonce"));
    entry.operation = Operation::remove;
    answer(204, "");
    EXPECT_EQ(post(channel).kind, Answer::Kind::ok);
    answer(404, R"({"code":10008,"message":"Unknown Message"})");
    EXPECT_EQ(post(channel).kind, Answer::Kind::ok);  // gone is deleted
}

TEST_F(DestinationsTest, AnEditThatCannotBeIsGone) {
    entry.operation = Operation::edit;
    EXPECT_EQ(post(channel).kind, Answer::Kind::gone);
    EXPECT_TRUE(client.asked.empty());
    entry.discord_message = Snowflake(77);
    struct Case {
        int status;
        const char* body;
        Answer::Loss loss;
        const char* detail;
    };
    for (const Case& c : {Case{404, R"({"code":10008,"message":"Unknown Message"})", Answer::Loss::deleted,
                               "404 Unknown Message (10008)"},
                          Case{429, R"({"code":30046,"message":"Old","retry_after":0.1})",
                               Answer::Loss::not_editable, "429 Old (30046)"},
                          Case{403, R"({"code":50005,"message":"Not yours"})", Answer::Loss::other,
                               "403 Not yours (50005)"}}) {
        answer(c.status, c.body);
        const Answer answer = post(channel);
        EXPECT_EQ(answer.kind, Answer::Kind::gone);
        EXPECT_EQ(answer.loss, c.loss);
        EXPECT_EQ(answer.detail, c.detail);
    }
}

TEST_F(DestinationsTest, WhatIsInAClosedThreadIsEditedThere) {
    constexpr const char* archived = R"({"code":50083,"message":"Thread is archived"})";
    entry.operation = Operation::edit;
    entry.discord_channel = Snowflake(6);
    entry.discord_message = Snowflake(77);
    answer(400, archived);
    answer(200, R"({"id":"6"})");
    answer_posted("77", "6");
    answer(200, R"({"id":"6"})");
    EXPECT_EQ(post(channel).kind, Answer::Kind::ok);
    ASSERT_EQ(client.asked.size(), 4U);
    EXPECT_EQ(client.asked[1].target, "/channels/6");
    EXPECT_EQ(said(1, "archived"), "false");
    EXPECT_EQ(client.asked[2].target, "/channels/6/messages/77");
    EXPECT_EQ(said(3, "archived"), "true");

    answer(400, archived);
    answer(403, R"({"code":50013,"message":"Missing Permissions"})");
    const Answer locked = post(channel);
    EXPECT_EQ(locked.kind, Answer::Kind::gone);
    EXPECT_EQ(locked.loss, Answer::Loss::not_editable);
    EXPECT_EQ(locked.detail, "400 Thread is archived (50083)");
}

TEST_F(DestinationsTest, AThreadIsOpenedUnderTheMessageOnce) {
    entry.operation = Operation::create_thread;
    entry.thread_name = std::string(200, 'x');
    entry.discord_channel = Snowflake(5);
    entry.discord_message = Snowflake(77);
    answer(201, R"({"id":"77"})");
    EXPECT_EQ(post(channel).channel, Snowflake(77));
    EXPECT_EQ(client.asked[0].target, "/channels/5/messages/77/threads");
    EXPECT_EQ(code_points(said(0, "name")), 100U);
    answer(400, R"({"code":160004,"message":"A thread has already been created for this message"})");
    Answer answer = post(channel);
    EXPECT_EQ(answer.kind, Answer::Kind::ok);
    EXPECT_EQ(answer.channel, Snowflake(77));
    EXPECT_FALSE(answer.message);

    entry.discord_thread = Snowflake(78);
    answer = post(channel);
    EXPECT_EQ(answer.channel, Snowflake(78));
    EXPECT_EQ(client.asked.size(), 2U) << "it is known: nothing is asked";
    entry.discord_thread = entry.discord_message = Snowflake();
    EXPECT_EQ(post(channel).kind, Answer::Kind::gone);
}

TEST_F(DestinationsTest, AThreadThatCannotBeOpenedSaysWhy) {
    entry.operation = Operation::create_thread;
    entry.discord_message = Snowflake(77);
    struct Case {
        int status;
        const char* body;
        Answer::Kind kind;
    };
    for (const Case& c :
         {Case{403, R"({"code":50013,"message":"Missing Permissions"})", Answer::Kind::held},
          Case{400, R"({"code":50024,"message":"Wrong type"})", Answer::Kind::held},
          Case{404, R"({"code":10008,"message":"Unknown Message"})", Answer::Kind::gone},
          Case{400, R"({"code":160006,"message":"Too many"})", Answer::Kind::refused_content}}) {
        answer(c.status, c.body);
        EXPECT_EQ(post(channel).kind, c.kind) << c.body;
    }
}

TEST_F(DestinationsTest, WhatAThreadDoesNotTakeGoesToTheChannelAroundIt) {
    entry.discord_channel = Snowflake(77);
    answer_posted("80", "77");
    EXPECT_EQ(post(channel).channel, Snowflake(77));
    EXPECT_EQ(client.asked[0].target, "/channels/77/messages");
    for (const char* refused :
         {R"({"code":160005,"message":"Thread is locked"})", R"({"code":10003,"message":"Unknown Channel"})",
          R"({"code":50013,"message":"Missing Permissions"})"}) {
        answer(403, refused);
        answer_posted("81", "5");
        const Answer answer = post(channel);
        EXPECT_EQ(answer.kind, Answer::Kind::ok) << refused;
        EXPECT_EQ(answer.channel, Snowflake(5));
        EXPECT_EQ(client.asked.back().target, "/channels/5/messages");
    }
    answer(503, "");
    const std::size_t before = client.asked.size();
    EXPECT_EQ(post(channel).kind, Answer::Kind::failed);
    EXPECT_EQ(client.asked.size(), before + 1) << "it may be there yet";
}

TEST_F(DestinationsTest, AMessageGoesWithItsThread) {
    entry.operation = Operation::edit;
    entry.discord_channel = Snowflake(77);
    entry.discord_message = Snowflake(80);
    answer(404, R"({"code":10003,"message":"Unknown Channel"})");
    const Answer edited = post(channel);
    EXPECT_EQ(edited.kind, Answer::Kind::gone);
    EXPECT_EQ(edited.loss, Answer::Loss::deleted);
    entry.operation = Operation::remove;
    answer(404, R"({"code":10003,"message":"Unknown Channel"})");
    EXPECT_EQ(post(channel).kind, Answer::Kind::ok);
    entry.discord_channel = Snowflake(5);
    answer(404, R"({"code":10003,"message":"Unknown Channel"})");
    EXPECT_EQ(post(channel).hold, dispatch::HoldReason::channel_gone);
}

TEST_F(DestinationsTest, AThreadIsClosedWhateverStandsInTheWay) {
    entry.operation = Operation::close_thread;
    EXPECT_EQ(post(channel).kind, Answer::Kind::ok);
    EXPECT_TRUE(client.asked.empty()) << "there is none";
    entry.discord_thread = Snowflake(77);
    answer(200, R"({"id":"77"})");
    EXPECT_EQ(post(channel).kind, Answer::Kind::ok);
    EXPECT_EQ(client.asked[0].target, "/channels/77");
    answer(404, R"({"code":10003,"message":"Unknown Channel"})");
    EXPECT_EQ(post(channel).kind, Answer::Kind::ok);
    answer(403, R"({"code":50013,"message":"Missing Permissions"})");
    EXPECT_EQ(post(channel).kind, Answer::Kind::held);
}

constexpr const char* forum_object = R"({"id":"5","type":15,"guild_id":"8","flags":16,"available_tags":[
    {"id":"91","name":"Open"},{"id":"92","name":"Pull request"}]})";

TEST_F(DestinationsTest, InAForumACreateIsAPost) {
    boost::json::object guild = boost::json::parse(R"({"id":"8","roles":[],"channels":[]})").as_object();
    guild["channels"].as_array().push_back(boost::json::parse(forum_object));
    guilds.apply("GUILD_CREATE", guild);
    entry.thread_tags = {"pull request"};
    entry.body.reply_to = Snowflake(3);
    answer(201, R"({"id":"90","message":{"id":"90","channel_id":"90"}})");
    const Answer first = post(channel);
    EXPECT_EQ(first.kind, Answer::Kind::ok);
    EXPECT_EQ(first.channel, Snowflake(90));
    EXPECT_EQ(first.message, Snowflake(90));
    EXPECT_EQ(client.asked[0].target, "/channels/5/threads");
    EXPECT_EQ(said(0, "name"), "Push to main");
    EXPECT_EQ(said(0, "applied_tags"), R"(["92"])");
    EXPECT_TRUE(body(0).at("message").as_object().contains("embeds"));
    EXPECT_FALSE(body(0).at("message").as_object().contains("message_reference"));

    entry.discord_channel = Snowflake(90);
    answer_posted("93", "90");
    EXPECT_EQ(post(channel).message, Snowflake(93)) << "into the post";
    EXPECT_EQ(client.asked[1].target, "/channels/90/messages");
    answer(404, R"({"code":10003,"message":"Unknown Channel"})");
    answer(201, R"({"id":"94"})");
    EXPECT_EQ(post(channel).message, Snowflake(94)) << "the post is gone: another one";
}

TEST_F(DestinationsTest, AForumThatIsNotKnownIsAskedForOnce) {
    answer(400, R"({"code":40058,"message":"Cannot message this thread"})");
    answer(200, forum_object);
    answer(201, R"({"id":"90"})");
    EXPECT_EQ(post(channel).message, Snowflake(90));
    EXPECT_EQ(client.asked[1].target, "/channels/5");
    EXPECT_EQ(said(2, "applied_tags"), R"(["91"])") << "it needs one";
    answer(201, R"({"id":"95"})");
    EXPECT_EQ(post(channel).message, Snowflake(95));
    answer(400, R"({"code":40067,"message":"A tag is required"})");
    answer(200, R"({"id":"5","type":15,"flags":16,"available_tags":[{"id":"99","name":"New"}]})");
    answer(201, R"({"id":"96"})");
    EXPECT_EQ(post(channel).message, Snowflake(96)) << "its tags have changed";
    EXPECT_EQ(said(client.asked.size() - 1, "applied_tags"), R"(["99"])");

    place.channel = Snowflake(6);
    answer(400, R"({"code":50008,"message":"Cannot send messages in a non-text channel"})");
    answer(200, R"({"id":"6","type":4})");
    EXPECT_EQ(post(channel).hold, dispatch::HoldReason::missing_access);
}

TEST_F(DestinationsTest, APostWhoseAnswerWasLostIsLookedForBeforeAnother) {
    place.guild = Snowflake(8);
    answer(400, R"({"code":40058,"message":"Cannot message this thread"})");
    answer(200, forum_object);
    lose_answer(true);
    EXPECT_TRUE(post(channel).may_have_arrived);
    entry.attempts = 2;
    entry.first_attempt_at = clock.now();
    const std::string ours = std::to_string(id_at(0, 5));
    const auto thread = [](const std::string& id, const char* parent, const char* owner) {
        return R"({"id":")" + id + R"(","parent_id":")" + parent + R"(","owner_id":")" + owner +
               R"(","name":"Push to main"})";
    };
    answer_me();
    answer(200, R"({"threads":[)" + thread(std::to_string(id_at(60, 1)), "5", "42") + "," +
                    thread(std::to_string(id_at(0, 2)), "6", "42") + "," +
                    thread(std::to_string(id_at(0, 3)), "5", "43") + "," + thread(ours, "5", "42") + "]}");
    answer(200, json::serialize(seen(id_at(0, 5), "42", clock.now())));
    const Answer found = post(channel);
    EXPECT_EQ(found.kind, Answer::Kind::ok);
    EXPECT_EQ(to_string(found.message), ours);
    EXPECT_EQ(client.asked.back().target, "/channels/" + ours + "/messages/" + ours);

    answer(503, "");
    const Answer unknown = post(channel);
    EXPECT_EQ(unknown.kind, Answer::Kind::failed);
    EXPECT_TRUE(unknown.may_have_arrived);
    answer(200, R"({"threads":[]})");
    EXPECT_EQ(finish(channel.find(place, entry)).found, Found::no);
}

TEST_F(DestinationsTest, AWebhookOfAForumMakesPosts) {
    answer(400, R"({"code":220001,"message":"Webhooks posted to forum channels must have a thread_name"})");
    answer_posted("90", "90");
    EXPECT_EQ(post(webhook).message, Snowflake(90));
    EXPECT_EQ(said(1, "thread_name"), "Push to main");
}

TEST_F(DestinationsTest, AWebhookOpensNoThreads) {
    entry.operation = Operation::create_thread;
    EXPECT_EQ(post(webhook).kind, Answer::Kind::ok);
    entry.operation = Operation::close_thread;
    EXPECT_EQ(post(webhook).kind, Answer::Kind::ok);
    EXPECT_TRUE(client.asked.empty());
}

TEST_F(DestinationsTest, DirectMessagesGoThroughTheMembersChannel) {
    answer(200, R"({"id":"50"})");
    answer_posted("77", "50");
    EXPECT_EQ(post(direct).kind, Answer::Kind::ok);
    EXPECT_EQ(said(0, "recipient_id"), "5");
    EXPECT_EQ(client.asked[1].target, "/channels/50/messages");
    entry.id = OutboxId(13);
    answer(403, R"({"code":50007,"message":"Cannot send messages to this user"})");
    const Answer refused = post(direct);
    EXPECT_EQ(refused.kind, Answer::Kind::held);
    EXPECT_EQ(refused.hold, dispatch::HoldReason::missing_access);
}

TEST_F(DestinationsTest, AWebhookPostsWithWaitAndIsHeldWhereItIsGone) {
    answer_posted("77", "6");
    EXPECT_EQ(post(webhook).kind, Answer::Kind::ok);
    EXPECT_EQ(client.asked[0].target, "/webhooks/9/canary-token?wait=true");
    answer(404, R"({"code":10015,"message":"Unknown Webhook"})");
    const Answer gone = post(webhook);
    EXPECT_EQ(gone.hold, dispatch::HoldReason::webhook_gone);
    EXPECT_EQ(gone.detail, "404 Unknown Webhook (10015)");
    lose_answer(true);
    EXPECT_TRUE(post(webhook).may_have_arrived);
    EXPECT_EQ(finish(webhook.find(place, entry)).found, Found::unknown);
    place.address = Secret("nonsense");
    EXPECT_EQ(post(webhook).hold, dispatch::HoldReason::webhook_gone);
}

TEST_F(DestinationsTest, ARefusedMessageGoesAgainAsPlainText) {
    entry.is_fallback = true;
    entry.body.buttons.push_back({"Open", "https://x.example"});
    answer_posted();
    EXPECT_EQ(post(channel).kind, Answer::Kind::ok);
    EXPECT_EQ(said(0, "content"),
              "Push to main\n<https://github.com/octo/app>\nOne\nTwo\n<https://x.example>");
    EXPECT_FALSE(body(0).contains("embeds"));
    EXPECT_EQ(said(0, "flags"), "4");
}

TEST_F(DestinationsTest, PlainTextNeverBreaksALimitOrAFence) {
    message::Message message;
    EXPECT_FALSE(as_plain_text(message).content.empty());
    message.embeds.resize(10);
    for (message::Embed& embed : message.embeds) {
        embed.title = std::string(256, 't');
        embed.url = "https://x.example/" + std::string(1500, 'u');
        embed.description = "Before\n```\n" + std::string(4000, 'd') + "\n```";
    }
    const message::Message plain = as_plain_text(message);
    EXPECT_LE(plain.content.size(), 2100U);
    EXPECT_EQ(plain.content.find("```"), std::string::npos);
    EXPECT_NE(plain.content.find("Before\n…"), std::string::npos);
}

TEST_F(DestinationsTest, ALostCreateIsRecognisedByItsTimestamp) {
    const std::uint64_t ours = id_at(1, 1);
    answer_me();
    answer_history({seen(id_at(0, 5), "42", clock.now() - std::chrono::milliseconds(1)),
                    seen(id_at(0, 4), "43", clock.now()), seen(ours, "42", clock.now())});
    const auto sighting = finish(channel.find(place, entry));
    EXPECT_EQ(sighting.found, Found::yes);
    EXPECT_EQ(sighting.message, Snowflake(ours));
    EXPECT_EQ(sighting.channel, Snowflake(5));
}

TEST_F(DestinationsTest, TheHistoryIsReadAsFarBackAsItCanMatter) {
    json::array newest;
    for (std::uint64_t i = 0; i < 100; ++i) {
        newest.push_back(seen(id_at(1, 100 - i), "43", clock.now()));
    }
    answer_me();
    answer_history(newest);
    answer_history({seen(id_at(2, 1), "42", clock.now())});
    EXPECT_EQ(finish(channel.find(place, entry)).found, Found::yes);
    EXPECT_EQ(client.asked.back().target,
              "/channels/5/messages?limit=100&before=" + std::to_string(id_at(1, 1)));
    answer_history(newest);
    answer_history({});
    EXPECT_EQ(finish(channel.find(place, entry)).found, Found::no);
    for (int page = 0; page < 3; ++page) {
        answer_history(newest);
    }
    EXPECT_EQ(finish(channel.find(place, entry)).found, Found::unknown);
    newest.back() = seen(id_at(60, 1), "43", clock.now());
    answer_history(newest);
    EXPECT_EQ(finish(channel.find(place, entry)).found, Found::no);
}

TEST_F(DestinationsTest, WhatCannotBeReadIsUnknown) {
    answer(500, "");
    EXPECT_EQ(finish(channel.find(place, entry)).found, Found::unknown);
    answer_me();
    answer(403, R"({"code":50001,"message":"Missing Access"})");
    EXPECT_EQ(finish(channel.find(place, entry)).found, Found::unknown);
    entry.body = message::Message();
    entry.body.content = "…";
    answer_history({});
    EXPECT_EQ(finish(channel.find(place, entry)).found, Found::unknown);
}

TEST_F(DestinationsTest, ATextWithoutADateIsRecognisedByItsLetters) {
    entry.body = message::Message();
    entry.body.content = " **Build 7** failed \n";
    json::object message = seen(id_at(1, 1), "42", clock.now());
    message["content"] = "**Build 7** failed";
    message["embeds"] = json::array();
    answer_me();
    answer_history({message});
    EXPECT_EQ(finish(channel.find(place, entry)).found, Found::yes);
    message["content"] = "**Build 8** failed";
    answer_history({message});
    EXPECT_EQ(finish(channel.find(place, entry)).found, Found::no);
}

TEST_F(DestinationsTest, WhatWasMeantForAThreadIsSearchedInBothPlaces) {
    entry.discord_channel = Snowflake(77);
    answer_me();
    answer_history({seen(id_at(1, 1), "42", clock.now())});
    auto sighting = finish(channel.find(place, entry));
    EXPECT_EQ(sighting.found, Found::yes);
    EXPECT_EQ(sighting.channel, Snowflake(77));
    EXPECT_EQ(client.asked.back().target, "/channels/77/messages?limit=100");
    answer(404, R"({"code":10003,"message":"Unknown Channel"})");
    answer_history({seen(id_at(1, 1), "42", clock.now())});
    sighting = finish(channel.find(place, entry));
    EXPECT_EQ(sighting.found, Found::yes);
    EXPECT_EQ(sighting.channel, Snowflake(5));
    answer(404, R"({"code":10003,"message":"Unknown Channel"})");
    answer_history({});
    EXPECT_EQ(finish(channel.find(place, entry)).found, Found::no);
    answer(403, R"({"code":50001,"message":"Missing Access"})");
    answer_history({});
    EXPECT_EQ(finish(channel.find(place, entry)).found, Found::unknown);
}

TEST(PlainText, SaysEachOfTheMessagesThatSharedASend) {
    message::Message message;
    for (int i = 0; i < 10; ++i) {
        message::Embed embed;
        embed.title = fmt::format("Title {} {}", i, i % 2 == 0 ? std::string(240, 'x') : std::string());
        embed.url = fmt::format("https://example.org/{}", i);
        embed.description = std::string(499, 'y');
        message.embeds.push_back(embed);
        if (i == 7) {
            message.embeds.back().title.clear();
            message.embeds.back().description = "Words 7 " + std::string(400, 'y');
        }
    }
    const std::string content = as_plain_text(message).content;
    EXPECT_LE(content.size(), 2000U + 40);
    for (int i = 0; i < 10; ++i) {
        EXPECT_NE(content.find(fmt::format("{} {}", i == 7 ? "Words" : "Title", i)), std::string::npos)
            << content;
    }
}

}  // namespace hookline::discord
