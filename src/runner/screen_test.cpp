// What is left of an output as lines.
#include "runner/screen.hpp"

#include <gmock/gmock.h>

namespace hookline::runner {
namespace {

using testing::ElementsAre;

std::vector<std::string> left(std::string_view bytes, std::size_t most = 30) {
    Screen screen;
    screen.feed(1, bytes);
    return screen.last_lines(most);
}

TEST(Screen, ColoursTitlesAndLinksAreNoText) {
    EXPECT_THAT(left("\x1b[31;1mred\x1b[0m\n\x1b]0;title\atext\n\x1b]8;;https://a\x1b\\link\x1b]8;;\x1b\\\n"),
                ElementsAre("red", "text", "link"));
    EXPECT_THAT(left("\x1b(Bplain\x1b=\n"), ElementsAre("plain"));
}

TEST(Screen, WhatHasNoEndIsOverWithItsLine) {
    for (const char* begun :
         {"\x1b]0;title", "\x1bPq#0", "\x1b_", "\x1b]8;;https://a\x1b", "\x1b[31", "\x1b(", "\x1b"}) {
        EXPECT_THAT(left(std::string("one") + begun + "\nnext\n"), ElementsAre("one", "next")) << begun + 1;
    }
    EXPECT_THAT(left("\x1b]0;" + std::string(5'000, 'x') + "text").back(), testing::EndsWith("xtext"));
    EXPECT_THAT(left("\x1b]0;a\x1b[1mbold\n\x1b\x1b[1mtwice\n\x1b[3\x1b[1mcut\n"),
                ElementsAre("bold", "twice", "cut"));
}

TEST(Screen, WhatIsWrittenOverIsGone) {
    EXPECT_THAT(left("10%\r20%\r100%\ndone\r\n"), ElementsAre("100%", "done"));
    EXPECT_THAT(left("working /\b-\b|\b\n"), ElementsAre("working"));
    EXPECT_THAT(left("step 1\r\x1b[K\nnext\n"), ElementsAre("next"));
    EXPECT_THAT(left("half a line\r"), ElementsAre("half a line"));
}

TEST(Screen, ProgressThatIsDrawnAgainIsThereOnce) {
    EXPECT_THAT(
        left("[+] Building 0.1s\n => [1/2] FROM a\n\x1b[2A[+] Building 0.9s\n => [1/2] FROM a\n => ERROR\n"),
        ElementsAre("[+] Building 0.9s", " => [1/2] FROM a", " => ERROR"));
    EXPECT_THAT(left("\x1b[999999999999A\x1b[9Aa\n"), ElementsAre("a"));
}

TEST(Screen, StreamsShareNoLine) {
    Screen screen;
    screen.feed(1, "out");
    screen.feed(2, "error\n");
    screen.feed(1, "put\n");
    screen.feed(2, "not ended");
    EXPECT_THAT(screen.last_lines(30), ElementsAre("error", "output", "not ended"));
}

TEST(Screen, ItIsBounded) {
    Screen screen;
    for (int at = 0; at < 1000; ++at) {
        screen.feed(1, std::string(100'000, 'x'));
        screen.feed(1, "\n");
    }
    const auto lines = screen.last_lines(30);
    ASSERT_EQ(lines.size(), 30U);
    EXPECT_EQ(lines.front().size(), 2000U);
    EXPECT_THAT(left("\n\n  \n\t\na\n\n", 2), ElementsAre("a"));
    EXPECT_THAT(left("1\n2\n3\n", 2), ElementsAre("2", "3"));
}

TEST(Screen, WhatIsNoTextIsMadeSo) {
    EXPECT_THAT(left(std::string_view("a\0b\xff\x01\n", 6)), ElementsAre("ab\xEF\xBF\xBD"));
}

TEST(Screen, EachLineIsHeardOnce) {
    std::vector<std::string> heard;
    Screen screen([&](std::string_view line) { heard.emplace_back(line); });
    for (const char c : std::string("one\ntwo\nthree")) {
        screen.feed(1, std::string(1, c));
    }
    EXPECT_THAT(heard, ElementsAre("one", "two"));
}

}  // namespace
}  // namespace hookline::runner
