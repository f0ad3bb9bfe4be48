// A stream of events that another machine sends over HTTP (server-sent events), read while it comes.
#pragma once

#include <memory>

#include "base/task.hpp"
#include "net/http_client.hpp"
#include "net/reach.hpp"
#include "net/sse_parser.hpp"

namespace hookline::net {

/// Why a stream is not open.
struct NoStream {
    NoStream(int with_status, Error with_error) : status(with_status), error(std::move(with_error)) {}
    int status = 0;  // of the answer; 0: none came
    Error error;     // forbidden: its address may not be reached
};

class EventStream {
public:
    virtual ~EventStream() = default;
    /// The next events, at least one. timeout: nothing at all came for `patience`; unavailable: it ended or
    /// broke; too_large: an event is larger than what is read.
    virtual Task<Result<std::vector<ServerSentEvent>>> read(Milliseconds patience) = 0;
    [[nodiscard]] virtual std::optional<Milliseconds> retry() const = 0;
};

struct StreamRequest {
    StreamRequest() {}  // no aggregate: see Error in base/result.hpp
    Origin origin;
    std::string target;   // "/events?channel=1"
    std::string last_id;  // for Last-Event-ID; empty: none
    std::string user_agent;
};

/// GET with Accept: text/event-stream. Follows no redirect. `reach` outlives the task.
Task<tl::expected<std::unique_ptr<EventStream>, NoStream>> open_event_stream(Clock& clock,
                                                                             StreamRequest request,
                                                                             const Reach& reach);

}  // namespace hookline::net
