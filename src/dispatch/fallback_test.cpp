#include "dispatch/fallback.hpp"

#include <gtest/gtest.h>

#include "message/limits.hpp"

namespace hookline::dispatch {

TEST(Fallback, TellsTheSameFactsAsText) {
    message::Message message;
    message.content = "<@&5>";
    message.allowed_mentions.roles = {Snowflake(5)};
    message::Embed embed;
    embed.author_name = "octocat";
    embed.title = "\\[app] 2 new commits";
    embed.url = "https://github.com/o/r/compare/a...b";
    embed.description = "[`abc1234`](https://github.com/o/r) **Fix** \\*it\\*";
    embed.fields = {{"Files", "2 changed", true}};
    embed.image = "https://x.example/i.png";
    message.embeds = {embed};
    message.buttons = {{"Open", "https://x.example"}};
    const message::Message plain = as_plain_text(message);
    EXPECT_EQ(
        plain.content,
        "<@&5>\noctocat\n[app] 2 new commits\n<https://github.com/o/r/compare/a...b>\nabc1234 Fix \\*it\\*\n"
        "Files: 2 changed");
    EXPECT_EQ(plain.allowed_mentions.roles, message.allowed_mentions.roles);
    EXPECT_TRUE(plain.embeds.empty());
    EXPECT_TRUE(plain.buttons.empty());
    EXPECT_TRUE(plain.hides_previews);
    EXPECT_EQ(as_plain_text(plain), plain);
}

TEST(Fallback, KeepsTheLimitsAndIsNeverEmpty) {
    message::Message message;
    for (int i = 0; i < 10; ++i) {
        message.embeds.emplace_back().description = std::string(4000, 'x');
    }
    EXPECT_TRUE(message::broken_limits(as_plain_text(message)).empty());
    EXPECT_EQ(as_plain_text(message::Message{}).content, "(a message without content)");
}

}  // namespace hookline::dispatch
