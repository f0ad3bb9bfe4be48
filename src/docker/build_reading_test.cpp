// What BuildKit says of builds, byte by byte, and what is told of it.
#include <gmock/gmock.h>

#include <protozero/pbf_writer.hpp>

#include "base/crypto.hpp"
#include "docker/build_log.hpp"
#include "docker/build_records.hpp"
#include "docker/build_telling.hpp"
#include "docker/known_builds.hpp"

namespace hookline::docker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view complete =
    "0801124d0a0272311a160a0866696c656e616d65120a446f636b657266696c6522170a05696d616765120e0a046e616d6512"
    "0664656d6f3a3132060880f09dc7063a060887f19dc7067802800105880105";
constexpr std::string_view failed =
    "080112260a0272322a100802120c6578697420636f64653a203132060880f09dc7063a060883f09dc706";
constexpr std::int64_t began = 1'760'000'000'000'000'000;  // 80f09dc706
constexpr std::int64_t second = 1'000'000'000;

BuildEvent event_of(std::string_view hex) { return read_build_event(from_hex(hex).value()).value(); }

TEST(BuildRecords, ABuildThatCompleted) {
    const BuildEvent event = event_of(complete);
    EXPECT_EQ(event.kind, BuildEvent::Kind::completed);
    const BuildRecord& record = event.record;
    EXPECT_EQ(record.ref, "r1");
    EXPECT_THAT(record.attributes, ElementsAre(std::pair("filename", "Dockerfile")));
    ASSERT_EQ(record.exporters.size(), 1U);
    EXPECT_THAT(record.exporters[0], ElementsAre(std::pair("name", "demo:1")));
    EXPECT_EQ(record.created, began);
    EXPECT_EQ(record.completed - record.created, 135 * second);
    EXPECT_EQ(record.cached, 2);
    EXPECT_EQ(record.total, 5);
    EXPECT_EQ(record.done, 5);
    EXPECT_FALSE(record.has_failed);
}

TEST(BuildRecords, ABuildThatFailed) {
    const BuildEvent event = event_of(failed);
    EXPECT_EQ(event.record.ref, "r2");
    EXPECT_TRUE(event.record.has_failed);
    EXPECT_EQ(event.record.error_code, 2);
    EXPECT_EQ(event.record.error, "exit code: 1");
    EXPECT_EQ(event.record.completed - event.record.created, 3 * second);
}

TEST(BuildRecords, WhatIsCutOffIsAnErrorAndNoEnd) {
    const std::string bytes = from_hex(complete).value();
    std::size_t errors = 0;
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto event = read_build_event(std::string_view(bytes).substr(0, size));
        errors += event ? 0 : 1;
    }
    EXPECT_EQ(errors, bytes.size() - 2) << "nothing, and the first field alone, are whole";
    EXPECT_EQ(read_build_event("\x12\x03"
                               "abc")
                  .error()
                  .code,
              Errc::malformed);
    EXPECT_FALSE(read_build_status("\x0b\xff\xff"));
    EXPECT_TRUE(read_build_event("")) << "proto3: all that is zero is left out";
}

TEST(BuildRecords, UnknownFieldsAndOtherTypesAreSkipped) {
    std::string record;
    protozero::pbf_writer writer(record);
    writer.add_string(1, "r9");
    writer.add_string(16, "a text where a number should be");
    writer.add_int64(7, 5);
    writer.add_fixed32(99, 7);
    writer.add_string(1000, "new");
    std::string time;
    protozero::pbf_writer(time).add_int64(1, std::numeric_limits<std::int64_t>::max());
    writer.add_message(6, time);
    std::string bytes;
    protozero::pbf_writer event(bytes);
    event.add_int32(1, 77);
    event.add_message(2, record);
    const auto read = read_build_event(bytes);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->kind, BuildEvent::Kind::other);
    EXPECT_EQ(read->record.ref, "r9");
    EXPECT_EQ(read->record.total, 0);
    EXPECT_EQ(read->record.created, 0) << "a time that cannot be";
}

TEST(BuildRecords, Requests) {
    EXPECT_EQ(to_hex(build_history_request(true)), "1801");
    EXPECT_EQ(to_hex(build_history_request(false)), "");
    EXPECT_EQ(to_hex(build_status_request("r2")), "0a027232");
}

