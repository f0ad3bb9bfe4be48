// Requests to other machines: Discord, GitHub, our own daemon. Keeps connections alive, bounds everything.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "net/http.hpp"

namespace hookline::net {

/// Certificates of one's own, PEM files: who is trusted instead of the system's list, and who we are. They
/// are read for each connection, so that renewed ones count.
struct TlsFiles {
    std::string authority, certificate, key;
};

/// Where requests go: scheme, host, port and the path that every target is put behind.
struct Origin {
    std::string scheme = "https";  // or "http"
    std::string host;
    std::string port;
    std::string base_path;          // "/api/v10", without a slash at the end; may be empty
    std::string socket{};           // path of a unix socket that is spoken to instead; empty: TCP
    std::optional<TlsFiles> tls{};  // of "https"; nothing: the system's list, and we are nobody
};
/// Refuses anything but http and https, user info, fragments. Whether plain http is allowed is the caller's
/// question: see is_loopback.
[[nodiscard]] Result<Origin> parse_origin(std::string_view url);
[[nodiscard]] bool is_loopback(const Origin& origin);

/// Why no response came. What the caller must know is whether the request may have been carried out.
struct NoResponse {
    NoResponse(bool maybe_arrived, Error with_error)
        : may_have_arrived(maybe_arrived), error(std::move(with_error)) {}
    bool may_have_arrived = false;  // true once bytes of the request were written
    Error error;
};
using Reply = tl::expected<Response, NoResponse>;

struct ClientOptions {
    std::chrono::milliseconds connect_timeout{10'000};  // DNS, TCP and TLS together
    std::chrono::milliseconds request_timeout{30'000};  // from the first byte sent to the last one read
    std::size_t body_limit = 8U << 20U;
    std::size_t connections = 8;  // kept and used at most at once
    std::string user_agent;
};

class HttpClient {
public:
    virtual ~HttpClient() = default;
    /// Sends to `origin` + `request.target`. Never follows a redirect. On a kept connection that turns out to
    /// be closed before any byte of an answer, a fresh one is tried once if the request is idempotent or was
    /// not written; else the answer is NoResponse with may_have_arrived.
    virtual Task<Reply> send(Request request) = 0;
};

/// TLS 1.2 or newer, the system's certificates, host name checked. One origin for each client.
[[nodiscard]] std::unique_ptr<HttpClient> make_http_client(boost::asio::any_io_executor executor,
                                                           Clock& clock, Origin origin,
                                                           ClientOptions options);

}  // namespace hookline::net
