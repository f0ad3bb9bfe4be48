// The server end of HTTP/1.1. A few ingest threads accept, read and answer. A delivery is led through the
// Door while its body arrives; every other request is handed, whole, to the core thread. Limits come before
// everything else: nobody has proven anything yet when his bytes arrive.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "net/body_budget.hpp"
#include "net/http.hpp"
#include "net/ip_address.hpp"

namespace hookline::net {

/// Answers one request on the core thread (API, health, metrics, interactions). `client` is the address the
/// request came from, after trusted proxies. Must not throw for what a client sends. A response with a body
/// and without a Content-Type is sent as application/json.
using Handler = std::function<Task<Response>(Request request, std::string client)>;

/// The head of a request. Its views last as long as the call that got it.
struct RequestHead {
    std::string_view method;
    std::string_view target;  // as it came: starts with "/", nothing is decoded
    std::span<const std::pair<std::string_view, std::string_view>> fields;
    std::optional<std::uint64_t> announced;  // Content-Length; nothing for a chunked body
    std::string_view client;
};

class Mailbox;

/// The way back to a request that is answered later, from any thread. Copies answer the same request; the
/// first answer counts, and one that comes after the connection has gone does nothing.
class Responder {
public:
    Responder(std::shared_ptr<Mailbox> mailbox, std::uint32_t slot, std::uint64_t request)
        : mailbox_(std::move(mailbox)), slot_(slot), request_(request) {}
    void send(Response response) const;
    /// send() in two steps, so that many answers wake their thread once: it sees what was put at wake().
    void put(Response response) const;
    void wake() const;

private:
    std::shared_ptr<Mailbox> mailbox_;
    std::uint32_t slot_;
    std::uint64_t request_;
};

/// Takes the body of one delivery. All calls come from the ingest thread of its connection.
class BodySink {
public:
    virtual ~BodySink() = default;
    /// Bytes of the body, in order, as they arrive: chunks are joined, nothing else is decoded.
    virtual void feed(std::string_view bytes) = 0;
    /// The body is whole. Returns the answer, or nothing if `later` will be told it. The sink lives until the
    /// request is answered.
    [[nodiscard]] virtual std::optional<Response> finish(Responder later) = 0;
    /// The server ended the request before that: 400, 408, 413, 503, or 0 where the client just went.
    virtual void aborted(int status) = 0;
};

struct Admitted {
    std::unique_ptr<BodySink> sink;
    std::uint64_t body_limit = 0;  // bytes; over it 413
};

/// Decides about requests under /webhook/ once their head is there. Called by all ingest threads at once.
class Door {
public:
    virtual ~Door() = default;
    /// A Response: the answer, whatever the body may be; it is not read.
    [[nodiscard]] virtual std::variant<Response, Admitted> admit(const RequestHead& head) = 0;
};
inline constexpr std::string_view door_prefix = "/webhook/";

struct ServerLimits {
    std::size_t head_bytes = 32U << 10U;  // request line and fields together
    std::size_t target_bytes = 8U << 10U;
    std::size_t fields = 100;
    std::uint64_t request_body = 1U << 20U;  // of requests for the core
    std::size_t connections = 4096;
    std::size_t connections_per_address = 256;  // loopback and trusted proxies stand for many: not counted
    Milliseconds head_time{10'000};             // from the first byte (or the accept) to the last of the head
    Milliseconds idle_time{75'000};             // between two requests
    Milliseconds body_idle_time{10'000};        // between two pieces of a body
    Milliseconds body_time{60'000};             // a whole body
    Milliseconds body_grace{5'000};             // after that, a body must have come at body_rate on average
    std::uint64_t body_rate = 1024;             // bytes a second
    Milliseconds budget_wait{5'000};            // for room in the body budget, then 503
    Milliseconds answer_time{60'000};           // until somebody answers, then 503
    Milliseconds write_time{30'000};            // until the client has taken the answer
    Milliseconds linger_time{3'000};            // reading what a refused client still sends, so that it can
                                                // read the answer (a reset would destroy it)
    Milliseconds tick{100};                     // how precisely all of these are kept
};

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: a free one
    std::size_t threads = 1;
    AddressList trusted_proxies;  // whose X-Forwarded-For counts
    std::string tls_certificate;  // PEM files; both or none
    std::string tls_key;
    ServerLimits limits;
};

/// "127.0.0.1:8080", "[::1]:8080", "localhost:8080", ":8080" (every address).
struct ListenAddress {
    std::string address;
    std::uint16_t port = 0;
};
[[nodiscard]] Result<ListenAddress> parse_listen_address(std::string_view text);

/// What the server works with; all of it outlives the server.
struct ServerParts {
    Clock& clock;  // used from every ingest thread
    Log& log;
    boost::asio::any_io_executor core;
    Handler handler;
    Door& door;
    BodyBudget& budget;
};

class HttpServer {
public:
    virtual ~HttpServer() = default;  // drops what is still open, joins the threads
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    /// Accepts no more, lets requests in flight end for at most `patience`, then closes what is left.
    virtual Task<void> stop(Milliseconds patience) = 0;
};

/// Listens and starts the threads. Errors: the address is taken or not ours; certificate or key unusable.
[[nodiscard]] Result<std::unique_ptr<HttpServer>> start_http_server(ServerOptions options, ServerParts parts);

}  // namespace hookline::net
