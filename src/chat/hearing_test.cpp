#include "chat/hearing.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace hookline::chat {

namespace {

constexpr Snowflake self(7);

boost::json::object message_with(std::string_view changes) {
    boost::json::object message =
        boost::json::parse(
            R"({"id":"900","channel_id":"300","guild_id":"100","type":0,"content":"!hook github on",
            "author":{"id":"8","username":"jc"},"member":{"roles":["201"]}})")
            .as_object();
    const boost::json::object changed = boost::json::parse(changes).as_object();
    for (const auto& change : changed) {
        message[change.key()] = change.value();
    }
    return message;
}

}  // namespace

TEST(Hearing, TakesTheWordsAfterPrefixOrMention) {
    struct Case {
        const char* text;
        std::optional<std::string> words;
    };
    for (const Case& c : std::vector<Case>{
             {"!hook github on", "github on"},
             {"  !HOOK   github on --events push ", "github on --events push"},
             {"!hook", ""},
             {"!hook\ngithub on", "github on"},
             {"<@7> github on", "github on"},
             {"<@!7> github on", "github on"},
             {"<@7>, github on", "github on"},
             {"<@7>: github on", "github on"},
             {"<@7>github on", "github on"},
             {"<@7> !hook github on", "github on"},
             {"<@7>", ""},
             {"!hooks github on", std::nullopt},
             {"!hook-and-ladder", std::nullopt},
             {"!hooké", std::nullopt},
             {"say !hook github on", std::nullopt},
             {"thanks <@7> github on", std::nullopt},
             {"<@77> github on", std::nullopt},
             {"<@&7> github on", std::nullopt},
             {"!hoo", std::nullopt},
             {"", std::nullopt},
         }) {
        EXPECT_EQ(words_for_us(c.text, self, "!hook"), c.words) << c.text;
    }
    EXPECT_EQ(words_for_us("!github on", self, "!"), "github on")
        << "a prefix that is no word needs no space";
    EXPECT_EQ(words_for_us("anything", self, ""), std::nullopt);
    EXPECT_EQ(words_for_us("<@0> github on", Snowflake(), "!hook"), std::nullopt);
}

TEST(Hearing, KnowsWhoSaidItWhere) {
    const auto heard = hear(message_with("{}"), self, "!hook");
    ASSERT_TRUE(heard);
    EXPECT_EQ(heard->message, Snowflake(900));
    EXPECT_EQ(heard->channel, Snowflake(300));
    EXPECT_EQ(heard->guild, Snowflake(100));
    EXPECT_EQ(heard->author.id, Snowflake(8));
    EXPECT_EQ(heard->author.roles, std::vector<Snowflake>{Snowflake(201)});
    EXPECT_EQ(heard->words, "github on");
    EXPECT_FALSE(heard->is_direct());
    EXPECT_TRUE(hear(message_with(R"({"type":19})"), self, "!hook")) << "said as a reply";
}

TEST(Hearing, IsDeafToBotsWebhooksItselfAndDiscord) {
    for (const char* changes :
         {R"({"author":{"id":"8","bot":true}})", R"({"author":{"id":"8","system":true}})",
          R"({"webhook_id":"5"})", R"({"author":{"id":"7"}})", R"({"type":7})", R"({"type":20})",
          R"({"flags":64})", R"({"author":null})", R"({"id":5})", R"({"channel_id":null})",
          R"({"author":{"id":"x"}})", R"({"content":""})", R"({"content":null})",
          R"({"guild_id":null,"channel_type":3})"}) {
        EXPECT_FALSE(hear(message_with(changes), self, "!hook")) << changes;
    }
}

TEST(Hearing, ADirectMessageIsHeardWhole) {
    const auto heard =
        hear(message_with(R"({"guild_id":null,"channel_type":1,"content":"hello"})"), self, "!hook");
    ASSERT_TRUE(heard);
    EXPECT_TRUE(heard->is_direct());
    EXPECT_EQ(heard->words, "hello");
}

TEST(Hearing, AMemberCannotPretendToBeAnother) {
    const auto heard = hear(message_with(R"({"member":{"user":{"id":"1"},"roles":[]}})"), self, "!hook");
    ASSERT_TRUE(heard);
    EXPECT_EQ(heard->author.id, Snowflake(8));
}

TEST(Hearing, WordsAreBounded) {
    const std::string text = "!hook " + std::string(100'000, 'x');
    EXPECT_EQ(words_for_us(text, self, "!hook")->size(), 8'000U);
}

}  // namespace hookline::chat
