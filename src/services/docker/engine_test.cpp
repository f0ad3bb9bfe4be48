// What an engine tells, as events. The payloads are those that room docker makes.
#include "services/docker/engine.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/iso_time.hpp"
#include "services/announced.hpp"
#include "services/docker/docker.hpp"
#include "services/event_names.hpp"
#include "services/exit_codes.hpp"
#include "services/once.hpp"

namespace hookline::services::docker {
namespace {

using std::chrono::seconds;

event::Event read(std::string_view payload) {
    event::Delivery delivery;
    delivery.service = event::Service::docker;
    delivery.payload = payload;
    delivery.event_type = "engine";
    return adapter().parse(delivery).value();
}

/// An event of container web; `story` and `container` are members of those objects.
event::Event told(std::string_view action, std::string_view attributes = "", std::string_view story = "",
                  std::string_view container = "", std::string_view kind = "docker") {
    return read(fmt::format(
        R"({{"engine":{{"name":"here","kind":"{}"}},"event":{{"Type":"container","Action":"{}",
            "Actor":{{"ID":"6fa9","Attributes":{{{}"image":"demo:1","name":"web"}}}},
            "timeNano":1795446373961472834}},"story":{{{}}},"container":{{{}}}}})",
        kind, action, attributes, story, container));
}

constexpr std::string_view ended_137 = R"("exitCode":"137",)";

TEST(Engine, ACrashIsNoStop) {
    const auto crash = told("die", R"("exitCode":"3","team":"core","com.docker.compose.service":"api",)",
                            R"("started":1795446303000000000,"ends":1,"row_since":1795446373961472834)");
    EXPECT_EQ(crash.full_name(), "error.crashed");
    EXPECT_EQ(crash.title, "web");
    EXPECT_EQ(crash.message, "exit code 3");
    EXPECT_EQ(iso_time(crash.time), "2026-11-23T15:06:13.961Z");
    const event::Container& container = *crash.container;
    EXPECT_EQ(container.exit_code, 3);
    EXPECT_EQ(container.uptime, seconds(70));
    EXPECT_EQ(container.image, "demo:1");
    EXPECT_EQ(container.service, "api");
    EXPECT_EQ(container.row, "6fa9 1795446373961472834");
    EXPECT_THAT(container.labels,
                testing::UnorderedElementsAre("team=core", "com.docker.compose.service=api"));
    EXPECT_EQ(silent_by_default(crash), "");

    const auto stop = told("die", R"("exitCode":"143",)", R"("asked_for":true,"signal":15)");
    EXPECT_EQ(stop.full_name(), "stop.stopped");
    EXPECT_EQ(stop.message, "exit code 143 (SIGTERM)");
    EXPECT_EQ(told("die", R"("exitCode":"0",)").full_name(), "stop.finished");
}

TEST(Engine, OutOfMemoryIsToldApartFromAKill) {
    EXPECT_EQ(told("die", ended_137, R"("out_of_memory":true)").full_name(), "error.oom");
    EXPECT_EQ(told("die", ended_137, "",
                   R"("State":{"OOMKilled":true,"ExitCode":137,"StartedAt":"2026-11-23T15:00:00Z"})")
                  .message,
              "exit code 137 (OOM)");
    EXPECT_EQ(told("die", ended_137).message, "exit code 137 (SIGKILL)");
    EXPECT_EQ(told("oom").full_name(), "error.process_oom");
}

TEST(Engine, WhatWasInspectedMayBeTheNextRun) {
    const auto event = told("die", R"("exitCode":"7",)", "",
                            R"("State":{"Running":true,"ExitCode":0,"OOMKilled":true,
                               "StartedAt":"2026-11-23T15:06:14Z"},"RestartCount":4)");
    EXPECT_EQ(event.container->exit_code, 7);
    EXPECT_FALSE(event.container->is_out_of_memory);
    EXPECT_EQ(event.container->restarts, 4);
}

TEST(Engine, ALabelOfThatNameIsNoExitCode) {
    EXPECT_EQ(
        told("die", R"("exitCode":"0",)", "", R"("State":{"ExitCode":9,"StartedAt":"2026-11-23T15:00:00Z"})")
            .container->exit_code,
        9);
}

TEST(Engine, Starts) {
    EXPECT_EQ(told("start").full_name(), "start.started");
    EXPECT_EQ(told("start", "", R"("asked_for":true,"stopped":5)").full_name(), "start.restarted");
    const auto retried = told("start", "", R"("after_crash":true,"ends":2)",
                              R"("HostConfig":{"RestartPolicy":{"Name":"always"}})");
    EXPECT_EQ(retried.full_name(), "start.retried");
    EXPECT_NE(silent_by_default(retried), "");
    EXPECT_EQ(told("start", "", R"("after_crash":true,"ends":2)").full_name(), "start.started")
        << "somebody started it again";
}

