// Where an engine is, as DOCKER_HOST names it.
#pragma once

#include <string>
#include <string_view>

#include "net/http_client.hpp"

namespace hookline::docker {

/// An engine that the operator named, or the usual one.
struct EngineSetting {
    std::string name;
    net::Origin origin;
    bool is_named = false;  // see FollowerParts
};

/// "unix:///var/run/docker.sock", "tcp://10.0.0.5:2375", "http://…"; a path alone is a socket's. unsupported:
/// ssh, npipe, and TLS, which is not offered yet; invalid_argument: anything else.
[[nodiscard]] Result<net::Origin> engine_origin(std::string_view host);

}  // namespace hookline::docker
