// The gateway's protocol as a state machine (Discord, "Gateway"): what was heard in, what to do out. It owns
// no socket, no timer and no clock; `Gateway` carries out what it says. All rules about identify limits,
// resuming, heartbeats, close codes and backoff are here.
#pragma once

#include <boost/json/fwd.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace hookline::discord {

namespace intent {
inline constexpr int guilds = 1;
inline constexpr int guild_messages = 512;
inline constexpr int direct_messages = 4096;
inline constexpr int message_content = 32768;  // privileged: switched on in Discord's developer portal
inline constexpr int usual = guilds | guild_messages | direct_messages | message_content;  // 37377
}  // namespace intent

struct GatewayOptions {
    Secret token;  // without "Bot "
    int intents = intent::usual;
};

/// What lets a connection go on where the last one ended; kept over a restart.
struct SavedSession {
    std::string id;
    std::string resume_url;
    std::int64_t seq = 0;
    Snowflake user;  // the bot's own: a resumed session is not told it again
    [[nodiscard]] bool empty() const { return id.empty(); }
    bool operator==(const SavedSession&) const = default;
};

/// The answer to GET /gateway/bot.
struct GatewayLimits {
    std::string url;
    int remaining = 0;
    Milliseconds reset_after{0};
    int max_concurrency = 1;
};

namespace gateway {

// ---- What happened ----
struct Begin {};  // once, or again after Stop
struct LimitsKnown {
    GatewayLimits limits;
};
struct LimitsFailed {
    Error error;  // unauthorized: the token is refused
};
struct Opened {};
struct OpenFailed {
    std::string why;
};
struct Frame {
    std::string text;
};
struct Closed {
    int code = 0;  // 0 or 1006: the connection just went
    std::string reason;
};
struct TimeUp {};  // next_timer() was reached
/// The program ends. `end_session` shows the bot offline at once; else a fast restart can resume.
struct ShutDown {
    bool end_session = false;
};
using Input =
    std::variant<Begin, LimitsKnown, LimitsFailed, Opened, OpenFailed, Frame, Closed, TimeUp, ShutDown>;

// ---- What to do, in this order ----
struct AskLimits {};
struct Connect {
    std::string url;          // with the query of the protocol
    std::string_view reason;  // start, resume, zombie, closed, invalid_session: the metric's label
};
struct Send {
    std::string frame;  // at most 4096 bytes; may hold the token
};
/// Closes the connection, then forgets it: nothing of it is an input any more.
struct Disconnect {
    int code = 4000;
};
struct Deliver {
    std::string event;  // "MESSAGE_CREATE"
    std::shared_ptr<const boost::json::object> data;
};
struct Save {
    SavedSession session;  // empty: forget what was kept
};
struct Note {
    LogLevel level = LogLevel::info;
    std::string text;
};
/// Nothing more will happen until a person does something: state_text() says what.
struct Stop {};
using Action = std::variant<AskLimits, Connect, Send, Disconnect, Deliver, Save, Note, Stop>;
using Actions = std::vector<Action>;

}  // namespace gateway

class GatewaySession {
public:
    explicit GatewaySession(GatewayOptions options, SavedSession saved = {});

    /// What follows `input` at `now`. `roll` in [0, 1) spreads the first heartbeat and every wait. Never
    /// throws for what Discord sends.
    [[nodiscard]] gateway::Actions on(gateway::Input input, SteadyPoint now, double roll);

    /// When TimeUp is due; max(): nothing is waited for.
    [[nodiscard]] SteadyPoint next_timer() const;
    [[nodiscard]] bool is_ready() const { return phase_ == Phase::ready; }
    [[nodiscard]] bool is_stopped() const { return phase_ == Phase::stopped; }
    /// False where messages arrive without their text unless they mention the bot.
    [[nodiscard]] bool hears_content() const;
    [[nodiscard]] const SavedSession& session() const { return session_; }
    /// "connected", "connecting", "reconnecting in 4s (connection lost)", "refused: bad token": for `status`.
    [[nodiscard]] std::string state_text(SteadyPoint now) const;

private:
    enum class Phase { idle, asking, waiting, opening, greeting, starting, ready, stopped };
    struct Step {  // one call of on()
        SteadyPoint now;
        double roll;
        gateway::Actions actions;
    };

    void handle(gateway::Begin, Step& step);
    void handle(gateway::LimitsKnown& input, Step& step);
    void handle(gateway::LimitsFailed& input, Step& step);
    void handle(gateway::Opened, Step& step);
    void handle(gateway::OpenFailed& input, Step& step);
    void handle(gateway::Frame& input, Step& step);
    void handle(gateway::Closed& input, Step& step);
    void handle(gateway::TimeUp, Step& step);
    void handle(gateway::ShutDown input, Step& step);

    void on_hello(const boost::json::object& envelope, Step& step);
    void on_dispatch(boost::json::object& envelope, Step& step);
    void on_invalid_session(const boost::json::object& envelope, Step& step);
    void on_ready(const boost::json::object& data, Step& step);
    void on_beat_due(Step& step);

    void go(Step& step);  // the next connection: a resume where that is possible, else an identify
    void connect(const std::string& url, Step& step);
    void wait_then_go(std::chrono::nanoseconds wait, Step& step);
    void back_off(std::string_view reason, std::string why, Milliseconds at_least, Step& step);
    void drop_connection(Step& step);
    void forget_session(Step& step);
    void stop(std::string why, Step& step);
    void send(std::string frame, Step& step);
    void beat(Step& step);
    void save_progress(Step& step);

    GatewayOptions options_;
    SavedSession session_;
    std::int64_t saved_seq_ = 0;

    Phase phase_ = Phase::idle;
    std::string_view reason_ = "start";  // of the next connection
    std::string trouble_;                // what ended the last one, or why it is stopped
    int failures_ = 0;                   // since the last stable connection
    int failed_resumes_ = 0;
    bool is_resuming_ = false;
    bool has_content_intent_ = true;  // what READY said of the application

    SteadyPoint timer_ = SteadyPoint::max();  // of waiting, opening, greeting and starting
    SteadyPoint next_beat_ = SteadyPoint::max();
    std::chrono::milliseconds beat_interval_{0};
    bool is_acknowledged_ = true;
    SteadyPoint ready_since_;
    std::deque<SteadyPoint> identified_;  // recent identifies, for max_concurrency
    std::deque<SteadyPoint> sent_;        // frames of the last minute
};

}  // namespace hookline::discord
