#include "discord/gateway.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "testing/fake_clock.hpp"
#include "testing/fixed_random.hpp"
#include "testing/loop.hpp"
#include "testing/recording_log.hpp"

namespace hookline::discord {

namespace {

using namespace std::chrono_literals;

/// A connection whose other end is the test.
struct Wire {
    explicit Wire(boost::asio::any_io_executor executor) : arrived(std::move(executor)) {}
    std::deque<std::string> incoming;
    std::optional<std::pair<int, std::string>> closing;  // by the other end
    std::vector<std::string> sent;
    std::optional<int> closed_with;  // by us
    bool is_dropped = false;
    bool refuses_writes = false;
    WakeSignal arrived;

    void say(std::string text) {
        incoming.push_back(std::move(text));
        arrived.wake();
    }
    void hang_up(int code) {
        closing.emplace(code, "bye");
        arrived.wake();
    }
};

class ScriptedSocket final : public net::WebSocket {
public:
    explicit ScriptedSocket(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {}

    Task<tl::expected<std::string, net::Closed>> read() override {
        const auto wire = wire_;
        while (wire->incoming.empty() && !wire->closing && !wire->is_dropped) {
            co_await wire->arrived.wait();
        }
        if (!wire->incoming.empty() && !wire->is_dropped) {
            std::string text = std::move(wire->incoming.front());
            wire->incoming.pop_front();
            co_return text;
        }
        const auto [code, reason] = wire->closing.value_or(std::pair<int, std::string>(0, "dropped"));
        net::Closed closed{code, reason};
        co_return tl::unexpected(std::move(closed));
    }
    Task<Result<void>> write(std::string text) override {
        if (wire_->refuses_writes) {
            co_return fail(Errc::unavailable, "broken pipe");
        }
        wire_->sent.push_back(std::move(text));
        co_return Result<void>();
    }
    Task<void> close(int code) override {
        wire_->closed_with = code;
        co_return;
    }
    void drop() override {
        wire_->is_dropped = true;
        wire_->arrived.wake();
    }

private:
    std::shared_ptr<Wire> wire_;
};

class CountingMetrics final : public Metrics {
public:
    void count(std::string_view name, const Labels& labels, double) override {
        counted.push_back(std::string(name) + " " + std::string(labels.at(0).second));
    }
    void observe(std::string_view, double, const Labels&) override {}
    void set(std::string_view name, double value, const Labels&) override {
        values[std::string(name)] = value;
    }
    std::vector<std::string> counted;
    std::map<std::string, double> values;
};

constexpr const char* hello = R"({"op":10,"d":{"heartbeat_interval":40000}})";
constexpr const char* ready =
    R"({"op":0,"s":1,"t":"READY","d":{"user":{"id":"7"},"session_id":"abc","resume_gateway_url":"wss://resume.test",
        "application":{"id":"7","flags":262144}}})";

class GatewayRun : public testing::Test {
protected:
    void start(SavedSession saved = {}) {
        GatewayPorts ports;
        ports.open = [this](std::string url) { return open(this, std::move(url)); };
        ports.ask_limits = [this] { return ask(this); };
        ports.on_event = [this](std::string_view event, const boost::json::object&) {
            events.emplace_back(event);
            if (event == "BAD") {
                throw std::runtime_error("bug");
            }
        };
        ports.save = [this](const SavedSession& session) { saves.push_back(write_session(session)); };
        GatewayOptions options;
        options.token = Secret("token.canary");
        gateway.emplace(std::move(options), std::move(saved), std::move(ports), loop.executor(), clock,
                        random, log, metrics);
        tasks.spawn("gateway", gateway->run());
        loop.settle();
    }
    static Task<Result<std::unique_ptr<net::WebSocket>>> open(GatewayRun* self, std::string url) {
        self->urls.push_back(std::move(url));
        if (self->refuses_to_open) {
            co_return fail(Errc::unavailable, "refused");
        }
        self->wires.push_back(std::make_shared<Wire>(self->loop.executor()));
        co_return std::make_unique<ScriptedSocket>(self->wires.back());
    }
    static Task<Result<GatewayLimits>> ask(GatewayRun* self) {
        ++self->asked;
        co_return self->limits;
    }
    Wire& wire() { return *wires.back(); }
    void say(std::string text) {
        wire().say(std::move(text));
        loop.settle();
    }
    void pass(std::chrono::nanoseconds time) {
        clock.advance(time);
        loop.settle();
    }
    void become_ready() {
        start();
        say(hello);
        say(ready);
    }

