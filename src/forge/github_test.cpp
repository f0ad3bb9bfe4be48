#include "forge/github.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "net/scripted_client.hpp"
#include "testing/fake_clock.hpp"
#include "testing/loop.hpp"

namespace hookline::forge {

namespace {

const std::string before(40, 'a');
const std::string after(40, 'b');

class GitHubClient : public testing::Test {
protected:
    Result<Comparison> ask(const std::string& repository = "octo/app", const std::string& from = before) {
        std::optional<Result<Comparison>> result;
        loop.start(github.compare(repository, from, after), result);
        loop.settle();
        return std::move(result).value();
    }

    Loop loop;
    FakeClock clock;
    NoMetrics metrics;
    net::ScriptedClient client;
    GitHub github{client, clock, metrics, Secret("ghp_canary")};
};

constexpr const char* two_files =
    R"({"files":[{"filename":"src/encryption.py","additions":15,"deletions":8},{"filename":null},{"filename":"b","additions":1}]})";

}  // namespace

TEST_F(GitHubClient, TellsWhatAPushChanged) {
    client.answers.push_back(net::scripted_answer(200, two_files));
    const auto comparison = ask();
    ASSERT_TRUE(comparison);
    ASSERT_EQ(comparison->files.size(), 2U);
    EXPECT_EQ(comparison->files[0].name, "src/encryption.py");
    EXPECT_EQ(comparison->files[0].additions, 15);
    EXPECT_EQ(comparison->files[0].deletions, 8);
    EXPECT_EQ(client.asked[0].target, "/repos/octo/app/compare/" + before + "..." + after);
    EXPECT_EQ(net::field(client.asked[0].fields, "authorization"), "Bearer ghp_canary");
}

TEST_F(GitHubClient, TellsWhatCameBeforeOfAPullRequest) {
    client.answers.push_back(net::scripted_answer(
        200, R"({"mergeable": true, "head": {"sha": ")" + after + R"("}, "base": {"ref": "release/1.0"}})"));
    client.answers.push_back(net::scripted_answer(
        200,
        R"([{"id": 1, "user": {"login": "ann"}, "state": "APPROVED", "submitted_at": "2026-11-29T10:00:00Z"}, 7])"));
    client.answers.push_back(net::scripted_answer(
        200,
        R"({"check_runs": [{"id": 5, "name": "unit", "conclusion": null, "started_at": "2026-11-29T10:01:00Z"}]})"));
    client.answers.push_back(net::scripted_answer(
        200,
        R"({"statuses": [{"id": 6, "context": "ci/x", "state": "success", "updated_at": "2026-11-29T10:02:00Z"}]})"));
    client.answers.push_back(net::scripted_answer(
        200,
        R"([{"type": "pull_request", "parameters": {"required_approving_review_count": 2}}, {"type": "deletion"}])"));
    std::optional<Result<PullHistory>> result;
    loop.start(github.pull_history("octo/app", 45), result);
    loop.settle();
    ASSERT_TRUE(result && *result);
    const PullHistory& history = **result;
    EXPECT_EQ(history.is_mergeable, true);
    EXPECT_EQ(history.required_approvals, 2);
    ASSERT_EQ(history.reviews.size(), 1U);
    EXPECT_EQ(history.reviews[0].author, "ann");
    ASSERT_EQ(history.checks.size(), 2U);
    EXPECT_EQ(history.checks[0].conclusion, "");
    EXPECT_EQ(history.checks[1].conclusion, "success");
    EXPECT_EQ(client.asked[0].target, "/repos/octo/app/pulls/45");
    EXPECT_EQ(client.asked[4].target, "/repos/octo/app/rules/branches/release%2F1.0");
}

TEST_F(GitHubClient, APartThatGitHubRefusesIsLeftOut) {
    client.answers.push_back(
        net::scripted_answer(200, R"({"head": {"sha": ")" + after + R"("}, "base": {"ref": "main"}})"));
    client.answers.push_back(net::scripted_answer(200, "[]"));
    client.answers.push_back(net::scripted_answer(403, "{}"));
    client.answers.push_back(net::scripted_answer(404, "{}"));
    client.answers.push_back(net::scripted_answer(500, "oops"));
    std::optional<Result<PullHistory>> result;
    loop.start(github.pull_history("octo/app", 45), result);
    loop.settle();
    ASSERT_TRUE(result && *result);
    EXPECT_TRUE((*result)->checks.empty());
    EXPECT_FALSE((*result)->required_approvals);
    std::optional<Result<PullHistory>> odd;
    loop.start(github.pull_history("octo/../app", 45), odd);
    loop.settle();
    ASSERT_TRUE(odd);
    EXPECT_EQ(odd->error().code, Errc::invalid_argument);
}

TEST_F(GitHubClient, AsksForTheCommitWhereTheBranchIsNew) {
    client.answers.push_back(net::scripted_answer(200, two_files));
    EXPECT_TRUE(ask("octo/app", std::string(40, '0')));
    EXPECT_EQ(client.asked[0].target, "/repos/octo/app/commits/" + after);
}

TEST_F(GitHubClient, AsksAgainWithTheETagAndKeepsTheAnswer) {
    client.answers.push_back(net::scripted_answer(200, two_files, {{"etag", "W/\"1\""}}));
    client.answers.push_back(net::scripted_answer(304, ""));
    EXPECT_TRUE(ask());
    const auto again = ask();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->files.size(), 2U);
    EXPECT_EQ(net::field(client.asked[1].fields, "If-None-Match"), "W/\"1\"");
}

