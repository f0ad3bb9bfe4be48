#include "net/http_client.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "net/scripted_server.hpp"
#include "testing/fake_clock.hpp"
#include "testing/loop.hpp"

namespace hookline::net {

namespace {

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

Request post(std::string body) {
    Request request("POST", "/x");
    request.body = std::move(body);
    return request;
}

class HttpClientTest : public testing::Test {
protected:
    ScriptedServer& serve(std::vector<Play> plays) {
        server = ScriptedServer::start(loop.executor(), std::move(plays));
        connect(server->origin());
        return *server;
    }
    void connect(Origin origin) {
        client = make_http_client(loop.executor(), clock, std::move(origin), options);
    }
    Reply send(Request request) { return loop.run(client->send(std::move(request))); }
    /// The answer to a GET where the server says `bytes` and closes.
    Reply answer_to(std::string bytes, std::string method = "GET") {
        serve({{take_request(), say(std::move(bytes))}});
        return send(Request(std::move(method), "/"));
    }

    Loop loop;
    FakeClock clock;
    ClientOptions options;
    std::shared_ptr<ScriptedServer> server;
    std::unique_ptr<HttpClient> client;
};

}  // namespace

TEST_F(HttpClientTest, SendsAWholeRequestAndReadsAWholeAnswer) {
    options.user_agent = "DiscordBot (x, 1)";
    serve({{take_request(), say("HTTP/1.1 201 Created\r\nX-A: b\r\nContent-Length: 5\r\n\r\nhello")}});
    Origin origin = server->origin();
    origin.base_path = "/api/v10";
    connect(origin);
    Request request("POST", "/channels/1/messages?a=b");
    request.fields.emplace_back("Authorization", "Bot x");
    request.body = "{}";
    const auto reply = send(request);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 201);
    EXPECT_EQ(field(reply->fields, "x-a"), "b");
    EXPECT_EQ(reply->body, "hello");
    EXPECT_EQ(server->received[0],
              "POST /api/v10/channels/1/messages?a=b HTTP/1.1\r\nHost: 127.0.0.1:" + origin.port +
                  "\r\nAuthorization: Bot x\r\nUser-Agent: DiscordBot (x, 1)\r\nAccept: */*\r\n"
                  "Accept-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}");
}

