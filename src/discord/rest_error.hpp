// Why a call to Discord's REST API failed, as a value, and what that means for the outbox.
#pragma once

#include <chrono>
#include <string>

#include "base/result.hpp"
#include "dispatch/destination.hpp"

namespace hookline::discord {

struct RestError {
    enum class Cause {
        answered,      // Discord said no: status, code, message
        rate_limited,  // 429, or a wait longer than the caller's patience: retry_after
        no_answer,     // network; or an answer that says nothing (garbled, 204 where a message is due)
    };
    RestError(Cause with_cause, int with_status, std::string with_message)
        : cause(with_cause), status(with_status), message(std::move(with_message)) {}

    Cause cause;
    int status;           // 0: none came
    int code = 0;         // Discord's own, 0: none
    std::string message;  // Discord's words or ours; bounded, one line, no token
    std::chrono::milliseconds retry_after{0};
    bool may_have_arrived = false;

    /// "403 Missing Permissions (50013)".
    [[nodiscard]] std::string text() const;
    /// For callers that know no Discord: unauthorized, forbidden, not_found, unavailable, …
    [[nodiscard]] Error to_error() const;
};

template <class T>
using RestResult = tl::expected<T, RestError>;

/// Whose credentials were refused decides what a 401 or 404 means.
enum class Credential { bot, webhook };

/// What follows for the destination (Discord, "JSON Error Codes").
[[nodiscard]] dispatch::Answer answer_of(const RestError& error, Credential credential);

}  // namespace hookline::discord
