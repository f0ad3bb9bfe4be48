// One request and its answer over one connection. Internal to this room.
#pragma once

#include "net/http_client.hpp"
#include "net/stream.hpp"

namespace hookline::net {

/// A request as it goes over the wire.
struct Outgoing {
    std::string bytes;
    bool is_head = false;
};
/// invalid_argument for a method, target or field that would not stay what it is on the wire (line breaks).
[[nodiscard]] Result<Outgoing> serialize(const Request& request, const Origin& origin,
                                         std::string_view user_agent);

/// How far an exchange came; right at every moment, also when it is cancelled in the middle.
struct Progress {
    bool may_have_arrived = false;      // bytes of the request were written
    bool is_closed_unanswered = false;  // the other end went before a byte of an answer
    bool is_reusable = false;           // answered, and another request may follow
};

/// `stream`, `outgoing` and `progress` must outlive the task.
Task<Reply> exchange(Stream& stream, const Outgoing& outgoing, std::size_t body_limit, Progress& progress);

}  // namespace hookline::net