TEST_F(HttpClientTest, ReadsEveryWayAnAnswerMayEnd) {
    struct Case {
        const char* method;
        std::string bytes;
        int status;
        const char* body;
    };
    const std::string chunks = "2;x=y\r\nok\r\n3\r\nay!\r\n0\r\nTrailer: t\r\n\r\n";
    for (const Case& c : {
             Case{"GET", ok, 200, "ok"},
             Case{"GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks, 200, "okay!"},
             Case{"GET", "HTTP/1.0 200 OK\r\n\r\nuntil the end", 200, "until the end"},
             Case{"GET", "HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
             Case{"GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, ""},
             Case{"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", 200, ""},
             Case{"GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok, 200,
                  "ok"},
             Case{"GET", "HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n",
                  302, ""},
         }) {
        const auto reply = answer_to(c.bytes, c.method);
        ASSERT_TRUE(reply) << c.bytes << reply.error().error.detail;
        EXPECT_EQ(reply->status, c.status);
        EXPECT_EQ(reply->body, c.body);
        EXPECT_EQ(server->connections, 1U);
    }
}

TEST_F(HttpClientTest, WhatIsNoAnswerIsAnErrorThatMayHaveArrived) {
    struct Case {
        std::string bytes;
        Errc code;
        const char* detail;
    };
    options.body_limit = 10;
    const std::string header(70'000, 'x');
    for (const Case& c : {
             Case{"", Errc::unavailable, "the connection was closed without an answer"},
             Case{"HTTP/1.1 200 OK\r\nContent-Le", Errc::malformed,
                  "the connection was closed in the middle of the answer"},
             Case{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", Errc::malformed,
                  "the connection was closed in the middle of the answer"},
             Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", Errc::malformed,
                  "the connection was closed in the middle of the answer"},
             Case{"SSH-2.0-OpenSSH_9.2\r\n", Errc::malformed, "the answer is no HTTP: bad version"},
             Case{"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n", Errc::too_large,
                  "the answer is larger than what is read"},
             Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n",
                  Errc::too_large, "the answer is larger than what is read"},
             Case{"HTTP/1.0 200 OK\r\n\r\n01234567890", Errc::too_large,
                  "the answer is larger than what is read"},
             Case{"HTTP/1.1 200 OK\r\nX: " + header + "\r\n\r\n", Errc::too_large,
                  "the answer's header is larger than what is read"},
             Case{"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", Errc::malformed,
                  "the answer is compressed though not asked for"},
             Case{"HTTP/1.1 101 Switching Protocols\r\n\r\n", Errc::malformed,
                  "the answer is a 101 that nobody asked for"},
         }) {
        const auto reply = answer_to(c.bytes);
        ASSERT_FALSE(reply) << c.bytes;
        EXPECT_EQ(reply.error().error.code, c.code) << c.bytes;
        EXPECT_EQ(reply.error().error.detail, c.detail);
        EXPECT_TRUE(reply.error().may_have_arrived);
    }
}

TEST_F(HttpClientTest, KeepsAConnectionAndUsesItAgain) {
    serve({{take_request(), say(ok), take_request(), say(ok), take_request(), say(ok), wait()}});
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(send(Request("GET", "/")));
    }
    EXPECT_EQ(server->connections, 1U);
}

TEST_F(HttpClientTest, DoesNotKeepWhatIsClosedDirtyOrOld) {
    for (const std::string& answer :
         {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" + std::string(),
          ok + "HTTP/1.1 200", std::string("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")}) {
        serve({{take_request(), say(answer), wait()}, {take_request(), say(ok)}});
        EXPECT_TRUE(send(Request("GET", "/")));
        EXPECT_EQ(send(post("x"))->body, "ok") << answer;
    }
    serve({{take_request(), say(ok), wait()}, {take_request(), say(ok)}});
    EXPECT_TRUE(send(Request("GET", "/")));
    clock.advance(std::chrono::seconds(61));
    EXPECT_TRUE(send(post("x")));
    EXPECT_EQ(server->connections, 2U);
}

TEST_F(HttpClientTest, ASilentlyClosedConnectionIsNoticedBeforeItIsUsed) {
    serve({{take_request(), say(ok)}, {take_request(), say(ok)}});
    EXPECT_TRUE(send(Request("GET", "/")));
    loop.settle();
    EXPECT_TRUE(send(post("x")));
    EXPECT_EQ(server->connections, 2U);
}

TEST_F(HttpClientTest, AKeptConnectionThatClosesUnansweredIsReplacedForWhatIsIdempotent) {
    serve({{take_request(), say(ok), take_request()}, {take_request(), say(ok)}});
    EXPECT_TRUE(send(Request("GET", "/")));
    EXPECT_TRUE(send(Request("GET", "/")));
    EXPECT_EQ(server->connections, 2U);

    serve({{take_request(), say(ok), take_request()}, {take_request(), say(ok)}});
    EXPECT_TRUE(send(Request("GET", "/")));
    const auto reply = send(post("x"));
    ASSERT_FALSE(reply);
    EXPECT_TRUE(reply.error().may_have_arrived);
    EXPECT_EQ(server->connections, 1U);
}

TEST_F(HttpClientTest, AFreshConnectionThatClosesIsNotTriedAgain) {
    serve({{take_request(), reset()}, {take_request(), say(ok)}});
    const auto reply = send(Request("GET", "/"));
    ASSERT_FALSE(reply);
    EXPECT_TRUE(reply.error().may_have_arrived);
    EXPECT_EQ(reply.error().error.detail, "the connection broke: Connection reset by peer");
    EXPECT_EQ(server->connections, 1U);
}

TEST_F(HttpClientTest, ARefusedConnectionIsCertainlyUnsent) {
    serve({});
    loop.settle();
    const auto reply = send(post("x"));
    ASSERT_FALSE(reply);
    EXPECT_FALSE(reply.error().may_have_arrived);
    EXPECT_EQ(reply.error().error.code, Errc::unavailable);
    EXPECT_EQ(reply.error().error.detail,
              "cannot connect to 127.0.0.1:" + server->origin().port + ": Connection refused");
}

TEST_F(HttpClientTest, AnUnknownHostIsCertainlyUnsent) {
    Origin origin;
    origin.host = "no..where";
    origin.port = "443";
    connect(origin);
    const auto reply = send(post("x"));
    ASSERT_FALSE(reply);
    EXPECT_FALSE(reply.error().may_have_arrived);
    EXPECT_EQ(reply.error().error.detail, "no address is known for no..where");
}

TEST_F(HttpClientTest, AnAnswerThatDoesNotComeInTimeMayHaveArrived) {
    serve({{take_request(), say("HTTP/1.1 200 OK\r\n"),
            call([this] { clock.advance(std::chrono::seconds(30)); }), wait()},
           {take_request(), say(ok)}});
    const auto reply = send(post("x"));
    ASSERT_FALSE(reply);
    EXPECT_TRUE(reply.error().may_have_arrived);
    EXPECT_EQ(reply.error().error.code, Errc::timeout);
    EXPECT_EQ(reply.error().error.detail, "no answer from 127.0.0.1 in time");
    EXPECT_TRUE(send(post("x")));
}

TEST_F(HttpClientTest, AnEarlyRefusalOfALargeBodyIsRead) {
    const std::string refusal = "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    serve({{take_bytes(), say(refusal), wait()}});
    const auto reply = send(post(std::string(1U << 20U, 'x')));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 413);
}