TEST(Engine, AContainerThatDoesNotStart) {
    const auto failed = told("create", "", "", R"("State":{"Error":"no such file","ExitCode":127})");
    EXPECT_EQ(failed.full_name(), "error.not_started");
    EXPECT_EQ(failed.message, "no such file");
    EXPECT_EQ(failed.container->exit_meaning, "command not found");
    EXPECT_EQ(told("create").name, "");
}

TEST(Engine, Health) {
    const auto bad = told("health_status: unhealthy", "", R"("health_before":"healthy")",
                          R"("State":{"Health":{"FailingStreak":3,"Output":["refused"]}})");
    EXPECT_EQ(bad.full_name(), "health.unhealthy");
    EXPECT_EQ(bad.message, "refused");
    EXPECT_EQ(bad.container->failing_streak, 3);
    EXPECT_EQ(told("health_status: healthy", "", R"("health_before":"unhealthy")").full_name(),
              "health.healthy");
    const auto ready = told("health_status: healthy", "", R"("health_before":"starting")");
    EXPECT_EQ(ready.full_name(), "health.ready");
    EXPECT_NE(silent_by_default(ready), "");
    EXPECT_EQ(told("health_status: starting").name, "");
}

TEST(Engine, PodmansStopIsAStop) {
    EXPECT_EQ(told("died", R"("exitCode":"143",)", "", "", "podman").full_name(), "stop.stopped");
    EXPECT_EQ(told("die", R"("exitCode":"143",)").full_name(), "error.crashed");
}

TEST(Engine, ARestartTellsTheStopBeforeIt) {
    const auto stop = facts_told(told("die", R"("exitCode":"143",)", R"("asked_for":true,"stopped":77)"));
    const auto restart = facts_told(told("start", "", R"("asked_for":true,"stopped":77)"));
    ASSERT_EQ(stop.size(), 1U);
    ASSERT_EQ(restart.size(), 1U);
    EXPECT_EQ(stop[0].key, restart[0].key);
    EXPECT_LT(stop[0].rank, restart[0].rank);
}

TEST(Engine, Images) {
    const auto image = [](std::string_view action, std::string_view id, std::string_view name) {
        return read(fmt::format(
            R"({{"engine":{{"name":"here"}},"event":{{"Type":"image","Action":"{}","Actor":{{"ID":"{}",
            "Attributes":{{"name":"{}"}}}},"timeNano":5}},"story":{{}},
            "image":{{"RepoTags":["a/app:2"],"Size":1000}}}})",
            action, id, name));
    };
    const auto pulled = image("pull", "registry:5000/a/app:1", "registry:5000/a/app");
    EXPECT_EQ(pulled.full_name(), "image.pulled");
    EXPECT_EQ(pulled.image->repository, "registry:5000/a/app");
    EXPECT_EQ(pulled.image->tag, "1");
    EXPECT_EQ(pulled.image->size, 1000);
    EXPECT_EQ(image("load", "sha256:4f53cda18c2b77", "sha256:4f53cda18c2b77").title, "a/app:2");
    EXPECT_EQ(image("tag", "sha256:4f53", "a/app:3").title, "a/app:3");
    EXPECT_EQ(
        silent_by_default(image("push", "a/app:1", "a/app")),
        "image.pushed is not announced by default: what an engine does with its images is told where it "
        "is asked for");
    EXPECT_EQ(image("save", "x", "x").name, "");
}

TEST(Engine, AnEngineThatIsAway) {
    const auto away =
        read(R"({"engine":{"name":"here"},"event":{"Type":"engine","Action":"away","timeNano":5},
                              "story":{"reason":"no such file"}})");
    EXPECT_EQ(away.full_name(), "engine.away");
    EXPECT_EQ(away.title, "The engine “here” cannot be reached");
    EXPECT_EQ(away.notice->text, "no such file");
    EXPECT_EQ(silent_by_default(away), "");
}

TEST(Engine, ItsDeliveriesAreKnownAgain) {
    const std::string one =
        R"({"engine":{"name":"a"},"event":{"Type":"container","Action":"die","Actor":{"ID":"x"},"timeNano":5},"story":{}})";
    const auto envelope = adapter().envelope({}, one).value();
    EXPECT_EQ(envelope.event_type, "engine");
    EXPECT_EQ(envelope.delivery_id.size(), 40U);
    std::string other = one;
    other.replace(other.find(":5}"), 3, ":6}");
    EXPECT_NE(adapter().envelope({}, other)->delivery_id, envelope.delivery_id);
}

