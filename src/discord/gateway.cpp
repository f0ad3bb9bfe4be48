#include "discord/gateway.hpp"

#include <boost/json.hpp>

#include "discord/reading.hpp"
#include "net/deadline.hpp"

namespace hookline::discord {

namespace json = boost::json;

struct Gateway::Connection {
    Connection(std::unique_ptr<net::WebSocket> with_socket, boost::asio::any_io_executor executor)
        : socket(std::move(with_socket)), taken(std::move(executor)) {}
    std::unique_ptr<net::WebSocket> socket;
    WakeSignal taken;      // the reader goes on once its frame was dealt with
    bool is_over = false;  // the gateway has turned away: nothing read from it counts any more

    void discard() {
        is_over = true;
        socket->drop();
        taken.wake();
    }
};

namespace {

constexpr std::size_t message_limit = 64U << 20U;  // READY and GUILD_CREATE can be megabytes

Task<bool> has_woken(WakeSignal* wake) {
    co_await wake->wait();
    co_return true;
}

Task<Result<std::unique_ptr<net::WebSocket>>> open_websocket(Clock* clock, std::string user_agent,
                                                             std::string url) {
    const std::size_t scheme_end = url.find("://");
    const std::string scheme = scheme_end == std::string::npos ? "" : url.substr(0, scheme_end);
    if (scheme != "wss" && scheme != "ws") {
        co_return fail(Errc::invalid_argument, "the gateway's address is no WebSocket address");
    }
    const std::size_t path = std::min(url.find('/', scheme_end + 3), url.size());
    const std::string place = url.substr(scheme_end, path - scheme_end);
    const auto origin = net::parse_origin((scheme == "wss" ? "https" : "http") + place);
    if (!origin) {
        co_return tl::unexpected(origin.error());
    }
    if (scheme == "ws" && !net::is_loopback(*origin)) {
        co_return fail(Errc::invalid_argument, "the gateway's address is not encrypted (ws://)");
    }
    std::string target = path < url.size() ? url.substr(path) : "/";
    co_return co_await net::connect_websocket(*clock, *origin, std::move(target), std::move(user_agent),
                                              message_limit);
}

}  // namespace

Gateway::Gateway(GatewayOptions options, SavedSession saved, GatewayPorts ports,
                 boost::asio::any_io_executor executor, Clock& clock, Random& random, Log& log,
                 Metrics& metrics)
    : session_(std::move(options), std::move(saved)),
      ports_(std::move(ports)),
      executor_(executor),
      clock_(clock),
      random_(random),
      log_(log),
      metrics_(metrics),
      readers_(executor, log),
      wake_(executor) {}

Gateway::~Gateway() {
    if (connection_) {
        connection_->discard();
    }
}

Task<void> Gateway::run() {
    inputs_.clear();
    inputs_.emplace_back(gateway::Begin{});
    while (!session_.is_stopped() || !inputs_.empty()) {
        if (is_stopping_) {
            gateway::Input shut_down(gateway::ShutDown{*is_stopping_});
            is_stopping_.reset();
            co_await take(std::move(shut_down));
            break;
        }
        if (!inputs_.empty()) {
            gateway::Input input = std::move(inputs_.front());
            inputs_.pop_front();
            co_await take(std::move(input));
        } else if (session_.next_timer() <= clock_.steady()) {
            gateway::Input time_up(gateway::TimeUp{});
            co_await take(std::move(time_up));
        } else {
            co_await wait_for_input();
        }
    }
    metrics_.set("hookline_gateway_connected", 0);
}

void Gateway::stop(bool end_session) {
    is_stopping_ = end_session;
    wake_.wake();
}

Task<void> Gateway::wait_for_input() {
    co_await net::with_deadline(has_woken(&wake_), clock_, session_.next_timer());
}

Task<void> Gateway::take(gateway::Input input) {
    const bool is_frame = std::holds_alternative<gateway::Frame>(input);
    if (std::holds_alternative<gateway::Closed>(input) && connection_) {
        connection_->discard();
        connection_.reset();
    }
    gateway::Actions actions = session_.on(std::move(input), clock_.steady(), random_.roll());
    for (gateway::Action& action : actions) {
        co_await carry_out(std::move(action));
    }
    if (is_frame && connection_) {
        connection_->taken.wake();
    }
    metrics_.set("hookline_gateway_connected", session_.is_ready() ? 1 : 0);
}

Task<void> Gateway::carry_out(gateway::Action action) {
    if (const auto* event = std::get_if<gateway::Deliver>(&action)) {
        deliver(*event);
    } else if (const auto* one = std::get_if<gateway::Note>(&action)) {
        note(*one);
    } else if (const auto* save = std::get_if<gateway::Save>(&action)) {
        ports_.save(save->session);
    } else if (auto* frame = std::get_if<gateway::Send>(&action)) {
        co_await send(std::move(frame->frame));
    } else if (const auto* close = std::get_if<gateway::Disconnect>(&action)) {
        co_await disconnect(close->code);
    } else if (std::holds_alternative<gateway::AskLimits>(action)) {
        co_await ask_limits();
    } else if (auto* open = std::get_if<gateway::Connect>(&action)) {
        metrics_.count("hookline_gateway_connects_total", {{"reason", open->reason}});
        co_await connect(std::move(open->url));
    }
}

Task<void> Gateway::ask_limits() {
    auto limits = co_await ports_.ask_limits();
    if (limits) {
        inputs_.emplace_back(gateway::LimitsKnown{std::move(*limits)});
    } else {
        inputs_.emplace_back(gateway::LimitsFailed{limits.error()});
    }
}

Task<void> Gateway::connect(std::string url) {
    auto socket = co_await ports_.open(std::move(url));
    if (!socket) {
        inputs_.emplace_back(gateway::OpenFailed{socket.error().detail});
        co_return;
    }
    connection_ = std::make_shared<Connection>(std::move(*socket), executor_);
    inputs_.emplace_back(gateway::Opened{});
    readers_.spawn("gateway reader", read_all(this, connection_));
}

Task<void> Gateway::read_all(Gateway* self, std::shared_ptr<Connection> connection) {
    for (;;) {
        auto message = co_await connection->socket->read();
        if (connection->is_over) {  // first: `self` may be gone by now
            co_return;
        }
        if (!message) {
            self->inputs_.emplace_back(gateway::Closed{message.error().code, message.error().reason});
            self->wake_.wake();
            co_return;
        }
        self->inputs_.emplace_back(gateway::Frame{std::move(*message)});
        self->wake_.wake();
        co_await connection->taken.wait();
        if (connection->is_over) {
            co_return;
        }
    }
}

Task<void> Gateway::send(std::string frame) {
    const auto connection = connection_;
    if (!connection) {
        co_return;
    }
    const auto written = co_await connection->socket->write(std::move(frame));
    if (!written) {
        // The reader will say how it ended.
        log_.debug("discord", "a frame could not be sent", {{"why", written.error().detail}});
        connection->socket->drop();
    }
}

Task<void> Gateway::disconnect(int code) {
    const auto connection = std::exchange(connection_, nullptr);
    if (!connection) {
        co_return;
    }
    connection->is_over = true;
    co_await connection->socket->close(code);
    connection->discard();
    // What was read of it and not dealt with yet; Discord sends it again after a resume.
    std::erase_if(inputs_, [](const gateway::Input& input) {
        return std::holds_alternative<gateway::Frame>(input) ||
               std::holds_alternative<gateway::Closed>(input);
    });
}

void Gateway::deliver(const gateway::Deliver& event) {
    try {
        ports_.on_event(event.event, *event.data);
    } catch (const std::exception& e) {  // one event that is mishandled must not end the bot
        log_.error("discord", "an event could not be dealt with",
                   {{"event", event.event}, {"error", e.what()}});
    }
}

void Gateway::note(const gateway::Note& note) { log_.write(note.level, "discord", note.text, {}); }

std::function<Task<Result<std::unique_ptr<net::WebSocket>>>(std::string url)> websocket_opener(
    Clock& clock, std::string user_agent) {
    return [&clock, user_agent = std::move(user_agent)](std::string url) {
        return open_websocket(&clock, user_agent, std::move(url));
    };
}

Result<GatewayLimits> read_gateway_limits(std::string_view body) {
    boost::system::error_code error;
    const json::value value = json::parse(body, error);
    const json::object* answer = error ? nullptr : value.if_object();
    GatewayLimits limits;
    limits.url = answer == nullptr ? std::string() : std::string(text_in(*answer, "url"));
    if (limits.url.empty()) {
        return fail(Errc::malformed, "the answer holds no address");
    }
    if (const json::object* starts = object_in(*answer, "session_start_limit")) {
        limits.remaining = static_cast<int>(
            std::clamp<std::int64_t>(number_in(*starts, "remaining").value_or(0), 0, 1'000'000));
        limits.reset_after = Milliseconds(number_in(*starts, "reset_after").value_or(0));
        limits.max_concurrency = static_cast<int>(
            std::clamp<std::int64_t>(number_in(*starts, "max_concurrency").value_or(1), 1, 1'000));
    }
    return limits;
}

std::string write_session(const SavedSession& session) {
    if (session.empty()) {
        return {};
    }
    json::object object;
    object["id"] = session.id;
    object["url"] = session.resume_url;
    object["seq"] = session.seq;
    object["user"] = to_string(session.user);
    return json::serialize(object);
}

SavedSession read_session(std::string_view text) {
    boost::system::error_code error;
    const json::value value = json::parse(text, error);
    const json::object* object = error ? nullptr : value.if_object();
    SavedSession session;
    if (object == nullptr || text_in(*object, "url").empty()) {
        return session;
    }
    session.id = std::string(text_in(*object, "id"));
    session.resume_url = std::string(text_in(*object, "url"));
    session.seq = number_in(*object, "seq").value_or(0);
    session.user = id_in(*object, "user");
    return session;
}

}  // namespace hookline::discord
