// Reads what an answer of Discord, or of Cloudflare in front of it, says of rate limits. All of it is text
// from outside: numbers may be missing, negative, NaN or absurd, the body may be HTML.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>

#include "discord/rate_limits.hpp"
#include "net/http.hpp"

namespace hookline::discord {

inline constexpr std::chrono::hours longest_wait(24);  // what is told beyond that is not believed

/// `now`: for a Retry-After that is a date.
[[nodiscard]] LimitReport read_limits(const net::Response& response, TimePoint now);

/// The body of an error as JSON; nothing where it is HTML, no object, or larger than an error can be.
[[nodiscard]] std::optional<boost::json::object> error_body(const net::Response& response);

}  // namespace hookline::discord