TEST(Engine, NonsenseTellsNothing) {
    for (const char* payload :
         {R"({"engine":{},"event":{},"story":{}})",
          R"({"engine":{},"event":{"Type":"container","Action":"exec_die"},"story":{}})",
          R"({"engine":{},"event":{"Type":"volume","Action":"mount"},"story":{}})",
          R"({"engine":{},"event":{"Type":7,"Action":[]},"story":{}})"}) {
        const auto event = read(payload);
        EXPECT_EQ(event.name, "") << payload;
        EXPECT_FALSE(event.container);
    }
}

TEST(ExitCodes, InWords) {
    EXPECT_EQ(meaning_of(137, true), "OOM");
    EXPECT_EQ(meaning_of(137, false), "SIGKILL");
    EXPECT_EQ(meaning_of(139, false), "segmentation fault");
    EXPECT_EQ(meaning_of(143, false), "SIGTERM");
    EXPECT_EQ(meaning_of(126, false), "the command cannot be executed");
    EXPECT_EQ(meaning_of(127, false), "command not found");
    EXPECT_EQ(meaning_of(1, false), "");
    EXPECT_EQ(meaning_of(0, false), "");
}

/// Image shop/app:1.4, named `after` seconds after it was made.
event::Event named(std::string_view action, int after, std::string_view name = "shop/app:1.4",
                   std::string_view digests = "", std::string_view story = "") {
    return read(fmt::format(
        R"({{"engine":{{"name":"here"}},"event":{{"Type":"image","Action":"{}",
            "Actor":{{"ID":"sha256:aabbccddeeff00112233","Attributes":{{"name":"{}"}}}},"timeNano":{}000000000}},
            "story":{{{}}},"image":{{"Id":"sha256:aabbccddeeff00112233","RepoTags":["shop/app:1.4"],"RepoDigests":[{}],
            "Created":"2026-11-23T15:06:13Z","Size":450000000,"Layers":12}}}})",
        action, name, 1795446373 + after, story, digests));
}

TEST(Engine, WhoAsksForTheEngineHearsOfNoContainers) {
    const std::vector<std::string> asked(1, "engine");
    EXPECT_NE(why_unwanted(asked, told("start")), "");
    const auto away = read(
        R"({"engine":{"name":"here"},"event":{"Type":"engine","Action":"away","timeNano":5},"story":{}})");
    EXPECT_EQ(why_unwanted(asked, away), "");
}

TEST(Engine, SecretsInLabelsAreNotTold) {
    const auto event = told("start", R"("team":"core","com.example.api_token":"abcdef123456",
        "traefik.http.middlewares.a.basicauth.users":"me:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/",)");
    EXPECT_THAT(event.container->labels,
                testing::UnorderedElementsAre("team=core", "com.example.api_token=…",
                                              "traefik.http.middlewares.a.basicauth.users=…"));
}

TEST(Engine, AnImageThatIsNamedRightAfterItWasMadeWasBuilt) {
    const auto built = named("tag", 3);
    EXPECT_EQ(built.full_name(), "build.completed");
    EXPECT_EQ(built.also, "image.tagged");
    EXPECT_EQ(built.title, "shop/app");
    EXPECT_EQ(built.build->tags, std::vector<std::string>(1, "shop/app:1.4"));
    EXPECT_EQ(built.build->size, 450'000'000);
    EXPECT_EQ(built.build->layers, 12);
    EXPECT_FALSE(built.build->duration);
    EXPECT_EQ(built.image->tag, "1.4");
    EXPECT_EQ(nothing_to_say(built), "");
    EXPECT_EQ(silent_by_default(built), "");
    EXPECT_EQ(named("tag", 600).full_name(), "image.tagged") << "a name more, much later";
    EXPECT_EQ(named("tag", -600).full_name(), "image.tagged");
    EXPECT_EQ(named("untag", 3).full_name(), "image.untagged");
    EXPECT_EQ(named("tag", 3, "app:1", R"("ci/app@sha256:99")").full_name(), "image.tagged")
        << "a registry has it: it was pulled";
    EXPECT_EQ(named("tag", 3, "app:1", R"("app@sha256:aabbccddeeff00112233")").full_name(), "build.completed")
        << "the containerd store calls every image so";
    EXPECT_EQ(named("tag", 3, "app:1", "", R"("fetched":true)").full_name(), "image.tagged");
    const auto podman = named("build", 3600, std::string(64, 'a'));
    EXPECT_EQ(podman.full_name(), "build.completed");
    EXPECT_EQ(podman.title, "shop/app");
    EXPECT_EQ(podman.build->tags, std::vector<std::string>(1, "shop/app:1.4"));
}

}  // namespace
}  // namespace hookline::services::docker
