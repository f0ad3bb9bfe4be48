#include "discord/rest.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "discord/testing/discord_fixture.hpp"

namespace hookline::discord {

namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const Snowflake channel(5);
const auto outbox = Caller::outbox;
const auto member = Caller::member;

class RestTest : public DiscordTest {
protected:
    RestResult<PostedMessage> create(Caller caller = outbox, Snowflake where = channel) {
        return finish(rest.create_message(where, hello(), "n", caller));
    }
    WebhookAddress address() { return *parse_webhook_address(Secret("9/canary-token_x")); }
};

}  // namespace

TEST_F(RestTest, ACreateIsACompleteRequest) {
    answer_posted();
    const auto posted = create();
    ASSERT_TRUE(posted);
    EXPECT_EQ(posted->message, Snowflake(77));
    EXPECT_EQ(posted->channel, channel);
    const net::Request& request = client.asked[0];
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/channels/5/messages");
    EXPECT_EQ(net::field(request.fields, "Authorization"), "Bot canary.token");
    EXPECT_EQ(net::field(request.fields, "User-Agent"), "DiscordBot (https://hookline.example, 1.0)");
    EXPECT_EQ(net::field(request.fields, "Content-Type"), "application/json");
    EXPECT_EQ(
        json::serialize(body(0)),
        R"({"content":"hello","allowed_mentions":{"parse":[],"replied_user":false},"nonce":"n","enforce_nonce":true})");
    EXPECT_EQ(metrics.counted["hookline_discord_requests_total method=POST status=200"], 1);
}

TEST_F(RestTest, EveryCallHasItsMethodAndPath) {
    const auto message = Snowflake(77);
    const std::string object = R"({"id":"1","channel_id":"5","url":"wss://g"})";
    const auto expect = [this](const char* method, const char* target) {
        EXPECT_EQ(client.asked.back().method, method);
        EXPECT_EQ(client.asked.back().target, target);
    };
    answer(200, object);
    EXPECT_TRUE(finish(rest.edit_message(channel, message, hello(), outbox)));
    expect("PATCH", "/channels/5/messages/77");
    answer(204, "");
    EXPECT_TRUE(finish(rest.delete_message(channel, message, outbox)));
    expect("DELETE", "/channels/5/messages/77");
    answer(200, object);
    EXPECT_TRUE(finish(rest.get_message(channel, message, outbox)));
    expect("GET", "/channels/5/messages/77");
    answer(200, "[" + object + "]");
    EXPECT_EQ(finish(rest.history(channel, Snowflake(3), outbox))->size(), 1U);
    expect("GET", "/channels/5/messages?limit=100&before=3");
    answer(201, object);
    EXPECT_TRUE(finish(rest.create_thread_on(channel, message, "x", outbox)));
    expect("POST", "/channels/5/messages/77/threads");
    answer(200, object);
    EXPECT_TRUE(finish(rest.archive_thread(channel, true, outbox)));
    expect("PATCH", "/channels/5");
    EXPECT_EQ(said(client.asked.size() - 1, "archived"), "true");
    answer(200, object);
    EXPECT_TRUE(finish(rest.application(outbox)));
    expect("GET", "/applications/@me");
    answer(200, object);
    EXPECT_EQ(finish(rest.gateway(outbox))->url, "wss://g");
    expect("GET", "/gateway/bot");
    answer(200, object);
    EXPECT_TRUE(finish(rest.guild(Snowflake(8), outbox)));
    expect("GET", "/guilds/8");
    answer(200, object);
    EXPECT_TRUE(finish(rest.channel(channel, outbox)));
    expect("GET", "/channels/5");
    answer(200, "[]");
    EXPECT_TRUE(finish(rest.roles(Snowflake(8), outbox)));
    expect("GET", "/guilds/8/roles");
    answer(200, object);
    EXPECT_TRUE(finish(rest.member(Snowflake(8), Snowflake(2), outbox)));
    expect("GET", "/guilds/8/members/2");
}

