#include "discord/gateway_session.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace hookline::discord {

namespace {

using namespace gateway;
using namespace std::chrono_literals;

template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

/// "ask", "connect wss://… start", "send {…}", "close 4000", "MESSAGE_CREATE", "save id seq", "warn: …",
/// "stop".
std::string tell(const Action& action) {
    return std::visit(
        Overloaded{
            [](const AskLimits&) { return std::string("ask"); },
            [](const Connect& a) { return fmt::format("connect {} {}", a.url, a.reason); },
            [](const Send& a) { return "send " + a.frame; },
            [](const Disconnect& a) { return fmt::format("close {}", a.code); },
            [](const Deliver& a) { return a.event; },
            [](const Save& a) {
                return a.session.empty() ? std::string("forget")
                                         : fmt::format("save {} {}", a.session.id, a.session.seq);
            },
            [](const Note& a) { return (a.level == LogLevel::warn ? "warn: " : "note: ") + a.text; },
            [](const Stop&) { return std::string("stop"); },
        },
        action);
}

using Told = std::vector<std::string>;

constexpr const char* start_url = "wss://gateway.discord.gg";
constexpr const char* connect_start = "connect wss://gateway.discord.gg/?v=10&encoding=json start";
constexpr const char* hello = R"({"op":10,"d":{"heartbeat_interval":40000},"s":null,"t":null})";
constexpr const char* acknowledged = R"({"op":11})";
constexpr const char* beat_without_seq = R"(send {"op":1,"d":null})";
constexpr const char* ready =
    R"({"op":0,"s":1,"t":"READY","d":{"v":10,"user":{"id":"7"},"session_id":"abc",
        "resume_gateway_url":"wss://resume.discord.gg/","application":{"id":"7","flags":262144},"guilds":[]}})";
constexpr const char* resumed = R"({"op":0,"s":9,"t":"RESUMED","d":{}})";
constexpr const char* connect_resume = "connect wss://resume.discord.gg/?v=10&encoding=json ";

GatewayLimits usual_limits() {
    GatewayLimits limits;
    limits.url = start_url;
    limits.remaining = 999;
    return limits;
}

class Gateway10 : public testing::Test {
protected:
    Gateway10() { restart(); }

    void restart(SavedSession saved = {}, std::string token = "token.canary") {
        GatewayOptions options;
        options.token = Secret(std::move(token));
        session.emplace(std::move(options), std::move(saved));
    }

    Told on(Input input, double roll = 0.5) {
        Told told;
        for (const Action& action : session->on(std::move(input), now, roll)) {
            told.push_back(tell(action));
        }
        return told;
    }
    Told frame(std::string text, double roll = 0.5) { return on(Frame{std::move(text)}, roll); }
    Told limits(GatewayLimits known = usual_limits()) { return on(LimitsKnown{std::move(known)}); }
    /// Moves to the next timer.
    Told wait(double roll = 0.5) {
        now = session->next_timer();
        return on(TimeUp{}, roll);
    }
    void connect() {
        on(Begin{});
        limits();
        on(Opened{});
        frame(hello);
        frame(ready);
    }
    Milliseconds until_timer() {
        return std::chrono::duration_cast<Milliseconds>(session->next_timer() - now);
    }

    SteadyPoint now{1h};
    std::optional<GatewaySession> session;
};

}  // namespace

TEST_F(Gateway10, StartsByAskingThenGreetsIdentifiesAndIsReady) {
    EXPECT_EQ(on(Begin{}), Told{"ask"});
    EXPECT_EQ(session->state_text(now), "connecting");
    EXPECT_EQ(limits(), Told{connect_start});
    EXPECT_EQ(on(Opened{}), Told{});
    EXPECT_EQ(
        frame(hello),
        Told{
            R"(send {"op":2,"d":{"token":"token.canary","intents":37377,"properties":{"os":"linux","browser":"hookline","device":"hookline"},"large_threshold":50,"shard":[0,1],"presence":{"since":null,"activities":[{"name":"builds","type":3}],"status":"online","afk":false}}})"});
    EXPECT_FALSE(session->is_ready());
    EXPECT_EQ(frame(ready), (Told{"save abc 1", "note: connected to Discord", "READY"}));
    EXPECT_TRUE(session->is_ready());
    EXPECT_TRUE(session->hears_content());
    EXPECT_EQ(session->state_text(now), "connected");
    EXPECT_EQ(session->session().user, Snowflake(7));
}

