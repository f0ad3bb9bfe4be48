// Bytes to and from the other end, plain or over TLS: what the HTTP client is written against, so that it is
// compiled once and not once for each kind of connection. Internal to this room.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "net/http_client.hpp"
#include "net/reach.hpp"

namespace hookline::net {

struct Transfer {
    Transfer() = default;
    Transfer(const boost::system::error_code& with_error, std::size_t with_bytes)
        : error(with_error), bytes(with_bytes) {}
    boost::system::error_code error;
    std::size_t bytes = 0;  // moved before the error, if any
};

class Stream {
public:
    virtual ~Stream() = default;
    virtual Task<Transfer> read_some(boost::asio::mutable_buffer into) = 0;
    /// All of `bytes`, which must outlive the task. Zero bytes and an error: the other end has nothing.
    virtual Task<Transfer> write(std::string_view bytes) = 0;
    /// Between two requests: the other end has neither closed nor said anything.
    [[nodiscard]] virtual bool is_quiet() = 0;
};

/// Connected, and for "https" with the handshake done. `tls` is needed for "https" without Origin::tls only.
/// Ends at `deadline` or a little later. `reach`: see connect_tcp.
Task<Result<std::unique_ptr<Stream>>> connect_stream(Clock& clock, Origin origin,
                                                     boost::asio::ssl::context* tls, SteadyPoint deadline,
                                                     const Reach* reach = nullptr);

}  // namespace hookline::net
