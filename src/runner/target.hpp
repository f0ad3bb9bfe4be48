// Where reports go: to the running daemon, or to an endpoint's URL with its secret (--to).
#pragma once

#include <string>

#include "base/secret.hpp"
#include "cli/process.hpp"
#include "net/http_client.hpp"

namespace hookline::runner {

struct Target {
    net::Origin origin;
    std::string path;
    std::string authorization;  // of the API; empty for an endpoint, whose path holds its secret
    std::string shown;          // for people, without a secret
    bool is_daemon = true;
    bool is_elsewhere = false;  // on another machine: it is told which one this is
};

/// Of an endpoint of docker or ci. invalid_argument says what it should be, without the URL.
[[nodiscard]] Result<Target> endpoint_target(const std::string& url);
/// The daemon, as `hookline hook` finds it.
[[nodiscard]] Result<Target> daemon_target(const cli::Process& process);

}  // namespace hookline::runner
