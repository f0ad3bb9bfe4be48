// Where an engine is, as DOCKER_HOST names it.
#pragma once

#include <functional>
#include <optional>
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

/// "unix:///var/run/docker.sock", "tcp://10.0.0.5:2375", "http://…"; a path alone is a socket's.
/// `certificates` is the folder with ca.pem, cert.pem and key.pem (Docker, "Protect the Docker daemon
/// socket"): then an engine on the network is spoken to over TLS, and must be who ca.pem says; empty: plain.
/// unsupported: ssh, npipe; invalid_argument: anything else.
[[nodiscard]] Result<net::Origin> engine_origin(std::string_view host, std::string_view certificates = {});

/// The value of an environment variable, where it is set.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;
/// The folder of DOCKER_CERT_PATH; with DOCKER_TLS_VERIFY alone ~/.docker; empty: none is asked for. As
/// Docker's own command line finds it, but that an engine is always checked.
[[nodiscard]] std::string certificates_of(const Environment& environment);
/// The engine that DOCKER_HOST names, with these certificates; where it is not set or empty the usual socket.
[[nodiscard]] Result<net::Origin> engine_of(const Environment& environment);

}  // namespace hookline::docker