TEST_F(HttpClientTest, NothingThatWouldForgeARequestIsSent) {
    serve({{take_request(), say(ok)}});
    Request split("GET", "/");
    split.fields.emplace_back("X", "a\r\nEvil: b");
    Request name("GET", "/");
    name.fields.emplace_back("X: y\r\nEvil", "b");
    for (const Request& request :
         {Request("GET", "/a b"), Request("GET", "/a\r\nEvil: b"), Request("GET\r\n", "/"),
          Request("GET", "http://elsewhere/"), split, name}) {
        const auto reply = send(request);
        ASSERT_FALSE(reply);
        EXPECT_EQ(reply.error().error.code, Errc::invalid_argument);
        EXPECT_FALSE(reply.error().may_have_arrived);
    }
    EXPECT_EQ(server->connections, 0U);
}

TEST_F(HttpClientTest, UsesNoMoreConnectionsThanAllowedAndServesWhoWaitsInOrder) {
    options.connections = 2;
    Play play;
    for (int i = 0; i < 7; ++i) {
        play.push_back(take_request());
        play.push_back(say(ok));
    }
    serve({play, play});  // a third connection would be refused
    std::vector<std::optional<Reply>> replies(6);
    for (std::size_t i = 0; i < replies.size(); ++i) {
        loop.start(client->send(Request("GET", "/" + std::to_string(i))), replies[i]);
    }
    EXPECT_TRUE(send(Request("GET", "/last")));
    for (const auto& reply : replies) {
        EXPECT_TRUE(reply && reply->has_value());
    }
    EXPECT_TRUE(server->received.back().starts_with("GET /last "));
}

TEST_F(HttpClientTest, CancellingEndsTheRequestAndFreesItsSlot) {
    options.connections = 1;
    boost::asio::cancellation_signal signal;
    serve(
        {{take_request(), call([&signal] { signal.emit(boost::asio::cancellation_type::terminal); }), wait()},
         {take_request(), say(ok)}});
    std::optional<bool> has_thrown;
    boost::asio::co_spawn(loop.executor(), client->send(post("x")),
                          boost::asio::bind_cancellation_slot(
                              signal.slot(), [&has_thrown](const std::exception_ptr& error, const Reply&) {
                                  has_thrown = !!error;
                              }));
    EXPECT_TRUE(send(post("y")));
    EXPECT_EQ(has_thrown, true);
}

}  // namespace hookline::net