TEST_F(RestTest, AWebhookIsCalledWithItsOwnCredentialOnly) {
    answer_posted();
    message::Message with_button = hello();
    with_button.buttons.push_back({"Open", "https://x.example"});
    with_button.reply_to = Snowflake(3);
    EXPECT_TRUE(finish(rest.execute_webhook(address(), Snowflake(4), with_button, outbox)));
    EXPECT_EQ(client.asked[0].target,
              "/webhooks/9/canary-token_x?wait=true&thread_id=4&with_components=true");
    EXPECT_EQ(net::field(client.asked[0].fields, "Authorization"), "");
    EXPECT_FALSE(body(0).contains("nonce"));
    EXPECT_FALSE(body(0).contains("message_reference"));
    answer_posted();
    EXPECT_TRUE(finish(rest.edit_webhook_message(address(), Snowflake(), Snowflake(77), hello(), outbox)));
    EXPECT_EQ(client.asked[1].target, "/webhooks/9/canary-token_x/messages/77");
    answer(204, "");
    EXPECT_TRUE(finish(rest.delete_webhook_message(address(), Snowflake(4), Snowflake(77), outbox)));
    EXPECT_EQ(client.asked[2].target, "/webhooks/9/canary-token_x/messages/77?thread_id=4");
}

TEST_F(RestTest, WebhookAddressesAreIdAndToken) {
    for (const char* text : {"", "9", "9/", "/x", "x/y", "9/a/b", "9/a?b", "9/a b", "9/\r\n"}) {
        EXPECT_FALSE(parse_webhook_address(Secret(text))) << text;
    }
}

TEST_F(RestTest, FilesGoBesideTheJson) {
    message::Message with_file = hello();
    with_file.files.push_back({"build \"log\".txt", "text/plain; charset=utf-8", "line\r\n--x"});
    answer_posted();
    EXPECT_TRUE(finish(rest.create_message(channel, with_file, "", outbox)));
    const std::string type(net::field(client.asked[0].fields, "Content-Type"));
    ASSERT_TRUE(type.starts_with("multipart/form-data; boundary=hookline-"));
    const std::string boundary = type.substr(type.find('=') + 1);
    EXPECT_EQ(client.asked[0].body,
              "--" + boundary +
                  "\r\nContent-Disposition: form-data; name=\"payload_json\"\r\nContent-Type: "
                  "application/json\r\n\r\n"
                  R"({"content":"hello","allowed_mentions":{"parse":[],"replied_user":false},)"
                  R"("attachments":[{"id":"0","filename":"build__log_.txt"}]})"
                  "\r\n--" +
                  boundary +
                  "\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"build__log_.txt\"\r\n"
                  "Content-Type: text/plain; charset=utf-8\r\n\r\nline\r\n--x\r\n--" +
                  boundary + "--\r\n");
}

TEST_F(RestTest, AnAnswerThatSaysNothingIsAmbiguousAndNoFailure) {
    for (const auto& [status, text] :
         {std::pair(200, "not json"), std::pair(200, ""), std::pair(200, "[]"), std::pair(200, "{}"),
          std::pair(204, ""), std::pair(200, R"({"id":7})")}) {
        answer(status, text);
        const auto posted = create();
        ASSERT_FALSE(posted) << text;
        EXPECT_TRUE(posted.error().may_have_arrived);
        EXPECT_EQ(posted.error().cause, RestError::Cause::no_answer);
    }
}

TEST_F(RestTest, ErrorsSayWhereInDiscordsWords) {
    answer(
        400,
        R"({"code":50035,"message":"Invalid Form Body","errors":{"embeds":{"0":{"title":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"x"}]}}}}})");
    EXPECT_EQ(create().error().text(), "400 Invalid Form Body: embeds.0.title BASE_TYPE_MAX_LENGTH (50035)");
    answer(502, "<html>Bad gateway</html>");
    const auto failed = create();
    EXPECT_EQ(failed.error().text(), "502");
    EXPECT_TRUE(failed.error().may_have_arrived);
    lose_answer(false);
    EXPECT_FALSE(create().error().may_have_arrived);
    EXPECT_EQ(metrics.counted["hookline_discord_requests_total method=POST status=none"], 1);
    answer(302, "", {{"Location", "https://elsewhere.example"}});
    EXPECT_EQ(create().error().text(), "302");
    EXPECT_EQ(client.asked.size(), 4U);
}

