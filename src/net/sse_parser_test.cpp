#include "net/sse_parser.hpp"

#include <gtest/gtest.h>

namespace hookline::net {
namespace {

using std::chrono::milliseconds;

std::string read(SseParser& parser, std::string_view bytes) {
    std::string text;
    const auto events = parser.feed(bytes).value();
    for (const ServerSentEvent& event : events) {
        text += "[" + event.type + "|" + event.data + "|" + event.id + "]";
    }
    return text;
}

std::string read(std::string_view bytes) {
    SseParser parser;
    return read(parser, bytes);
}

TEST(SseParser, ReadsTheExamplesOfTheStandard) {
    EXPECT_EQ(read("data: YHOO\ndata: +2\ndata: 10\n\n"), "[message|YHOO\n+2\n10|]");
    EXPECT_EQ(
        read(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n"),
        "[message|first event|1][message|second event|][message| third event|]");
    EXPECT_EQ(read("data\n\ndata\ndata\n\ndata:"), "[message||][message|\n|]");
    EXPECT_EQ(read("data:test\n\ndata: test\n\n"), "[message|test|][message|test|]");
}

TEST(SseParser, TakesEveryLineEndAndAnyCut) {
    const std::string_view stream =
        "\xEF\xBB\xBF"
        "event: push\r\ndata: a\r\n\r\ndata: b\r\rid: 7\ndata: c\n\n";
    const std::string expected = "[push|a|][message|b|][message|c|7]";
    EXPECT_EQ(read(stream), expected);
    SseParser parser;
    std::string text;
    for (const char c : stream) {
        text += read(parser, std::string_view(&c, 1));
    }
    EXPECT_EQ(text, expected);
    EXPECT_EQ(parser.last_id(), "7");
}

TEST(SseParser, WithoutDataThereIsNoEventButTheIdCounts) {
    SseParser parser("5");
    EXPECT_EQ(read(parser, "event: ping\n\n"), "");
    EXPECT_EQ(parser.last_id(), "5");
    EXPECT_EQ(read(parser, "id: 6\n\ndata: x\n\n"), "[message|x|6]");
    EXPECT_EQ(read(parser, "id: 9\ndata: not ended"), "");
    EXPECT_EQ(parser.last_id(), "6") << "an event that was cut off is asked for again";
}

TEST(SseParser, KnowsHowLongToWait) {
    SseParser parser;
    EXPECT_EQ(parser.retry(), std::nullopt);
    read(parser, "retry: 2500\nretry: soon\nretry: -1\n\n");
    EXPECT_EQ(parser.retry(), milliseconds(2500));
    read(parser, "retry: 99999999999999\n");
    EXPECT_EQ(parser.retry(), std::chrono::hours(24));
}

TEST(SseParser, AnIdWithAZeroOrWithoutEndIsNone) {
    SseParser parser("1");
    read(parser, std::string_view("id: a\0b\ndata: x\n\n", 18));
    EXPECT_EQ(parser.last_id(), "1");
    read(parser, "id: " + std::string(2000, 'x') + "\ndata: x\n\n");
    EXPECT_EQ(parser.last_id(), "1");
}

TEST(SseParser, IsBounded) {
    SseParser parser;
    const std::string much = "data: " + std::string(1 << 20, 'x') + "\n";
    Result<std::vector<ServerSentEvent>> last = parser.feed(much);
    for (int i = 0; i < 10 && last; ++i) {
        last = parser.feed(much);
    }
    ASSERT_FALSE(last);
    EXPECT_EQ(last.error().code, Errc::too_large);
}

}  // namespace
}  // namespace hookline::net