TEST_F(Gateway10, FirstBeatComesAfterAJitteredIntervalThenEveryInterval) {
    on(Begin{});
    limits();
    on(Opened{});
    frame(hello, 0.25);
    EXPECT_EQ(until_timer(), 10s);
    EXPECT_EQ(wait(), Told{beat_without_seq});
    frame(acknowledged);
    EXPECT_EQ(until_timer(), 40s);
    frame(R"({"op":0,"s":5,"t":"TYPING_START","d":{}})");
    EXPECT_EQ(wait(), Told{R"(send {"op":1,"d":5})"});
}

TEST_F(Gateway10, ABeatThatDiscordAsksForIsSentAtOnceAndIsNoZombie) {
    connect();
    EXPECT_EQ(frame(R"({"op":1,"d":null})"), Told{R"(send {"op":1,"d":1})"});
    EXPECT_EQ(wait(), Told{R"(send {"op":1,"d":1})"});
    frame(acknowledged);
    EXPECT_EQ(wait(), Told{R"(send {"op":1,"d":1})"});
}

TEST_F(Gateway10, AskedBeatsStayWithinDiscordsRateLimit) {
    connect();
    std::size_t sent = 0;
    for (int i = 0; i < 1000; ++i) {
        sent += frame(R"({"op":1})").size();
    }
    EXPECT_LE(sent, 100U);
    now += 61s;
    EXPECT_EQ(frame(R"({"op":1})").size(), 1U);
}

TEST_F(Gateway10, AZombieIsClosedWith4000AndResumed) {
    connect();
    wait();  // the first beat, never acknowledged
    EXPECT_EQ(wait(0.5),
              (Told{"close 4000", "warn: reconnecting to Discord in 0.8 s: heartbeats were not answered"}));
    EXPECT_EQ(session->state_text(now), "reconnecting in 1s (heartbeats were not answered)");
    EXPECT_EQ(wait(), Told{std::string(connect_resume) + "zombie"});
    on(Opened{});
    EXPECT_EQ(frame(hello), Told{R"(send {"op":6,"d":{"token":"token.canary","session_id":"abc","seq":1}})"});
    EXPECT_EQ(frame(R"({"op":0,"s":8,"t":"MESSAGE_CREATE","d":{"id":"1"}})"), Told{"MESSAGE_CREATE"});
    EXPECT_EQ(frame(resumed), (Told{"note: the session goes on where it ended", "save abc 9", "RESUMED"}));
    EXPECT_EQ(session->state_text(now), "connected");
}

TEST_F(Gateway10, KeepsBeatingWhileReadyIsAwaited) {
    on(Begin{});
    limits();
    on(Opened{});
    frame(hello);
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(wait(), Told{beat_without_seq});
        frame(acknowledged);
    }
}

TEST_F(Gateway10, Op7ResumesAtOnceEvenBeforeHello) {
    connect();
    EXPECT_EQ(frame(R"({"op":7,"d":null})"), (Told{"close 4000", std::string(connect_resume) + "resume"}));
    on(Opened{});
    // The second one within a minute waits: no loop at full speed.
    EXPECT_EQ(frame(R"({"op":7})"),
              (Told{"close 4000", "warn: reconnecting to Discord in 1.5 s: Discord asked to reconnect"}));
    EXPECT_EQ(wait(), Told{std::string(connect_resume) + "resume"});
}

TEST_F(Gateway10, AnInvalidSessionWaitsOneToFiveSecondsThenResumesOrStartsAnew) {
    connect();
    const auto resumable = frame(R"({"op":9,"d":true})", 0.0);
    EXPECT_EQ(resumable, (Told{"close 4000",
                               "warn: reconnecting to Discord in 1.0 s: Discord interrupted the session"}));
    EXPECT_EQ(until_timer(), 1s);
    EXPECT_EQ(wait(), Told{std::string(connect_resume) + "invalid_session"});
    on(Opened{});
    frame(hello);
    EXPECT_EQ(frame(R"({"op":9,"d":false})", 0.999),
              (Told{"close 4000", "forget",
                    "warn: reconnecting to Discord in 5.0 s: Discord does not know the session any more"}));
    EXPECT_EQ(wait(), Told{"ask"});
    EXPECT_EQ(limits(), Told{"connect wss://gateway.discord.gg/?v=10&encoding=json invalid_session"});
}

