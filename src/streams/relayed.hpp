// What an event of a stream holds: a payload, or a whole request that a relay has taken in for us.
#pragma once

#include <string>

#include "event/delivery.hpp"

namespace hookline::streams {

struct Relayed {
    event::Headers headers;
    std::string payload;  // JSON
};

/// smee.io and its kind send {"body": …, "query": …, "timestamp": …} with the request's headers as further
/// members: the body is the payload then, and the headers go along. Any other JSON is the payload itself; a
/// text that is no JSON becomes {"message": text}.
[[nodiscard]] Relayed unwrap(const std::string& data);

}  // namespace hookline::streams
