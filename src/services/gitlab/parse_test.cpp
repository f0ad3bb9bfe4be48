#include "services/gitlab/parse.hpp"

#include <gmock/gmock.h>

#include "base/iso_time.hpp"
#include "services/gitlab/samples.hpp"

namespace hookline::services::gitlab {
namespace {

using testing::ElementsAre;

event::Event read(std::string_view event_type, std::string_view payload) {
    event::Delivery delivery;
    delivery.service = event::Service::gitlab;
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

TEST(ParsePush, TellsWhatAPushTells) {
    const event::Event event = sample("push");
    EXPECT_EQ(event.full_name(), "push");
    EXPECT_EQ(event.provider_name, "push");
    EXPECT_EQ(event.branch, "main");
    EXPECT_EQ(event.repo->full_name, "nova-labs/beacon");
    EXPECT_EQ(event.repo->id, 4021);
    EXPECT_TRUE(event.repo->is_private);
    EXPECT_EQ(event.actor->login, "isantos");
    EXPECT_EQ(event.actor->url, "https://gitlab.example.com/isantos");
    EXPECT_EQ(event.title, "Warn before the lamp overheats");
    ASSERT_TRUE(event.push);
    EXPECT_EQ(event.push->commit_count, 2);
    EXPECT_EQ(event.push->commits.front().author, "Max Keller");
    EXPECT_EQ(event.push->commits.back().author, "isantos");
    EXPECT_THAT(event.push->commits.front().added, ElementsAre("beacon/lamp.py"));
    EXPECT_EQ(event.url,
              "https://gitlab.example.com/nova-labs/beacon/-/compare/"
              "b83d6e391c22777fca1ed3012fce84f633d7fed0...5937ac0a7beb003549fc5fd26fc247adbce4a52e");
    EXPECT_EQ(event.url, event.push->compare_url);
}

TEST(ParsePush, CountsWhatThePayloadLeavesOut) {
    EXPECT_EQ(sample("push.many").push->commit_count, 143);
    EXPECT_EQ(read("push", R"({"object_kind": "push", "total_commits_count": -5, "commits": [{}]})")
                  .push->commit_count,
              1);
}

TEST(ParsePush, BranchesAndTagsThatComeAndGoAreToldAsThat) {
    const struct {
        std::string_view file, full_name, also, url_end;
    } cases[] = {
        {"push.created", "push.created", "branch.created", "/-/compare/main...lamp-warning"},
        {"push.branch_created", "branch.created", "", "/-/tree/release-2.3"},
        {"push.branch_deleted", "branch.deleted", "", "/nova-labs/beacon"},
        {"tag_push.created", "tag.created", "", "/-/tags/v2.3.0"},
        {"tag_push.deleted", "tag.deleted", "", "/nova-labs/beacon"},
        {"tag_push.moved", "push.moved", "", "/-/tags/latest"},
    };
    for (const auto& [file, full_name, also, url_end] : cases) {
        const event::Event event = sample(file);
        EXPECT_EQ(event.full_name(), full_name) << file;
        EXPECT_EQ(event.also, also) << file;
        EXPECT_THAT(event.url, testing::EndsWith(std::string(url_end))) << file;
        ASSERT_TRUE(event.push) << file;
    }
    EXPECT_EQ(sample("tag_push.created").message, "The lamp looks after itself");
    EXPECT_EQ(sample("tag_push.created").branch, "");
    EXPECT_EQ(sample("push.branch_deleted").commit, "");
}

TEST(ParsePush, AccountsOfTokensAreBots) {
    for (const auto& [login, is_bot] :
         {std::pair{"project_4021_bot_4f0a7c", true}, std::pair{"group_100_bot", true},
          std::pair{"alert-bot", true}, std::pair{"isantos", false}, std::pair{"project_manager", false}}) {
        const event::Event event =
            read("push", fmt::format(R"({{"object_kind": "push", "user_username": "{}"}})", login));
        EXPECT_EQ(event.is_bot, is_bot) << login;
    }
    EXPECT_EQ(read("push", R"({"object_kind": "push", "user_name": "John Smith"})").actor->login,
              "John Smith");
}

TEST(ParseMergeRequest, TellsWhatItTells) {
    const event::Event event = sample("merge_request.open");
    EXPECT_EQ(event.full_name(), "pr.opened");
    EXPECT_TRUE(event.has_merge_requests);
    EXPECT_EQ(event.branch, "main");
    ASSERT_TRUE(event.pr);
    EXPECT_EQ(event.pr->number, 45);
    EXPECT_EQ(event.pr->author, "isantos");
    EXPECT_EQ(event.pr->head, "lamp-warning");
    EXPECT_EQ(event.pr->head_sha, "5937ac0a7beb003549fc5fd26fc247adbce4a52e");
    EXPECT_THAT(event.pr->labels, ElementsAre("hardware"));
    EXPECT_THAT(event.pr->reviewers, ElementsAre("mkeller"));
    EXPECT_EQ(event.url, "https://gitlab.example.com/nova-labs/beacon/-/merge_requests/45");
    EXPECT_EQ(iso_time(event.time), "2026-11-23T09:30:12.000Z");
    EXPECT_TRUE(sample("merge_request.open_draft").pr->is_draft);
}

TEST(ParseMergeRequest, EveryActHasItsName) {
    const struct {
        std::string_view file, full_name, change;
    } cases[] = {
        {"merge_request.ready", "pr.ready_for_review", ""},
        {"merge_request.new_commits", "pr.synchronize", ""},
        {"merge_request.labeled", "pr.labeled", "safety"},
        {"merge_request.review_requested", "pr.review_requested", "jpark"},
        {"merge_request.retargeted", "pr.edited", "target branch"},
        {"merge_request.approval", "review.approved", "more approvals"},
        {"merge_request.approved", "review.approved", ""},
        {"merge_request.unapproved", "review.dismissed", ""},
        {"merge_request.merge", "pr.merged", ""},
        {"merge_request.close", "pr.closed", ""},
        {"merge_request.reopen", "pr.reopened", ""},
    };
    for (const auto& [file, full_name, change] : cases) {
        const event::Event event = sample(file);
        EXPECT_EQ(event.full_name(), full_name) << file;
        EXPECT_EQ(event.change, change) << file;
    }
    EXPECT_EQ(sample("merge_request.merge").pr->merged_by, "mkeller");
    EXPECT_EQ(sample("merge_request.merge").pr->author, "isantos");
    EXPECT_EQ(sample("merge_request.approved").review->author, "jpark");
}

TEST(ParseMergeRequest, AnActMayBeMissing) {
    const auto name = [](std::string_view attributes, std::string_view more = "") {
        return read("Merge Request Hook",
                    fmt::format(R"({{"object_kind": "merge_request", "object_attributes": {{{}}}{}}})",
                                attributes, more))
            .full_name();
    };
    EXPECT_EQ(name(R"("state": "merged")"), "pr.merged");
    EXPECT_EQ(name(R"("state": "closed")"), "pr.closed");
    EXPECT_EQ(name(R"("state": "opened")"), "pr.edited");
    EXPECT_EQ(name(R"("action": "update")"), "pr.edited");
    EXPECT_EQ(
        name(R"("action": "update")", R"(, "changes": {"draft": {"previous": false, "current": true}})"),
        "pr.converted_to_draft");
    EXPECT_EQ(name(R"("action": "brand_new")"), "pr.brand_new");
}

TEST(ParseIssue, WorkItemsKeepTheirKind) {
    const event::Event issue = sample("issue.open");
    EXPECT_EQ(issue.full_name(), "issue.opened");
    EXPECT_EQ(issue.issue->kind, "");
    EXPECT_EQ(issue.issue->author, "jpark");
    EXPECT_EQ(issue.issue->number, 23);
    const event::Event incident = sample("issue.open_incident");
    EXPECT_EQ(incident.full_name(), "issue.opened");
    EXPECT_EQ(incident.issue->kind, "incident");
    EXPECT_EQ(sample("issue.close_duplicate").issue->state_reason, "duplicate");
    EXPECT_EQ(sample("issue.labeled").change, "safety");
}

TEST(ParseIssue, WhatIsConfidentialIsMarkedWhereverItSaysSo) {
    const event::Event issue = sample("confidential_issue.open");
    EXPECT_TRUE(issue.is_confidential);
    EXPECT_TRUE(issue.issue->is_confidential);
    EXPECT_TRUE(sample("confidential_note.merge_request").is_confidential);
    EXPECT_FALSE(sample("issue.open").is_confidential);
    for (const auto& [event_type, payload] :
         {std::pair{"Confidential Issue Hook", R"({"object_kind": "issue"})"},
          std::pair{"Issue Hook", R"({"object_kind": "issue", "event_type": "confidential_issue"})"},
          std::pair{"Issue Hook", R"({"object_kind": "issue", "object_attributes": {"confidential": true}})"},
          std::pair{"Confidential Note Hook", R"({"object_kind": "note"})"},
          std::pair{"Note Hook", R"({"object_kind": "note", "issue": {"confidential": true}})"},
          std::pair{"Note Hook", R"({"object_kind": "note", "object_attributes": {"internal": true}})"},
          std::pair{"Emoji Hook", R"({"object_kind": "emoji", "issue": {"confidential": true}})"}}) {
        EXPECT_TRUE(read(event_type, payload).is_confidential) << event_type << payload;
    }
}

TEST(ParseNote, OnEverythingThatCanBeCommented) {
    const event::Event request = sample("note.merge_request");
    EXPECT_EQ(request.full_name(), "comment.created");
    EXPECT_EQ(request.pr->number, 45);
    EXPECT_EQ(request.comment->path, "beacon/lamp.py");
    EXPECT_EQ(request.comment->line, 48);
    EXPECT_EQ(request.comment->author, "mkeller");
    EXPECT_EQ(sample("note.issue").issue->number, 23);
    EXPECT_EQ(sample("note.commit").commit, "5937ac0a7beb003549fc5fd26fc247adbce4a52e");
    EXPECT_EQ(sample("note.snippet").subject->name, "Read the lamp's sensor");
    EXPECT_EQ(sample("note.edited").full_name(), "comment.edited");
}

TEST(ParseNote, WhatGitLabItselfNotesIsToldApart) {
    EXPECT_EQ(read("note", R"({"object_kind": "note", "object_attributes": {"system": true}})").full_name(),
              "comment.system");
    EXPECT_EQ(read("note", R"({"object_kind": "note", "object_attributes": {}})").full_name(),
              "comment.created");
}

TEST(ParseRelease, IsPublishedOnce) {
    const event::Event event = sample("release.create");
    EXPECT_EQ(event.full_name(), "release.published");
    EXPECT_EQ(event.release->tag, "v2.3.0");
    EXPECT_EQ(event.release->assets.size(), 2U);
    EXPECT_EQ(sample("release.update").full_name(), "release.edited");
    EXPECT_EQ(sample("release.delete").full_name(), "release.deleted");
}

TEST(ParseThings, HaveANameAndAnAct) {
    const struct {
        std::string_view file, full_name, subject, detail;
    } cases[] = {
        {"wiki_page.create", "wiki.created", "How to update", "Write down how to update"},
        {"wiki_page.delete", "wiki.deleted", "How to update", "Moved into the manual"},
        {"feature_flag.on", "flag.enabled", "lamp-warning", "Warn the keeper by text message"},
        {"milestone.close", "milestone.closed", "2.3", "Warm light, due 2026-11-30"},
        {"emoji.award", "emoji.added", ":tada:", "Warn before the lamp overheats"},
        {"resource_access_token.expiring", "token.expiring", "deploy", "expires on 2026-11-30"},
        {"member.added", "member.added", "jpark", "Developer of nova-labs, until 2027-01-31"},
        {"member.removed", "member.removed", "jpark", "nova-labs"},
        {"member.requested", "member.requested", "jpark", "Guest of nova-labs, until 2027-01-31"},
        {"subgroup.created", "group.created", "nova-labs/towers", ""},
        {"project.created", "repo.created", "nova-labs/towers/foghorn", ""},
        {"system.project_renamed", "repo.renamed", "nova-labs/towers/horn", "was nova-labs/towers/foghorn"},
        {"vulnerability.detected", "security.opened", "REXML DoS vulnerability",
         "high · rexml · Gemfile.lock · CVE-2024-41123"},
    };
    for (const auto& [file, full_name, subject, detail] : cases) {
        const event::Event event = sample(file);
        EXPECT_EQ(event.full_name(), full_name) << file;
        ASSERT_TRUE(event.subject) << file;
        EXPECT_EQ(event.subject->name, subject) << file;
        EXPECT_EQ(event.subject->detail, detail) << file;
    }
    EXPECT_EQ(sample("vulnerability.detected").repo->full_name, "nova-labs/beacon");
    EXPECT_EQ(sample("project.created").repo->full_name, "nova-labs/towers/foghorn");
}

TEST(Parse, TheEventIsFoundWhereverItIsNamed) {
    for (const auto& [event_type, payload] :
         {std::pair{"Push Hook", R"({"object_kind": "push"})"},
          std::pair{"push", R"({"object_kind": "push"})"},
          std::pair{"System Hook", R"({"event_name": "push"})"},
          std::pair{"system", R"({"object_kind": "push"})"}, std::pair{"", R"({"object_kind": "push"})"}}) {
        EXPECT_EQ(read(event_type, payload).name, "push") << event_type << payload;
    }
    EXPECT_EQ(read("Work Item Hook", R"({"object_kind": "work_item"})").name, "issue");
    EXPECT_EQ(read("Build Hook", R"({"object_kind": "build"})").name, "job");
}

TEST(Parse, WhatIsUnknownHasNoNameAndIsNoError) {
    const event::Event event =
        read("Brand New Hook", R"({"object_kind": "brand_new", "object_attributes": {"action": "update"}})");
    EXPECT_EQ(event.name, "");
    EXPECT_EQ(event.provider_name, "brand_new");
    EXPECT_EQ(event.provider_action, "update");
    EXPECT_EQ(iso_time(event.time), "2026-11-23T20:00:00.000Z");
    // A body of the owner's own making (GitLab, "Custom webhook template").
    EXPECT_EQ(read("Push Hook", R"({"text": "somebody pushed"})").name, "");
}

TEST(Parse, WhatIsNoObjectIsAnError) {
    for (const std::string_view payload : {"[]", "null", "\"push\""}) {
        event::Delivery delivery;
        delivery.event_type = "push";
        delivery.payload = payload;
        const auto event = parse(delivery);
        ASSERT_FALSE(event);
        EXPECT_EQ(event.error().detail, "the payload of “push” is no JSON object");
    }
}

TEST(Parse, OlderPayloadsNameTheProjectOtherwise) {
    const event::Event event = read("job", R"({"object_kind": "build", "project_id": 380,
        "project_name": "gitlab-org / gitlab-test", "repository": {"homepage": "https://gitlab.example/x"},
        "user": {"name": "User"}})");
    EXPECT_EQ(event.repo->full_name, "gitlab-org/gitlab-test");
    EXPECT_EQ(event.repo->id, 380);
    EXPECT_EQ(event.repo->url, "https://gitlab.example/x");
    EXPECT_EQ(event.actor->login, "User");
    EXPECT_EQ(event.actor->url, "");
}

}  // namespace
}  // namespace hookline::services::gitlab
