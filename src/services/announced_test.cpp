#include "services/announced.hpp"

#include <gtest/gtest.h>

namespace hookline::services {
namespace {

event::Event make(std::string_view name, std::string_view action) {
    event::Event event;
    event.name = name;
    event.action = action;
    return event;
}

event::Event push(event::Push::Kind kind, std::vector<bool> distinct) {
    event::Event event = make("push", kind == event::Push::Kind::created ? "created" : "");
    event.push.emplace();
    event.push->kind = kind;
    for (const bool is_distinct : distinct) {
        event.push->commits.emplace_back().is_distinct = is_distinct;
    }
    event.push->commit_count = static_cast<std::int64_t>(distinct.size());
    return event;
}

TEST(Announced, FollowsTheTable) {
    const struct {
        std::string_view name, action;
        bool is_announced;
    } cases[] = {
        {"push", "forced", true},
        {"push", "moved", true},
        {"push", "deleted", false},
        {"pr", "opened", true},
        {"pr", "ready_for_review", true},
        {"pr", "merged", true},
        {"pr", "closed", true},
        {"pr", "reopened", true},
        {"pr", "synchronize", false},
        {"pr", "edited", false},
        {"pr", "labeled", false},
        {"pr", "converted_to_draft", false},
        {"review", "approved", true},
        {"review", "dismissed", true},
        {"review", "edited", false},
        {"comment", "created", true},
        {"comment", "deleted", false},
        {"issue", "opened", true},
        {"issue", "transferred", true},
        {"issue", "labeled", false},
        {"issue", "pinned", false},
        {"release", "published", true},
        {"release", "created", false},
        {"release", "released", false},
        {"workflow", "passed", true},
        {"workflow", "failed", true},
        {"workflow", "cancelled", true},
        {"workflow", "skipped", false},
        {"workflow", "requested", false},
        {"workflow", "started", false},
        {"pipeline", "passed", true},
        {"pipeline", "failed", true},
        {"pipeline", "cancelled", true},
        {"pipeline", "action_required", true},
        {"pipeline", "skipped", false},
        {"pipeline", "started", false},
        {"stage", "passed", false},
        {"stage", "failed", false},
        {"job", "failed", true},
        {"job", "passed", false},
        {"check", "failed", true},
        {"check", "passed", false},
        {"check", "pending", false},
        {"branch", "created", false},
        {"tag", "deleted", false},
        {"deployment", "success", true},
        {"deployment", "inactive", false},
        {"security", "opened", true},
        {"security", "dismissed", false},
        {"discussion", "answered", true},
        {"discussion", "edited", false},
        {"fork", "created", false},
        {"star", "created", false},
        {"member", "added", false},
        {"repo", "renamed", false},
    };
    for (const auto& [name, action, is_announced] : cases) {
        EXPECT_EQ(silent_by_default(make(name, action)).empty(), is_announced) << name << "." << action;
    }
    EXPECT_EQ(silent_by_default(make("pr", "synchronize")),
              "pr.synchronize is not announced by default: it would repeat the push; reviewers see the new "
              "commits on its page");
}

TEST(Announced, APushWithoutNewsIsSilent) {
    using Kind = event::Push::Kind;
    EXPECT_EQ(silent_by_default(push(Kind::commits, {true})), "");
    EXPECT_EQ(silent_by_default(push(Kind::commits, {false})), "");  // a fast-forward moves main all the same
    EXPECT_EQ(silent_by_default(push(Kind::commits, {})),
              "push is not announced by default: it held no commits and changed nothing");
    EXPECT_EQ(silent_by_default(push(Kind::created, {true, false})), "");
    EXPECT_EQ(silent_by_default(push(Kind::created, {false})),
              "push.created is not announced by default: it brought no new commits");
    event::Event queued = push(Kind::commits, {true});
    queued.push->is_merge_queue = true;
    EXPECT_EQ(silent_by_default(queued),
              "push is not announced by default: a merge queue pushed it, to try a merge");
}

TEST(Announced, AReviewThatOnlyCommentsNeedsAText) {
    event::Event review = make("review", "commented");
    review.review.emplace();
    EXPECT_EQ(
        silent_by_default(review),
        "review.commented is not announced by default: the review has no text; its comments are told one "
        "by one");
    review.review->body = "Who rotates the secret?";
    EXPECT_EQ(silent_by_default(review), "");
}

TEST(Announced, WhatAnotherEventTellsBetterIsSilent) {
    event::Event job = make("job", "failed");
    EXPECT_EQ(silent_by_default(job), "");
    job.told_by = "workflow";
    EXPECT_EQ(silent_by_default(job), "job.failed is not announced by default: workflow tells it");
    EXPECT_TRUE(is_usual_action(job));
}

TEST(Announced, HooksForCiHearOfStartsAndStagesToo) {
    for (const auto& [name, action] :
         {std::pair{"pipeline", "started"}, std::pair{"stage", "passed"}, std::pair{"stage", "failed"}}) {
        event::Event event = make(name, action);
        EXPECT_NE(silent_by_default(event), "");
        event.service = event::Service::ci;
        EXPECT_EQ(silent_by_default(event), "");
    }
    event::Event queued = make("stage", "queued");
    queued.service = event::Service::ci;
    EXPECT_EQ(silent_by_default(queued),
              "stage.queued is not announced by default: a stage is told when it is over, in hooks for CI");
}

TEST(Announced, HooksForCiTellNothingElse) {
    event::Event pushed = push(event::Push::Kind::commits, {true});
    pushed.service = event::Service::ci;
    EXPECT_EQ(silent_by_default(pushed),
              "push is not announced by default: hooks for CI tell pipelines, stages, jobs, checks, "
              "deployments and builds");
}

TEST(Announced, UnknownEventsAndPingsAreStoredOnly) {
    event::Event unknown;
    unknown.provider_name = "brand_new";
    EXPECT_EQ(silent_by_default(unknown), "Hookline does not know the event “brand_new” and only stores it");
    event::Event ping;
    ping.ping.emplace();
    EXPECT_EQ(silent_by_default(ping), "a ping proves the connection and is not announced");
}

TEST(Announced, SecurityIsForPrivateChannels) {
    EXPECT_TRUE(is_for_private_channels(make("security", "opened")));
    EXPECT_FALSE(is_for_private_channels(make("issue", "opened")));
    event::Event confidential = make("issue", "opened");
    confidential.issue.emplace().is_confidential = true;
    EXPECT_TRUE(is_for_private_channels(confidential));
    event::Event note = make("comment", "created");
    note.is_confidential = true;
    EXPECT_TRUE(is_for_private_channels(note));
}

}  // namespace
}  // namespace hookline::services
