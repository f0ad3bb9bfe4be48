// Which images came from elsewhere, as an engine's events tell it.
#include "docker/fetched.hpp"

#include <gtest/gtest.h>

namespace hookline::docker {
namespace {

constexpr std::int64_t second = 1'000'000'000;

EngineEvent image(std::string action, std::string id, std::string name, std::int64_t at) {
    EngineEvent event;
    event.type = "image";
    event.action = std::move(action);
    event.id = std::move(id);
    event.attributes["name"] = std::move(name);
    event.nanos = at * second;
    return event;
}

bool is_fetched(const Fetched& fetched, const std::string& name, const std::vector<std::string>& names,
                std::int64_t at = 100) {
    return fetched.holds(image("tag", "sha256:i", name, at), names);
}

TEST(Fetched, AnImageThatWasLoadedOrImportedIsKnownByItsIdForTenMinutes) {
    for (const char* const action : {"load", "import"}) {
        Fetched fetched;
        EXPECT_FALSE(is_fetched(fetched, "app:1", {}));
        fetched.on(image(action, "sha256:i", "sha256:i", 101));
        EXPECT_TRUE(is_fetched(fetched, "app:1", {})) << "the name is told first";
        EXPECT_TRUE(is_fetched(fetched, "app:2", {}, 700));
        EXPECT_FALSE(is_fetched(fetched, "app:2", {}, 702));
        EXPECT_FALSE(fetched.holds(image("tag", "sha256:j", "app:1", 100), {}));
    }
}

TEST(Fetched, OneThatWasPulledByItsNameUnlessABuildTakesThat) {
    Fetched fetched;
    fetched.on(image("pull", "octo/app:1", "octo/app", 90));
    EXPECT_TRUE(is_fetched(fetched, "app:2", {"octo/app:1", "app:2"}));
    EXPECT_FALSE(is_fetched(fetched, "octo/app:1", {"octo/app:1"}))
        << "built with what was pulled as a cache";
    EXPECT_FALSE(is_fetched(fetched, "app:2", {"app:2"}));
}

TEST(Fetched, WhatIsMadeOfAContainerIsNoBuild) {
    Fetched fetched;
    EngineEvent event;
    event.type = "container";
    event.action = "commit";
    event.id = "c";
    event.attributes["imageID"] = "sha256:i";
    event.nanos = 100 * second;
    fetched.on(event);
    EXPECT_TRUE(is_fetched(fetched, "made:1", {"made:1"}));
}

TEST(Fetched, OtherEventsSayNothingAndTheOldestAreForgotten) {
    Fetched fetched;
    fetched.on(image("push", "sha256:i", "a", 100));
    fetched.on(image("load", "", "", 100));
    EXPECT_FALSE(is_fetched(fetched, "app:1", {}));
    fetched.on(image("load", "sha256:i", "", 100));
    for (int i = 0; i < 500; ++i) {
        fetched.on(image("load", "sha256:" + std::to_string(i), "", 100));
    }
    EXPECT_FALSE(is_fetched(fetched, "app:1", {}));
}

}  // namespace
}  // namespace hookline::docker
