// The server over real sockets on loopback. Time is stepped; the server looks at it every few milliseconds.
#include "net/http_server.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <future>
#include <thread>

#include "testing/loop.hpp"
#include "testing/raw_client.hpp"
#include "testing/recording_log.hpp"
#include "testing/stepped_clock.hpp"

namespace hookline::net {
namespace {

using namespace std::chrono_literals;

// Takes deliveries under /webhook/ok, says how long the body was; refuses everything else. Deliveries under
// /webhook/later are answered when the test says so.
class TestDoor final : public Door {
public:
    struct Sink final : BodySink {
        Sink(TestDoor& with_door, bool answers_later) : door(with_door), is_later(answers_later) {}
        void feed(std::string_view bytes) override { body += bytes; }
        std::optional<Response> finish(Responder later) override {
            if (is_later) {
                door.waiting.set_value(later);
                return std::nullopt;
            }
            Response response(202);
            response.body = fmt::format("{{\"bytes\": {}}}", body.size());
            return response;
        }
        void aborted(int status) override {
            const std::lock_guard lock(door.mutex);
            door.aborted.push_back(status);
        }
        TestDoor& door;
        bool is_later;
        std::string body;
    };

    std::variant<Response, Admitted> admit(const RequestHead& head) override {
        if (head.target == "/webhook/ok" || head.target == "/webhook/later") {
            return Admitted{std::make_unique<Sink>(*this, head.target == "/webhook/later"), body_limit};
        }
        return Response(404);
    }
    std::vector<int> aborts() {
        const std::lock_guard lock(mutex);
        return aborted;
    }
    std::uint64_t body_limit = 1U << 20U;
    std::promise<Responder> waiting;
    std::mutex mutex;
    std::vector<int> aborted;
};

// Answers with what it got, except "/fails".
Task<Response> echo(Request request, std::string client) {
    if (request.target == "/fails") {
        throw std::runtime_error("on purpose");
    }
    Response response(200);
    response.fields.emplace_back("Content-Type", "text/plain");
    response.body = fmt::format("{} {} {} {}", request.method, request.target, client, request.body);
    co_return response;
}

class HttpServerTest : public testing::Test {
protected:
    HttpServerTest() { options_.limits.tick = 5ms; }
    ~HttpServerTest() override {
        server_.reset();
        work_.reset();
    }
    std::uint16_t start() {
        auto started =
            start_http_server(options_, {clock_, log_, core_.get_executor(), echo, door_, budget_});
        EXPECT_TRUE(started) << started.error().detail;
        server_ = std::move(*started);
        return server_->port();
    }
    RawAnswer ask(std::uint16_t port, std::string_view bytes) {
        RawClient client(port);
        client.send(bytes);
        return client.read();
    }

