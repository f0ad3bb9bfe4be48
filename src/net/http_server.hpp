// The server end of HTTP/1.1. Ingest threads accept and read; what is not a delivery is handed to the core
// thread as a whole Request.
#pragma once

#include <functional>

#include "base/task.hpp"
#include "net/http.hpp"

namespace hookline::net {

/// Answers one request on the core thread (API, health, metrics, interactions). `client` is the address the
/// request came from, after trusted proxies. Must not throw for what a client sends.
using Handler = std::function<Task<Response>(Request request, std::string client)>;

}  // namespace hookline::net
