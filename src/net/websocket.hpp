// A WebSocket client connection, text frames only: what Discord's gateway needs.
#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "net/http_client.hpp"

namespace hookline::net {

struct Closed {
    Closed(int with_code, std::string with_reason) : code(with_code), reason(std::move(with_reason)) {}
    int code = 0;  // the close frame's; 0 or 1006: the connection just went
    std::string reason;
};

class WebSocket {
public:
    virtual ~WebSocket() = default;
    /// One text message, or how it ended. One reader at a time. Cancelling it, or a write, spoils the
    /// connection: only drop() may follow.
    virtual Task<tl::expected<std::string, Closed>> read() = 0;
    /// One writer at a time.
    virtual Task<Result<void>> write(std::string text) = 0;
    /// Sends a close frame and waits for the other's at most two seconds.
    virtual Task<void> close(int code) = 0;
    /// Drops the connection without a word.
    virtual void drop() = 0;
};

/// `message_limit`: bytes of one message (READY can be megabytes).
Task<Result<std::unique_ptr<WebSocket>>> connect_websocket(Clock& clock, Origin origin, std::string target,
                                                           std::string user_agent, std::size_t message_limit);

}  // namespace hookline::net
