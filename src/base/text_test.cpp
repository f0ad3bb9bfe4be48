#include "base/text.hpp"

#include <gtest/gtest.h>

namespace hookline {

TEST(Text, CountsCodePointsNotBytes) {
    EXPECT_EQ(code_points("añb"), 3U);
    EXPECT_EQ(code_points("👩‍👩‍👧"), 5U);
}

TEST(Text, RepairsBrokenUtf8) {
    EXPECT_EQ(repair_utf8("a\xC3(b"), "a\xEF\xBF\xBD(b");
    EXPECT_EQ(repair_utf8("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a lone surrogate
    EXPECT_FALSE(is_utf8("\xC0\xAF"));                                               // overlong
}

TEST(Text, NeverCutsInsideACharacter) {
    EXPECT_EQ(cut_at_character("ab👩‍👩‍👧c", 5),
              "ab");  // a family is one character of five code points
    EXPECT_EQ(cut_at_character("ab👩‍👩‍👧c", 7), "ab👩‍👩‍👧");
    EXPECT_EQ(cut_at_character("🇩🇪🇫🇷", 3), "🇩🇪");
    EXPECT_EQ(cut_at_character("e\xCC\x81x", 1), "");  // e and its accent belong together
    EXPECT_EQ(cut_at_character("abc", 3), "abc");
}

TEST(Text, ShortensAtAWordAndShowsIt) {
    EXPECT_EQ(shorten("fits", 4), "fits");
    EXPECT_EQ(shorten("one two three four", 15), "one two three…");
    EXPECT_EQ(shorten("onelongwordwithoutspaces", 10), "onelongwo…");
    EXPECT_EQ(shorten("anything", 0), "");
}

TEST(Text, Globs) {
    EXPECT_TRUE(glob_matches("org/*", "org/api"));
    EXPECT_TRUE(glob_matches("*a*b*c", "xxaxxbxxc"));
    EXPECT_TRUE(glob_matches("f?r", "für"));
    EXPECT_FALSE(glob_matches("org/*", "other/api"));
    EXPECT_TRUE(glob_matches("*", ""));
    const std::string many(5000, 'a');
    EXPECT_FALSE(glob_matches("*a*a*a*a*a*a*a*a*a*b", many));
}

TEST(Text, FindsTheNearestWord) {
    const std::string_view known[] = {"push", "pr", "release"};
    EXPECT_EQ(nearest_word("relase", known), "release");
    EXPECT_EQ(nearest_word("pus", known), "push");
    EXPECT_EQ(nearest_word("psuh", known), "push");
    EXPECT_EQ(nearest_word("banana", known), std::nullopt);
}

TEST(Text, CountsInWords) {
    EXPECT_EQ(counted(1, "commit"), "1 commit");
    EXPECT_EQ(counted(12345, "commit"), "12,345 commits");
    EXPECT_EQ(counted(2, "reply", "replies"), "2 replies");
    EXPECT_EQ(grouped(-1234567), "-1,234,567");
}

}  // namespace hookline
