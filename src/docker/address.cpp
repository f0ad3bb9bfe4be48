#include "docker/address.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace hookline::docker {

namespace {

constexpr std::string_view usual_engine = "unix:///var/run/docker.sock";
constexpr std::string_view plain_port = "2375";
constexpr std::string_view secure_port = "2376";

net::Origin socket_origin(std::string_view path) {
    net::Origin origin;
    origin.scheme = "http";
    origin.host = "localhost";
    origin.port = "80";
    origin.socket = std::string(path);
    return origin;
}

Result<net::Origin> network_origin(std::string_view place, std::string_view certificates) {
    const std::string_view authority = place.substr(0, place.find('/'));
    const bool has_port = authority.rfind(':') != std::string_view::npos && !authority.ends_with(']') &&
                          authority.find(':') >= 1;
    const bool is_secure = !certificates.empty();
    const std::string_view port = is_secure ? secure_port : plain_port;
    auto origin = net::parse_origin(fmt::format("{}://{}{}{}", is_secure ? "https" : "http", authority,
                                                has_port ? "" : ":", has_port ? std::string_view() : port));
    if (origin && is_secure) {
        origin->tls =
            net::TlsFiles{fmt::format("{}/ca.pem", certificates), fmt::format("{}/cert.pem", certificates),
                          fmt::format("{}/key.pem", certificates)};
    }
    return origin;
}

}  // namespace

Result<net::Origin> engine_origin(std::string_view host, std::string_view certificates) {
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
    if (scheme == "https" && certificates.empty()) {
        return fail(Errc::unsupported, "an engine on https:// takes the certificates of DOCKER_CERT_PATH");
    }
    if (scheme == "tcp" || scheme == "http" || scheme == "https") {
        return network_origin(text.substr(colon + 3), scheme == "http" ? std::string_view() : certificates);
    }
    if (scheme == "ssh" || scheme == "npipe" || scheme == "fd") {
        return fail(Errc::unsupported,
                    fmt::format("{}:// is not offered for an engine; use unix:///path, tcp://host:2375, or "
                                "tcp://host:2376 with certificates",
                                scheme));
    }
    return fail(Errc::invalid_argument,
                fmt::format("\"{}\" is no address of an engine: unix:///var/run/docker.sock, "
                            "tcp://host:2375",
                            shorten(text, 60)));
}

std::string certificates_of(const Environment& environment) {
    const auto given = [&](std::string_view name) { return environment(name).value_or(""); };
    std::string folder = given("DOCKER_CERT_PATH");
    const bool is_secure = !given("DOCKER_TLS_VERIFY").empty();
    return folder.empty() && is_secure ? given("HOME") + "/.docker" : folder;
}

Result<net::Origin> engine_of(const Environment& environment) {
    const std::string host = environment("DOCKER_HOST").value_or("");
    return engine_origin(host.empty() ? usual_engine : std::string_view(host), certificates_of(environment));
}

}  // namespace hookline::docker
