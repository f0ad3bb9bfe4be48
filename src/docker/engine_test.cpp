#include "docker/engine.hpp"

#include <gmock/gmock.h>

#include "net/scripted_client.hpp"
#include "testing/loop.hpp"

namespace hookline::docker {
namespace {

class EngineTest : public testing::Test {
protected:
    Result<EngineVersion> greet(std::string version, net::Fields more = {}) {
        more.emplace_back("Api-Version", std::move(version));
        more.emplace_back("Server", "Docker/20.10.24 (linux)");
        client.answers.emplace_back(net::scripted_answer(200, "OK", std::move(more)));
        return loop.run(engine.greet());
    }

    Loop loop;
    net::ScriptedClient client;
    std::vector<std::string> opened;
    Engine engine{client, [this](net::Request request) { return open(std::move(request)); }};

private:
    Task<Result<net::OpenBody>> open(net::Request request) {
        opened.push_back(request.target);
        net::Response refused(400);
        refused.body = R"({"message":"no"})";
        co_return net::OpenBody(std::move(refused), nullptr);
    }
};

TEST(AgreedVersion, IsTheNewestThatBothSpeak) {
    EXPECT_EQ(agreed_version("1.41"), "1.41");
    EXPECT_EQ(agreed_version("1.99"), "1.52");
    EXPECT_EQ(agreed_version("1.24"), "1.24");
    for (const char* other : {"1.12", "2.0", "", "1", "1.x", "x.1"}) {
        EXPECT_EQ(agreed_version(other), "") << other;
    }
}

TEST_F(EngineTest, GreetsAndSpeaksTheVersionAgreedOn) {
    const auto version = greet("1.41");
    ASSERT_TRUE(version);
    EXPECT_EQ(version->server, "Docker/20.10.24 (linux)");
    EXPECT_FALSE(version->is_podman);
    client.answers.emplace_back(net::scripted_answer(200, "{}"));
    EXPECT_EQ(loop.run(engine.container("6fa9")), "{}");
    client.answers.emplace_back(net::scripted_answer(200, "{}"));
    EXPECT_TRUE(loop.run(engine.image("a/b:1 ?x")));
    client.answers.emplace_back(net::scripted_answer(200, "log"));
    EXPECT_EQ(loop.run(engine.logs("6fa9", 1'000'000'005)), "log");
    (void)loop.run(engine.events(7'000'000'001));
    ASSERT_EQ(client.asked.size(), 4U);
    EXPECT_EQ(client.asked[0].target, "/_ping");
    EXPECT_EQ(client.asked[1].target, "/v1.41/containers/6fa9/json");
    EXPECT_EQ(client.asked[2].target, "/v1.41/images/a/b:1%20%3Fx/json");
    EXPECT_EQ(client.asked[3].target,
              "/v1.41/containers/6fa9/logs?stdout=1&stderr=1&timestamps=0&tail=40&since=1.000000005");
    EXPECT_THAT(opened.at(0), testing::StartsWith("/v1.41/events?since=7.000000001&filters=%7B%22type"));
    EXPECT_THAT(opened.at(0), testing::HasSubstr("health_status"));
}

TEST_F(EngineTest, PodmanIsKnownByItsHeader) {
    EXPECT_TRUE(greet("1.41", {{"Libpod-Api-Version", "4.3.1"}})->is_podman);
    (void)loop.run(engine.events(1));
    EXPECT_THAT(opened.at(0), testing::Not(testing::HasSubstr("health_status")))
        << "its words for events are others";
}

TEST_F(EngineTest, WhatIsRefusedSaysWhy) {
    EXPECT_EQ(greet("0.9").error().code, Errc::unsupported);
    client.answers.emplace_back(net::scripted_answer(403, "<html>"));
    EXPECT_EQ(loop.run(engine.greet()).error().detail, "it answered 403");
    client.answers.emplace_back(net::scripted_answer(404, R"({"message":"No such container: x"})"));
    const auto gone = loop.run(engine.container("x"));
    EXPECT_EQ(gone.error().code, Errc::not_found);
    EXPECT_EQ(gone.error().detail, "it answered 404: No such container: x");
    EXPECT_EQ(loop.run(engine.greet()).error().detail, "refused") << "nobody is there";
    EXPECT_EQ(loop.run(engine.events(1)).error().detail, "it answered 400: no");
}

}  // namespace
}  // namespace hookline::docker