TEST_F(GitHubClient, FallsSilentUntilTheRateLimitResets) {
    client.answers.push_back(net::scripted_answer(
        200, two_files, {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1700000060"}}));
    EXPECT_TRUE(ask());
    const auto refused = ask();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().detail, "GitHub's rate limit is used up until 2023-11-14T22:14:20.000Z");
    EXPECT_EQ(client.asked.size(), 1U);
    clock.advance(std::chrono::seconds(60));
    client.answers.push_back(net::scripted_answer(200, two_files));
    EXPECT_TRUE(ask());
}

TEST_F(GitHubClient, ASecondaryLimitIsKeptTooAndNeverLongerThanAnHour) {
    client.answers.push_back(net::scripted_answer(403, "{}", {{"Retry-After", "999999999"}}));
    EXPECT_FALSE(ask());
    clock.advance(std::chrono::hours(1));
    client.answers.push_back(net::scripted_answer(200, two_files));
    EXPECT_TRUE(ask());
}

TEST_F(GitHubClient, ErrorsSayWhatAndNeverTheToken) {
    struct Case {
        int status;
        Errc code;
        const char* text;
    };
    for (const Case& c :
         {Case{401, Errc::unauthorized, "GitHub answered 401 for octo/app: the token is not accepted"},
          Case{404, Errc::not_found, "GitHub answered 404 for octo/app: not there, or not for this token"},
          Case{502, Errc::unavailable, "GitHub answered 502 for octo/app"}}) {
        client.answers.push_back(net::scripted_answer(c.status, "<html>"));
        const auto refused = ask();
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, c.code);
        EXPECT_EQ(refused.error().detail, c.text);
    }
    client.answers.push_back(net::scripted_answer(200, "not json"));
    EXPECT_EQ(ask().error().detail, "GitHub's answer holds no list of files");
}

TEST_F(GitHubClient, NothingOfAPayloadCanLeadThePathElsewhere) {
    for (const char* repository :
         {"octo/app/../../user", "octo", "octo/..", "octo/a?b", "octo/a b", "/app", "octo/"}) {
        EXPECT_EQ(ask(repository).error().code, Errc::invalid_argument) << repository;
    }
    EXPECT_EQ(ask("octo/app", "main").error().code, Errc::invalid_argument);
    EXPECT_TRUE(client.asked.empty());
}

}  // namespace hookline::forge
