#include "services/github/parse.hpp"

#include <gmock/gmock.h>

#include "base/iso_time.hpp"
#include "services/github/samples.hpp"

namespace hookline::services::github {
namespace {

using testing::ElementsAre;

event::Event read(std::string_view event_type, std::string_view payload) {
    event::Delivery delivery;
    delivery.event_type = event_type;
    delivery.payload = payload;
    delivery.received_at = *parse_time("2026-11-23T20:00:00Z");
    auto event = parse(delivery);
    EXPECT_TRUE(event) << event.error().detail;
    return event.value_or(event::Event{});
}

event::Event sample(std::string_view file) {
    for (const SampleFile& known : sample_files()) {
        if (known.name == file) {
            return read(file.substr(0, file.find('.')), known.text);
        }
    }
    ADD_FAILURE() << "no sample " << file;
    return {};
}

std::string push_json(std::string_view ref, std::string_view before, std::string_view after,
                      std::string_view more = "") {
    return fmt::format(R"({{"ref": "{}", "before": "{}", "after": "{}"{}}})", ref, before, after, more);
}

const std::string zeros(40, '0');
const std::string some_id(40, 'a');
const std::string other_id(40, 'b');

TEST(ParsePush, TellsWhatAPushTells) {
    const event::Event event = sample("push");
    EXPECT_EQ(event.full_name(), "push");
    EXPECT_EQ(event.branch, "main");
    EXPECT_EQ(event.repo->full_name, "octo-org/hello-hook");
    EXPECT_EQ(event.repo->id, 1186420100);
    EXPECT_EQ(event.actor->login, "octocat");
    EXPECT_EQ(event.title, "Fix encryption bug");
    EXPECT_EQ(iso_time(event.time), "2026-11-23T09:12:31.000Z");
    ASSERT_TRUE(event.push);
    EXPECT_EQ(event.push->commit_count, 3);
    EXPECT_FALSE(event.push->count_is_at_least);
    EXPECT_EQ(event.push->commits.front().author, "octocat");
    EXPECT_THAT(event.push->commits.back().modified, ElementsAre("src/encryption.py"));
    EXPECT_EQ(event.url, event.push->compare_url);
}

TEST(ParsePush, TheKindIsInTheFlagsOrInTheZeros) {
    const struct {
        std::string payload;
        std::string_view action, branch;
    } cases[] = {
        {push_json("refs/heads/feature/a/b", some_id, other_id), "", "feature/a/b"},
        {push_json("refs/heads/main", some_id, other_id, R"(, "forced": true)"), "forced", "main"},
        {push_json("refs/heads/new", zeros, other_id), "created", "new"},
        {push_json("refs/heads/old", some_id, zeros), "deleted", "old"},
        {push_json("refs/heads/x", some_id, other_id, R"(, "created": true, "forced": true)"), "created",
         "x"},
        {push_json("refs/tags/v1", zeros, other_id), "created", ""},
        {push_json("refs/tags/v1", some_id, other_id, R"(, "forced": true)"), "moved", ""},
        {push_json("refs/tags/v1", some_id, zeros, R"(, "deleted": true)"), "deleted", ""},
    };
    for (const auto& [payload, action, branch] : cases) {
        const event::Event event = read("push", payload);
        EXPECT_EQ(event.name, "push");
        EXPECT_EQ(event.action, action) << payload;
        EXPECT_EQ(event.branch, branch) << payload;
    }
}

TEST(ParsePush, WhatTheBranchsOwnEventTellsIsNotedAsSuch) {
    EXPECT_EQ(read("push", push_json("refs/heads/new", zeros, other_id)).told_by, "branch");
    EXPECT_EQ(read("push", push_json("refs/tags/v1", some_id, zeros)).told_by, "tag");
    EXPECT_EQ(sample("push.created").told_by, "");
}

TEST(ParsePush, AMergeQueueIsSeen) {
    EXPECT_TRUE(read("push", push_json("refs/heads/gh-readonly-queue/main/pr-45-abc", zeros, other_id))
                    .push->is_merge_queue);
    EXPECT_FALSE(
        read("push", push_json("refs/tags/gh-readonly-queue/x", zeros, other_id)).push->is_merge_queue);
}

TEST(ParsePush, TheListEndsWhereGitHubsEnds) {
    std::string commits;
    for (int i = 0; i < 2100; ++i) {
        commits += fmt::format(R"({}{{"id": "{:040}", "message": "m", "distinct": {}}})", i == 0 ? "" : ",",
                               i, i % 2 == 0);
    }
    const auto payload = [&](std::string_view list) {
        return push_json("refs/heads/main", some_id, other_id, fmt::format(R"(, "commits": [{}])", list));
    };
    const event::Event event = read("push", payload(commits));
    EXPECT_EQ(event.push->commit_count, 2048);
    EXPECT_TRUE(event.push->count_is_at_least);
    EXPECT_FALSE(event.push->commits[1].is_distinct);
    EXPECT_EQ(event.push->head->id, event.push->commits.back().id);  // head_commit was not there
    EXPECT_EQ(read("push", payload("")).push->commit_count, 0);
}

TEST(ParsePush, LinksHoldWhatABranchMayHold) {
    const event::Event event = read(
        "push", push_json("refs/heads/fix#12 100%", zeros, other_id,
                          R"(, "repository": {"full_name": "a/b", "html_url": "https://github.com/a/b"})"));
    EXPECT_EQ(event.url, "https://github.com/a/b/tree/fix%2312%20100%25");
}

TEST(ParsePullRequest, TellsWhatAPullRequestTells) {
    const event::Event event = sample("pull_request.opened");
    EXPECT_EQ(event.full_name(), "pr.opened");
    EXPECT_EQ(event.provider_name, "pull_request");
    EXPECT_EQ(event.branch, "main");
    ASSERT_TRUE(event.pr);
    EXPECT_EQ(event.pr->number, 45);
    EXPECT_EQ(event.pr->author, "monalisa");
    EXPECT_EQ(event.pr->head, "feature-oauth");
    EXPECT_EQ(event.pr->changed_files, 8);
    EXPECT_EQ(event.pr->additions, 450);
    EXPECT_EQ(event.pr->deletions, 120);
    EXPECT_THAT(event.pr->labels, ElementsAre("enhancement"));
    EXPECT_THAT(event.pr->reviewers, ElementsAre("octocat"));
}

TEST(ParsePullRequest, MergedIsNotClosed) {
    const event::Event merged = sample("pull_request.merged");
    EXPECT_EQ(merged.full_name(), "pr.merged");
    EXPECT_EQ(merged.provider_action, "closed");
    EXPECT_EQ(merged.pr->merged_by, "octocat");
    EXPECT_EQ(iso_time(merged.time), "2026-11-23T10:30:05.000Z");
    EXPECT_EQ(sample("pull_request.closed").full_name(), "pr.closed");
    EXPECT_TRUE(sample("pull_request.opened_draft").pr->is_draft);
    EXPECT_EQ(sample("pull_request.labeled").change, "security");
}

TEST(ParsePullRequest, ADeletedForkAndADeletedAccountAreNoError) {
    const event::Event event = read("pull_request",
                                    R"({"action": "opened", "number": 7, "sender": null, "repository": null,
            "pull_request": {"title": "x", "user": null, "head": {"ref": "a", "repo": null}, "base": null}})");
    EXPECT_EQ(event.pr->author, "ghost");
    EXPECT_EQ(event.pr->number, 7);
    EXPECT_EQ(event.pr->head_repository, "");
    EXPECT_EQ(event.actor->login, "ghost");
    EXPECT_FALSE(event.repo);
}

TEST(ParseReview, TheStateIsTheAction) {
    EXPECT_EQ(sample("pull_request_review.approved").full_name(), "review.approved");
    EXPECT_EQ(sample("pull_request_review.changes_requested").full_name(), "review.changes_requested");
    EXPECT_EQ(sample("pull_request_review.dismissed").full_name(), "review.dismissed");
    const event::Event shouted = read(
        "pull_request_review", R"({"action": "submitted", "review": {"state": "APPROVED", "user": null}})");
    EXPECT_EQ(shouted.full_name(), "review.approved");
    EXPECT_EQ(shouted.review->author, "ghost");
}

TEST(ParseComment, KnowsWhatItIsOn) {
    const event::Event on_issue = sample("issue_comment.created");
    EXPECT_TRUE(on_issue.issue);
    EXPECT_FALSE(on_issue.pr);
    const event::Event on_request = sample("issue_comment.created_on_pull_request");
    EXPECT_FALSE(on_request.issue);
    EXPECT_EQ(on_request.pr->number, 45);
    const event::Event on_code = sample("pull_request_review_comment.created");
    EXPECT_EQ(on_code.full_name(), "comment.created");
    EXPECT_EQ(on_code.comment->path, "src/oauth.py");
    EXPECT_EQ(on_code.comment->line, 42);
}

TEST(ParseRun, TellsWhatARunTells) {
    const event::Event event = sample("workflow_run.success");
    EXPECT_EQ(event.full_name(), "workflow.passed");
    ASSERT_TRUE(event.workflow);
    EXPECT_EQ(event.workflow->name, "Tests");
    EXPECT_EQ(event.workflow->duration, std::chrono::seconds(204));
    EXPECT_EQ(event.workflow->branch, "feature-oauth");
    EXPECT_EQ(event.workflow->attempt, 1);
    EXPECT_EQ(sample("workflow_run.failure").workflow->attempt, 2);
}

TEST(ParseRun, EveryBadEndIsFailedAndNoEndIsLost) {
    const auto run = [](std::string_view conclusion) {
        return read(
            "workflow_run",
            fmt::format(R"({{"action": "completed", "workflow_run": {{"conclusion": {}}}}})", conclusion));
    };
    EXPECT_EQ(run("\"failure\"").full_name(), "workflow.failed");
    EXPECT_EQ(run("\"timed_out\"").full_name(), "workflow.failed");
    EXPECT_EQ(run("\"startup_failure\"").full_name(), "workflow.failed");
    EXPECT_EQ(run("\"cancelled\"").full_name(), "workflow.cancelled");
    EXPECT_EQ(run("null").full_name(), "workflow.neutral");
    EXPECT_EQ(run("\"brand_new\"").full_name(), "workflow.neutral");
    EXPECT_EQ(sample("workflow_run.requested").workflow->conclusion, event::Conclusion::none);
}

TEST(ParseRun, DurationsAreClamped) {
    const auto duration = [](std::string_view begin, std::string_view end) {
        return read("workflow_run",
                    fmt::format(R"({{"action": "completed", "workflow_run": {{"conclusion": "success",
                                "run_started_at": "{}", "updated_at": "{}"}}}})",
                                begin, end))
            .workflow->duration;
    };
    EXPECT_EQ(duration("2026-11-23T10:00:00Z", "2026-11-23T09:59:00Z"), std::chrono::seconds(0));
    EXPECT_EQ(duration("2025-11-23T10:00:00Z", "2026-12-28T10:00:00Z"), std::chrono::hours(24) * 400);
    EXPECT_EQ(duration("1971-01-01T00:00:00Z", "9999-01-01T00:00:00Z"), std::chrono::hours(24) * 3650);
    EXPECT_EQ(duration("", "2026-12-28T10:00:00Z"), std::nullopt);
}

