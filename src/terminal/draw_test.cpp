#include "terminal/draw.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "terminal/columns.hpp"

namespace hookline::terminal {

using testing::HasSubstr;
using testing::Not;

namespace {

message::Message push() {
    message::Embed embed;
    embed.title = "🚀 Push to main";
    embed.url = "https://github.com/o/r/compare/a...b";
    embed.description =
        "[`abc1234`](https://github.com/o/r/commit/abc1234) Fix **encryption** bug \\*really\\*";
    embed.color = 0x2ECC71;
    embed.footer = "o/r";
    embed.timestamp = TimePoint(std::chrono::seconds(1'700'000'000));
    embed.fields = {{"Repo", "PhiGEN", true},
                    {"Author", "[@STRYK](https://github.com/STRYK)", true},
                    {"Commits", "3", true}};
    message::Message message;
    message.embeds.push_back(embed);
    return message;
}

std::string plain(const std::string& content) {
    message::Message message;
    message.content = content;
    return draw(message, DrawOptions());
}

}  // namespace

TEST(Draw, PlainTextWritesAddressesOut) {
    EXPECT_EQ(draw(push(), DrawOptions()),
              "▌ 🚀 Push to main\n"
              "▌ https://github.com/o/r/compare/a...b\n"
              "▌ abc1234 <https://github.com/o/r/commit/abc1234> Fix encryption bug *really*\n"
              "▌ Repo             Author           Commits\n"
              "▌ PhiGEN           @STRYK           3\n"
              "▌ o/r • 2023-11-14 22:13 UTC\n");
}

TEST(Draw, ColourShowsTheBarBoldTextAndLinks) {
    DrawOptions options;
    options.colour = true;
    const std::string text = draw(push(), options);
    EXPECT_THAT(text, HasSubstr("\x1b[38;2;46;204;113m▌\x1b[0m "));
    EXPECT_THAT(text, HasSubstr("\x1b]8;;https://github.com/o/r/compare/a...b\x1b\\\x1b[1;4m🚀"));
    EXPECT_THAT(text, HasSubstr("\x1b[1mencryption\x1b[0m"));
    EXPECT_THAT(text, Not(HasSubstr("\\*")));
}

TEST(Draw, WrapsAtWordsAndCutsOnlyWhatIsLongerThanALine) {
    message::Message message;
    message.content = "one two three four five six seven " + std::string(30, 'x');
    DrawOptions options;
    options.width = 24;
    EXPECT_EQ(draw(message, options),
              "one two three four five\nsix seven\nxxxxxxxxxxxxxxxxxxxxxxxx\nxxxxxx\n");
}

TEST(Draw, AnAddressIsNeverCut) {
    const std::string address = "https://hooks.example.org/webhook/ci/hook_001/" + std::string(60, 's');
    EXPECT_EQ(plain("see " + address + " there"), "see\n" + address + "\nthere\n");
}

TEST(Draw, ReadsTheMarkdownThatHooklineWrites) {
    EXPECT_EQ(plain("# Title\n> quoted *text*\n-# small ~~gone~~ __under__"),
              "Title\n┃ quoted text\nsmall gone under\n");
    EXPECT_EQ(plain("```\npr.stauts == 1\n   ^^^^^^\n```\nafter"), "  pr.stauts == 1\n     ^^^^^^\nafter\n");
    EXPECT_EQ(plain("```cpp\nint  main() { return 0; }\n```\nafter"), "  int  main() { return 0; }\nafter\n");
    EXPECT_EQ(plain("<https://a.example> and <t:1700000000:R>"),
              "https://a.example and 2023-11-14 22:13 UTC\n");
    EXPECT_EQ(plain("2 * 3 * 4, snake_case_name, a ` b, [x] (y), <@1>"),
              "2 * 3 * 4, snake_case_name, a ` b, [x] (y), <@1>\n");
}

TEST(Draw, NothingInAMessageCanSteerTheTerminal) {
    const std::string text = plain(
        "a\x1b[31mred\x1b]0;title\x07 \xC2\x9B"
        "31m \x7F b\rc");
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, Not(HasSubstr("\x07")));
    EXPECT_THAT(text, Not(HasSubstr("\xC2\x9B")));
    EXPECT_THAT(text, Not(HasSubstr("\r")));
    message::Message message;
    message.content = "[label](https://a.example/\x1b\\x)";
    DrawOptions options;
    options.colour = true;
    EXPECT_THAT(draw(message, options), HasSubstr("\x1b]8;;https://a.example/\\x\x1b\\"));
}

TEST(Draw, DeepMarkupEnds) {
    std::string deep;
    for (int i = 0; i < 5000; ++i) {
        deep += "**_";
    }
    EXPECT_FALSE(plain(deep).empty());
}

TEST(Columns, CountAsATerminalDoes) {
    EXPECT_EQ(columns_of("abc"), 3U);
    EXPECT_EQ(columns_of("日本"), 4U);
    EXPECT_EQ(columns_of("🚀"), 2U);
    EXPECT_EQ(columns_of("⚙️"), 2U);
    EXPECT_EQ(columns_of("e\xCC\x81"), 1U);
    EXPECT_EQ(columns_of("👩‍👩‍👧"), 2U);
}

}  // namespace hookline::terminal
