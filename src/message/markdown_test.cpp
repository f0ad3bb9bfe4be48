#include "message/markdown.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "message/reading.hpp"

namespace hookline::message {

TEST(Markdown, IsBuiltOfPiecesThatCannotMix) {
    Markdown md;
    md.bold("3 commits").markup(" by ").link("octo[cat]", "https://github.com/octocat").newline();
    md.code_link("abc1234", "https://github.com/o/r/commit/abc").markup(" ").text("Fix `x` **now**");
    EXPECT_EQ(md.str(),
              "**3 commits** by [octo(cat)](https://github.com/octocat)\n"
              "[`abc1234`](https://github.com/o/r/commit/abc) Fix \\`x\\` \\*\\*now\\*\\*");
}

TEST(Markdown, EmptyTextsAddNothing) {
    Markdown md;
    md.text("").bold("  ").italic("").code("\u200B").block("\n\n").quote(" ").lines("").and_more(3, 3);
    EXPECT_TRUE(md.empty());
    EXPECT_EQ(md.str(), "");
}

TEST(Markdown, LinksOnlyWhereTheAddressIsSafe) {
    EXPECT_EQ(Markdown().link("click", "javascript:alert(1)").str(), "click");
    EXPECT_EQ(Markdown().link("🎉", "https://x.example/").str(), "<https://x.example/>");
    EXPECT_EQ(Markdown().link("a", "https://x.example/(b)").str(), "[a](https://x.example/%28b%29)");
    EXPECT_EQ(Markdown().code_link("a`b", "no url").str(), "`aˋb`");
}

TEST(Markdown, SpansSideBySideDoNotJoin) {
    EXPECT_EQ(Markdown().code("a").code("b").str(), "`a` `b`");
    EXPECT_EQ(Markdown().bold("a").bold("b").str(), "**a** **b**");
    EXPECT_EQ(Markdown().bold("a*").str(), "**a\\***");
}

TEST(Markdown, BlocksAndQuotesHaveTheirOwnLines) {
    Markdown md;
    md.markup("Last logs:")
        .block("```\nMemoryError\n\n", "text")
        .markup("after")
        .quote("one\n> two")
        .text("end");
    EXPECT_EQ(md.str(), "Last logs:\n```text\nˋˋˋ\nMemoryError\n```\nafter\n> one\n> \\> two\nend");
    EXPECT_EQ(Markdown().block("x", "evil\n```").str(), "```\nx\n```");
}

TEST(Markdown, TimesAreUnixSeconds) {
    EXPECT_EQ(Markdown().time(TimePoint(Milliseconds(1'700'000'000'999))).str(), "<t:1700000000:R>");
    EXPECT_EQ(Markdown().time(TimePoint(Milliseconds(1'700'000'000'000)), 'f').str(), "<t:1700000000:f>");
}

TEST(Markdown, SaysHowManyMore) {
    Markdown md;
    md.text("a").newline().text("b").newline().and_more(19, 2);
    EXPECT_EQ(md.str(), "a\nb\n…and 17 more");
}

TEST(Markdown, ACutCountsTheItemsThatWentWithIt) {
    Markdown md;
    for (int i = 0; i < 20; ++i) {
        md.code_link("abc1234", "https://github.com/o/r/commit/" + std::string(40, 'a')).markup(" ");
        md.text("commit number " + std::to_string(i)).newline();
    }
    md.and_more(2048, 20);
    const std::string cut = md.cut_to(500);
    EXPECT_LE(code_points(cut), 500U);
    EXPECT_TRUE(cut.ends_with("commit number 3\n…and 2,044 more")) << cut;
}

TEST(Cut, AtAWordAndSaysHowMuch) {
    const std::string text = "The quick brown fox jumps over the lazy dog. " + std::string(30, 'x') +
                             " and then some more words follow here until nothing fits any more at all";
    EXPECT_EQ(cut_markdown(text, 100), "The quick brown fox jumps over the lazy dog.… (103 more characters)");
    EXPECT_EQ(cut_markdown("short", 5), "short");
    EXPECT_EQ(cut_markdown("a b c", 4), "a b…");
    EXPECT_EQ(cut_markdown("anything", 0), "");
}

TEST(Cut, NeverInsideALinkASpanOrAnEscape) {
    const std::string link = "[label that is long](https://x.example/" + std::string(60, 'p') + ")";
    for (std::size_t limit = 1; limit < code_points(link) + 8; ++limit) {
        const std::string cut = cut_markdown("before " + link + " after", limit);
        EXPECT_LE(code_points(cut), limit);
        EXPECT_TRUE(cut.find(link) != std::string::npos || cut.find('[') == std::string::npos) << cut;
    }
    for (std::size_t limit = 1; limit < 130; ++limit) {
        const std::string cut =
            cut_markdown("**bold " + std::string(100, 'b') + "** `co de` \\*\\*\\* end", limit);
        EXPECT_LE(code_points(cut), limit);
        std::size_t stars = 0;
        for (const Token& token : read_markdown(cut)) {
            stars += token.kind == Token::Kind::word && token.raw.find('*') != std::string_view::npos ? 1 : 0;
        }
        EXPECT_EQ(stars, 0U) << "an open mark in " << cut;
    }
}

TEST(Cut, AFenceIsCutBetweenLinesAndClosed) {
    std::string log;
    for (int i = 1; i <= 100; ++i) {
        log += "line " + std::to_string(i) + "\n";
    }
    const std::string cut = Markdown().block(log).cut_to(200);
    EXPECT_LE(code_points(cut), 200U);
    EXPECT_TRUE(cut.starts_with("```\nline 1\n"));
    EXPECT_TRUE(cut.ends_with("\nline 20\n```\n…and 80 more lines")) << cut;
}

TEST(Cut, AtAWholeCharacter) {
    std::string families;
    for (int i = 0; i < 60; ++i) {
        families += "👩‍👩‍👧";
    }
    const std::string cut = cut_markdown(families, 101);
    EXPECT_LE(code_points(cut), 101U);
    EXPECT_TRUE(cut.starts_with("👩‍👩‍👧👩‍👩‍👧"));
    EXPECT_TRUE(cut.ends_with("👧… (240 more characters)")) << cut;
}

TEST(Reading, TextWithoutMarkup) {
    EXPECT_EQ(without_markup("**a** [`b`](https://x.example) \\*c\\* <#1> ```py\nd\n``` > e\n> f"),
              "a b *c* <#1> d > e\nf");
}

}  // namespace hookline::message
