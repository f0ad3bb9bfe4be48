#include "services/runs.hpp"

#include <gtest/gtest.h>

#include <climits>

namespace hookline::services {
namespace {

using std::chrono::seconds;

TEST(Runs, ARemoteNamesItsRepository) {
    const struct {
        std::string_view remote, name, url;
    } cases[] = {
        {"https://github.com/octo-org/app", "octo-org/app", "https://github.com/octo-org/app"},
        {"https://github.com/octo-org/app.git/", "octo-org/app", "https://github.com/octo-org/app"},
        {"https://user:token@git.example:8443/team/sub/app.git", "team/sub/app",
         "https://git.example:8443/team/sub/app"},
        {"git@github.com:octo-org/app.git", "octo-org/app", ""},
        {"ssh://git@git.example:22/octo-org/app.git", "octo-org/app", ""},
        {" https://github.com/a/b?x=1#y ", "a/b", "https://github.com/a/b"},
    };
    for (const auto& [remote, name, url] : cases) {
        const auto repository = repository_of_remote(remote);
        ASSERT_TRUE(repository) << remote;
        EXPECT_EQ(repository->full_name, name);
        EXPECT_EQ(repository->url, url);
    }
    for (const char* remote :
         {"", "app", "/srv/git/app.git", "https://github.com", "https://github.com/", "https:///a/b",
          "https://github.com/app", "javascript://x/a/b", "file:///srv/a/b", "C:\\git\\app", "a:b@c",
          "@:", "https://github.com//a/", "git@host:app"}) {
        EXPECT_FALSE(repository_of_remote(remote)) << remote;
    }
    EXPECT_FALSE(repository_of_remote("https://a/" + std::string(5'000, 'b') + "/c"));
}

TEST(Runs, ABranchIsItsNameAlone) {
    for (const char* ref : {"main", "origin/main", "refs/heads/main", "refs/remotes/origin/main", "*/main"}) {
        EXPECT_EQ(branch_of_ref(ref), "main") << ref;
    }
    EXPECT_EQ(branch_of_ref("origin/feature/oauth"), "feature/oauth");
    EXPECT_EQ(branch_of_ref(""), "");
}

TEST(Runs, DurationsAreClamped) {
    EXPECT_EQ(duration_of_milliseconds(204'499), seconds(204));
    EXPECT_EQ(duration_of_milliseconds(-5), seconds(0));
    EXPECT_EQ(duration_of_milliseconds(INT64_MAX), seconds(3650LL * 24 * 3600));
    EXPECT_EQ(duration_of_milliseconds(std::nullopt), std::nullopt);
    const TimePoint begin(seconds(1000));
    EXPECT_EQ(duration_between(begin, TimePoint(seconds(1105))), seconds(105));
    EXPECT_EQ(duration_between(TimePoint(seconds(1105)), begin), seconds(0));
    EXPECT_EQ(duration_between(begin, std::nullopt), std::nullopt);
}

TEST(Runs, CommitPagesOfKnownHosts) {
    const auto page = [](std::string_view url, std::string_view commit) {
        event::Repository repository;
        repository.url = url;
        return commit_page(repository, commit);
    };
    EXPECT_EQ(page("https://github.com/a/b", "42f0c7d"), "https://github.com/a/b/commit/42f0c7d");
    EXPECT_EQ(page("https://gitlab.com/a/b", "42f0c7d"), "https://gitlab.com/a/b/-/commit/42f0c7d");
    EXPECT_EQ(page("https://git.example/a/b", "42f0c7d"), "");
    EXPECT_EQ(page("https://github.com/a/b", "../../evil"), "");
    EXPECT_EQ(page("https://github.com/a/b", ""), "");
}

TEST(Runs, AnUnknownEndIsAnEnd) {
    constexpr std::array endings{RunEnding{"SUCCESS", event::Conclusion::success, "passed"}};
    EXPECT_EQ(ending_of(endings, "success").action, "passed");
    EXPECT_EQ(ending_of(endings, "exploded").action, "neutral");
    EXPECT_EQ(ending_of(endings, "").conclusion, event::Conclusion::neutral);
}

}  // namespace
}  // namespace hookline::services
