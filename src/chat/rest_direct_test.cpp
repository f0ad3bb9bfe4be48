#include "chat/rest_direct.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "net/scripted_client.hpp"
#include "testing/fake_clock.hpp"
#include "testing/fixed_random.hpp"
#include "testing/loop.hpp"
#include "testing/recording_log.hpp"

namespace hookline::chat {

namespace {

class Rest : public testing::Test {
protected:
    Rest() : transport(client, clock, random, log, metrics, options()), rest(transport), direct(rest) {}

    static discord::RestOptions options() {
        discord::RestOptions options;
        options.token = Secret("bot.canary");
        return options;
    }
    template <class T>
    T wait_for(Task<T> task) {
        std::optional<T> result;
        loop.start(std::move(task), result);
        for (int i = 0; i < 600 && !result; ++i) {
            loop.settle();
            clock.advance(std::chrono::milliseconds(100));
        }
        return std::move(result).value();
    }
    void answer(int status, std::string body) {
        client.answers.emplace_back(net::scripted_answer(status, std::move(body)));
    }

    Loop loop;
    FakeClock clock;
    FixedRandom random;
    RecordingLog log;
    NoMetrics metrics;
    net::ScriptedClient client;
    discord::RestTransport transport;
    discord::Rest rest;
    RestDirect direct;
};

message::Message saying(std::string text) {
    message::Message message;
    message.content = std::move(text);
    return message;
}

}  // namespace

TEST_F(Rest, ADirectMessageOpensItsChannelAndIsPostedOnce) {
    answer(200, R"({"id":"600","type":1})");
    answer(200, R"({"id":"700","channel_id":"600"})");
    EXPECT_TRUE(wait_for(direct.message_user(Snowflake(8), saying("hello"), "1001s")));
    ASSERT_EQ(client.asked.size(), 2U);
    EXPECT_EQ(client.asked[0].target, "/users/@me/channels");
    EXPECT_EQ(client.asked[1].target, "/channels/600/messages");
    const auto body = boost::json::parse(client.asked[1].body).as_object();
    EXPECT_EQ(body.at("nonce"), "1001s");
    EXPECT_TRUE(body.at("enforce_nonce").as_bool());
    EXPECT_EQ(body.at("content"), "hello");
}

TEST_F(Rest, AMemberWhoTakesNoDirectMessagesIsForbidden) {
    answer(200, R"({"id":"600","type":1})");
    answer(403, R"({"code":50007,"message":"Cannot send messages to this user"})");
    const auto sent = wait_for(direct.message_user(Snowflake(8), saying("hello"), "1001s"));
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, Errc::forbidden);
    EXPECT_EQ(sent.error().detail, "403 Cannot send messages to this user (50007)");
}

TEST_F(Rest, LookUpsGiveObjects) {
    answer(200, R"({"id":"7","username":"Hookline"})");
    answer(200, R"({"id":"100","roles":[]})");
    answer(200, R"({"id":"300"})");
    answer(200, R"({"user":{"id":"7"}})");
    answer(404, R"({"code":10003,"message":"Unknown Channel"})");
    EXPECT_EQ(*wait_for(direct.me()), Snowflake(7));
    EXPECT_TRUE(wait_for(direct.guild(Snowflake(100)))->contains("roles"));
    EXPECT_TRUE(wait_for(direct.channel(Snowflake(300))));
    EXPECT_TRUE(wait_for(direct.member(Snowflake(100), Snowflake(7))));
    EXPECT_EQ(wait_for(direct.channel(Snowflake(301))).error().code, Errc::not_found);
}

TEST_F(Rest, AWebhookAddressIsCheckedWithoutTheBotsToken) {
    answer(200, R"({"id":"5","type":1,"channel_id":"300"})");
    EXPECT_TRUE(wait_for(direct.check_webhook(Secret("5/token"))));
    EXPECT_EQ(net::field(client.asked[0].fields, "Authorization"), "");
    for (const int status : {401, 404}) {
        answer(status, R"({"code":50027,"message":"Invalid Webhook Token"})");
        EXPECT_EQ(wait_for(direct.check_webhook(Secret("5/wrong"))).error().code, Errc::not_found);
    }
    const std::size_t asked = client.asked.size();
    EXPECT_EQ(wait_for(direct.check_webhook(Secret("nonsense"))).error().code, Errc::not_found);
    EXPECT_EQ(client.asked.size(), asked);
}

}  // namespace hookline::chat
