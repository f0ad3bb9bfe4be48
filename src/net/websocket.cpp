#include "net/websocket.hpp"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "net/connect.hpp"
#include "net/deadline.hpp"

namespace hookline::net {

namespace asio = boost::asio;
namespace ws = boost::beast::websocket;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::seconds connect_patience(10);
constexpr std::chrono::seconds handshake_patience(10);
constexpr std::chrono::seconds write_patience(30);
constexpr std::chrono::seconds close_patience(2);

template <class Layer>
class BeastSocket final : public WebSocket {
public:
    template <class... Arguments>
    explicit BeastSocket(Clock& clock, Arguments&&... arguments)
        : clock_(clock), stream_(std::forward<Arguments>(arguments)...) {}

    Layer& layer() { return stream_.next_layer(); }

    void configure(std::string user_agent, std::size_t message_limit) {
        stream_.set_option(ws::stream_base::decorator([agent = std::move(user_agent)](ws::request_type& ask) {
            ask.set(http::field::user_agent, agent);
        }));
        // After a close frame Beast waits for the other end to close the connection: not for ever.
        ws::stream_base::timeout limits =
            ws::stream_base::timeout::suggested(boost::beast::role_type::client);
        limits.handshake_timeout = handshake_patience;
        limits.idle_timeout = ws::stream_base::none();
        limits.keep_alive_pings = false;
        stream_.set_option(limits);
        stream_.read_message_max(message_limit);
        stream_.auto_fragment(false);
        stream_.text(true);
    }

    Task<Result<void>> shake_hands(std::string host, std::string target) {
        ws::response_type answer;
        const auto done =
            co_await stream_.async_handshake(answer, host, target, asio::as_tuple(asio::use_awaitable));
        const error_code error = std::get<0>(done);
        if (error == ws::error::upgrade_declined) {
            co_return fail(Errc::unavailable, fmt::format("{} answered {} instead of opening a WebSocket",
                                                          host, answer.result_int()));
        }
        if (error) {
            co_return fail(Errc::unavailable, fmt::format("no WebSocket to {}: {}", host, error.message()));
        }
        co_return Result<void>();
    }

    Task<tl::expected<std::string, Closed>> read() override {
        boost::beast::flat_buffer buffer;
        const auto done = co_await stream_.async_read(buffer, asio::as_tuple(asio::use_awaitable));
        const error_code error = std::get<0>(done);
        if (error) {
            co_return tl::unexpected(how_it_ended(error));
        }
        if (!stream_.got_text()) {
            drop();
            co_return tl::unexpected(Closed(ws::close_code::unknown_data, "a binary message"));
        }
        const auto bytes = buffer.cdata();
        co_return std::string(static_cast<const char*>(bytes.data()), bytes.size());
    }

    Task<Result<void>> write(std::string text) override {
        const SteadyPoint deadline = clock_.steady() + write_patience;
        const auto error = co_await with_deadline(write_all(text), clock_, deadline);
        if (!error) {
            drop();
            co_return fail(Errc::timeout, "a message could not be written in time");
        }
        if (*error) {
            co_return fail(Errc::unavailable, "the connection broke: " + error->message());
        }
        co_return Result<void>();
    }

    Task<void> close(int code) override {
        const SteadyPoint deadline = clock_.steady() + close_patience;
        co_await with_deadline(say_goodbye(code), clock_, deadline);
        drop();
    }

    void drop() override {
        error_code ignored;
        boost::beast::get_lowest_layer(stream_).close(ignored);
    }

private:
    Closed how_it_ended(const error_code& error) const {
        const ws::close_reason& reason = stream_.reason();
        if (error == ws::error::closed || reason.code != ws::close_code::none) {
            return Closed(reason.code == ws::close_code::none ? 0 : reason.code,
                          std::string(reason.reason.data(), reason.reason.size()));
        }
        if (error == ws::error::message_too_big) {
            return Closed(ws::close_code::too_big, "a message larger than what is read");
        }
        return Closed(0, error.message());
    }

    Task<error_code> write_all(const std::string& text) {
        const auto done =
            co_await stream_.async_write(asio::buffer(text), asio::as_tuple(asio::use_awaitable));
        co_return std::get<0>(done);
    }

    Task<error_code> say_goodbye(int code) {
        const ws::close_reason reason(static_cast<ws::close_code>(code));
        const auto done = co_await stream_.async_close(reason, asio::as_tuple(asio::use_awaitable));
        co_return std::get<0>(done);
    }

    Clock& clock_;
    ws::stream<Layer> stream_;
};

/// The last step of both ways of connecting.
template <class Layer>
Task<Result<std::unique_ptr<WebSocket>>> open(std::unique_ptr<BeastSocket<Layer>> socket, Clock& clock,
                                              std::string host, std::string target) {
    const SteadyPoint deadline = clock.steady() + handshake_patience;
    const auto shaken = co_await with_deadline(socket->shake_hands(host, target), clock, deadline);
    if (!shaken) {
        co_return fail(Errc::timeout, fmt::format("no WebSocket to {}: no answer in time", host));
    }
    if (!*shaken) {
        co_return tl::unexpected(shaken->error());
    }
    co_return std::move(socket);
}

}  // namespace

Task<Result<std::unique_ptr<WebSocket>>> connect_websocket(Clock& clock, Origin origin, std::string target,
                                                           std::string user_agent,
                                                           std::size_t message_limit) {
    const SteadyPoint deadline = clock.steady() + connect_patience;
    const bool is_usual_port = origin.port == (origin.scheme == "https" ? "443" : "80");
    const std::string host = is_usual_port ? origin.host : origin.host + ":" + origin.port;
    auto socket = co_await connect_tcp(clock, origin, deadline);
    if (!socket) {
        co_return tl::unexpected(socket.error());
    }
    if (origin.scheme != "https") {
        auto plain = std::make_unique<BeastSocket<tcp::socket>>(clock, std::move(*socket));
        plain->configure(user_agent, message_limit);
        co_return co_await open(std::move(plain), clock, host, origin.base_path + target);
    }
    auto tls = make_tls_context();  // the stream keeps OpenSSL's part of it alive
    auto secure = std::make_unique<BeastSocket<TlsStream>>(clock, std::move(*socket), tls);
    secure->configure(user_agent, message_limit);
    const auto started = co_await with_deadline(start_tls(secure->layer(), origin.host), clock, deadline);
    if (!started) {
        co_return fail(Errc::timeout,
                       fmt::format("no secure connection to {}: no answer in time", origin.host));
    }
    if (!*started) {
        co_return tl::unexpected(started->error());
    }
    co_return co_await open(std::move(secure), clock, host, origin.base_path + target);
}

}  // namespace hookline::net
