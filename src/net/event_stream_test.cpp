#include "net/event_stream.hpp"

#include <gtest/gtest.h>

#include "net/scripted_server.hpp"
#include "testing/fake_clock.hpp"
#include "testing/loop.hpp"

namespace hookline::net {
namespace {

using std::chrono::seconds;

const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n";

class EventStreamTest : public testing::Test {
protected:
    using Opened = tl::expected<std::unique_ptr<EventStream>, NoStream>;
    Opened open(std::vector<Act> acts, std::string last_id = {}, const std::string& allowed = "127.0.0.1") {
        server = ScriptedServer::start(loop.executor(), {std::move(acts)});
        StreamRequest request;
        request.origin = server->origin();
        request.target = "/channel?x=1";
        request.last_id = std::move(last_id);
        request.user_agent = "hookline/1";
        reach.emplace(AddressList::parse(allowed).value());
        return loop.run(open_event_stream(clock, std::move(request), *reach));
    }
    /// What an answer that is no stream is told as.
    std::string refusal(const std::string& answer) {
        const auto opened = open({take_request(), say(answer)});
        return opened ? "opened" : opened.error().error.detail;
    }
    std::string read(EventStream& stream) {
        const auto events = loop.run(stream.read(seconds(600)));
        if (!events) {
            return std::string(name_of(events.error().code));
        }
        std::string text;
        for (const ServerSentEvent& event : *events) {
            text += "[" + event.data + "|" + event.id + "]";
        }
        return text;
    }

    Loop loop;
    FakeClock clock;
    std::shared_ptr<ScriptedServer> server;
    std::optional<Reach> reach;
};

TEST_F(EventStreamTest, ReadsEventsAsTheyCome) {
    const auto opened = open({take_request(), say(head + "Transfer-Encoding: chunked\r\n\r\n"),
                              say("10\r\ndata: one\nid: 4\n\r\n"), say("1\r\n\n\r\n"),
                              say("b\r\ndata: two\n\n\r\n0\r\n\r\n"), wait()},
                             "3");
    ASSERT_TRUE(opened) << opened.error().error.detail;
    EXPECT_EQ(server->received[0],
              "GET /channel?x=1 HTTP/1.1\r\nHost: 127.0.0.1:" + server->origin().port +
                  "\r\nAccept: text/event-stream\r\nCache-Control: no-store\r\nLast-Event-ID: 3\r\n"
                  "User-Agent: hookline/1\r\nAccept-Encoding: identity\r\n\r\n");
    std::string text = read(**opened);
    if (text == "[one|4]") {  // both may have come at once
        text += read(**opened);
    }
    EXPECT_EQ(text, "[one|4][two|4]");
    EXPECT_EQ(read(**opened), "unavailable");
}

TEST_F(EventStreamTest, AStreamWithoutLengthEndsWithItsConnection) {
    const auto opened = open({take_request(), say(head + "\r\nretry: 1500\ndata: x\n\ndata: cut")});
    ASSERT_TRUE(opened);
    EXPECT_EQ(read(**opened), "[x|]");
    EXPECT_EQ((*opened)->retry(), std::chrono::milliseconds(1500));
    EXPECT_EQ(read(**opened), "unavailable");
}

TEST_F(EventStreamTest, SilenceHasAnEnd) {
    const auto opened = open({take_request(), say(head + "\r\n"), wait()});
    ASSERT_TRUE(opened);
    std::optional<Result<std::vector<ServerSentEvent>>> result;
    loop.start((*opened)->read(seconds(600)), result);
    loop.settle();
    clock.advance(seconds(599));
    loop.settle();
    EXPECT_FALSE(result);
    clock.advance(seconds(1));
    loop.run_until([&] { return result.has_value(); });
    ASSERT_FALSE(*result);
    EXPECT_EQ(result->error().code, Errc::timeout);
}

TEST_F(EventStreamTest, WhatIsNoStreamIsToldInWords) {
    EXPECT_EQ(refusal("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), "it answered 404");
    EXPECT_EQ(refusal("HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n"),
              "it answered 302 and names another address (http://10.0.0.1/); give that one");
    EXPECT_EQ(refusal("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n"),
              "it is no stream of events (Content-Type text/event-stream)");
    EXPECT_EQ(refusal(head + "Content-Encoding: gzip\r\n\r\n"), "it is compressed though not asked for");
    EXPECT_EQ(refusal(""), "the connection was closed without an answer");
    const auto over = open({take_request(), say("HTTP/1.1 204 No Content\r\n\r\n")});
    ASSERT_FALSE(over);
    EXPECT_EQ(over.error().status, 204);
}

TEST_F(EventStreamTest, OnlyAllowedAddressesAreReached) {
    const auto refused = open({take_request(), say(head + "\r\n"), wait()}, {}, "10.0.0.0/8");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().error.code, Errc::forbidden);
    EXPECT_EQ(refused.error().error.detail,
              "127.0.0.1 has no public address; the operator can allow others with HOOKLINE_ALLOW_PRIVATE");
    EXPECT_EQ(server->connections, 0U);
}

}  // namespace
}  // namespace hookline::net
