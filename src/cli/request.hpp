// One request of a program that has nothing else to do meanwhile.
#pragma once

#include "net/http_client.hpp"

namespace hookline::cli {

/// Sends `request` to `origin` and waits for the answer, on an event loop of its own.
[[nodiscard]] net::Reply send_and_wait(const net::Origin& origin, net::Request request);

}  // namespace hookline::cli
