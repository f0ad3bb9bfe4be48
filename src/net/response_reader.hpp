// Bytes of an answer in, a Response out. Beast's parser behind a plain face. Internal to this room.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "net/http.hpp"

namespace hookline::net {

class ResponseReader {
public:
    static constexpr std::size_t header_limit = 64U << 10U;

    /// `is_to_head`: the answer to a HEAD request has no body, whatever its fields say.
    ResponseReader(bool is_to_head, std::size_t body_limit);
    ResponseReader(ResponseReader&&) noexcept;
    ~ResponseReader();

    /// True once the answer is whole. too_large over a limit, malformed for bytes that are no HTTP answer.
    [[nodiscard]] Result<bool> feed(std::string_view bytes);
    /// The other end closed: where the answer may end so, it is whole; else malformed.
    [[nodiscard]] Result<void> end();
    [[nodiscard]] bool has_begun() const;
    /// Once whole: whether another request may follow on the connection.
    [[nodiscard]] bool keeps_alive() const;
    [[nodiscard]] Response take();

    // For an answer that is read while it comes.
    [[nodiscard]] bool has_header() const;
    /// Status and fields, once has_header(); the body stays where it is.
    [[nodiscard]] Response header() const;
    /// What came of the body since the last call.
    [[nodiscard]] std::string take_body();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hookline::net
