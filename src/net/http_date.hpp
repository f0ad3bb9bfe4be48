// The Date header of HTTP, to compare clocks by.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace hookline::net {

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7); the two obsolete forms are nothing.
[[nodiscard]] std::optional<TimePoint> parse_http_date(std::string_view text);

}  // namespace hookline::net