TEST_F(RestTest, NothingIsSentBeforeARateLimitEnds) {
    answer(429, R"({"retry_after":1.5,"global":false,"message":"You are being rate limited."})",
           {{"X-RateLimit-Remaining", "0"}, {"Retry-After", "3"}});
    const SteadyPoint start = clock.steady();
    const auto refused = create();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause, RestError::Cause::rate_limited);
    EXPECT_GE(refused.error().retry_after, milliseconds(3'050));
    EXPECT_LE(refused.error().retry_after, milliseconds(3'250));
    answer_posted();
    EXPECT_TRUE(create());
    EXPECT_EQ(sent_at[1] - start, refused.error().retry_after);
    EXPECT_EQ(metrics.counted["hookline_rate_limit_waits_total scope=bucket"], 1);
    EXPECT_EQ(metrics.observed["hookline_rate_limit_wait_seconds"].size(), 1U);
}

TEST_F(RestTest, WhoWaitsForAMemberIsAskedAgainAndTheOutboxIsNot) {
    answer(429, R"({"retry_after":1})", {{"X-RateLimit-Remaining", "0"}});
    answer_posted();
    EXPECT_TRUE(create(member));
    EXPECT_EQ(client.asked.size(), 2U);
    EXPECT_EQ(client.asked[0].body, client.asked[1].body);  // the same nonce
    lose_answer(true);
    answer(500, "");
    answer_posted();
    EXPECT_TRUE(create(member));
    EXPECT_EQ(client.asked.size(), 5U);
    lose_answer(true);
    EXPECT_FALSE(create(outbox));
    EXPECT_EQ(client.asked.size(), 6U);
    lose_answer(true);  // without a nonce it could be said twice
    EXPECT_FALSE(finish(rest.create_message(channel, hello(), "", member)));
    EXPECT_EQ(client.asked.size(), 7U);
}

TEST_F(RestTest, ALongWaitIsToldInsteadOfWaitedFor) {
    answer(429, R"({"retry_after":1336.57})", {{"X-RateLimit-Remaining", "0"}});
    EXPECT_FALSE(create());
    const auto refused = create();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().text(), "waiting for Discord's rate limit");
    EXPECT_GE(refused.error().retry_after, seconds(1336));
    EXPECT_FALSE(refused.error().may_have_arrived);
    EXPECT_EQ(client.asked.size(), 1U);
}

TEST_F(RestTest, AGlobalLimitStopsOtherChannelsASharedOneOnlyItsOwn) {
    answer(429, R"({"retry_after":2,"global":true})");
    const SteadyPoint start = clock.steady();
    EXPECT_FALSE(create());
    answer_posted();
    EXPECT_TRUE(create(outbox, Snowflake(6)));
    EXPECT_GE(sent_at[1] - start, seconds(2));
    answer(429, R"({"retry_after":30})", {{"X-RateLimit-Scope", "shared"}});
    EXPECT_FALSE(create(outbox, Snowflake(7)));
    answer_posted();
    EXPECT_TRUE(create(outbox, Snowflake(8)));
    EXPECT_EQ(sent_at[3], sent_at[2]);
}

TEST_F(RestTest, ABanPageIsSilenceForEverything) {
    answer(429, "<html>You are being blocked</html>");
    const auto refused = create();
    ASSERT_FALSE(refused);
    EXPECT_GE(refused.error().retry_after, std::chrono::minutes(15));
    EXPECT_EQ(answer_of(refused.error(), Credential::bot).kind, dispatch::Answer::Kind::rate_limited);
    EXPECT_TRUE(transport.is_silenced());
    EXPECT_FALSE(create(member, Snowflake(6)));
    EXPECT_FALSE(finish(rest.webhook(address(), member)));
    EXPECT_EQ(client.asked.size(), 1U);
    clock.advance(std::chrono::minutes(15));
    answer_posted();
    EXPECT_TRUE(create());
    EXPECT_EQ(log.lines().size(), 1U);
}

TEST_F(RestTest, ARefusedTokenIsNotTriedByEveryDestination) {
    answer(401, R"({"message":"401: Unauthorized","code":0})");
    EXPECT_EQ(create().error().status, 401);
    const auto again = create(outbox, Snowflake(6));
    EXPECT_EQ(again.error().text(), "401 the bot's token was refused a moment ago");
    EXPECT_EQ(answer_of(again.error(), Credential::bot).hold, dispatch::HoldReason::bad_token);
    EXPECT_EQ(client.asked.size(), 1U);
    answer_posted();
    EXPECT_TRUE(finish(rest.execute_webhook(address(), Snowflake(), hello(), outbox)));
    clock.advance(std::chrono::minutes(1));
    answer_posted();
    EXPECT_TRUE(create());
}

TEST_F(RestTest, RefusalsSlowUsDownFarBelowDiscordsCeiling) {
    while (sent_at.size() < 1'300) {
        answer(403, R"({"code":50013,"message":"Missing Permissions"})");
        EXPECT_FALSE(create(outbox, Snowflake(1 + sent_at.size() % 10)));
        clock.advance(milliseconds(23));
    }
    std::size_t oldest = 0;
    std::size_t most = 0;
    for (std::size_t newest = 0; newest < sent_at.size(); ++newest) {
        while (sent_at[oldest] + InvalidCeiling::window < sent_at[newest]) {
            ++oldest;
        }
        most = std::max(most, newest - oldest + 1);
    }
    EXPECT_LE(most, InvalidCeiling::slow_at + 600);  // one in a second from there on
}

TEST_F(RestTest, ACancelledRequestGivesUpItsPlace) {
    answer(200, R"({"id":"1"})",
           {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Limit", "1"}, {"X-RateLimit-Reset-After", "2"}});
    EXPECT_TRUE(create());
    boost::asio::cancellation_signal signal;
    bool has_thrown = false;
    boost::asio::co_spawn(
        loop.executor(), rest.create_message(channel, hello(), "", outbox),
        boost::asio::bind_cancellation_slot(
            signal.slot(), [&has_thrown](const std::exception_ptr& error, const RestResult<PostedMessage>&) {
                has_thrown = error != nullptr;
            }));
    loop.settle();
    signal.emit(boost::asio::cancellation_type::terminal);
    loop.settle();
    EXPECT_TRUE(has_thrown);
    answer_posted();
    EXPECT_TRUE(create());
    EXPECT_EQ(client.asked.size(), 2U);
}

TEST_F(RestTest, AMemberGoesBeforeTheOutboxInTheSameChannel) {
    answer(200, R"({"id":"1"})",
           {{"X-RateLimit-Limit", "1"},
            {"X-RateLimit-Remaining", "0"},
            {"X-RateLimit-Reset-After", "2"},
            {"X-RateLimit-Bucket", "b"}});
    EXPECT_TRUE(create());
    std::optional<RestResult<PostedMessage>> first;
    std::optional<RestResult<PostedMessage>> second;
    std::optional<RestResult<PostedMessage>> reply;
    const auto named = [](std::string name) {
        message::Message message;
        message.content = std::move(name);
        return message;
    };
    loop.start(rest.create_message(channel, named("first"), "", outbox), first);
    loop.start(rest.create_message(channel, named("second"), "", outbox), second);
    loop.settle();
    answer_posted();
    answer_posted();
    answer_posted();
    loop.start(rest.create_message(channel, named("reply"), "", member), reply);
    loop.settle();
    EXPECT_EQ(client.asked.size(), 1U);
    clock.advance(seconds(2));
    loop.settle();
    ASSERT_EQ(client.asked.size(), 4U);
    EXPECT_EQ(said(1, "content"), "reply");
    EXPECT_EQ(said(2, "content"), "first");
    EXPECT_EQ(said(3, "content"), "second");
}

TEST_F(RestTest, RemembersItselfAndDirectMessageChannels) {
    answer(200, R"({"id":"42","username":"hookline"})");
    EXPECT_EQ(finish(rest.me(outbox))->id, Snowflake(42));
    EXPECT_EQ(finish(rest.me(outbox))->name, "hookline");
    answer(200, R"({"id":"50"})");
    EXPECT_EQ(finish(rest.open_direct_messages(Snowflake(3), outbox)), Snowflake(50));
    EXPECT_EQ(finish(rest.open_direct_messages(Snowflake(3), outbox)), Snowflake(50));
    EXPECT_EQ(client.asked.size(), 2U);
}

TEST_F(RestTest, NoErrorAndNoLogHoldsACredential) {
    lose_answer(true);
    const auto lost = finish(rest.execute_webhook(address(), Snowflake(), hello(), outbox));
    answer(429, "<html>");
    const auto banned = create();
    for (const std::string& text : {lost.error().text(), banned.error().text(), log.lines().at(0)}) {
        EXPECT_EQ(text.find("canary"), std::string::npos) << text;
    }
}

}  // namespace hookline::discord