TEST_F(Gateway10, EveryCloseCodeDoesWhatDiscordSays) {
    struct Case {
        int code;
        const char* then;  // resume, identify, stop
        const char* state;
    };
    for (const Case& c : {
             Case{0, "resume", "reconnecting in 1s (connection lost)"},
             Case{1000, "resume", "reconnecting in 1s (closed with 1000)"},
             Case{1001, "resume", "reconnecting in 1s (closed with 1001)"},
             Case{1006, "resume", "reconnecting in 1s (connection lost)"},
             Case{4000, "resume", "reconnecting in 1s (closed with 4000 unknown error)"},
             Case{4001, "resume", "reconnecting in 1s (closed with 4001 unknown opcode)"},
             Case{4002, "resume", "reconnecting in 1s (closed with 4002 decode error)"},
             Case{4003, "resume", "reconnecting in 1s (closed with 4003 not authenticated)"},
             Case{4005, "resume", "reconnecting in 1s (closed with 4005 already authenticated)"},
             Case{4008, "resume", "reconnecting in 10s (closed with 4008 rate limited)"},
             Case{4999, "resume", "reconnecting in 1s (closed with 4999)"},
             Case{4007, "identify", "reconnecting in 1s (closed with 4007 invalid seq)"},
             Case{4009, "identify", "reconnecting in 1s (closed with 4009 session timed out)"},
             Case{4004, "stop", "refused: bad token"},
             Case{4010, "stop", "refused: invalid shard"},
             Case{4011, "stop", "refused: the bot is in too many servers for one connection"},
             Case{4012, "stop", "refused: version 10 of the gateway is not offered any more"},
             Case{4013, "stop", "refused: invalid intents"},
         }) {
        restart();
        connect();
        const Told told = on(Closed{c.code, "as Discord likes"});
        EXPECT_EQ(session->state_text(now), c.state) << c.code;
        if (std::string_view(c.then) == "stop") {
            EXPECT_EQ(told.back(), "stop") << c.code;
            EXPECT_TRUE(session->is_stopped());
            EXPECT_EQ(session->next_timer(), SteadyPoint::max());
            EXPECT_TRUE(session->session().empty());
            EXPECT_EQ(frame(hello), Told{}) << "nothing more happens";
            continue;
        }
        const bool resumes = std::string_view(c.then) == "resume";
        EXPECT_EQ(wait(), resumes ? Told{std::string(connect_resume) + "closed"} : Told{"ask"}) << c.code;
    }
}

TEST_F(Gateway10, WithoutTheContentIntentItGoesOnAndHearsOnlyMentions) {
    on(Begin{});
    limits();
    on(Opened{});
    frame(hello);
    EXPECT_EQ(on(Closed{4014, ""}),
              (Told{"warn: Discord refuses the message content intent: going on without it", "ask"}));
    limits();  // two identifies within five seconds would be refused
    EXPECT_EQ(until_timer(), 5s);
    EXPECT_EQ(wait(), Told{"ask"});
    EXPECT_EQ(limits(), Told{"connect wss://gateway.discord.gg/?v=10&encoding=json closed"});
    on(Opened{});
    EXPECT_NE(frame(hello).at(0).find(R"("intents":4609,)"), std::string::npos);
    EXPECT_EQ(
        frame(ready).at(2),
        "warn: Discord shows the bot only messages that mention it. To be heard by the text prefix, switch "
        "on \"Message Content Intent\" on the bot's page of Discord's developer portal and start again");
    EXPECT_FALSE(session->hears_content());
    EXPECT_EQ(session->state_text(now), "connected, hears only messages that mention it");
    EXPECT_EQ(on(Closed{4014, ""}).back(), "stop") << "once is enough";
    EXPECT_EQ(session->state_text(now), "refused: intents that are not switched on for this bot");
}

TEST_F(Gateway10, ReadyTellsWhetherTheContentIntentIsSwitchedOn) {
    on(Begin{});
    limits();
    on(Opened{});
    frame(hello);
    frame(R"({"op":0,"s":1,"t":"READY","d":{"session_id":"abc","application":{"id":"7","flags":0}}})");
    EXPECT_FALSE(session->hears_content());
}

