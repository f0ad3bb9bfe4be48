#include "commands/channel_argument.hpp"

#include <gtest/gtest.h>

namespace hookline::commands {

TEST(ChannelArgument, TakesDiscordsWebhookUrlsAndNoOthers) {
    for (const char* url : {
             "https://discord.com/api/webhooks/123/abc-DEF_1",
             "https://discordapp.com/api/webhooks/123/abc-DEF_1",
             "https://ptb.discord.com/api/v10/webhooks/123/abc-DEF_1",
             "https://canary.discord.com/api/v9/webhooks/123/abc-DEF_1/",
             "https://DISCORD.com/api/webhooks/123/abc-DEF_1?wait=true",
             "<https://discord.com/api/webhooks/123/abc-DEF_1>",
         }) {
        const auto address = parse_webhook_url(url);
        ASSERT_TRUE(address) << url;
        EXPECT_EQ(address->reveal(), "123/abc-DEF_1") << url;
    }
    for (const char* url : {
             "http://discord.com/api/webhooks/123/abc",
             "https://discord.com.evil.org/api/webhooks/123/abc",
             "https://evil.org/https://discord.com/api/webhooks/123/abc",
             "https://user@discord.com/api/webhooks/123/abc",
             "https://discord.com:444/api/webhooks/123/abc",
             "https://discord.com/api/webhooks/123",
             "https://discord.com/api/webhooks/123/",
             "https://discord.com/api/webhooks/x/abc",
             "https://discord.com/api/webhooks/123/abc/../../users/@me",
             "https://discord.com/api/v/webhooks/123/abc",
             "https://discord.com/api/webhooks/99999999999999999999999/abc",
             "discord.com/api/webhooks/123/abc",
             "",
         }) {
        EXPECT_FALSE(parse_webhook_url(url)) << url;
    }
}

TEST(ChannelArgument, TakesMentionsAndIds) {
    EXPECT_EQ(parse_channel("<#123>"), Snowflake(123));
    EXPECT_EQ(parse_channel("123"), Snowflake(123));
    for (const char* text : {"", "#dev", "<#>", "<#12", "<@12>", "12a", "-1", "0"}) {
        EXPECT_EQ(parse_channel(text), std::nullopt) << text;
    }
}

TEST(ChannelArgument, WhatIsKeptHoldsNoToken) {
    EXPECT_EQ(without_secrets("github on --channel https://discord.com/api/webhooks/123/abc-DEF --new"),
              "github on --channel https://discord.com/api/webhooks/123/… --new");
    EXPECT_EQ(without_secrets("a webhooks/1/x b webhooks/2/y"), "a webhooks/1/… b webhooks/2/…");
    EXPECT_EQ(without_secrets("github on"), "github on");
}

}  // namespace hookline::commands