TEST(BuildRecords, StatusOfABuild) {
    std::string step;
    protozero::pbf_writer of_step(step);
    of_step.add_string(1, "sha256:aa");
    of_step.add_string(3, "[2/3] RUN make");
    of_step.add_bool(4, false);
    of_step.add_string(7, "exit code: 2");
    std::string line;
    protozero::pbf_writer of_line(line);
    of_line.add_string(1, "sha256:aa");
    of_line.add_int64(3, 1);
    of_line.add_string(4, "make: *** no rule\n");
    std::string bytes;
    protozero::pbf_writer status(bytes);
    status.add_message(1, step);
    status.add_message(3, line);
    const auto read = read_build_status(bytes);
    ASSERT_TRUE(read);
    ASSERT_EQ(read->steps.size(), 1U);
    EXPECT_EQ(read->steps[0].name, "[2/3] RUN make");
    EXPECT_EQ(read->steps[0].error, "exit code: 2");
    ASSERT_EQ(read->lines.size(), 1U);
    EXPECT_EQ(read->lines[0].step, "sha256:aa");
    EXPECT_EQ(read->lines[0].text, "make: *** no rule\n");
}

TEST(BuildLog, TheStepThatFailedIsNotOneThatWasBrokenOff) {
    BuildLog log;
    log.take({{{"a", "[web 1/2] RUN npm ci", ""}, {"b", "[2/3] RUN make", ""}},
              {{"a", "added 3\n"}, {"b", "gcc "}, {"b", "-c x.c\n"}}});
    EXPECT_EQ(log.failed_step(), "");
    log.take(
        {{{"a", "[web 1/2] RUN npm ci", "failed: context canceled"}, {"b", "[2/3] RUN make", "exit code: 2"}},
         {{"b", "make: *** [x] Error 1\n"}}});
    EXPECT_EQ(log.failed_step(), "[2/3] RUN make");
    EXPECT_EQ(log.text(), "gcc -c x.c\nmake: *** [x] Error 1\n");
}