TEST_F(Gateway10, WithNoIdentifyLeftItWaitsUntilTheLimitResets) {
    on(Begin{});
    GatewayLimits used_up = usual_limits();
    used_up.remaining = 0;
    used_up.reset_after = 3h + 12min;
    EXPECT_EQ(limits(used_up),
              Told{"warn: Discord's limit of new sessions for a day is used up: waiting 3h 12m"});
    EXPECT_EQ(session->state_text(now),
              "reconnecting in 3h 12m (Discord's limit of new sessions for a day is used up)");
    EXPECT_EQ(until_timer(), 3h + 12min);
    EXPECT_EQ(wait(), Told{"ask"});
    EXPECT_EQ(limits(), Told{connect_start});
}

TEST_F(Gateway10, MoreIdentifiesAtOnceWhereDiscordAllowsThem) {
    on(Begin{});
    limits();
    on(Opened{});
    frame(hello);
    on(Closed{4014, ""});
    GatewayLimits large = usual_limits();
    large.max_concurrency = 16;
    EXPECT_EQ(limits(large), Told{"connect wss://gateway.discord.gg/?v=10&encoding=json closed"});
}

TEST_F(Gateway10, BackoffDoublesToAMinuteAndForgetsAfterAStableOne) {
    on(Begin{});
    constexpr double highest = 0.9999999;
    for (const int expected : {1, 2, 4, 8, 16, 32, 60, 60}) {
        limits();
        on(OpenFailed{"refused"}, highest);
        EXPECT_NEAR(std::chrono::duration<double>(session->next_timer() - now).count(), expected, 0.01);
        EXPECT_EQ(wait(), Told{"ask"});
    }
    EXPECT_EQ(session->state_text(now), "reconnecting (no connection: refused)");
    limits();
    on(Opened{});
    frame(hello);
    frame(ready);
    now += 59s;
    on(Closed{0, ""}, highest);
    EXPECT_GT(until_timer(), 59s) << "not stable yet";
    wait();
    on(Opened{});
    frame(hello);
    frame(resumed);
    now += 60s;
    on(Closed{0, ""}, highest);
    EXPECT_LE(until_timer(), 1s);
    restart();
    on(Begin{});
    limits();
    on(OpenFailed{"refused"}, 0.0);
    EXPECT_EQ(until_timer(), 500ms) << "jitter";
}

TEST_F(Gateway10, WhenDiscordDoesNotAnswerItAsksAgainAndABadTokenStops) {
    on(Begin{});
    EXPECT_EQ(
        on(LimitsFailed{Error(Errc::unavailable, "503")}),
        Told{"warn: reconnecting to Discord in 0.8 s: Discord does not tell where its gateway is: 503"});
    EXPECT_EQ(wait(), Told{"ask"});
    EXPECT_EQ(on(LimitsFailed{Error(Errc::unauthorized, "401")}),
              (Told{"note: Discord's gateway: refused: bad token", "stop"}));
    EXPECT_EQ(session->state_text(now), "refused: bad token");
}

TEST_F(Gateway10, ARestartResumesTheSavedSession) {
    restart(SavedSession{"old", "wss://resume.discord.gg", 42, Snowflake(7)});
    EXPECT_EQ(on(Begin{}), Told{std::string(connect_resume) + "resume"});
    on(Opened{});
    EXPECT_EQ(frame(hello),
              Told{R"(send {"op":6,"d":{"token":"token.canary","session_id":"old","seq":42}})"});
    EXPECT_EQ(frame(R"({"op":0,"s":43,"t":"RESUMED","d":{}})").at(1), "save old 43");
}

TEST_F(Gateway10, ASessionWhoseAddressIsGoneIsGivenUp) {
    restart(SavedSession{"old", "wss://gone.discord.gg", 42, Snowflake(7)});
    on(Begin{});
    for (int i = 0; i < 4; ++i) {
        on(OpenFailed{"no such host"});
        EXPECT_EQ(wait(), Told{"connect wss://gone.discord.gg/?v=10&encoding=json resume"});
    }
    EXPECT_EQ(on(OpenFailed{"no such host"}).at(0), "forget");
    EXPECT_EQ(wait(), Told{"ask"});
}

