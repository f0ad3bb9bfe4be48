#include "net/stream.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
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

}  // namespace

Task<Result<std::unique_ptr<Stream>>> connect_stream(Clock& clock, Origin origin, asio::ssl::context* tls,
                                                     SteadyPoint deadline, const Reach* reach) {
    auto socket = co_await connect_tcp(clock, origin, deadline, reach);
    if (!socket) {
        co_return tl::unexpected(socket.error());
    }
    if (origin.scheme != "https") {
        co_return std::make_unique<LayeredStream<tcp::socket>>(std::move(*socket));
    }
    auto stream = std::make_unique<LayeredStream<TlsStream>>(std::move(*socket), *tls);
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
