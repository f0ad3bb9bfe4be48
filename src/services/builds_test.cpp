// A build in Hookline's own form, as hooks of docker and of ci read it.
#include "services/builds.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "services/announced.hpp"
#include "services/once.hpp"

namespace hookline::services {
namespace {

event::Event read(std::string_view build, event::Service service = event::Service::docker) {
    event::Delivery delivery;
    delivery.service = service;
    delivery.event_type = build_delivery;
    delivery.payload = fmt::format(R"({{"build":{}}})", build);
    return find_adapter(service)->parse(delivery).value();
}

constexpr std::string_view failed =
    R"({"key":"k","status":"failed","name":"bot","started":1795446373926395333,
    "ended":1795446385926395333,"exit_code":127,"steps":{"total":5,"done":2,"failed":"RUN make"},
    "logs":["one","two"]})";

TEST(Builds, AreTheSameForDockerAndForCi) {
    for (const auto service : {event::Service::docker, event::Service::ci}) {
        const event::Event event = read(failed, service);
        EXPECT_EQ(event.full_name(), "build.failed");
        EXPECT_EQ(event.service, service);
        EXPECT_EQ(event.title, "bot");
        EXPECT_EQ(event.message, "RUN make");
        ASSERT_TRUE(event.build);
        EXPECT_EQ(event.build->duration, std::chrono::seconds(12));
        EXPECT_EQ(event.build->exit_meaning, "command not found");
        EXPECT_EQ(event.time, TimePoint(Milliseconds(1795446385926)));
        EXPECT_EQ(silent_by_default(event), "");
        const auto envelope =
            find_adapter(service)->envelope({}, fmt::format(R"({{"build":{}}})", failed)).value();
        EXPECT_EQ(envelope.event_type, "build");
        EXPECT_EQ(envelope.delivery_id.size(), 40U);
    }
}

TEST(Builds, EveryStatusIsAnnounced) {
    for (const char* status : {"started", "completed", "failed", "cancelled"}) {
        const auto event = read(fmt::format(R"({{"key":"k","status":"{}","name":"bot"}})", status));
        EXPECT_EQ(event.full_name(), fmt::format("build.{}", status));
        EXPECT_EQ(silent_by_default(event), "");
        EXPECT_FALSE(event.image);
    }
}

TEST(Builds, AnImageIsToldOnlyWhereOneWasMade) {
    const auto made =
        read(R"({"key":"k","status":"completed","name":"bot","tags":["localhost:5000/octo/bot:1"],
        "image":{"id":"sha256:aa","size":450000000,"layers":12}})");
    ASSERT_TRUE(made.image);
    EXPECT_EQ(made.image->repository, "localhost:5000/octo/bot");
    EXPECT_EQ(made.image->tag, "1");
    EXPECT_EQ(made.image->size, 450'000'000);
    EXPECT_FALSE(read(R"({"key":"k","status":"completed","name":"bot","tags":["bot:1"]})").image);
    EXPECT_FALSE(read(R"({"key":"k","status":"failed","name":"bot","image":{"id":"sha256:aa"}})").image);
}

TEST(Builds, WhatIsNoBuildTellsNothing) {
    for (const char* build :
         {R"({})", R"(7)", R"({"key":"k","status":"odd","name":"a"})", R"({"status":"failed","name":"a"})",
          R"({"key":"k","status":"failed"})", R"({"key":"k","status":"failed","name":"  "})"}) {
        EXPECT_EQ(read(build).name, "") << build;
    }
}

TEST(Builds, NumbersBeyondReasonAreNotTold) {
    const auto event =
        read(R"({"key":"k","status":"failed","name":"a","exit_code":-1,"signal":900,"started":9000000000,
        "ended":3000000000,"image":{"size":-4,"layers":0},"steps":{"total":"x","done":-1}})");
    EXPECT_FALSE(event.build->exit_code || event.build->signal || event.build->duration ||
                 event.build->size || event.build->layers || event.build->steps || event.build->steps_done);
}

TEST(Builds, LongTextsAndListsAreBounded) {
    const std::string lines =
        "\"" + fmt::format("{}", fmt::join(std::vector<std::string>(90, "x"), "\",\"")) + "\"";
    const auto event =
        read(fmt::format(R"({{"key":"{}","status":"failed","name":"{}","logs":[{}],"tags":[{}]}})",
                         std::string(5000, 'k'), std::string(5000, 'n'), lines, lines));
    EXPECT_EQ(event.build->key.size(), 200U);
    EXPECT_EQ(event.build->name.size(), 300U);
    EXPECT_EQ(event.build->logs.size(), 30U);
    EXPECT_EQ(event.build->tags.size(), 20U);
}

TEST(Builds, ThatOneBeganIsNoNewsAfterItsEnd) {
    const auto started = facts_told(read(R"({"key":"k","status":"started","name":"a"})"));
    const auto ended = facts_told(read(failed));
    ASSERT_EQ(started.size(), 1U);
    ASSERT_EQ(ended.size(), 2U);
    EXPECT_EQ(ended.back().key, started.front().key);
    EXPECT_EQ(ended.back().rank, started.front().rank) << "it does not take its message over";
}

TEST(Builds, OneNameForOneImage) {
    EXPECT_EQ(plain_reference("docker.io/library/app"), "app:latest");
    EXPECT_EQ(plain_reference("localhost/app:1"), "app:1");
    EXPECT_EQ(plain_reference("registry:5000/team/app"), "registry:5000/team/app:latest");
    EXPECT_EQ(plain_reference("team/app:2"), "team/app:2");
    EXPECT_EQ(plain_reference(""), "");
    EXPECT_EQ(plain_reference("app@sha256:4f2a"), "app@sha256:4f2a");
    EXPECT_EQ(short_reference("index.docker.io/library/app"), "app");
    EXPECT_EQ(short_reference("localhost/app:1"), "localhost/app:1") << "Docker knows it by no other name";
    EXPECT_EQ(short_reference("localhost:5000/app"), "localhost:5000/app");
    EXPECT_EQ(short_reference("registry:5000/library/app"), "registry:5000/library/app");
    const Reference parts = parts_of("registry:5000/team/app:1.4@sha256:4f2a");
    EXPECT_EQ(parts.repository, "registry:5000/team/app");
    EXPECT_EQ(parts.tag, "1.4");
    EXPECT_EQ(parts.digest, "sha256:4f2a");
    EXPECT_EQ(parts_of("registry:5000/app").tag, "");
}

TEST(Builds, WhoNamesNoTagMeansTheLatest) {
    EXPECT_EQ(whole_reference("app"), "app:latest");
    EXPECT_EQ(whole_reference("registry:5000/app"), "registry:5000/app:latest");
    EXPECT_EQ(whole_reference("app:1"), "app:1");
    EXPECT_EQ(whole_reference("app@sha256:4f"), "app@sha256:4f");
}

}  // namespace
}  // namespace hookline::services
