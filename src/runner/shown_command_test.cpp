// What is shown of a command.
#include "runner/shown_command.hpp"

#include <gmock/gmock.h>

#include "base/text.hpp"

namespace hookline::runner {
namespace {

std::vector<std::string> words(std::string_view line) {
    std::vector<std::string> list;
    for (const std::string_view word : split(line, ' ')) {
        list.emplace_back(word);
    }
    return list;
}

std::optional<std::string> environment(std::string_view name) {
    return name == "NPM_TOKEN" ? std::optional<std::string>("from outside") : std::nullopt;
}

std::string shown(const std::vector<std::string>& command) {
    return show_command(command, environment).shown;
}

std::vector<std::string> secrets(const std::vector<std::string>& command) {
    return show_command(command, environment).secrets.values();
}

TEST(ShownCommand, SecretsAreNotShown) {
    EXPECT_EQ(shown(words("docker build --build-arg TOKEN=hunter2 --build-arg=A=b --build-arg PLAIN .")),
              "docker build --build-arg TOKEN=*** --build-arg=A=*** --build-arg PLAIN .");
    EXPECT_EQ(shown(words("docker build --secret id=npm,src=/home/ann/.npmrc .")),
              "docker build --secret *** .");
    EXPECT_EQ(shown(words("docker run -e KEY=hunter2 --env=B=c a")), "docker run -e KEY=*** --env=B=*** a");
    EXPECT_EQ(shown(words("docker run -eKEY=hunter2 a")), "docker run -eKEY=*** a");
    EXPECT_EQ(shown(words("sh -e script.sh")), "sh -e script.sh");
    EXPECT_EQ(shown(words("podman build --creds ann:hunter2 .")), "podman build --creds *** .");
    EXPECT_EQ(shown({"deploy", "--password", "hunter 2", "--api-key=hunter2"}),
              "deploy --password *** --api-key=***");
    EXPECT_EQ(shown({"env", "DB_PASSWORD=hunter 2 more", "x"}).find("more"), std::string::npos);
    EXPECT_EQ(shown(words("git clone https://ann:hunter2@example.org/a")).find("hunter2"), std::string::npos);
    EXPECT_EQ(shown({"curl", "-H", "Authorization: Bearer hunter2"}).find("hunter2"), std::string::npos);
}

TEST(ShownCommand, ACommandIsShownAsItIsTyped) {
    EXPECT_EQ(shown({"sh", "-c", "echo 'a b' && exit 3"}), "sh -c 'echo '\\''a b'\\'' && exit 3'");
    EXPECT_EQ(shown({"printf", "a\nb", ""}), "printf 'a b' ''");
    EXPECT_LE(code_points(shown({std::string(100'000, 'x')})), 600U);
}

TEST(ShownCommand, WhatIsHiddenIsKnown) {
    using testing::ElementsAre;
    using testing::UnorderedElementsAre;
    EXPECT_THAT(secrets(words("docker build --build-arg NPM_TOKEN=hunter2000 --build-arg=VERSION=1.2.3.4.5 "
                              "--build-arg BUILDKIT_SYNTAX=docker/dockerfile:1 --build-arg SHORT=12345 .")),
                UnorderedElementsAre("hunter2000", "1.2.3.4.5"));
    EXPECT_THAT(secrets(words("docker run -e A=hunter2001 -eB=hunter2002 --env=C=hunter2003 a")),
                UnorderedElementsAre("hunter2001", "hunter2002", "hunter2003"));
    EXPECT_THAT(
        secrets({"deploy", "--password", "hunter2000", "--api-key=hunter 2001", "DB_PASSWORD=a b c d"}),
        UnorderedElementsAre("hunter2000", "hunter 2001", "a b c d"));
    EXPECT_THAT(secrets(words("podman build --creds ann:hunter2000 .")),
                UnorderedElementsAre("hunter2000", "ann:hunter2000"));
    EXPECT_THAT(
        secrets({"sh", "-c", "export API_TOKEN=hunter2000; curl -H 'Authorization: Bearer hunter2001' x"}),
        UnorderedElementsAre("hunter2000", "hunter2001"));
    EXPECT_THAT(secrets(words("docker run -e URL=x://ann:hunter2000@b a")),
                UnorderedElementsAre("hunter2000", "x://ann:hunter2000@b"));
    EXPECT_THAT(secrets({"deploy", "--password=first line\nsecond line\n\n"}),
                UnorderedElementsAre("first line", "second line"));
    EXPECT_THAT(secrets(words("docker build -t app:1.2.3 --target release .")), ElementsAre());
}

TEST(ShownCommand, WhatIsNamedAloneIsTakenFromTheEnvironment) {
    using testing::Contains;
    using testing::ElementsAre;
    for (const char* line : {"docker build --build-arg NPM_TOKEN .", "docker run -e NPM_TOKEN a",
                             "docker run -eNPM_TOKEN a", "docker build --build-arg=NPM_TOKEN ."}) {
        EXPECT_THAT(secrets(words(line)), ElementsAre("from outside")) << line;
        EXPECT_EQ(shown(words(line)), line);
    }
    for (const char* line :
         {"docker build --secret id=NPM_TOKEN .", "docker build --secret id=a,env=NPM_TOKEN .",
          "docker build --secret type=env,id=a,src=NPM_TOKEN ."}) {
        EXPECT_THAT(secrets(words(line)), Contains("from outside")) << line;
    }
    EXPECT_THAT(secrets(words("docker run -e OTHER a")), ElementsAre());
}

TEST(ShownCommand, WhatTakesNoWordHidesNone) {
    EXPECT_EQ(shown(words("docker login --password-stdin registry.example")),
              "docker login --password-stdin registry.example");
    EXPECT_EQ(shown(words("psql --no-password shop")), "psql --no-password shop");
}

TEST(ShownCommand, AnEndpointIsNotShown) {
    const auto nested =
        words("hookline run --to https://h.example/webhook/docker/hook_001/dk_abcdef -- make");
    EXPECT_EQ(shown(nested), "hookline run --to *** -- make");
    EXPECT_THAT(secrets(nested), testing::Contains("dk_abcdef"));
    EXPECT_EQ(shown(words("release --to staging")), "release --to staging");
    Secrets ours;
    ours.add("hl_admin");
    const ShownCommand command = show_command({"echo", "is hl_admin"}, environment, ours);
    EXPECT_EQ(command.shown, "echo 'is ***'");
    EXPECT_THAT(command.secrets.values(), testing::ElementsAre("hl_admin"));
}

TEST(ShownCommand, SecretsBehindWhatIsShownAreKnownToo) {
    std::vector<std::string> command(2'000, "a word");
    command.emplace_back("--password=hunter2000");
    EXPECT_THAT(secrets(command), testing::ElementsAre("hunter2000"));
}

TEST(Secrets, OneWithinAnotherLeavesNothingOfIt) {
    Secrets secrets;
    for (const char* value : {"hunter2", "hunter2000", "hunter2", " short ", "12345\n54321", ""}) {
        secrets.add(value);
    }
    EXPECT_THAT(secrets.values(), testing::ElementsAre("hunter2000", "hunter2"));
    EXPECT_EQ(secrets.without("hunter2000 hunter2hunter2, 12345"), "*** ******, 12345");
}

}  // namespace
}  // namespace hookline::runner
