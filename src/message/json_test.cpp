#include "message/json.hpp"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

namespace hookline::message {

namespace {

Message whole_message() {
    Message message;
    message.content = "text \"quoted\"\n😀";
    Embed embed;
    embed.title = "Push to main";
    embed.url = "https://x.example/1";
    embed.description = "d";
    embed.color = 0x238636;
    embed.timestamp = TimePoint(Milliseconds(1'700'000'000'123));
    embed.author_name = "octocat";
    embed.author_url = "https://x.example/a";
    embed.author_icon = "https://x.example/a.png";
    embed.footer = "o/r";
    embed.footer_icon = "https://x.example/f.png";
    embed.thumbnail = "https://x.example/t.png";
    embed.image = "https://x.example/i.png";
    embed.fields = {{"Files", "8", true}, {"Status", "Open", false}};
    message.embeds.push_back(embed);
    for (int i = 0; i < 6; ++i) {
        message.buttons.push_back({"b" + std::to_string(i), "https://x.example/b"});
    }
    message.files.push_back({"build.log", "text/plain", std::string("\0\xFF\n", 3)});
    message.allowed_mentions.users = {Snowflake(1), Snowflake(18446744073709551615ULL)};
    message.allowed_mentions.roles = {Snowflake(3)};
    message.is_silent = true;
    message.reply_to = Snowflake(9);
    return message;
}

std::string text_of(const boost::json::object& object) { return boost::json::serialize(object); }

}  // namespace

TEST(ToDiscord, ASmallMessageStillSaysThatItPingsNobody) {
    Message message;
    message.content = "hello";
    EXPECT_EQ(text_of(to_discord(message)),
              R"({"content":"hello","allowed_mentions":{"parse":[],"replied_user":false}})");
}

TEST(ToDiscord, EverythingHasItsPlace) {
    const boost::json::object body = to_discord(whole_message());
    EXPECT_EQ(
        text_of(body.at("embeds").at(0).as_object()),
        R"({"title":"Push to main","url":"https://x.example/1","description":"d","color":2328118,)"
        R"("timestamp":"2023-11-14T22:13:20.123Z","author":{"name":"octocat","url":"https://x.example/a",)"
        R"("icon_url":"https://x.example/a.png"},"footer":{"text":"o/r","icon_url":"https://x.example/f.png"},)"
        R"("thumbnail":{"url":"https://x.example/t.png"},"image":{"url":"https://x.example/i.png"},)"
        R"("fields":[{"name":"Files","value":"8","inline":true},{"name":"Status","value":"Open","inline":false}]})");
    EXPECT_EQ(text_of(body.at("allowed_mentions").as_object()),
              R"({"parse":[],"users":["1","18446744073709551615"],"roles":["3"],"replied_user":false})");
    EXPECT_EQ(text_of(body.at("message_reference").as_object()),
              R"({"message_id":"9","fail_if_not_exists":false})");
    EXPECT_EQ(body.at("flags").as_int64(), 4096);
    const auto& rows = body.at("components").as_array();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].at("components").as_array().size(), 5U);
    EXPECT_EQ(text_of(rows[1].as_object()),
              R"({"type":1,"components":[{"type":2,"style":5,"label":"b5","url":"https://x.example/b"}]})");
    EXPECT_FALSE(body.contains("attachments"));
}

TEST(ToDiscord, HiddenPreviewsAreAFlag) {
    Message message;
    message.content = "x";
    message.hides_previews = true;
    EXPECT_EQ(to_discord(message).at("flags").as_int64(), 4);
}

TEST(ToDiscordEdit, WhatIsAbsentIsCleared) {
    EXPECT_EQ(text_of(to_discord_edit(Message{})),
              R"({"content":null,"embeds":[],"components":[],"attachments":[],)"
              R"("allowed_mentions":{"parse":[],"replied_user":false},"flags":0})");
    const boost::json::object body = to_discord_edit(whole_message());
    EXPECT_FALSE(body.contains("message_reference"));
    EXPECT_FALSE(body.contains("attachments")) << "who sends the files names them";
    EXPECT_EQ(body.at("flags").as_int64(), 4096) << "flags replace the value: those that were set stay";
}

TEST(Stored, ComesBackAsItWas) {
    EXPECT_EQ(parse(serialize(whole_message())), whole_message());
    EXPECT_EQ(parse(serialize(Message{})), Message{});
    EXPECT_EQ(serialize(Message{}), "{}");
}

TEST(Stored, WhatIsNoMessageIsAnError) {
    EXPECT_EQ(parse("nonsense").error().detail, "a stored message is not a JSON object");
    EXPECT_EQ(parse("[]").error().detail, "a stored message is not a JSON object");
    EXPECT_EQ(parse(R"({"files":[{"name":"a","base64":"%"}]})").error().detail,
              "a file of a stored message is not base64");
    EXPECT_TRUE(parse(R"({"content":7,"embeds":[3,{"fields":{}}],"reply_to":"x"})"));
}

}  // namespace hookline::message
