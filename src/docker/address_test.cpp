#include "docker/address.hpp"

#include <gtest/gtest.h>

namespace hookline::docker {
namespace {

std::string read(std::string_view host) {
    const auto origin = engine_origin(host);
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
    EXPECT_EQ(read("ssh://me@host"),
              "ssh:// is not offered for an engine; use unix:///path or tcp://host:2375");
    EXPECT_EQ(read("docker"),
              "\"docker\" is no address of an engine: unix:///var/run/docker.sock, tcp://host:2375");
    EXPECT_EQ(read("unix://"),
              "\"unix://\" is no address of an engine: unix:///var/run/docker.sock, tcp://host:2375");
}

}  // namespace
}  // namespace hookline::docker
