#include "docker/address.hpp"

#include <gtest/gtest.h>

#include <map>

namespace hookline::docker {
namespace {

std::string read(std::string_view host, std::string_view certificates = {}) {
    const auto origin = engine_origin(host, certificates);
    if (!origin) {
        return origin.error().detail;
    }
    return origin->socket.empty() ? origin->scheme + "://" + origin->host + ":" + origin->port
                                  : "socket " + origin->socket;
}

TEST(Address, WhatDockerHostNames) {
    EXPECT_EQ(read("unix:///var/run/docker.sock"), "socket /var/run/docker.sock");
    EXPECT_EQ(read("/run/podman/podman.sock"), "socket /run/podman/podman.sock");
    EXPECT_EQ(read("tcp://10.0.0.5:2375"), "http://10.0.0.5:2375");
    EXPECT_EQ(read("tcp://engine.example.org"), "http://engine.example.org:2375");
    EXPECT_EQ(read("http://proxy:1234/"), "http://proxy:1234");
    EXPECT_EQ(
        read("ssh://me@host"),
        "ssh:// is not offered for an engine; use unix:///path, tcp://host:2375, or tcp://host:2376 with "
        "certificates");
    EXPECT_EQ(read("tcp://engine.example.org", "/certs"), "https://engine.example.org:2376");
    EXPECT_EQ(read("https://engine.example.org:1", "/certs"), "https://engine.example.org:1");
    EXPECT_EQ(read("http://engine.example.org", "/certs"), "http://engine.example.org:2375");
    EXPECT_EQ(read("unix:///a.sock", "/certs"), "socket /a.sock");
    EXPECT_EQ(read("https://engine.example.org"),
              "an engine on https:// takes the certificates of DOCKER_CERT_PATH");
    EXPECT_EQ(read("docker"),
              "\"docker\" is no address of an engine: unix:///var/run/docker.sock, tcp://host:2375");
    EXPECT_EQ(read("unix://"),
              "\"unix://\" is no address of an engine: unix:///var/run/docker.sock, tcp://host:2375");
}

TEST(Address, OfTheEnvironmentAsDockersOwnCommandFindsIt) {
    using Variables = std::map<std::string_view, std::string>;
    const auto read_of = [](const Variables& variables) {
        const auto origin = engine_of([&](std::string_view name) {
            const auto found = variables.find(name);
            return found != variables.end() ? std::optional(found->second) : std::nullopt;
        });
        if (!origin) {
            return origin.error().detail;
        }
        return origin->socket.empty() ? origin->scheme + ":" + origin->port + " " +
                                            (origin->tls ? origin->tls->authority : "no certificates")
                                      : "socket " + origin->socket;
    };
    EXPECT_EQ(read_of({}), "socket /var/run/docker.sock");
    EXPECT_EQ(read_of({{"DOCKER_HOST", ""}, {"DOCKER_TLS_VERIFY", "1"}, {"HOME", "/me"}}),
              "socket /var/run/docker.sock");
    EXPECT_EQ(read_of({{"DOCKER_HOST", "tcp://farm"}}), "http:2375 no certificates");
    EXPECT_EQ(read_of({{"DOCKER_HOST", "tcp://farm"}, {"DOCKER_TLS_VERIFY", ""}, {"HOME", "/me"}}),
              "http:2375 no certificates");
    EXPECT_EQ(read_of({{"DOCKER_HOST", "tcp://farm"}, {"DOCKER_TLS_VERIFY", "1"}, {"HOME", "/me"}}),
              "https:2376 /me/.docker/ca.pem");
    EXPECT_EQ(read_of({{"DOCKER_HOST", "tcp://farm:9"}, {"DOCKER_CERT_PATH", "/certs"}}),
              "https:9 /certs/ca.pem");
    EXPECT_EQ(read_of({{"DOCKER_HOST", "none"}}).substr(0, 6), "\"none\"");
}

}  // namespace
}  // namespace hookline::docker