TEST_F(Gateway10, SilenceInsteadOfHelloIsAFailure) {
    on(Begin{});
    limits();
    on(Opened{});
    EXPECT_EQ(until_timer(), 20s);
    EXPECT_EQ(wait(), (Told{"close 4000", "warn: reconnecting to Discord in 0.8 s: Discord said no hello"}));
}

TEST_F(Gateway10, ProgressIsSavedWithTheHeartbeat) {
    connect();
    frame(R"({"op":0,"s":17,"t":"TYPING_START","d":{}})");
    EXPECT_EQ(wait(), (Told{R"(send {"op":1,"d":17})", "save abc 17"}));
    frame(acknowledged);
    EXPECT_EQ(wait(), Told{R"(send {"op":1,"d":17})"}) << "nothing new";
}

TEST_F(Gateway10, RepeatedAndReorderedEventsNeverMoveSeqBack) {
    connect();
    frame(R"({"op":0,"s":6,"t":"A","d":{}})");
    frame(R"({"op":0,"s":5,"t":"A","d":{}})");
    frame(R"({"op":0,"s":null,"t":"A","d":{}})");
    EXPECT_EQ(session->session().seq, 6);
}

TEST_F(Gateway10, ShutDownKeepsTheSessionUnlessAskedToEndIt) {
    connect();
    frame(R"({"op":0,"s":17,"t":"TYPING_START","d":{}})");
    EXPECT_EQ(on(ShutDown{false}), (Told{"save abc 17", "close 4000", "stop"}));
    EXPECT_EQ(session->state_text(now), "stopped");
    EXPECT_EQ(session->session().id, "abc");

    restart();
    connect();
    EXPECT_EQ(on(ShutDown{true}), (Told{"forget", "close 1000", "stop"}));
    EXPECT_TRUE(session->session().empty());
}

TEST_F(Gateway10, WhatIsNoFrameIsIgnored) {
    connect();
    const std::string deep =
        R"({"op":0,"s":2,"t":"A","d":)" + std::string(1000, '[') + std::string(1000, ']') + "}";
    for (const std::string& text :
         {std::string(), std::string("{"), std::string("[]"), std::string("null"), std::string("{}"),
          std::string(R"({"op":"0"})"), std::string("\xff\xfe"), deep}) {
        EXPECT_EQ(frame(text), Told{"note: a frame that is none was ignored"}) << text;
    }
    EXPECT_EQ(frame(R"({"op":99,"d":1})"), Told{});
    EXPECT_EQ(frame(R"({"op":0,"s":"x","t":null,"d":null})"), Told{});
    EXPECT_EQ(frame(R"({"op":0,"s":3,"t":"SOME_NEW_EVENT","d":[1]})"), Told{"SOME_NEW_EVENT"});
    EXPECT_EQ(frame(R"({"op":10,"d":{"heartbeat_interval":1}})"), Told{}) << "a second hello";
    EXPECT_TRUE(session->is_ready());
}

TEST_F(Gateway10, AStrangeHeartbeatIntervalNeitherFloodsNorStarves) {
    struct Case {
        const char* hello;
        Milliseconds interval;
    };
    for (const Case& c : {Case{R"({"op":10,"d":{"heartbeat_interval":1}})", 600ms},
                          Case{R"({"op":10,"d":{"heartbeat_interval":-5}})", 41250ms},
                          Case{R"({"op":10,"d":{"heartbeat_interval":1e300}})", 41250ms},
                          Case{R"({"op":10,"d":null})", 41250ms},
                          Case{R"({"op":10,"d":{"heartbeat_interval":99999999999}})", 600s}}) {
        restart();
        on(Begin{});
        limits();
        on(Opened{});
        frame(c.hello, 0.0);
        wait();
        EXPECT_EQ(until_timer(), c.interval) << c.hello;
    }
}

TEST_F(Gateway10, ATokenThatMakesNoFrameIsRefused) {
    restart({}, std::string(5000, 'x'));
    EXPECT_EQ(on(Begin{}).back(), "stop");
    EXPECT_EQ(session->state_text(now), "refused: the token is too long to be one");
}

TEST_F(Gateway10, TheTokenIsInNoNote) {
    for (const char* text : {hello, ready, R"({"op":9,"d":false})", R"({"op":7})"}) {
        for (const std::string& told : frame(text)) {
            EXPECT_TRUE(told.starts_with("send ") || told.find("canary") == std::string::npos) << told;
        }
    }
}

}  // namespace hookline::discord