    Loop loop;
    FakeClock clock;
    FixedRandom random;
    RecordingLog log;
    CountingMetrics metrics;
    Result<GatewayLimits> limits = [] {
        GatewayLimits known;
        known.url = "wss://gateway.test";
        known.remaining = 10;
        return known;
    }();
    int asked = 0;
    bool refuses_to_open = false;
    std::vector<std::string> urls, events, saves;
    std::vector<std::shared_ptr<Wire>> wires;
    std::optional<Gateway> gateway;
    TaskGroup tasks{loop.executor(), log};
};

}  // namespace

TEST_F(GatewayRun, ConnectsIdentifiesAndDeliversEvents) {
    become_ready();
    EXPECT_EQ(urls, std::vector<std::string>{"wss://gateway.test/?v=10&encoding=json"});
    ASSERT_EQ(wire().sent.size(), 1U);
    EXPECT_TRUE(wire().sent[0].starts_with(R"({"op":2,)"));
    EXPECT_EQ(events, std::vector<std::string>{"READY"});
    EXPECT_EQ(saves,
              std::vector<std::string>{R"({"id":"abc","url":"wss://resume.test","seq":1,"user":"7"})"});
    EXPECT_EQ(metrics.counted, std::vector<std::string>{"hookline_gateway_connects_total start"});
    EXPECT_EQ(metrics.values["hookline_gateway_connected"], 1);
    EXPECT_EQ(gateway->state(), "connected");
    for (int i = 2; i < 100; ++i) {
        wire().say(fmt::format(R"({{"op":0,"s":{},"t":"E{}","d":{{}}}})", i, i));
    }
    loop.settle();
    ASSERT_EQ(events.size(), 99U);
    EXPECT_EQ(events.back(), "E99");
}

TEST_F(GatewayRun, BeatsAndResumesWhenNobodyAnswers) {
    become_ready();
    pass(40s);
    ASSERT_EQ(wire().sent.size(), 2U);
    EXPECT_EQ(wire().sent[1], R"({"op":1,"d":1})");
    say(R"({"op":11})");
    pass(40s);
    EXPECT_EQ(wire().sent.size(), 3U);
    pass(40s);  // that one was not acknowledged
    EXPECT_EQ(wires[0]->closed_with, 4000);
    EXPECT_EQ(metrics.values["hookline_gateway_connected"], 0);
    EXPECT_EQ(wires.size(), 1U);
    pass(1s);
    ASSERT_EQ(wires.size(), 2U);
    EXPECT_EQ(urls.back(), "wss://resume.test/?v=10&encoding=json");
    say(hello);
    EXPECT_EQ(wire().sent.back(), R"({"op":6,"d":{"token":"token.canary","session_id":"abc","seq":1}})");
    say(R"({"op":0,"s":2,"t":"RESUMED","d":{}})");
    EXPECT_EQ(metrics.values["hookline_gateway_connected"], 1);
    EXPECT_EQ(metrics.counted.back(), "hookline_gateway_connects_total zombie");
    EXPECT_EQ(asked, 1) << "a resume needs no identify";
}

TEST_F(GatewayRun, AConnectionThatBreaksIsResumed) {
    become_ready();
    wire().hang_up(1006);
    loop.settle();
    EXPECT_TRUE(gateway->state().starts_with("reconnecting in 1s (connection lost"));
    pass(1s);
    EXPECT_EQ(wires.size(), 2U);
    EXPECT_EQ(metrics.counted.back(), "hookline_gateway_connects_total closed");
}

TEST_F(GatewayRun, AWriteThatFailsEndsTheConnection) {
    become_ready();
    wire().refuses_writes = true;
    pass(40s);
    EXPECT_TRUE(wires[0]->is_dropped);
    pass(1s);
    EXPECT_EQ(wires.size(), 2U);
}

TEST_F(GatewayRun, WhatAnOldConnectionStillSaysIsNotHeard) {
    become_ready();
    wire().say(R"({"op":7})");
    wire().say(R"({"op":0,"s":50,"t":"LATE","d":{}})");
    loop.settle();
    ASSERT_EQ(wires.size(), 2U);
    wires[0]->say(R"({"op":0,"s":51,"t":"LATER","d":{}})");
    loop.settle();
    EXPECT_EQ(events, std::vector<std::string>{"READY"});
    say(hello);
    EXPECT_EQ(wire().sent.back(), R"({"op":6,"d":{"token":"token.canary","session_id":"abc","seq":1}})");
}

TEST_F(GatewayRun, ABadTokenEndsItWithAReason) {
    limits = fail(Errc::unauthorized, "401");
    start();
    EXPECT_EQ(gateway->state(), "refused: bad token");
    EXPECT_EQ(tasks.running(), 0U);
    EXPECT_EQ(log.lines().back(), "error [discord] Discord's gateway: refused: bad token");
    for (const std::string& line : log.lines()) {
        EXPECT_EQ(line.find("canary"), std::string::npos) << line;
    }
}

TEST_F(GatewayRun, TriesAgainWhereDiscordIsNotReached) {
    refuses_to_open = true;
    start();
    pass(1s);
    pass(2s);
    EXPECT_EQ(asked, 3);
    EXPECT_EQ(urls.size(), 3U);
    refuses_to_open = false;
    pass(4s);
    EXPECT_EQ(wires.size(), 1U);
}

TEST_F(GatewayRun, StopKeepsTheSessionForAFastRestart) {
    become_ready();
    say(R"({"op":0,"s":30,"t":"E","d":{}})");
    gateway->stop(false);
    loop.settle();
    EXPECT_EQ(tasks.running(), 0U);
    EXPECT_EQ(wire().closed_with, 4000);
    EXPECT_EQ(saves.back(), R"({"id":"abc","url":"wss://resume.test","seq":30,"user":"7"})");
    const SavedSession saved = read_session(saves.back());
    EXPECT_EQ(saved, gateway->session());
    start(saved);
    EXPECT_EQ(urls.back(), "wss://resume.test/?v=10&encoding=json");
    gateway->stop(true);
    loop.settle();
    EXPECT_EQ(wire().closed_with, 1000);
    EXPECT_EQ(saves.back(), "");
}

TEST_F(GatewayRun, AnEventThatIsMishandledDoesNotEndTheBot) {
    become_ready();
    say(R"({"op":0,"s":2,"t":"BAD","d":{}})");
    say(R"({"op":0,"s":3,"t":"GOOD","d":{}})");
    EXPECT_EQ(events.back(), "GOOD");
    EXPECT_EQ(log.lines().back(), "error [discord] an event could not be dealt with event=BAD error=bug");
}

TEST_F(GatewayRun, CancellingEndsItAtOnce) {
    become_ready();
    tasks.cancel();
    loop.settle();
    EXPECT_EQ(tasks.running(), 0U);
    gateway.reset();
    loop.settle();
    EXPECT_TRUE(wire().is_dropped);
}

TEST_F(GatewayRun, MegabytesOfReadyAreTaken) {
    start();
    say(hello);
    std::string large = R"({"op":0,"s":1,"t":"READY","d":{"session_id":"abc","guilds":[)";
    for (int i = 1; i <= 100'000; ++i) {
        large += fmt::format(R"({{"id":"{}","unavailable":true}},)", i);
    }
    large.back() = ']';
    say(large + "}}");
    EXPECT_EQ(events, std::vector<std::string>{"READY"});
}

TEST(GatewayLimitsRead, FromDiscordsAnswer) {
    const auto limits = read_gateway_limits(
        R"({"url":"wss://gateway.discord.gg","shards":1,"session_start_limit":{"total":1000,"remaining":990,
            "reset_after":14400000,"max_concurrency":16}})");
    ASSERT_TRUE(limits);
    EXPECT_EQ(limits->url, "wss://gateway.discord.gg");
    EXPECT_EQ(limits->remaining, 990);
    EXPECT_EQ(limits->reset_after, 4h);
    EXPECT_EQ(limits->max_concurrency, 16);
    for (const char* text : {"", "<html>", "[]", "{}", R"({"url":5})"}) {
        EXPECT_EQ(read_gateway_limits(text).error().detail, "the answer holds no address");
    }
}

TEST(SavedSessionText, WhatIsNoSessionIsNone) {
    for (const char* text : {"", "{", "[]", R"({"id":"a"})", R"({"id":5,"url":6})"}) {
        EXPECT_TRUE(read_session(text).empty()) << text;
    }
}

TEST(WebsocketOpener, RefusesWhatIsNotEncrypted) {
    Loop loop;
    FakeClock clock;
    const auto open = websocket_opener(clock, "Hookline");
    for (const auto& [url, error] : std::map<std::string, std::string>{
             {"ws://gateway.discord.gg/?v=10", "the gateway's address is not encrypted (ws://)"},
             {"https://gateway.discord.gg", "the gateway's address is no WebSocket address"},
             {"", "the gateway's address is no WebSocket address"}}) {
        std::optional<Result<std::unique_ptr<net::WebSocket>>> opened;
        loop.start(open(url), opened);
        loop.settle();
        ASSERT_TRUE(opened);
        ASSERT_FALSE(*opened);
        EXPECT_EQ(opened->error().detail, error);
    }
}

}  // namespace hookline::discord
