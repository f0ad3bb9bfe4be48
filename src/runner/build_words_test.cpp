// What a command line says of a build.
#include "runner/build_words.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

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

std::string read(std::string_view line) {
    const BuildWords build = read_words(words(line));
    return build.is_image ? fmt::format("{}|{}|{}|{}|{}", fmt::join(build.tags, ","), build.context,
                                        build.file, build.target, fmt::join(build.services, ","))
                          : "no build";
}

TEST(BuildWords, OfEveryTool) {
    EXPECT_EQ(read("docker build -t phigen-bot:latest ."), "phigen-bot:latest|.|||");
    EXPECT_EQ(read("docker build . --tag=a:1 -tb:2 -f docker/Dockerfile --target prod"),
              "a:1,b:2|.|docker/Dockerfile|prod|");
    EXPECT_EQ(read("docker -H unix:///x --context c buildx build --load --platform linux/arm64 -t a ctx"),
              "a|ctx|||");
    EXPECT_EQ(read("docker image build --pull --no-cache -q -t a https://example.org/a.git#main"),
              "a|https://example.org/a.git#main|||");
    EXPECT_EQ(read("sudo -E podman build -t localhost/a --tls-verify=false ."), "localhost/a|.|||");
    EXPECT_EQ(read("env DOCKER_BUILDKIT=1 docker build ."), "|.|||");
    EXPECT_EQ(read("docker compose -f prod.yml build --pull web worker"), "||||web,worker");
    EXPECT_EQ(read("docker-compose build"), "||||");
    EXPECT_EQ(read("docker build -t docker.io/library/a:1 -t docker.io/octo/b -"), "a:1,octo/b|-|||");
    for (const char* line :
         {"make build", "docker run build", "docker", "docker compose up", "build .", "docker -H"}) {
        EXPECT_EQ(read(line), "no build") << line;
    }
}

TEST(BuildWords, NamesAreWhatAReaderExpects) {
    const auto name = [](std::string_view line, std::string_view folder = "/home/ann/shop") {
        return usual_name(read_words(words(line)), words(line), folder, "/home/ann");
    };
    EXPECT_EQ(name("docker build -t phigen-bot:latest ."), "phigen-bot");
    EXPECT_EQ(name("docker build -t reg.local:5000/team/bot@sha256:aa ."), "bot");
    EXPECT_EQ(name("docker build ."), "shop");
    EXPECT_EQ(name("docker build services/web/"), "web");
    EXPECT_EQ(name("docker build https://github.com/octo/app.git#main"), "app");
    EXPECT_EQ(name("docker compose build web"), "web");
    EXPECT_EQ(name("docker compose build web api"), "shop");
    EXPECT_EQ(name("docker compose -p store build"), "store");
    EXPECT_EQ(name("make test"), "shop");
    EXPECT_EQ(name("./deploy.sh", "/home/ann"), "deploy.sh");
    EXPECT_EQ(name("/usr/bin/make", "/"), "make");
}

}  // namespace
}  // namespace hookline::runner
