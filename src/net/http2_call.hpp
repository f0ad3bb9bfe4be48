// One request and its answer over one HTTP/2 connection (RFC 9113): bytes in, bytes out. libnghttp2 behind a
// plain face: it keeps the windows, answers PING and SETTINGS, unpacks header fields. What is read is bounded
// by who feeds: of the answer's body nothing is kept but what was fed since the last take_body(). Internal to
// this room.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/http.hpp"

namespace hookline::net {

struct Http2Request {
    Http2Request() = default;
    std::string scheme = "http";
    std::string authority;
    std::string path;
    Fields fields;  // names in lower case (RFC 9113, 8.2)
    std::string body;
};

class Http2Call {
public:
    /// What take_output() gives first begins the connection: the client's preface.
    explicit Http2Call(Http2Request request);
    Http2Call(const Http2Call&) = delete;
    Http2Call& operator=(const Http2Call&) = delete;
    ~Http2Call();

    /// Bytes that the other end said. malformed: it cannot be read on.
    [[nodiscard]] Result<void> feed(std::string_view bytes);
    /// What is to be said to the other end now; may be empty. After what breaks the protocol's rules the call
    /// is over then.
    [[nodiscard]] std::string take_output();
    /// Asks whether the other end is still there; any bytes that come are an answer.
    void ping();

    /// Its first frame came: it does speak HTTP/2.
    [[nodiscard]] bool has_met() const;
    [[nodiscard]] std::string take_body();
    /// Nothing of the answer comes any more.
    [[nodiscard]] bool is_over() const;
    /// Once over, and it was not whole: what the other end gave for a reason.
    [[nodiscard]] const std::optional<Error>& broken() const;
    /// Of the answer; 0: none came yet.
    [[nodiscard]] int status() const;
    /// Fields of the answer and of its trailers, in the order in which they came, as far as the limit goes.
    [[nodiscard]] const Fields& fields() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hookline::net
