// The messages of a gRPC call, out of the bytes of its body ("gRPC over HTTP2", Length-Prefixed-Message: a
// byte that says whether it is packed, four of its length, big-endian).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/http.hpp"

namespace hookline::net {

class GrpcMessages {
public:
    explicit GrpcMessages(std::size_t limit) : limit_(limit) {}
    void feed(std::string_view bytes);
    /// The next whole message; nothing: it has not come yet. too_large as soon as its length is known, once;
    /// it is passed over, and what follows it is read. unsupported, for good: it is packed though nobody
    /// offered to unpack it.
    [[nodiscard]] Result<std::optional<std::string>> next();
    /// Bytes of a message that is not whole.
    [[nodiscard]] bool has_begun() const { return skipped_ > 0 || pending_.size() > at_; }

private:
    std::size_t limit_;
    std::string pending_;
    std::size_t at_ = 0;       // where the next one begins
    std::size_t skipped_ = 0;  // what is still to come of one that is passed over
};

/// A message as it is sent.
[[nodiscard]] std::string grpc_frame(std::string_view message);

/// What a call ended with, by its fields and trailers; nothing: well. not_found, unsupported (the method is
/// not there), forbidden, cancelled, else unavailable. Trailers without grpc-status are an error.
[[nodiscard]] std::optional<Error> grpc_failure(int http_status, const Fields& fields);

}  // namespace hookline::net
