// HTTP over a unix socket, as the Docker engine speaks it; and a body that is read while it comes.
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <filesystem>

#include "base/signal.hpp"
#include "net/body_stream.hpp"
#include "net/scripted_server.hpp"
#include "testing/fake_clock.hpp"
#include "testing/loop.hpp"

namespace hookline::net {
namespace {

namespace asio = boost::asio;
using Local = asio::local::stream_protocol;
using std::chrono::seconds;

/// Takes one request and says `answer`; then the connection is closed.
Task<void> answer_once(std::shared_ptr<Local::acceptor> acceptor, std::string answer, std::string& received) {
    auto accepted = co_await acceptor->async_accept(asio::as_tuple(asio::use_awaitable));
    Local::socket socket = std::get<1>(std::move(accepted));
    std::string buffer(4096, '\0');
    const auto got =
        co_await socket.async_read_some(asio::buffer(buffer), asio::as_tuple(asio::use_awaitable));
    received = buffer.substr(0, std::get<1>(got));
    co_await asio::async_write(socket, asio::buffer(answer), asio::as_tuple(asio::use_awaitable));
}

/// Says the header at once, and `body` when `may_say` is woken.
Task<void> answer_later(std::shared_ptr<Local::acceptor> acceptor, std::string body, WakeSignal& may_say) {
    auto accepted = co_await acceptor->async_accept(asio::as_tuple(asio::use_awaitable));
    Local::socket socket = std::get<1>(std::move(accepted));
    std::string buffer(4096, '\0');
    co_await socket.async_read_some(asio::buffer(buffer), asio::as_tuple(asio::use_awaitable));
    const std::string header = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    co_await asio::async_write(socket, asio::buffer(header), asio::as_tuple(asio::use_awaitable));
    co_await may_say.wait();
    co_await asio::async_write(socket, asio::buffer(body), asio::as_tuple(asio::use_awaitable));
}

class UnixSocket : public testing::Test {
protected:
    UnixSocket() {
        std::string pattern = (std::filesystem::temp_directory_path() / "hookline-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
        origin.scheme = "http";
        origin.host = "localhost";
        origin.port = "80";
        origin.socket = folder + "/engine.sock";
    }
    ~UnixSocket() override { std::filesystem::remove_all(folder); }

    void answers(std::string answer) {
        auto acceptor = std::make_shared<Local::acceptor>(loop.executor(), Local::endpoint(origin.socket));
        asio::co_spawn(loop.executor(), answer_once(acceptor, std::move(answer), received),
                       [](const std::exception_ptr& error) { ASSERT_FALSE(error); });
    }
    Result<OpenBody> open() {
        return loop.run(open_body_stream(clock, origin, Request("GET", "/events"), "h/1"));
    }

    Loop loop;
    FakeClock clock;
    std::string folder;
    Origin origin;
    std::string received;
};

TEST_F(UnixSocket, ARequestGoesThere) {
    answers("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\nOK");
    ClientOptions options;
    options.user_agent = "h/1";
    const auto client = make_http_client(loop.executor(), clock, origin, options);
    const Reply reply = loop.run(client->send(Request("GET", "/_ping")));
    ASSERT_TRUE(reply) << reply.error().error.detail;
    EXPECT_EQ(reply->body, "OK");
    EXPECT_EQ(field(reply->fields, "api-version"), "1.41");
    EXPECT_TRUE(received.starts_with("GET /_ping HTTP/1.1\r\nHost: localhost\r\n")) << received;
}

TEST_F(UnixSocket, ABodyIsReadWhileItComes) {
    answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\n\r\n");
    auto opened = open();
    ASSERT_TRUE(opened) << opened.error().detail;
    EXPECT_EQ(opened->header.status, 200);
    std::string body;
    Result<std::string> next = std::string();
    while (next) {
        body += *next;
        next = loop.run(opened->body->read(seconds(600)));
    }
    EXPECT_EQ(body, "{\"a\":1}");
    EXPECT_EQ(next.error().code, Errc::unavailable);
}

TEST_F(UnixSocket, AfterALongSilenceItIsReadOn) {
    WakeSignal may_say(loop.executor());
    auto acceptor = std::make_shared<Local::acceptor>(loop.executor(), Local::endpoint(origin.socket));
    asio::co_spawn(loop.executor(), answer_later(acceptor, "2\r\nhi\r\n", may_say),
                   [](const std::exception_ptr& error) { ASSERT_FALSE(error); });
    auto opened = open();
    ASSERT_TRUE(opened);
    for (int time = 0; time < 2; ++time) {
        std::optional<Result<std::string>> nothing;
        loop.start(opened->body->read(seconds(5)), nothing);
        loop.settle();
        clock.advance(seconds(6));
        ASSERT_TRUE(loop.run_until([&] { return nothing.has_value(); }));
        EXPECT_EQ(nothing->error().code, Errc::timeout);
    }
    may_say.wake();
    EXPECT_EQ(loop.run(opened->body->read(seconds(5))).value(), "hi");
}

TEST_F(UnixSocket, ABodyIsOpenedWhateverTheStatus) {
    answers("HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nno!");
    auto opened = open();
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->header.status, 400);
    EXPECT_EQ(loop.run(opened->body->read(seconds(1))), "no!");
}

TEST_F(UnixSocket, NobodyListens) {
    const auto opened = open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().detail, "cannot connect to " + origin.socket + ": No such file or directory");
    origin.socket = std::string(120, 'x');
    EXPECT_EQ(open().error().code, Errc::invalid_argument);
}

}  // namespace
}  // namespace hookline::net
