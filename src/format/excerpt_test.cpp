#include "format/excerpt.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace hookline::format {
namespace {

TEST(Excerpt, LeavesTheWordsAndTakesTheScaffolding) {
    const struct {
        std::string_view body, shown;
    } cases[] = {
        {"", ""},
        {"  \n\r\n \n", ""},
        {"One line.", "One line."},
        {"## What this does\r\n\r\nIt **helps**.", "What this does\nIt helps."},
        {"<!-- Thank you! -->\nDone.<!-- not\nclosed", "Done."},
        {"* one\n- two\n+ three\n- [ ] open\n- [x] done", "• one\n• two\n• three\n☐ open\n☑ done"},
        {"<details><summary>Log</summary>\n\n```\n302 /login\n```\n</details>\nFirefox", "▸ Log\nFirefox"},
        {"a <DETAILS>b</DETAILS> c <details>never closed", "a  c"},
        {"```cpp\nint x;\n```", "int x;"},
        {"a < b and b > c, <https://example.org>", "a < b and b > c, <example.org>"},
        {"`code` and *stress*, 2 * 3 * 4, a lone ` and **open",
         "code and stress, 2 * 3 * 4, a lone ` and **open"},
        {"**Full changelog**: https://github.com/a/b/compare/v1...v2",
         "Full changelog: github.com/a/b/compare/v1...v2"},
        {"<p align=\"center\"><img src=\"https://e.org/a.png\"></p>\n<b>Hi</b><br/>", "Hi"},
        {"<a href=\"https://e.org\">here</a>", "here"},
        {"see [the docs](https://evil.example) and ![shot](https://e.org/x.png)", "see the docs and shot"},
        {"[not a link] (text)", "[not a link] (text)"},
        {"#45 is no heading, __init__ is a name", "#45 is no heading, __init__ is a name"},
        {"above\n---\n| a | b |\n|---|---|\nbelow", "above\n| a | b |\nbelow"},
    };
    for (const auto& [body, shown] : cases) {
        EXPECT_EQ(excerpt(body), shown) << body;
    }
}

TEST(Excerpt, SaysThatItWasCut) {
    EXPECT_EQ(excerpt("1\n2\n3\n4\n5\n6"), "1\n2\n3\n4\n5\n6");
    EXPECT_EQ(excerpt("1\n2\n3\n4\n5\n6\n7"), "1\n2\n3\n4\n5\n6\n…");
    EXPECT_EQ(excerpt("words that do not end here", {6, 15}), "words that do…");
}

TEST(Excerpt, IsBoundedAndLinearWhateverItReads) {
    for (const char* piece : {"<", "<!--", "<details>", "[", "![a](", "**", "<a ", "`", "\xF0\x9F"}) {
        std::string body;
        while (body.size() < 2'000'000) {
            body += piece;
        }
        const std::string shown = excerpt(body);
        EXPECT_LE(code_points(shown), 402U) << piece;
        EXPECT_TRUE(is_utf8(shown)) << piece;
    }
}

}  // namespace
}  // namespace hookline::format