TEST(ParseRun, WhatTheWorkflowTellsIsNotedAsSuch) {
    EXPECT_EQ(
        read("workflow_job", R"({"action": "completed", "workflow_job": {"conclusion": "failure"}})").told_by,
        "workflow");
    EXPECT_EQ(
        read(
            "check_run",
            R"({"action": "completed", "check_run": {"conclusion": "failure", "app": {"slug": "github-actions"}}})")
            .told_by,
        "workflow");
    EXPECT_EQ(
        read("workflow_job", R"({"action": "completed", "workflow_job": {"conclusion": "success"}})").told_by,
        "")
        << "a run that passed names no job";
    EXPECT_EQ(sample("check_run.failure").told_by, "");
}

TEST(ParseRelease, AndTheRest) {
    const event::Event release = sample("release.published");
    EXPECT_EQ(release.release->tag, "v1.4.0");
    EXPECT_EQ(release.release->assets.size(), 3U);
    EXPECT_TRUE(sample("release.published_prerelease").release->is_prerelease);
    EXPECT_EQ(sample("create.tag").full_name(), "tag.created");
    EXPECT_EQ(sample("delete.branch").full_name(), "branch.deleted");
    EXPECT_EQ(sample("fork").subject->name, "kit-dev/hello-hook");
    EXPECT_EQ(sample("dependabot_alert.created").full_name(), "security.opened");
    EXPECT_EQ(sample("deployment_status.failure").full_name(), "deployment.failure");
}

