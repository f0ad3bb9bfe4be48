// A gRPC call that is answered by a stream of messages ("gRPC over HTTP2"), over a connection of its own: the
// engine's /grpc and HTTP/2 without TLS. Pulled: where nobody asks for the next message nothing is read, and
// the other end waits.
#pragma once

#include <memory>
#include <optional>

#include "base/task.hpp"
#include "net/http_client.hpp"

namespace hookline::net {

class Stream;

/// How the connection becomes one of HTTP/2.
enum class GrpcDoor {
    prior_knowledge,  // it is from its first byte on (RFC 9113, 3.3)
    upgrade           // POST /grpc of the engine, answered with 101; HTTP/2 begins after that
};
[[nodiscard]] std::string_view name_of(GrpcDoor door);

struct GrpcRequest {
    GrpcRequest(std::string with_path, std::string with_message)
        : path(std::move(with_path)), message(std::move(with_message)) {}
    std::string path;     // "/moby.buildkit.v1.Control/Status"
    std::string message;  // the one that is sent
    GrpcDoor door = GrpcDoor::upgrade;
    std::size_t message_limit = 4UL << 20U;  // for one of the answer
    std::string user_agent;
};

class GrpcStream {
public:
    virtual ~GrpcStream() = default;
    /// The next message; nothing: the call ended well. After `silence` the other end is asked whether it is
    /// still there (gRPC's servers take it amiss more often than every five minutes: "A8: client-side
    /// keepalive"); unavailable: it is not, or broke off; unsupported: it knows no such method; not_found,
    /// forbidden, cancelled: so it answered; malformed: what it says is not read. An error is for good, but
    /// too_large: that message is passed over.
    virtual Task<Result<std::optional<std::string>>> next(Milliseconds silence) = 0;
};

/// Connects to `origin`, opens the door and sends the request; returns once the other end has said that it
/// speaks HTTP/2. unsupported: it does not (by this door); unavailable, timeout.
Task<Result<std::unique_ptr<GrpcStream>>> open_grpc(Clock& clock, Origin origin, GrpcRequest request);

/// The same over a connection that is there already (of TLS with ALPN: by prior knowledge). Internal to this
/// room.
Task<Result<std::unique_ptr<GrpcStream>>> begin_grpc(Clock& clock, std::unique_ptr<Stream> stream,
                                                     Origin origin, GrpcRequest request);

}  // namespace hookline::net
