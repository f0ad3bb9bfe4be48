// The connection to Discord's gateway: carries out what GatewaySession decides, over a WebSocket. It has no
// opinion of its own but deadlines: a write, a close or an opening that hangs is a lost connection.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"
#include "base/signal.hpp"
#include "base/task.hpp"
#include "base/task_group.hpp"
#include "discord/gateway_session.hpp"
#include "net/websocket.hpp"

namespace hookline::discord {

/// What the gateway needs of others.
struct GatewayPorts {
    /// Opens a WebSocket to a URL such as "wss://gateway.discord.gg/?v=10&encoding=json".
    std::function<Task<Result<std::unique_ptr<net::WebSocket>>>(std::string url)> open;
    /// GET /gateway/bot. unauthorized: the token is refused.
    std::function<Task<Result<GatewayLimits>>()> ask_limits;
    /// Every event, in order, READY and RESUMED among them. Must be quick: heartbeats wait for it.
    std::function<void(std::string_view event, const boost::json::object& data)> on_event;
    /// Called when the session or its progress is worth keeping over a restart; empty: forget it.
    std::function<void(SavedSession session)> save;
};

class Gateway {
public:
    Gateway(GatewayOptions options, SavedSession saved, GatewayPorts ports,
            boost::asio::any_io_executor executor, Clock& clock, Random& random, Log& log, Metrics& metrics);
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;
    ~Gateway();

    /// Runs until stop(), until Discord refuses for good (see state()), or until cancelled.
    Task<void> run();
    /// Lets run() end in order. `end_session` shows the bot offline at once; without it a start within a few
    /// minutes goes on where this ends.
    void stop(bool end_session);

    [[nodiscard]] bool is_ready() const { return session_.is_ready(); }
    [[nodiscard]] bool hears_content() const { return session_.hears_content(); }
    /// "connected", "connecting", "refused: bad token": for `status` and doctor.
    [[nodiscard]] std::string state() const { return session_.state_text(clock_.steady()); }
    /// As last known; for a last save after run() has ended.
    [[nodiscard]] const SavedSession& session() const { return session_.session(); }

private:
    struct Connection;

    Task<void> take(gateway::Input input);
    Task<void> carry_out(gateway::Action action);
    Task<void> ask_limits();
    Task<void> connect(std::string url);
    Task<void> send(std::string frame);
    Task<void> disconnect(int code);
    Task<void> wait_for_input();
    static Task<void> read_all(Gateway* self, std::shared_ptr<Connection> connection);
    void deliver(const gateway::Deliver& event);
    void note(const gateway::Note& note);

    GatewaySession session_;
    GatewayPorts ports_;
    boost::asio::any_io_executor executor_;
    Clock& clock_;
    Random& random_;
    Log& log_;
    Metrics& metrics_;
    TaskGroup readers_;
    WakeSignal wake_;
    std::deque<gateway::Input> inputs_;
    std::shared_ptr<Connection> connection_;  // shared with its reader, which may end a little later
    std::optional<bool> is_stopping_;         // stop() was called; its `end_session`
};

/// GatewayPorts::open over net::connect_websocket: messages up to 64 MiB; plain ws:// only on loopback.
[[nodiscard]] std::function<Task<Result<std::unique_ptr<net::WebSocket>>>(std::string url)> websocket_opener(
    Clock& clock, std::string user_agent);

/// Reads the answer to GET /gateway/bot. malformed: no address in it.
[[nodiscard]] Result<GatewayLimits> read_gateway_limits(std::string_view body);

/// The saved session as text for the store, and back; empty where the text is none.
[[nodiscard]] std::string write_session(const SavedSession& session);
[[nodiscard]] SavedSession read_session(std::string_view text);

}  // namespace hookline::discord
