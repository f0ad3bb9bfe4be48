// The body of an answer that is read while it comes, for as long as the other end goes on: streams of events.
#pragma once

#include <memory>

#include "base/task.hpp"
#include "net/http_client.hpp"
#include "net/reach.hpp"

namespace hookline::net {

class BodyStream {
public:
    virtual ~BodyStream() = default;
    /// What came next of the body, at least a byte. timeout: nothing came for `patience` (it may be read on);
    /// unavailable: it ended or broke; malformed: it is no HTTP any more.
    virtual Task<Result<std::string>> read(Milliseconds patience) = 0;
};

struct OpenBody {
    OpenBody() = default;
    OpenBody(Response with_header, std::unique_ptr<BodyStream> with_body)
        : header(std::move(with_header)), body(std::move(with_body)) {}
    Response header;  // status and fields; its body is empty
    std::unique_ptr<BodyStream> body;
};

/// Sends `request` over a connection of its own and reads up to the end of the answer's header, whatever its
/// status. Follows no redirect. timeout after 10 s to connect or 30 s without an answer. `reach`, which must
/// outlive the task: see connect_tcp; null: any address.
Task<Result<OpenBody>> open_body_stream(Clock& clock, Origin origin, Request request, std::string user_agent,
                                        const Reach* reach = nullptr);

}  // namespace hookline::net