    SteppedClock clock_;
    RecordingLog log_;
    TestDoor door_;
    BodyBudget budget_{8U << 20U};
    ServerOptions options_;
    boost::asio::io_context core_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{core_.get_executor()};
    std::jthread thread_{[this] { core_.run(); }};
    std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, KeepsAConnectionAndAnswersInOrder) {
    RawClient client(start());
    std::string burst;
    for (int index = 0; index < 200; ++index) {
        burst += raw_request("POST", index % 3 == 0 ? "/echo" : "/webhook/ok", "",
                             std::string(static_cast<std::size_t>(index + 1), 'x'));
    }
    client.send(burst);
    for (int index = 0; index < 200; ++index) {
        const std::string body(static_cast<std::size_t>(index + 1), 'x');
        const RawAnswer answer = client.read();
        ASSERT_EQ(answer.body, index % 3 == 0 ? "POST /echo 127.0.0.1 " + body
                                              : fmt::format("{{\"bytes\": {}}}", index + 1));
        EXPECT_FALSE(answer.has("connection: close"));
    }
}

TEST_F(HttpServerTest, TakesBodiesInAnyPieces) {
    RawClient client(start());
    const std::string whole = raw_request("POST", "/webhook/ok", "", "0123456789") +
                              "POST /webhook/ok HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "3;name=value\r\nabc\r\n0a\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
    for (const char byte : whole) {
        client.send({&byte, 1});
    }
    EXPECT_EQ(client.read().body, "{\"bytes\": 10}");
    EXPECT_EQ(client.read().body, "{\"bytes\": 13}");
    client.send(raw_request("GET", "/", "", ""));
    EXPECT_EQ(client.read().body, "GET / 127.0.0.1 ");
}

TEST_F(HttpServerTest, AnswersHeadWithoutABodyAndClosesWhenAsked) {
    RawClient client(start());
    client.send(raw_request("HEAD", "/a", "", "") + raw_request("GET", "/b", "Connection: close\r\n", ""));
    RawAnswer head = client.read();  // its Content-Length is the one that GET would have
    EXPECT_TRUE(head.has("content-length: 18\r\n")) << head.fields;
    EXPECT_TRUE(head.has("date: tue, 14 nov 2023 22:13:20 gmt\r\n")) << head.fields;
    EXPECT_THAT(head.body, testing::StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(HttpServerTest, UnderstandsHttp10) {
    RawClient client(start());
    client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_TRUE(client.read().has("connection: keep-alive\r\n"));
    client.send("GET /b HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(client.read().has("connection: close\r\n"));
    EXPECT_TRUE(client.at_end());
}

TEST_F(HttpServerTest, SaysContinueWhereItIsExpected) {
    RawClient client(start());
    client.send("POST /webhook/ok HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read().status, 100);
    client.send("abc");
    EXPECT_EQ(client.read().body, "{\"bytes\": 3}");
    // What will be refused anyway need not be sent.
    client.send("POST /webhook/no HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read().status, 404);
}

TEST_F(HttpServerTest, RefusesWhatOthersMightReadDifferently) {
    const std::uint16_t port = start();
    const std::string post = "POST /webhook/ok HTTP/1.1\r\nHost: x\r\n";
    const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
    const std::vector<std::pair<std::string, int>> cases{
        {post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400},
        {post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
        {post + "Content-Length: 3, 3\r\n\r\nabc", 400},
        {post + "Content-Length: +3\r\n\r\nabc", 400},
        {post + "Content-Length: 0x3\r\n\r\nabc", 400},
        {post + "Content-Length: -1\r\n\r\nabc", 400},
        {post + "Content-Length:\r\n\r\nabc", 400},
        {post + "Content-Length: 99999999999999999999999\r\n\r\nabc", 400},
        {post + "Content-Length : 3\r\n\r\nabc", 400},
        {post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400},
        {post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
        {post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {post + "Transfer-Encoding: \x0b"
                "chunked\r\n\r\n0\r\n\r\n",
         400},
        {"POST /webhook/ok HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {chunked + "z\r\n", 400},
        {chunked + "3\r\nabcd\r\n0\r\n\r\n", 400},
        {chunked + "3\nabc\r\n0\r\n\r\n", 400},
        {chunked + "-3\r\nabc\r\n0\r\n\r\n", 400},
        {chunked + "0x3\r\nabc\r\n0\r\n\r\n", 400},
        {chunked + "11111111111111111\r\nabc\r\n0\r\n\r\n", 400},
        {chunked + "3;" + std::string(20000, 'x'), 400},
        {"GET / HTTP/1.1\nHost: x\n\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\nA: b" + std::string(1, '\0') + "c\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\nA\x01: b\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400},
        {"GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET / HTTP/1.1 \r\nHost: x\r\n\r\n", 400},
        {"GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 400},
        {"GET / HTTP/9.9\r\nHost: x\r\n\r\n", 400},
        {"GET / http/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /\r\n\r\n", 400},
        {"\x16\x03\x01\x02", 400},
        {post + "Expect: 200-maybe\r\nContent-Length: 3\r\n\r\nabc", 417},
        {"GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
        {"GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(1U << 20U, 'a') + "\r\n\r\n", 431},
        {"GET / HTTP/1.1\r\nHost: x\r\n" +
             [] {
                 std::string fields;
                 for (int index = 0; index < 1000; ++index) {
                     fields += fmt::format("A{}: b\r\n", index);
                 }
                 return fields;
             }() +
             "\r\n",
         431},
    };
    for (const auto& [bytes, status] : cases) {
        RawClient client(port);
        // A second request rides along: it must never be answered.
        client.send(bytes + raw_request("GET", "/smuggled", "", ""));
        const RawAnswer answer = client.read();
        EXPECT_EQ(answer.status, status) << bytes.substr(0, 200);
        EXPECT_TRUE(answer.has("connection: close")) << bytes.substr(0, 200);
        client.end_sending();
        EXPECT_TRUE(client.at_end()) << bytes.substr(0, 200);
    }
    EXPECT_EQ(ask(port, raw_request("GET", "/", "", "")).status, 200);
}

TEST_F(HttpServerTest, ALimitIsExact) {
    door_.body_limit = 1000;
    const std::uint16_t port = start();
    const auto chunks = [](std::string_view first, std::string_view size) {
        return fmt::format(
            "POST /webhook/ok HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{}\r\n{}\r\n{}\r\n",
            "384", first, size);
    };
    EXPECT_EQ(ask(port, raw_request("POST", "/webhook/ok", "", std::string(1000, 'x'))).status, 202);
    const std::string nine_hundred(900, 'x');
    EXPECT_EQ(ask(port, chunks(nine_hundred, "64") + std::string(100, 'x') + "\r\n0\r\n\r\n").status, 202);
    // Announced: refused before a byte of the body has come.
    EXPECT_EQ(ask(port, "POST /webhook/ok HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n").status, 413);
    EXPECT_EQ(ask(port, chunks(nine_hundred, "65")).status, 413);
    EXPECT_THAT(door_.aborts(), testing::ElementsAre(413, 413));
    EXPECT_EQ(ask(port, "POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n").body,
              "{\"error\": \"the body is too large\"}");
}

TEST_F(HttpServerTest, AClientThatSendsEverythingFirstStillReadsItsRefusal) {
    door_.body_limit = 1000;
    RawClient client(start());
    client.send("POST /webhook/ok HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\n");
    const std::string megabyte(1U << 20U, 'x');
    for (int index = 0; index < 28; ++index) {
        ASSERT_TRUE(client.send(megabyte));
    }
    EXPECT_EQ(client.read().status, 413);
    EXPECT_EQ(budget_.used(), 0U);
}

TEST_F(HttpServerTest, SlowClientsAreLetGo) {
    const std::uint16_t port = start();
    RawClient silent(port);
    RawClient in_head(port);
    in_head.send("GET / HTTP/1.1\r\nHos");
    RawClient idle(port);
    idle.send(raw_request("GET", "/", "", ""));
    EXPECT_EQ(idle.read().status, 200);
    RawClient in_body(port);
    in_body.send("POST /webhook/ok HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(in_body.read().status, 100);
    clock_.advance(10'001ms);
    EXPECT_TRUE(silent.at_end());
    EXPECT_EQ(in_head.read().body, "{\"error\": \"the request's head took too long\"}");
    EXPECT_EQ(in_body.read().body, "{\"error\": \"the body took too long\"}");
    idle.send(raw_request("GET", "/", "", ""));
    EXPECT_EQ(idle.read().status, 200);
    clock_.advance(75'001ms);
    EXPECT_TRUE(idle.at_end());
    EXPECT_THAT(door_.aborts(), testing::ElementsAre(408));
}

TEST_F(HttpServerTest, ATrickleIsNotEnough) {
    RawClient client(start());
    client.send(
        "POST /webhook/ok HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read().status, 100);
    for (int second = 0; second < 6; ++second) {
        client.send("x");
        clock_.advance(1000ms);
    }
    EXPECT_EQ(client.read().status, 408);
}

TEST_F(HttpServerTest, AnAnswerMayComeLaterFromAnotherThread) {
    RawClient client(start());
    client.send(raw_request("POST", "/webhook/later", "", "body") + raw_request("GET", "/next", "", ""));
    const Responder responder = door_.waiting.get_future().get();
    Response response(202);
    response.body = "{\"event\": 7}";
    responder.send(response);
    responder.send(Response(500));  // the first counts
    EXPECT_EQ(client.read().body, "{\"event\": 7}");
    EXPECT_EQ(client.read().body, "GET /next 127.0.0.1 ");
}

TEST_F(HttpServerTest, AnAnswerThatComesTooLateHarmsNobody) {
    RawClient client(start());
    client.send(raw_request("POST", "/webhook/later", "", "body"));
    const Responder responder = door_.waiting.get_future().get();
    clock_.advance(60'001ms);
    const RawAnswer answer = client.read();
    EXPECT_EQ(answer.status, 503);
    EXPECT_TRUE(answer.has("retry-after: 5\r\n"));
    responder.send(Response(202));
    server_.reset();
    responder.send(Response(202));
}

TEST_F(HttpServerTest, AHandlerThatThrowsIsAnInternalError) {
    EXPECT_EQ(ask(start(), raw_request("GET", "/fails", "", "")).body,
              "{\"error\": \"an internal error; it is in the log\"}");
    EXPECT_THAT(log_.lines(), testing::Contains("error [net] a request's handler failed error=on purpose"));
}

TEST_F(HttpServerTest, BodiesInFlightShareABudget) {
    const std::uint16_t port = start();
    door_.body_limit = 25U << 20U;
    std::vector<std::unique_ptr<RawClient>> slow;
    const std::string half_megabyte(1U << 19U, 'x');
    for (int index = 0; index < 16; ++index) {  // together all of the budget
        slow.push_back(std::make_unique<RawClient>(port));
        slow.back()->send("POST /webhook/ok HTTP/1.1\r\nHost: x\r\nContent-Length: 26214400\r\n\r\n");
        slow.back()->send(half_megabyte);
    }
    while (budget_.has_room()) {
        std::this_thread::yield();
    }
    clock_.advance(2000ms);
    // An honest delivery is as quick as ever: one of the slow ones gives way.
    RawClient honest(port);
    honest.send(
        "POST /webhook/ok HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(honest.read().status, 100);
    honest.send(std::string(100'000, 'x'));
    EXPECT_EQ(honest.read().body, "{\"bytes\": 100000}");
    EXPECT_EQ(door_.aborts(), std::vector<int>{503});
    EXPECT_LE(budget_.used(), 8U << 20U);
    clock_.advance(60'000ms);
    for (const auto& client : slow) {
        EXPECT_THAT(client->read().status, testing::AnyOf(408, 503));
    }
    while (budget_.used() > 0) {
        std::this_thread::yield();
    }
}

TEST_F(HttpServerTest, WhoHadToWaitForRoomIsNotTakenForSlow) {
    const std::uint16_t port = start();
    door_.body_limit = 25U << 20U;
    std::vector<std::unique_ptr<RawClient>> slow;
    for (int index = 0; index < 16; ++index) {
        slow.push_back(std::make_unique<RawClient>(port));
        slow.back()->send("POST /webhook/ok HTTP/1.1\r\nHost: x\r\nContent-Length: 26214400\r\n\r\n");
        slow.back()->send(std::string(600'000, 'x'));  // more than its share: some of them wait for room too
    }
    while (budget_.has_room()) {
        std::this_thread::yield();
    }
    // Nobody is old enough to give way, so the honest one must wait, and brings nothing meanwhile.
    RawClient honest(port);
    honest.send(raw_request("POST", "/webhook/ok", "", std::string(100'000, 'x')));
    RawClient witness(port);
    witness.send(raw_request("GET", "/", "", ""));
    EXPECT_EQ(witness.read().status, 200);
    for (int step = 0; step < 30; ++step) {
        clock_.advance(100ms);
        std::this_thread::yield();
    }
    EXPECT_EQ(honest.read().body, "{\"bytes\": 100000}");
}

TEST_F(HttpServerTest, BodiesThatWaitForRoomGoOnOrAreToldToComeBack) {
    budget_.charge(8U << 20U);  // somebody else holds it all
    const std::uint16_t port = start();
    const std::string_view head =
        "POST /webhook/ok HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
    RawClient first(port);
    first.send(head);
    EXPECT_EQ(first.read().status, 100);
    first.send("body");
    // Its turn to wait comes when its bytes are there; the clock must not run before.
    RawClient witness(port);
    witness.send(raw_request("GET", "/", "", ""));
    EXPECT_EQ(witness.read().status, 200);
    budget_.release(8U << 20U);
    EXPECT_EQ(first.read().body, "{\"bytes\": 4}");
    budget_.charge(8U << 20U);
    RawClient second(port);
    second.send(head);
    EXPECT_EQ(second.read().status, 100);
    second.send("body");
    while (door_.aborts().empty()) {
        clock_.advance(100ms);
        std::this_thread::yield();
    }
    EXPECT_THAT(second.read().status, testing::AnyOf(408, 503));
    budget_.release(8U << 20U);
}

TEST_F(HttpServerTest, TooManyConnectionsAreTurnedAway) {
    options_.limits.connections = 2;
    const std::uint16_t port = start();
    RawClient first(port);
    RawClient second(port);
    for (RawClient* client : {&first, &second}) {
        client->send(raw_request("GET", "/", "", ""));
        EXPECT_EQ(client->read().status, 200);
    }
    RawClient third(port);
    EXPECT_EQ(third.read().body, "{\"error\": \"too many connections\"}");
    EXPECT_TRUE(third.at_end());
}

TEST_F(HttpServerTest, ABelievedProxyNamesTheClient) {
    options_.trusted_proxies = AddressList::parse("127.0.0.1").value();
    const std::uint16_t port = start();
    EXPECT_EQ(
        ask(port, raw_request("GET", "/", "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 192.0.2.9\r\n", ""))
            .body,
        "GET / 192.0.2.9 ");
}

TEST_F(HttpServerTest, StopsInOrder) {
    const std::uint16_t port = start();
    RawClient idle(port);
    idle.send(raw_request("GET", "/", "", ""));
    EXPECT_EQ(idle.read().status, 200);
    RawClient busy(port);
    busy.send(raw_request("POST", "/webhook/later", "", "body"));
    const Responder responder = door_.waiting.get_future().get();
    std::jthread stopper([this] {
        Loop loop;
        loop.run([](HttpServer& server) -> Task<int> {
            co_await server.stop(5000ms);
            co_return 0;
        }(*server_));
    });
    EXPECT_TRUE(idle.at_end());
    responder.send(Response(202));
    const RawAnswer answer = busy.read();
    EXPECT_EQ(answer.status, 202);
    EXPECT_TRUE(answer.has("connection: close\r\n"));
    EXPECT_TRUE(busy.at_end());
    stopper.join();
    EXPECT_THROW(RawClient{port}, std::runtime_error);
}

TEST_F(HttpServerTest, SeveralThreadsShareAPortButNoTwoServersDo) {
    options_.threads = 3;
    const std::uint16_t port = start();
    for (int index = 0; index < 20; ++index) {
        EXPECT_EQ(ask(port, raw_request("GET", "/", "", "")).status, 200);
    }
    options_.port = port;
    const auto second =
        start_http_server(options_, {clock_, log_, core_.get_executor(), echo, door_, budget_});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().detail,
              fmt::format("cannot listen on 127.0.0.1 port {}: Address already in use", port));
}

TEST(ListenAddress, IsReadAsPeopleWriteIt) {
    const auto read = [](std::string_view text) {
        const auto listen = parse_listen_address(text);
        return listen ? fmt::format("{} {}", listen->address, listen->port) : listen.error().detail;
    };
    EXPECT_EQ(read("127.0.0.1:8080"), "127.0.0.1 8080");
    EXPECT_EQ(read("localhost:0"), "127.0.0.1 0");
    EXPECT_EQ(read(":80"), "0.0.0.0 80");
    EXPECT_EQ(read("[::]:80"), ":: 80");
    for (const std::string_view text :
         {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "host:80"}) {
        EXPECT_EQ(read(text),
                  fmt::format("\"{}\" is no address to listen at; say 127.0.0.1:8080 or [::1]:8080", text));
    }
}

}  // namespace
}  // namespace hookline::net
