#include "message/limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"

namespace hookline::message {

namespace {

using testing::IsEmpty;

Message with(Embed embed) {
    Message message;
    message.embeds.push_back(std::move(embed));
    return message;
}

Embed titled(std::string title) {
    Embed embed;
    embed.title = std::move(title);
    return embed;
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string result;
    for (std::size_t i = 0; i < times; ++i) {
        result += text;
    }
    return result;
}

}  // namespace

TEST(Fit, WhatFitsStaysAsItIs) {
    Embed embed = titled("Push to main");
    embed.url = "https://github.com/o/r/compare/a...b";
    embed.description = "[`abc1234`](https://github.com/o/r) Fix \\*it\\*\n…and 3 more";
    embed.color = 0x238636;
    embed.timestamp = TimePoint(Milliseconds(1'700'000'000'000));
    embed.author_name = "octocat";
    embed.author_icon = "https://avatars.example/u/1?v=4";
    embed.footer = "o/r";
    embed.fields = {{"Files", "8 changed (+450, -120)", true}, {"\u200B", "value", false}};
    Message message = with(embed);
    message.content = "**hello**";
    message.buttons = {{"Open", "https://github.com/o/r"}};
    message.allowed_mentions.roles = {Snowflake(7)};
    message.is_silent = true;
    message.reply_to = Snowflake(8);
    EXPECT_EQ(fit(message), message);
    EXPECT_THAT(broken_limits(message), IsEmpty());
}

TEST(Fit, ExactlyTheLimitStaysOneMoreIsCut) {
    struct Case {
        std::string Embed::*member;
        std::size_t limit;
    };
    for (const Case& c : {Case{&Embed::title, limits::title}, Case{&Embed::description, limits::description},
                          Case{&Embed::author_name, limits::author}, Case{&Embed::footer, limits::footer}}) {
        for (const char* character : {"x", "é", "😀", "한"}) {
            Embed embed = titled("t");
            embed.*c.member = repeated(character, c.limit);
            EXPECT_EQ(fit(with(embed)), with(embed));
            embed.*c.member += character;
            EXPECT_THAT(broken_limits(with(embed)), testing::SizeIs(1));
            const Message cut = fit(with(embed));
            EXPECT_THAT(broken_limits(cut), IsEmpty());
            EXPECT_TRUE((cut.embeds[0].*c.member).ends_with("more characters)")) << cut.embeds[0].*c.member;
        }
    }
}

TEST(Fit, TheSumOverAllEmbedsIsKept) {
    Message message;
    for (int i = 0; i < 10; ++i) {
        Embed embed = titled("Embed " + std::to_string(i));
        embed.description = repeated("word ", 800);
        embed.footer = "small print";
        message.embeds.push_back(embed);
    }
    const Message cut = fit(message);
    EXPECT_THAT(broken_limits(cut), IsEmpty());
    ASSERT_EQ(cut.embeds.size(), 10U);
    for (const Embed& embed : cut.embeds) {
        EXPECT_EQ(embed.footer, "small print") << "the long texts give, not the short ones";
        EXPECT_GT(code_points(embed.description), 250U) << "and all of them";
    }
}

TEST(Fit, TooManyPartsAreCountedAndSaid) {
    Message message;
    for (int i = 0; i < 12; ++i) {
        Embed embed = titled(repeated("t", 256));
        for (int j = 0; j < 30; ++j) {
            embed.fields.push_back({repeated("n", 256), repeated("v", 1024), true});
        }
        message.embeds.push_back(embed);
    }
    const Message cut = fit(message);
    EXPECT_THAT(broken_limits(cut), IsEmpty());
    EXPECT_THAT(cut.content,
                testing::MatchesRegex("…and [0-9,]+ more parts that did not fit into one message"));
}

TEST(Fit, NothingButWhiteSpaceIsNothing) {
    Embed embed = titled(" \n\u200B\u2800 ");
    embed.description = "\u00AD";
    embed.author_name = " ";
    embed.author_url = "https://x.example";
    embed.author_icon = "https://x.example/i.png";
    embed.footer_icon = "https://x.example/i.png";
    embed.fields = {{"name", "  ", false}, {" ", "value", false}};
    const Message cut = fit(with(embed));
    ASSERT_EQ(cut.embeds.size(), 1U);
    Embed expected;
    expected.fields = {{"\u200B", "value", false}};
    EXPECT_EQ(cut.embeds[0], expected);
    EXPECT_THAT(broken_limits(cut), IsEmpty());
}

TEST(Fit, NeverEmpty) {
    EXPECT_EQ(fit(Message{}).content, "(a message without content)");
    Message only_button;
    only_button.buttons = {{"x", "https://x.example"}};
    only_button.embeds.resize(3);
    EXPECT_EQ(fit(only_button).content, "(a message without content)");
    EXPECT_THAT(fit(only_button).embeds, IsEmpty());
}

TEST(Fit, AddressesAreSafeAndDistinct) {
    Message message;
    for (const char* url : {"https://x.example/1", "https://x.example/1", "https://x.example/1#a",
                            "https://x.example/1#a", "javascript:alert(1)"}) {
        Embed embed = titled("t");
        embed.url = url;
        embed.image = "attachment://plot.png";
        embed.thumbnail = "ftp://x.example/a.png";
        message.embeds.push_back(embed);
    }
    message.files = {{"plot.png", "image/png", "bytes"}};
    const Message cut = fit(message);
    EXPECT_THAT(broken_limits(cut), IsEmpty());
    std::vector<std::string> urls;
    for (const Embed& embed : cut.embeds) {
        urls.push_back(embed.url);
        EXPECT_EQ(embed.image, "attachment://plot.png");
        EXPECT_EQ(embed.thumbnail, "");
    }
    EXPECT_EQ(urls, (std::vector<std::string>{"https://x.example/1", "https://x.example/1#3",
                                              "https://x.example/1#a", "", ""}));
    message.files.clear();
    EXPECT_EQ(fit(message).embeds[0].image, "") << "a picture that is not attached";
}

TEST(Fit, ButtonsFilesAndMentions) {
    Message message;
    message.content = "x";
    for (int i = 0; i < 40; ++i) {
        message.buttons.push_back({repeated("label ", 30), "https://x.example/" + std::to_string(i)});
        message.files.push_back({"a/../b c.txt", "text/plain", "x"});
    }
    message.buttons[0].url = "https://x.example/" + std::string(600, 'a');
    message.buttons[1].label = " ";
    message.files[0].bytes = std::string(limits::file_bytes + 1, 'x');
    for (std::uint64_t i = 0; i < 300; ++i) {
        message.allowed_mentions.users.emplace_back(i / 2);
    }
    const Message cut = fit(message);
    EXPECT_THAT(broken_limits(cut), IsEmpty());
    EXPECT_EQ(cut.buttons.size(), 25U);
    EXPECT_EQ(cut.buttons[0].label, "Open");
    EXPECT_EQ(cut.files.size(), 9U);
    EXPECT_EQ(cut.files[0].name, "a..bc.txt");
    EXPECT_EQ(cut.allowed_mentions.users.size(), 100U);
    EXPECT_EQ(cut.content, "x\n…and 45 more parts that did not fit into one message");
}

TEST(Fit, PreviewsAreNotHiddenWithOwnEmbeds) {
    Message message = with(titled("t"));
    message.hides_previews = true;
    EXPECT_EQ(broken_limits(message),
              std::vector<std::string>{"SUPPRESS_EMBEDS would hide the message's own embeds"});
    EXPECT_FALSE(fit(message).hides_previews);
    message.embeds.clear();
    message.content = "x";
    EXPECT_TRUE(fit(message).hides_previews);
}

TEST(Fit, OddValuesAreLeftOut) {
    Embed embed = titled("t");
    embed.color = 0x1FFFFFF;
    embed.timestamp = TimePoint(Milliseconds(-1));
    const Message cut = fit(with(embed));
    EXPECT_FALSE(cut.embeds[0].color);
    EXPECT_FALSE(cut.embeds[0].timestamp);
}

TEST(Fit, AnOpenFenceIsClosed) {
    Message message;
    message.content = "Logs:\n```\nunclosed";
    EXPECT_EQ(broken_limits(message),
              std::vector<std::string>{"content: a code block is opened and not closed"});
    EXPECT_EQ(fit(message).content, "Logs:\n```\nunclosed\n```");
}

TEST(BrokenLimits, SaysWhatAndWhere) {
    Message message = with(titled(std::string(257, 't')));
    message.embeds[0].fields.push_back({"n", "", false});
    message.embeds[0].url = "javascript:x";
    message.content = " ";
    EXPECT_EQ(broken_limits(message),
              (std::vector<std::string>{
                  "content: is nothing but white space", "embed 1 title: 257 code points of 256",
                  "embed 1 field 1 value: is empty", "embed 1 url: is not an http or https URL"}));
    EXPECT_EQ(broken_limits(Message{}), std::vector<std::string>{"the message is empty"});
}

}  // namespace hookline::message
