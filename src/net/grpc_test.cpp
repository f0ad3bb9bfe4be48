// A gRPC call over real sockets, by both doors: what comes, how it ends, what is refused.
#include "net/grpc.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "net/grpc_messages.hpp"
#include "net/h2_server.hpp"
#include "testing/fake_clock.hpp"
#include "testing/loop.hpp"

namespace hookline::net {
namespace {

namespace asio = boost::asio;
using Local = asio::local::stream_protocol;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

class GrpcTest : public testing::TestWithParam<GrpcDoor> {
protected:
    GrpcTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "hookline-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
        origin.scheme = "http";
        origin.host = "localhost";
        origin.port = "80";
        origin.socket = folder + "/engine.sock";
        acceptor = std::make_shared<Local::acceptor>(loop.executor(), Local::endpoint(origin.socket));
    }
    ~GrpcTest() override { std::filesystem::remove_all(folder); }

    static Task<void> serve(std::shared_ptr<Local::acceptor> acceptor, std::vector<H2Act> acts,
                            bool is_behind_grpc, bool is_slow, std::shared_ptr<H2Connection>& connection) {
        auto accepted = co_await acceptor->async_accept(asio::as_tuple(asio::use_awaitable));
        auto made = std::make_shared<H2Connection>(std::get<1>(std::move(accepted)), std::move(acts));
        connection = made;
        made->is_slow = is_slow;
        co_await made->serve(is_behind_grpc);
    }
    static Task<void> answer(std::shared_ptr<Local::acceptor> acceptor, std::string text,
                             std::string& asked) {
        auto accepted = co_await acceptor->async_accept(asio::as_tuple(asio::use_awaitable));
        Local::socket socket = std::get<1>(std::move(accepted));
        std::string buffer(4096, '\0');
        const auto got =
            co_await socket.async_read_some(asio::buffer(buffer), asio::as_tuple(asio::use_awaitable));
        asked = buffer.substr(0, std::get<1>(got));
        co_await asio::async_write(socket, asio::buffer(text), asio::as_tuple(asio::use_awaitable));
    }
    static void rethrow(const std::exception_ptr& error) {
        if (error) {
            std::rethrow_exception(error);
        }
    }
    void plays(std::vector<H2Act> acts) {
        asio::co_spawn(loop.executor(),
                       serve(acceptor, std::move(acts), GetParam() == GrpcDoor::upgrade, is_slow, connection),
                       rethrow);
    }
    /// Says this whatever is asked, and closes.
    void answers(std::string text) {
        asio::co_spawn(loop.executor(), answer(acceptor, std::move(text), asked), rethrow);
    }

    Result<std::unique_ptr<GrpcStream>> open() {
        GrpcRequest request("/a.B/C", "\x18\x01");
        request.door = GetParam();
        request.message_limit = 300'000;
        request.user_agent = "h/1";
        return loop.run(open_grpc(clock, origin, std::move(request)));
    }
    /// Everything that comes, joined by "|", and how it ends.
    std::string read() {
        auto opened = open();
        if (!opened) {
            return text_of(opened.error());
        }
        stream = std::move(*opened);
        std::string all;
        for (;;) {
            const auto message = loop.run(stream->next(minutes(10)));
            if (!message) {
                return all + text_of(message.error());
            }
            if (!*message) {
                return all + "end";
            }
            all += **message + "|";
        }
    }
    static std::string text_of(const Error& error) {
        return std::string(name_of(error.code)) + ": " + error.detail;
    }
    /// Runs until `done`; time goes on by `step` whenever nothing else happens.
    template <class Done>
    bool passes(Done done, Milliseconds step) {
        for (int i = 0; i < 10'000 && !done(); ++i) {
            loop.settle();
            clock.advance(step);
        }
        return done();
    }

