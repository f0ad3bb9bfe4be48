#include "net/websocket.hpp"

#include <gtest/gtest.h>

#include "net/scripted_server.hpp"
#include "testing/fake_clock.hpp"
#include "testing/loop.hpp"

namespace hookline::net {

namespace {

std::string frame(unsigned char first, const std::string& payload) {
    std::string bytes(1, static_cast<char>(first));
    if (payload.size() < 126) {
        bytes += static_cast<char>(payload.size());
    } else {
        bytes += static_cast<char>(126);
        bytes += static_cast<char>(payload.size() >> 8U);
        bytes += static_cast<char>(payload.size() & 0xFFU);
    }
    return bytes + payload;
}
std::string text(const std::string& payload) { return frame(0x81, payload); }
std::string close_frame(int code, const std::string& reason) {
    return frame(0x88, std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)} + reason);
}
/// What a client's frame says, its mask taken off.
std::string unmask(const std::string& bytes) {
    std::string payload = bytes.substr(6);
    for (std::size_t i = 0; i < payload.size(); ++i) {
        payload[i] = static_cast<char>(payload[i] ^ bytes[2 + i % 4]);
    }
    return payload;
}

class WebSocketTest : public testing::Test {
protected:
    Result<std::unique_ptr<WebSocket>> connect(Play play, std::size_t message_limit = 1000) {
        server = ScriptedServer::start(loop.executor(), std::vector<Play>{std::move(play)});
        return loop.run(connect_websocket(clock, server->origin(), "/?v=10", "Agent", message_limit));
    }

    Loop loop;
    FakeClock clock;
    std::shared_ptr<ScriptedServer> server;
};

}  // namespace

TEST_F(WebSocketTest, ReadsMessagesAnswersPingsAndWrites) {
    auto socket = connect({open_websocket(),
                           say(text("hello") + frame(0x89, "p") + frame(0x01, "in ") + frame(0x80, "two")),
                           take_bytes(), take_bytes(), wait()});
    ASSERT_TRUE(socket) << socket.error().detail;
    EXPECT_EQ(server->received[0].substr(0, 16), "GET /?v=10 HTTP/");
    EXPECT_NE(server->received[0].find("User-Agent: Agent\r\n"), std::string::npos);
    EXPECT_EQ(loop.run((*socket)->read()), "hello");
    EXPECT_EQ(loop.run((*socket)->read()), "in two");
    EXPECT_TRUE(loop.run((*socket)->write("to you")));
    loop.settle();
    ASSERT_EQ(server->received.size(), 3U);
    EXPECT_EQ(server->received[1][0], '\x8a');  // the pong
    EXPECT_EQ(unmask(server->received[2]), "to you");
}

TEST_F(WebSocketTest, TellsTheCodeItWasClosedWith) {
    auto socket = connect({open_websocket(), say(close_frame(4004, "Authentication failed.")), take_bytes()});
    ASSERT_TRUE(socket);
    const auto ended = loop.run((*socket)->read());
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, 4004);
    EXPECT_EQ(ended.error().reason, "Authentication failed.");
}

TEST_F(WebSocketTest, AConnectionThatJustGoesHasNoCode) {
    auto socket = connect({open_websocket(), say(text("a").substr(0, 2)), reset()});
    ASSERT_TRUE(socket);
    const auto ended = loop.run((*socket)->read());
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, 0);
    EXPECT_FALSE(loop.run((*socket)->write("x")));
}

TEST_F(WebSocketTest, RefusesWhatIsTooLargeBinaryOrMasked) {
    struct Case {
        std::string bytes;
        int code;
    };
    for (const Case& c : {Case{text(std::string(1001, 'x')), 1009}, Case{frame(0x82, "bin"), 1003},
                          Case{std::string("\x81\x81\1\2\3\4x"), 0}, Case{text("\xff\xfe"), 0}}) {
        auto socket = connect({open_websocket(), say(c.bytes), take_bytes()});
        ASSERT_TRUE(socket);
        const auto ended = loop.run((*socket)->read());
        ASSERT_FALSE(ended);
        EXPECT_EQ(ended.error().code, c.code);
    }
}

TEST_F(WebSocketTest, ClosingSaysTheCodeAndWaitsTwoSecondsAtMost) {
    auto socket = connect(
        {open_websocket(), take_bytes(), call([this] { clock.advance(std::chrono::seconds(2)); }), wait()});
    ASSERT_TRUE(socket);
    const auto close = [](std::unique_ptr<WebSocket> open) -> Task<bool> {
        co_await open->close(4000);
        co_return true;
    };
    EXPECT_TRUE(loop.run(close(std::move(*socket))));
    EXPECT_EQ(unmask(server->received[1]), "\x0f\xa0");
}

TEST_F(WebSocketTest, DroppingEndsAReadThatWaits) {
    auto socket = connect({open_websocket(), wait()});
    ASSERT_TRUE(socket);
    std::optional<tl::expected<std::string, Closed>> ended;
    loop.start((*socket)->read(), ended);
    loop.settle();
    EXPECT_FALSE(ended);
    (*socket)->drop();
    loop.settle();
    ASSERT_TRUE(ended);
    EXPECT_FALSE(*ended);
}

TEST_F(WebSocketTest, SaysWhyThereIsNoConnection) {
    auto refused = connect({take_request(), say("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().detail,
              "127.0.0.1:" + server->origin().port + " answered 403 instead of opening a WebSocket");
    auto silent =
        connect({take_request(), call([this] { clock.advance(std::chrono::seconds(10)); }), wait()});
    ASSERT_FALSE(silent);
    EXPECT_EQ(silent.error().code, Errc::timeout);
}

}  // namespace hookline::net
