#include "net/stream.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

#include "net/connect.hpp"
#include "net/deadline.hpp"

namespace hookline::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

template <class Layer>
class LayeredStream final : public Stream {
public:
    template <class... Arguments>
    explicit LayeredStream(Arguments&&... arguments) : layer_(std::forward<Arguments>(arguments)...) {}

    Task<Transfer> read_some(asio::mutable_buffer into) override {
        const auto done = co_await layer_.async_read_some(into, asio::as_tuple(asio::use_awaitable));
        co_return Transfer(std::get<0>(done), std::get<1>(done));
    }

    Task<Transfer> write(std::string_view bytes) override {
        const asio::const_buffer buffer(bytes.data(), bytes.size());
        const auto done = co_await asio::async_write(layer_, buffer, asio::as_tuple(asio::use_awaitable));
        co_return Transfer(std::get<0>(done), std::get<1>(done));
    }

    bool is_quiet() override {
        char byte = 0;
        const auto seen = ::recv(layer_.lowest_layer().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        return seen < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }

    Layer& layer() { return layer_; }

private:
    Layer layer_;
};

using UnixSocket = asio::local::stream_protocol::socket;

Task<boost::system::error_code> connect_to(UnixSocket& socket, std::string path) {
    const asio::local::stream_protocol::endpoint endpoint(path);
    const auto connected = co_await socket.async_connect(endpoint, asio::as_tuple(asio::use_awaitable));
    co_return std::get<0>(connected);
}

Task<Result<std::unique_ptr<Stream>>> connect_unix(Clock& clock, std::string path, SteadyPoint deadline) {
    constexpr std::size_t longest_path = 107;  // unix(7): sun_path holds 108 with the zero at its end
    if (path.size() > longest_path) {
        co_return fail(Errc::invalid_argument,
                       fmt::format("the path of a socket has at most {} characters: {}", longest_path, path));
    }
    const auto executor = co_await asio::this_coro::executor;
    UnixSocket socket(executor);
    const auto error = co_await with_deadline(connect_to(socket, path), clock, deadline);
    if (!error) {
        co_return fail(Errc::timeout, fmt::format("cannot connect to {}: no answer in time", path));
    }
    if (*error) {
        co_return fail(Errc::unavailable, fmt::format("cannot connect to {}: {}", path, error->message()));
    }
    co_return std::make_unique<LayeredStream<UnixSocket>>(std::move(socket));
}

}  // namespace

Task<Result<std::unique_ptr<Stream>>> connect_stream(Clock& clock, Origin origin, asio::ssl::context* tls,
                                                     SteadyPoint deadline, const Reach* reach) {
    if (!origin.socket.empty()) {
        co_return co_await connect_unix(clock, origin.socket, deadline);
    }
    auto socket = co_await connect_tcp(clock, origin, deadline, reach);
    if (!socket) {
        co_return tl::unexpected(socket.error());
    }
    if (origin.scheme != "https") {
        co_return std::make_unique<LayeredStream<tcp::socket>>(std::move(*socket));
    }
    std::optional<asio::ssl::context> own;  // the stream keeps OpenSSL's part of it alive
    if (origin.tls) {
        auto made = make_tls_context(*origin.tls);
        if (!made) {
            co_return tl::unexpected(made.error());
        }
        own.emplace(std::move(*made));
    }
    auto stream = std::make_unique<LayeredStream<TlsStream>>(std::move(*socket), own ? *own : *tls);
    const auto secure = co_await with_deadline(start_tls(stream->layer(), origin.host), clock, deadline);
    if (!secure) {
        co_return fail(Errc::timeout,
                       fmt::format("no secure connection to {}: no answer in time", origin.host));
    }
    if (!*secure) {
        co_return tl::unexpected(secure->error());
    }
    co_return std::move(stream);
}

}  // namespace hookline::net
