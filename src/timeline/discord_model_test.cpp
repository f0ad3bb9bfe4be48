// The model refuses what the double of tests/doubles/discord refuses: else nothing that runs against it says
// much.
#include "timeline/discord_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/fake_clock.hpp"
#include "testing/loop.hpp"

namespace hookline::timeline {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DiscordModels : public testing::Test {
protected:
    int send(std::string method, std::string target, std::string body = {}) {
        net::Request request(std::move(method), std::move(target));
        request.body = std::move(body);
        std::optional<net::Reply> reply;
        loop.start(discord.send(std::move(request)), reply);
        while (!reply) {
            loop.settle();
            clock.advance(DiscordModel::latency / 2);
        }
        last = (*reply)->body;
        return (*reply)->status;
    }
    int create(const std::string& text = "hello", const std::string& more = {}) {
        return send("POST", "/channels/5/messages",
                    R"({"content":")" + text + R"(","allowed_mentions":{"parse":[]})" + more + "}");
    }
    std::string newest_message() { return "/channels/5/messages/" + to_string(discord.messages().back().id); }

    Loop loop;
    FakeClock clock;
    DiscordModel discord{clock};
    std::string last;
};

}  // namespace

TEST_F(DiscordModels, ASixthMessageInFiveSecondsIsRefused) {
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(create(), 200);
    }
    EXPECT_THAT(discord.faults(), IsEmpty());
    EXPECT_EQ(create(), 429);
    EXPECT_THAT(last, HasSubstr("retry_after"));
    EXPECT_THAT(discord.faults(),
                ElementsAre(HasSubstr("429 for POST channels/5/messages: more than 5 in 5 s")));
    clock.advance(std::chrono::seconds(5));
    EXPECT_EQ(create(), 200);
}

TEST_F(DiscordModels, EditsOfOldMessagesHaveALimitOfTheirOwn) {
    create();
    const std::string edit = R"({"content":"new","allowed_mentions":{"parse":[]}})";
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(send("PATCH", newest_message(), edit), 200);
    }
    clock.advance(std::chrono::minutes(61));
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(send("PATCH", newest_message(), edit), 200);
    }
    EXPECT_EQ(send("PATCH", newest_message(), edit), 429);
    EXPECT_THAT(last, HasSubstr("30046"));
}

TEST_F(DiscordModels, TheSameNonceGivesTheSameMessage) {
    create("hello", R"(,"nonce":"a","enforce_nonce":true)");
    create("hello", R"(,"nonce":"a","enforce_nonce":true)");
    EXPECT_EQ(discord.messages().size(), 1U);
    EXPECT_THAT(discord.faults(), IsEmpty());
    create("something else", R"(,"nonce":"a","enforce_nonce":true)");
    EXPECT_THAT(discord.faults(), ElementsAre(HasSubstr("a nonce was used again")));
    clock.advance(std::chrono::seconds(61));
    create("hello", R"(,"nonce":"a","enforce_nonce":true)");
    EXPECT_EQ(discord.messages().size(), 2U);
}

TEST_F(DiscordModels, WhatBreaksALimitIsRefused) {
    EXPECT_EQ(create(std::string(2001, 'x')), 400);
    EXPECT_EQ(create(""), 400);
    EXPECT_EQ(send("POST", "/channels/5/messages", R"({"content":"hello"})"), 400);
    EXPECT_EQ(send("PATCH", "/channels/5/messages/77", R"({"content":"hello"})"), 404);
    EXPECT_EQ(send("GET", "/nowhere"), 404);
    EXPECT_EQ(discord.faults().size(), 5U);
    EXPECT_THAT(discord.messages(), IsEmpty());
}

TEST_F(DiscordModels, EachVersionIsKeptWithItsTime) {
    create("first");
    const TimePoint posted = clock.now();
    clock.advance(std::chrono::seconds(7));
    send("PATCH", newest_message(), R"({"content":"second","allowed_mentions":{"parse":[]}})");
    const ChannelMessage& message = discord.messages().back();
    ASSERT_EQ(message.versions.size(), 2U);
    EXPECT_EQ(message.versions[0].body.content, "first");
    EXPECT_EQ(message.newest().content, "second");
    EXPECT_GE(message.versions[1].at - posted, std::chrono::seconds(7));
    EXPECT_EQ(send("DELETE", newest_message()), 204);
    EXPECT_TRUE(discord.messages().back().deleted_at);
}

TEST_F(DiscordModels, OnlyWhomAMessageMayWakeIsPinged) {
    create("hello <@&77>");
    EXPECT_EQ(discord.messages().back().pings, 0U);
    send("POST", "/channels/5/messages",
         R"({"content":"hello <@&77>","allowed_mentions":{"parse":[],"roles":["77"]}})");
    EXPECT_EQ(discord.messages().back().pings, 1U);
}

TEST_F(DiscordModels, AMessageHasOneThread) {
    create();
    EXPECT_EQ(send("POST", newest_message() + "/threads", R"({"name":"PR 7"})"), 201);
    EXPECT_EQ(send("POST", newest_message() + "/threads", R"({"name":"PR 7"})"), 400);
    ASSERT_EQ(discord.threads().size(), 1U);
    EXPECT_EQ(discord.threads()[0].name, "PR 7");
}

}  // namespace hookline::timeline