TEST(ParsePing, TellsWhatWillBeSent) {
    const event::Event ping = sample("ping");
    EXPECT_EQ(ping.name, "");
    ASSERT_TRUE(ping.ping);
    EXPECT_EQ(ping.ping->events.size(), 7U);
    EXPECT_FALSE(ping.ping->sends_everything);
    EXPECT_TRUE(read("ping", R"({"hook": {"events": ["*"]}})").ping->sends_everything);
}

TEST(Parse, WhatIsUnknownHasNoNameAndIsNoError) {
    const event::Event event =
        read("brand_new_event", R"({"action": "happened", "repository": 12, "sender": "x"})");
    EXPECT_EQ(event.name, "");
    EXPECT_EQ(event.provider_name, "brand_new_event");
    EXPECT_EQ(event.provider_action, "happened");
    EXPECT_EQ(iso_time(event.time), "2026-11-23T20:00:00.000Z");
    EXPECT_EQ(read("pull_request", R"({"action": "danced"})").full_name(), "pr.danced");
}

TEST(Parse, WhatIsNoObjectIsAnError) {
    for (const auto& [payload, error] : {std::pair{"[]", "the payload of “push” is no JSON object"},
                                         std::pair{"null", "the payload of “push” is no JSON object"}}) {
        event::Delivery delivery;
        delivery.event_type = "push";
        delivery.payload = payload;
        const auto event = parse(delivery);
        ASSERT_FALSE(event);
        EXPECT_EQ(event.error().detail, error);
    }
}

}  // namespace
}  // namespace hookline::services::github