    Loop loop;
    FakeClock clock;
    std::string folder, asked;
    bool is_slow = false;  // the next server
    Origin origin;
    std::shared_ptr<Local::acceptor> acceptor;
    std::shared_ptr<H2Connection> connection;
    std::unique_ptr<GrpcStream> stream;
};

INSTANTIATE_TEST_SUITE_P(Doors, GrpcTest, testing::Values(GrpcDoor::prior_knowledge, GrpcDoor::upgrade),
                         [](const auto& door) {
                             return door.param == GrpcDoor::upgrade ? "Upgrade" : "PriorKnowledge";
                         });

TEST_P(GrpcTest, MessagesComeOneByOneInWhateverFrames) {
    const std::string two = grpc_frame("two");
    plays(
        {data(grpc_frame("one") + two.substr(0, 3)), data(two.substr(3)), trailers({{"grpc-status", "0"}})});
    EXPECT_EQ(read(), "one|two|end");
    EXPECT_EQ(connection->body, grpc_frame("\x18\x01"));
    const auto sent = [this](std::string_view name) { return std::string(field(connection->fields, name)); };
    EXPECT_EQ(sent(":method"), "POST");
    EXPECT_EQ(sent(":scheme"), "http");
    EXPECT_EQ(sent(":path"), "/a.B/C");
    EXPECT_EQ(sent(":authority"), "localhost");
    EXPECT_EQ(sent("content-type"), "application/grpc");
    EXPECT_EQ(sent("te"), "trailers");
    if (GetParam() == GrpcDoor::upgrade) {
        EXPECT_EQ(connection->upgrade,
                  "POST /grpc HTTP/1.1\r\nHost: localhost\r\nUser-Agent: h/1\r\nConnection: Upgrade\r\n"
                  "Upgrade: h2c\r\nContent-Length: 0\r\n\r\n");
    }
}

TEST_P(GrpcTest, AllMayComeAtOnce) {
    is_slow = true;
    plays({data(grpc_frame("one")), trailers({{"grpc-status", "0"}})});
    EXPECT_EQ(read(), "one|end");
    plays({trailers({{"grpc-status", "12"}})});
    EXPECT_EQ(read(), "unsupported: it answered with gRPC status 12: ");
}

TEST_P(GrpcTest, MoreThanAWindowComesThrough) {
    std::vector<H2Act> acts;
    std::string expected;
    for (char letter = 'a'; letter <= 'e'; ++letter) {
        const std::string message(250'000, letter);
        acts.push_back(data(grpc_frame(message)));
        expected += message + "|";
    }
    acts.push_back(trailers({{"grpc-status", "0"}}));
    plays(std::move(acts));
    EXPECT_TRUE(read() == expected + "end");
}

TEST_P(GrpcTest, TheWayItEndsIsTold) {
    const std::string one = grpc_frame("one");
    struct Case {
        std::vector<H2Act> acts;
        std::string told;
    };
    const std::vector<Case> cases{
        {{trailers({{"grpc-status", "12"}, {"grpc-message", "unknown service a.B"}})},
         "unsupported: it answered with gRPC status 12: unknown service a.B"},
        {{data(one), trailers({{"grpc-status", "14"}})},
         "one|unavailable: it answered with gRPC status 14: "},
        {{data(one), trailers({{"x", "y"}})}, "one|unavailable: it answered 200 without a status of gRPC"},
        {{data(one), reset_stream(NGHTTP2_CANCEL)},
         "one|unavailable: the other end broke the stream off: CANCEL"},
        {{data(one), go_away()}, "one|unavailable: the other end goes away: INTERNAL_ERROR "},
        {{data(one), close_connection()}, "one|unavailable: the connection was closed: End of file"},
        {{data(one + one.substr(0, 6)), trailers({{"grpc-status", "0"}})},
         "one|malformed: it ended in the middle of a message"},
        {{data(std::string("\0\x06\x40\0\0", 5))},
         "too_large: a message of 104857600 bytes is larger than what is read (300000)"},
        {{data(std::string("\1\0\0\0\1", 5))}, "unsupported: a message is compressed though not asked for"},
        {{data(one), raw(std::string(100, '\xff'))}, "one|malformed: it is no HTTP/2, or breaks its rules"},
    };
    for (const Case& each : cases) {
        plays(each.acts);
        EXPECT_EQ(read(), each.told);
        stream.reset();
        EXPECT_TRUE(loop.run_until([this] { return connection->is_closed; }));
    }
}

TEST_P(GrpcTest, WhoDoesNotSpeakItIsKnownAsSuch) {
    std::vector<std::string> answers_given{"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
                                           "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nno!",
                                           "HTTP/1.1 405 Method Not Allowed\r\n\r\n",
                                           "",
                                           "garbage\r\n\r\n",
                                           std::string(20'000, 'x')};
    for (std::string& text : answers_given) {
        answers(text);
        const auto opened = open();
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, Errc::unsupported) << opened.error().detail;
    }
    if (GetParam() == GrpcDoor::upgrade) {
        answers("HTTP/1.1 503 Service Unavailable\r\n\r\n");
        EXPECT_EQ(open().error().detail, "it answered 503");
        answers("HTTP/1.1 101 Switching Protocols\r\n\r\nno HTTP/2 at all, not in the least");
        EXPECT_EQ(open().error().code, Errc::unsupported);
    }
}

TEST_P(GrpcTest, NobodyListens) {
    origin.socket = folder + "/none.sock";
    EXPECT_EQ(open().error().code, Errc::unavailable);
    origin.scheme = "https";
    if (GetParam() == GrpcDoor::prior_knowledge) {
        EXPECT_EQ(open().error().code, Errc::unsupported);
    }
}

TEST_P(GrpcTest, SilenceIsNormalWhileTheOtherEndIsThere) {
    plays({data(grpc_frame("one")), wait_for_ping(), data(grpc_frame("two"))});
    auto opened = open();
    ASSERT_TRUE(opened);
    EXPECT_EQ(loop.run((*opened)->next(minutes(10))), "one");
    std::optional<Result<std::optional<std::string>>> next;
    loop.start((*opened)->next(minutes(10)), next);
    ASSERT_TRUE(passes([&] { return next.has_value(); }, minutes(1)));
    ASSERT_TRUE(*next);
    EXPECT_EQ(**next, "two");
    EXPECT_EQ(connection->pings, 1U);
}

/// Takes a connection and says no more than `text`, not even that it closes.
Task<void> stall(std::shared_ptr<Local::acceptor> acceptor, std::string text,
                 std::shared_ptr<Local::socket>& socket) {
    auto accepted = co_await acceptor->async_accept(asio::as_tuple(asio::use_awaitable));
    socket = std::make_shared<Local::socket>(std::get<1>(std::move(accepted)));
    co_await asio::async_write(*socket, asio::buffer(text), asio::as_tuple(asio::use_awaitable));
}

TEST_P(GrpcTest, WhoSaysNothingAnyMoreIsGivenUp) {
    std::shared_ptr<Local::socket> socket;
    asio::co_spawn(loop.executor(), stall(acceptor, "", socket), rethrow);
    std::optional<Result<std::unique_ptr<GrpcStream>>> opened;
    GrpcRequest request("/a.B/C", "");
    request.door = GetParam();
    loop.start(open_grpc(clock, origin, request), opened);
    ASSERT_TRUE(passes([&] { return opened.has_value(); }, seconds(1)));
    EXPECT_EQ(opened->error().code, Errc::timeout);

    const std::string settings("\0\0\0\4\0\0\0\0\0", 9);
    const std::string upgraded = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
    const std::string says = GetParam() == GrpcDoor::upgrade ? upgraded + settings : settings;
    asio::co_spawn(loop.executor(), stall(acceptor, says, socket), rethrow);
    opened = loop.run(open_grpc(clock, origin, request));
    ASSERT_TRUE(*opened) << opened->error().detail;
    std::optional<Result<std::optional<std::string>>> next;
    loop.start((**opened)->next(minutes(10)), next);
    ASSERT_TRUE(passes([&] { return next.has_value(); }, seconds(30)));
    EXPECT_EQ(next->error().detail, "it says nothing any more");
}

}  // namespace
}  // namespace hookline::net
