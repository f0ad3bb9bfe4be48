// The JSON API: everything the command line and other programs may ask of a running daemon.
#pragma once

#include <functional>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "commands/commands.hpp"
#include "commands/surroundings.hpp"
#include "net/http_server.hpp"
#include "store/store.hpp"

namespace hookline::api {

class PrometheusMetrics;

/// What the API answers from. All of it outlives the handler.
struct Parts {
    store::Store& store;
    commands::Commands& commands;
    commands::Surroundings& surroundings;
    PrometheusMetrics& metrics;
    Clock& clock;
    Random& random;
    Log& log;
    Secret admin_token;
    std::string version;
    /// Delivers a request to our own door, as a service would over HTTP.
    std::function<Task<Result<net::Response>>(net::Request)> deliver;
    TimePoint started_at;
};

/// Answers every path that is not a delivery. Whatever is asked, an answer comes: errors are
/// {"error": "what is wrong"} with their status.
[[nodiscard]] net::Handler make_handler(Parts& parts);

/// The OpenAPI 3.1 document of all routes.
[[nodiscard]] std::string openapi_document(std::string_view version);

}  // namespace hookline::api
