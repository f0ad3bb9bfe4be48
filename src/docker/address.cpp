#include "docker/address.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace hookline::docker {

namespace {

constexpr std::string_view plain_port = "2375";

net::Origin socket_origin(std::string_view path) {
    net::Origin origin;
    origin.scheme = "http";
    origin.host = "localhost";
    origin.port = "80";
    origin.socket = std::string(path);
    return origin;
}

Result<net::Origin> network_origin(std::string_view place) {
    const std::string_view authority = place.substr(0, place.find('/'));
    const bool has_port = authority.rfind(':') != std::string_view::npos && !authority.ends_with(']') &&
                          authority.find(':') >= 1;
    return net::parse_origin(fmt::format("http://{}{}{}", authority, has_port ? "" : ":",
                                         has_port ? std::string_view() : plain_port));
}

}  // namespace

Result<net::Origin> engine_origin(std::string_view host) {
    constexpr std::string_view unix_scheme = "unix://";
    const std::string_view text = trim(host);
    const std::size_t colon = text.find("://");
    const std::string_view scheme = colon == text.npos ? std::string_view() : text.substr(0, colon);
    if (text.starts_with(unix_scheme) && text.size() > unix_scheme.size()) {
        return socket_origin(text.substr(unix_scheme.size()));
    }
    if (text.starts_with('/')) {
        return socket_origin(text);
    }
    if (scheme == "tcp" || scheme == "http") {
        return network_origin(text.substr(colon + 3));
    }
    if (scheme == "ssh" || scheme == "npipe" || scheme == "https" || scheme == "fd") {
        return fail(
            Errc::unsupported,
            fmt::format("{}:// is not offered for an engine; use unix:///path or tcp://host:2375", scheme));
    }
    return fail(Errc::invalid_argument,
                fmt::format("\"{}\" is no address of an engine: unix:///var/run/docker.sock, "
                            "tcp://host:2375",
                            shorten(text, 60)));
}

}  // namespace hookline::docker
