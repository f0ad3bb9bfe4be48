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

TEST(ShownCommand, SecretsAreNotShown) {
    const auto shown = [](std::vector<std::string> command) { return shown_command(command); };
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
    EXPECT_EQ(shown_command({"sh", "-c", "echo 'a b' && exit 3"}), "sh -c 'echo '\\''a b'\\'' && exit 3'");
    EXPECT_EQ(shown_command({"printf", "a\nb", ""}), "printf 'a b' ''");
    EXPECT_LE(code_points(shown_command({std::string(100'000, 'x')})), 600U);
}

}  // namespace
}  // namespace hookline::runner