TEST(BuildLog, IsBounded) {
    BuildLog log;
    BuildStatus status;
    status.steps.push_back({"a", "RUN yes", "exit code: 141"});
    for (int i = 0; i < 100; ++i) {
        status.lines.push_back({"a", std::string(1'000, 'y') + "\n"});
    }
    for (int i = 0; i < 5'000; ++i) {
        status.steps.push_back({std::to_string(i), "x", ""});
    }
    status.lines.push_back({"a", "last\n"});
    log.take(std::move(status));
    EXPECT_LE(log.text().size(), 32U << 10U);
    EXPECT_THAT(log.text(), testing::EndsWith("last\n"));
}

TEST(BuildTelling, WhatIsToldOfABuildThatCompleted) {
    BuildEvent event = event_of(complete);
    event.record.exporters[0]["name"] = "docker.io/library/demo:1, ghcr.io/me/demo:1,docker.io/me/demo:1";
    event.record.attributes["target"] = "prod";
    event.record.attributes["vcs:revision"] = "4f2a";
    event.record.attributes["vcs:source"] = "https://me:geheim@example.org/x.git";
    event.record.response["containerimage.digest"] = "sha256:dd";
    event.record.response["containerimage.config.digest"] = "sha256:cc";
    EXPECT_THAT(images_of(event.record), ElementsAre("sha256:dd", "sha256:cc", "demo:1"));
    BuildFacts facts;
    facts.image = R"({"Id":"sha256:cc","Size":450000000,"RootFS":{"Layers":["a","b"]}})";
    EXPECT_EQ(
        payload_of_build("docker", event, facts),
        R"({"build":{"key":"docker r1","status":"completed","by":"buildkit","engine":"docker","name":"demo",)"
        R"("context":".","file":"Dockerfile","target":"prod","revision":"4f2a",)"
        R"("repository":"https://…@example.org/x.git",)"
        R"("tags":["demo:1","ghcr.io/me/demo:1","me/demo:1"],"started":1760000000000000000,)"
        R"("ended":1760000135000000000,"steps":{"total":5,"done":5,"cached":2},)"
        R"("image":{"digest":"sha256:dd","id":"sha256:cc","size":450000000,"layers":2}}})");
}

TEST(BuildTelling, WhatIsToldOfABuildThatFailed) {
    BuildEvent event = event_of(failed);
    event.record.attributes["context"] = "https://example.org/me/x.git";
    event.record.attributes["build-arg:LICENSE"] = "hunter2hunter2";
    event.record.attributes["build-arg:MODE"] = "prod";
    event.record.error = "process \"make hunter2hunter2\" did not complete\nmore";
    BuildFacts facts;
    facts.failed_step = "[builder 2/3] RUN make hunter2hunter2";
    facts.log = "prod\r\nAPI_TOKEN=abc123\nlicense hunter2hunter2\n\n";
    EXPECT_EQ(payload_of_build("docker", event, facts),
              R"({"build":{"key":"docker r2","status":"failed","by":"buildkit","engine":"docker",)"
              R"("name":"https://example.org/me/x.git","context":"https://example.org/me/x.git",)"
              R"("started":1760000000000000000,"ended":1760000003000000000,"steps":{"failed":"RUN make …"},)"
              R"("error":"process \"make …\" did not complete",)"
              R"("logs":["prod","API_TOKEN=…","license …"]}})");
}

TEST(BuildTelling, WhatNamesTheImageIsNotHiddenWhereAnArgumentRepeatsIt) {
    BuildEvent event = event_of(complete);
    event.record.exporters[0]["name"] = "docker.io/octo/app:1.4.2-rc1";
    event.record.attributes = {{"build-arg:VERSION", "1.4.2-rc1"},
                               {"build-arg:APP", "octo/app"},
                               {"build-arg:GIT_SHA", "4f2a77c01b"},
                               {"vcs:revision", "4f2a77c01b"},
                               {"build-arg:BASE", "sha256:4f2a77c0"},
                               {"build-arg:STAGE", "release"},
                               {"target", "release"}};
    event.record.response["containerimage.digest"] = "sha256:4f2a77c0";
    BuildFacts facts;
    facts.image = R"({"Id":"sha256:4f2a77c0"})";
    facts.log = "octo/app 1.4.2-rc1\n";
    const std::string payload = payload_of_build("docker", event, facts);
    EXPECT_THAT(payload, testing::HasSubstr(R"("name":"octo/app")"));
    EXPECT_THAT(payload, testing::HasSubstr(R"("tags":["octo/app:1.4.2-rc1"])"));
    EXPECT_THAT(payload, testing::HasSubstr(R"("revision":"4f2a77c01b")"));
    EXPECT_THAT(payload, testing::HasSubstr(R"("target":"release")"));
    EXPECT_THAT(payload,
                testing::HasSubstr(R"("image":{"digest":"sha256:4f2a77c0","id":"sha256:4f2a77c0"})"));
    EXPECT_THAT(payload, testing::HasSubstr(R"("logs":["… …"])"));
}

TEST(BuildTelling, Names) {
    const auto name = [](BuildRecord record) {
        BuildEvent event;
        event.record = std::move(record);
        const std::string payload = payload_of_build("e", event, {});
        const std::size_t at = payload.find(R"("name":")") + 8;
        return payload.substr(at, payload.find('"', at) - at);
    };
    BuildRecord record;
    record.ref = "r1";
    EXPECT_EQ(name(record), "r1");
    record.attributes["vcs:source"] = "https://example.org/x";
    EXPECT_EQ(name(record), "https://example.org/x");
    record.attributes["context"] = "http://buildkit-session/abc";
    EXPECT_EQ(name(record), "https://example.org/x")
        << "an address of the client's own session names nothing";
    record.attributes["context"] = "https://example.org/y.git";
    EXPECT_EQ(name(record), "https://example.org/y.git");
    record.response["image.name"] = "docker.io/library/web:2";
    EXPECT_EQ(name(record), "web");
    record.exporters.push_back({{"name", "docker.io/me/web:3"}});
    EXPECT_EQ(name(record), "me/web");
    record.attributes["build-arg:BUILDKIT_BUILD_NAME"] = "nightly";
    EXPECT_EQ(name(record), "nightly");
}

TEST(BuildTelling, StatusOfWhatHappened) {
    BuildEvent event = event_of(failed);
    EXPECT_EQ(status_of(event), "failed");
    event.record.error_code = 1;
    EXPECT_EQ(status_of(event), "cancelled");
    event.kind = BuildEvent::Kind::started;
    EXPECT_EQ(status_of(event), "started");
}

TEST(KnownBuilds, WhatIsForgottenIsKnownByItsTime) {
    KnownBuilds known;
    EXPECT_FALSE(known.is_known("r0", 0));
    for (std::size_t i = 0; i < KnownBuilds::most + 10; ++i) {
        known.add("r" + std::to_string(i), static_cast<std::int64_t>(1'000 + i));
    }
    const auto kept = KnownBuilds::from(known.text());
    ASSERT_TRUE(kept);
    for (const KnownBuilds& each : {known, *kept}) {
        EXPECT_TRUE(each.is_known("r3", 1'003)) << "forgotten";
        EXPECT_TRUE(each.is_known("r100", 1'100));
        EXPECT_FALSE(each.is_known("x", 1'100)) << "one that ended among those that are known";
        EXPECT_TRUE(each.is_known("x", 1'009));
        EXPECT_FALSE(each.is_known("x", 5'000));
    }
    EXPECT_EQ(kept->text(), known.text());
    EXPECT_FALSE(KnownBuilds::from(""));
    EXPECT_FALSE(KnownBuilds::from("x\n1 r1"));
    EXPECT_TRUE(KnownBuilds::from("-1\n7 r1\ngarbage\n")->is_known("r1", 9));
}

}  // namespace
}  // namespace hookline::docker
