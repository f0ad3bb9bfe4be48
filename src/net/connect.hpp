// From an origin to a connected socket, and what TLS needs. Internal to this room.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "net/http_client.hpp"
#include "net/reach.hpp"

namespace hookline::net {

using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

/// TLS 1.2 or newer, the system's certificates (SSL_CERT_FILE and SSL_CERT_DIR are heeded), peers verified.
[[nodiscard]] boost::asio::ssl::context make_tls_context();

/// The same with certificates of one's own. invalid_argument: names the file that is none.
[[nodiscard]] Result<boost::asio::ssl::context> make_tls_context(const TlsFiles& files);

/// A connected TCP socket without delay, or why not, before `deadline` or a little later. With `reach`, which
/// must outlive the task, only to addresses that it allows; forbidden: there is none such.
Task<Result<boost::asio::ip::tcp::socket>> connect_tcp(Clock& clock, Origin origin, SteadyPoint deadline,
                                                       const Reach* reach = nullptr);

/// The handshake, with SNI and the host's name checked. `stream` must outlive the task.
Task<Result<void>> start_tls(TlsStream& stream, std::string host);

}  // namespace hookline::net
