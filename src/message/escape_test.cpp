#include <gtest/gtest.h>

#include "base/text.hpp"
#include "message/clean_text.hpp"
#include "message/markdown.hpp"

namespace hookline::message {

namespace {

struct Case {
    const char* text;
    const char* expected;
};

std::string marks(std::size_t count) {
    std::string text = "a";
    for (std::size_t i = 0; i < count; ++i) {
        text += "\u0301";
    }
    return text;
}

}  // namespace

TEST(Escape, LeavesAloneWhatDiscordShowsAsItIs) {
    for (const char* text : {"Fix encryption bug",
                             "src/snake_case_name.py",
                             "feat(core): add x - y (#12)",
                             "v1.2.3",
                             "a - b",
                             "10:30:45",
                             "C:\\Users\\x",
                             "std::vector<int>",
                             "a < b && b > c",
                             "HEAD~1 | tee",
                             "[JIRA-7] Fix it",
                             "[skip ci] docs",
                             "x->y = z",
                             "#12 closes",
                             "--flag",
                             "octocat@github",
                             "it's \"quoted\"",
                             "50% + 50%",
                             "nginx:1.25",
                             "don't! (really?)",
                             "Привет мир",
                             "日本語",
                             "👩🏽‍❤️‍💋‍👨🏻 🇩🇪",
                             "1.5 times"}) {
        EXPECT_EQ(escape(text), text);
    }
}

TEST(Escape, WhatWouldBeMarkupIsShownInstead) {
    for (const Case& c : {
             Case{"**bold** *it*", "\\*\\*bold\\*\\* \\*it\\*"},
             Case{"__init__ _x_ a_", "\\_\\_init\\_\\_ \\_x\\_ a\\_"},
             Case{"~~gone~~ ||spoiler||", "\\~\\~gone\\~\\~ \\|\\|spoiler\\|\\|"},
             Case{"`code` ```", "\\`code\\` \\`\\`\\`"},
             Case{"[github.com/x](https://evil.example)", "\\[github.com/x]\\(https\\://evil.example)"},
             Case{"[a] b](https://evil.example)", "[a] b]\\(https\\://evil.example)"},
             Case{"[a](<javascript:alert(1)>)", "\\[a]\\(\\<javascript:alert(1)>)"},
             Case{"@everyone @here @Everyone", "\\@everyone \\@here \\@Everyone"},
             Case{"<@1> <@!1> <@&1> <#1>", "\\<@1> \\<@!1> \\<@&1> \\<#1>"},
             Case{"</deploy now:1> <t:1:R> <id:customize>", "\\</deploy now:1> \\<t:1:R> \\<id:customize>"},
             Case{"<:x:1> <a:x:1> :tada: a:b:c", "\\<\\:x:1> \\<a\\:x:1> \\:tada: a\\:b:c"},
             Case{"<user@host.example> <+491234>", "\\<user@host.example> \\<+491234>"},
             Case{"see https://a.example/b_c and http://x", "see https\\://a.example/b_c and http\\://x"},
             Case{"join discord.gg/abc", "join discord\\.gg/abc"},
             Case{"# heading", "\\# heading"},
             Case{"-# small", "\\-# small"},
             Case{"- item", "\\- item"},
             Case{"1. item", "1\\. item"},
             Case{"> quote", "\\> quote"},
             Case{">>> quote", "\\>>> quote"},
             Case{"ends with \\", "ends with \\\\"},
             Case{"\\*", "\\\\\\*"},
             Case{"ends with @", "ends with \\@"},
         }) {
        EXPECT_EQ(escape(c.text), c.expected);
    }
    EXPECT_EQ(escape("a\n# b\n  - c\r\n12. d\n> e", true), "a\n\\# b\n  \\- c\n12\\. d\n\\> e");
    EXPECT_EQ(escape("a\n# b"), "a # b");
}

TEST(Escape, WhatCannotBeSeenDoesNotPass) {
    for (const Case& c : {
             Case{"\x1B[31mred\x1B[0m and \x1B]8;;https://x\x07link\x1B]8;;\x07", "red and link"},
             Case{"a\u200Bb\uFEFFc\u00ADd", "abcd"},
             Case{"admin\u202Egpj.exe", "admin\uFFFDgpj.exe"},
             Case{"\u2066x\u2069", "\uFFFDx\uFFFD"},
             Case{"a\u200Db", "ab"},
             Case{"\U000E0041\U000E0042x", "x"},
             Case{"\uE000\U000F0000x", "x"},
             Case{"bad \xC3( \xED\xA0\x80", "bad \uFFFD( \uFFFD\uFFFD\uFFFD"},
             Case{"tab\tand  \u00A0 spaces", "tab and spaces"},
             Case{"bell\x07 del\x7F c1\u0085x", "bell del c1 x"},
         }) {
        EXPECT_EQ(escape(c.text), c.expected);
    }
    EXPECT_EQ(escape(std::string_view("a\0b", 3)), "ab");
    EXPECT_EQ(escape("می\u200Cخواهم"), "می\u200Cخواهم") << "Persian needs its joiners";
    EXPECT_EQ(code_points(escape(marks(1000))), 5U) << "marks on one letter are bounded";
    std::string family = "👩";
    for (int i = 0; i < 500; ++i) {
        family += "\u200D👩";
    }
    EXPECT_LE(code_points(escape(family)), 16U) << "so is one character as a whole";
    EXPECT_EQ(escape("a\n\n\n\n\nb", true), "a\n\nb");
    EXPECT_LE(escape(std::string(1U << 20U, 'x')).size(), 70000U);
}

TEST(Plain, IsCleanAndOneLine) { EXPECT_EQ(plain("  *octo*\n\tcat\u202E "), "*octo* cat\uFFFD"); }

TEST(Blank, IsWhatDiscordTrims) {
    for (const char* text : {"", "  \n\t", "\u200B\u00A0", "\u2800\u3164\uFEFF\u202E"}) {
        EXPECT_TRUE(is_blank(text));
    }
    EXPECT_FALSE(is_blank(" . "));
}

TEST(SafeUrl, OnlyHttpWithoutUserInfo) {
    for (const Case& c : {
             Case{"https://github.com/o/r/commit/abc", "https://github.com/o/r/commit/abc"},
             Case{" HTTPS://x.example/a b(c)<d>?q=[1]&r=é#f ",
                  "https://x.example/a%20b%28c%29%3Cd%3E?q=%5B1%5D&r=%C3%A9#f"},
             Case{"http://localhost:8080/a%20b%zz", "http://localhost:8080/a%20b%25zz"},
             Case{"https://[::1]:8443/x", "https://[::1]:8443/x"},
             Case{"https://xn--mnchen-3ya.example/", "https://xn--mnchen-3ya.example/"},
             Case{"https://github.com@evil.example/", ""},
             Case{"https://github.com\\@evil.example/", ""},
             Case{"https://gіthub.com/", ""},
             Case{"javascript:alert(1)", ""},
             Case{"ftp://x.example", ""},
             Case{"https://", ""},
             Case{"https:///path", ""},
             Case{"https://a b/", ""},
             Case{"https://x.example/\nb", ""},
             Case{"//x.example", ""},
             Case{"", ""},
         }) {
        EXPECT_EQ(safe_url(c.text), c.expected) << c.text;
    }
    EXPECT_EQ(safe_url("https://x.example/" + std::string(3000, 'a')), "");
}

TEST(ShortCommit, OnlyOfWholeIds) {
    EXPECT_EQ(short_commit("a1b2c3d4e5f60718293a4b5c6d7e8f9012345678"), "a1b2c3d");
    EXPECT_EQ(short_commit("main"), "main");
    EXPECT_EQ(short_commit(std::string(40, 'z')), std::string(40, 'z'));
}

TEST(LinkLabel, HoldsNothingThatBreaksTheLink) {
    for (const Case& c : {
             Case{"Add OAuth support", "Add OAuth support"},
             Case{"src/my_file.py", "src/my_file.py"},
             Case{"[JIRA-7] fix (again)", "(JIRA-7) fix (again)"},
             Case{"✨ Sparkle 👩‍👩‍👧", "Sparkle"},
             Case{"see https://evil.example now", "see evil.example now"},
             Case{"a](https://evil.example) [b", "a)(evil.example) (b"},
             Case{"`x` **y** __z__", "ˋxˋ ∗∗y∗∗ ˍˍzˍˍ"},
             Case{":tada: fix: x", "∶tada: fix: x"},
             Case{"discord.gg/abc", "discord․gg/abc"},
             Case{"<@1> \\", "‹@1› ∖"},
             Case{"@everyone", "﹫everyone"},
             Case{"@Here", "﹫Here"},
             Case{"@hana-sato", "@hana-sato"},
             Case{"@eve", "@eve"},
             Case{"🎉🎉", ""},
         }) {
        EXPECT_EQ(link_label(c.text), c.expected);
    }
}

}  // namespace hookline::message
