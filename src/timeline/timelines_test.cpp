// What must be in the channel when: tables of what happens and what a reader must see, run on the whole
// service in virtual time. Write a new one as script.hpp shows; HOOKLINE_SHOW_CHANNEL=1 prints what came.
#include <gtest/gtest.h>

#include "timeline/script.hpp"

namespace hookline::timeline {

namespace {

using enum Verb;

// Tables stand as they are to be read.
// clang-format off

TEST(Timelines, AnEventIsThereWithinASecond) {
    play({"github on"}, {
        {"09:00:00", event, "pr.opened number=7 title=Rooms"},
        {"09:00:00", "09:00:01", comes, "New Pull Request #7…Rooms"},
        {"09:00:00", "09:10:00", counts, "1"},
        {"09:00:00", "09:10:00", pings, "0"},
    });
}

TEST(Timelines, AWindowOpensWithItsFirstEventAndClosesOnTime) {
    play({"github on", "github aggregate 5m"}, {
        {"09:00:00", event, "push"},
        {"09:01:10", event, "issue.opened number=3"},
        {"09:04:59", event, "pr.opened number=7"},
        {"09:00:00", "09:04:59", counts, "0"},
        {"09:05:00", "09:05:02", comes, "📊 GitHub Activity (last 5m)…Pushes: 1…PRs: 1 opened (#7)…Issues: 1 opened (#3)"},
        {"09:07:00", event, "push"},
        {"09:08:00", event, "push"},
        {"09:05:03", "09:11:59", counts, "0"},
        {"09:12:00", "09:12:02", comes, "Pushes: 2"},
        {"09:00:00", "09:20:00", counts, "2"},
    });
}

TEST(Timelines, ASingleEventOfAWindowIsAnnouncedAsItself) {
    play({"github on", "github aggregate 5m"}, {
        {"09:00:00", event, "issue.opened number=3 title=It_is_dark"},
        {"09:05:00", "09:05:02", comes, "Issue #3…It is dark"},
        {"09:00:00", "09:20:00", lacks, "Activity"},
    });
}

TEST(Timelines, AFailureOnMainPassesAWindowAndAsksForHelpAtOnce) {
    play({"github on", "github aggregate 5m", "github mention <@&77> if \"is_failure and branch == 'main'\""}, {
        {"09:00:00", event, "push"},
        {"09:01:00", event, "issue.opened number=3"},
        {"09:02:00", event, "workflow.failed run=5 branch=main name=Tests"},
        {"09:02:00", "09:02:01", comes, "❌ Workflow \"Tests\" failed"},
        {"09:02:00", "09:02:01", pings, "1"},
        {"09:05:00", "09:05:02", comes, "Pushes: 1…Issues: 1 opened"},
        {"09:00:00", "09:20:00", pings, "1"},
    });
}

TEST(Timelines, AFailureOnABranchWaitsForItsWindow) {
    play({"github on", "github aggregate 5m"}, {
        {"09:00:00", event, "workflow.failed run=5 branch=rooms name=Tests"},
        {"09:01:00", event, "push"},
        {"09:00:00", "09:04:59", counts, "0"},
        {"09:05:00", "09:05:02", comes, "Activity"},
    });
}

TEST(Timelines, ACardShowsTheNewestWithinTwoSeconds) {
    play({"github on", "github live on"}, {
        {"09:00:00", event, "workflow.requested run=5 branch=main name=Tests"},
        {"09:00:00", "09:00:01", comes, "Tests"},
        {"09:00:10", event, "workflow.started run=5 branch=main name=Tests"},
        {"09:02:00", event, "job.passed run=5 job=51 branch=main name=lint"},
        {"09:02:00", "09:02:02", comes, "✅ lint"},
        {"09:03:00", event, "job.failed run=5 job=52 branch=main name=unit"},
        {"09:03:00", "09:03:02", comes, "❌ unit"},
        {"09:03:02", "09:04:00", stands, "✅ lint…❌ unit"},
        {"09:00:01", "09:20:00", stands, "Triggered by"},
        {"09:04:00", event, "workflow.failed run=5 branch=main name=Tests"},
        {"09:04:00", "09:04:02", comes, "Workflow \"Tests\" failed"},
    });
}

TEST(Timelines, APullRequestIsOneMessageFromItsOpeningToItsMerge) {
    play({"github on", "github live on"}, {
        {"09:00:00", event, "pr.opened number=7 title=Rooms head=aa11"},
        {"09:00:00", "09:00:01", comes, "PR #7: Rooms…Waits for a review"},
        {"09:01:00", event, "check.failed head=aa11 name=lint conclusion=success"},
        {"09:01:00", "09:01:02", comes, "PR #7…1 of 1 passed"},
        {"09:05:00", event, "review.changes_requested number=7 title=Rooms head=aa11"},
        {"09:05:00", "09:05:02", comes, "PR #7…Changes are asked for"},
        {"09:09:00", event, "review.approved number=7 title=Rooms head=aa11"},
        {"09:09:00", "09:09:02", comes, "PR #7…Approved"},
        {"09:10:00", event, "pr.merged number=7 title=Rooms head=aa11"},
        {"09:10:00", "09:10:02", comes, "PR #7…Merged by"},
        {"09:10:02", "09:30:00", stands, "PR #7…Merged by"},
        {"09:00:00", "09:30:00", counts, "1"},
    });
}

TEST(Timelines, WhereCardsWereAskedForAWindowSumsUpTheRest) {
    play({"github on", "github live on", "github aggregate 5m"}, {
        {"09:00:00", event, "push"},
        {"09:01:00", event, "pr.opened number=7 title=Rooms head=aa11"},
        {"09:01:00", "09:01:01", comes, "PR #7: Rooms…Waits for a review"},
        {"09:02:00", event, "review.approved number=7 title=Rooms head=aa11"},
        {"09:02:00", "09:02:02", comes, "PR #7…Approved"},
        {"09:03:00", event, "issue.opened number=3"},
        {"09:05:00", "09:05:02", comes, "Pushes: 1…Issues: 1 opened"},
        {"09:00:00", "09:30:00", lacks, "PRs:"},
        {"09:00:00", "09:30:00", counts, "2"},
    });
}

TEST(Timelines, AListThatNamesWorkflowsShowsTheirJobsInTheCard) {
    play({"github on --events workflow", "github live on"}, {
        {"09:00:00", event, "workflow.requested run=5 branch=main name=Tests"},
        {"09:00:00", "09:00:01", comes, "Workflow \"Tests\"…is running"},
        {"09:01:00", event, "job.passed run=5 job=51 branch=main name=lint"},
        {"09:01:00", "09:01:02", comes, "✅ lint"},
        {"09:01:30", event, "pr.opened number=7"},
        {"09:02:00", event, "workflow.passed run=5 branch=main name=Tests"},
        {"09:02:00", "09:02:02", comes, "Workflow \"Tests\" completed…✅ lint"},
        {"09:00:00", "09:20:00", counts, "1"},
    });
    play({"github on --events workflow.failed", "github live on"}, {
        {"09:00:00", event, "workflow.requested run=5 branch=main name=Tests"},
        {"09:02:00", event, "workflow.passed run=5 branch=main name=Tests"},
        {"09:00:00", "09:20:00", counts, "0"},
    });
}

TEST(Timelines, ThatMainFailsAndPassesAgainPassesAWindow) {
    play({"github on", "github aggregate 5m"}, {
        {"09:00:00", event, "workflow.passed run=4 run_number=4 attempt=1 trigger=push branch=main name=Tests"},
        {"09:10:00", event, "workflow.failed run=5 run_number=5 attempt=1 trigger=push branch=main name=Tests"},
        {"09:10:00", "09:10:01", comes, "❌ Workflow \"Tests\" failed"},
        {"09:20:00", event, "push"},
        {"09:21:00", event, "workflow.passed run=6 run_number=6 attempt=1 trigger=push branch=main name=Tests"},
        {"09:21:00", "09:21:01", comes, "✅ Workflow \"Tests\" passes again"},
        {"09:30:00", event, "workflow.passed run=7 run_number=7 attempt=1 trigger=push branch=main name=Tests"},
        {"09:30:00", "09:34:59", lacks, "Tests\" completed…09:30"},
    });
}

TEST(Timelines, WhoeverIsToBePingedIsPingedUnderTheCard) {
    play({"github on", "github live on", "github mention <@&77> if \"is_failure and branch == 'main'\""}, {
        {"09:00:00", event, "workflow.requested run=5 branch=main name=Tests"},
        {"09:01:00", event, "job.failed run=5 job=52 branch=main name=unit"},
        {"09:02:00", event, "workflow.failed run=5 attempt=1 trigger=push branch=main name=Tests"},
        {"09:02:00", "09:02:02", comes, "Workflow \"Tests\" failed…❌ unit"},
        {"09:02:00", "09:02:02", comes, "<@&77>…Workflow \"Tests\" failed on main"},
        {"09:00:00", "09:20:00", pings, "1"},
        {"09:00:00", "09:20:00", counts, "2"},
    });
}

TEST(Timelines, ABranchWhosePullRequestWasOpenedMeanwhileIsNoNews) {
    play({"github on", "github live on", "github aggregate 5m"}, {
        {"09:00:00", event, "push.created ref=refs/heads/rooms after=aa11"},
        {"09:02:00", event, "pr.opened number=7 title=Rooms head=aa11 branch=rooms"},
        {"09:02:00", "09:02:01", comes, "PR #7: Rooms"},
        {"09:00:00", "09:20:00", lacks, "Branch rooms"},
        {"09:00:00", "09:20:00", counts, "1"},
    });
    play({"github on", "github live on", "github aggregate 5m"}, {
        {"09:00:00", event, "push.created ref=refs/heads/rooms after=aa11"},
        {"09:05:00", "09:05:02", comes, "Branch rooms created"},
        {"09:06:30", event, "pr.opened number=7 title=Rooms head=aa11 branch=rooms"},
        {"09:00:00", "09:20:00", counts, "2"},
    });
}

TEST(Timelines, PushesToAPullRequestAreToldInItsThread) {
    play({"github on", "github threads on"}, {
        {"09:00:00", event, "pr.opened number=7 title=Rooms head=aa11 branch=rooms"},
        {"09:05:00", event, "push ref=refs/heads/rooms before=aa11 after=bb22"},
        {"09:05:00", "09:05:02", comes, "↳ #7 Rooms…Push to rooms"},
        {"09:06:00", event, "push ref=refs/heads/main before=cc33 after=dd44"},
        {"09:06:00", "09:06:02", comes, "Push to main"},
        {"09:00:00", "09:20:00", counts, "3"},
    });
}

TEST(Timelines, ManyCardsShareTheLimitOfEditsAndAllComeToTheirEnd) {
    std::vector<Row> rows;
    std::vector<std::string> texts;
    texts.reserve(60);
    const auto keep = [&texts](std::string text) { return std::string_view(texts.emplace_back(std::move(text))); };
    for (int run = 10; run < 20; ++run) {
        const std::string name = " name=Tests" + std::to_string(run) + " run=" + std::to_string(run);
        rows.emplace_back("09:00:00", event, keep("workflow.requested" + name));
        rows.emplace_back("09:01:00", event, keep("workflow.started" + name));
        rows.emplace_back("09:01:01", event, keep("workflow.passed" + name));
        // Ten edits at five in five seconds: the last ones wait for one window, and none for two.
        rows.emplace_back("09:01:01", "09:01:11", comes, keep("Workflow \"Tests" + std::to_string(run) + "\" completed"));
    }
    rows.emplace_back("09:00:00", "09:10:00", counts, "10");
    play({"github on", "github live on"}, rows);
}

TEST(Timelines, NothingOlderStandsAfterSomethingNewer) {
    play({"github on", "github live on"}, {
        {"09:00:00", event, "workflow.requested run=5 name=Tests"},
        {"09:03:00", event, "workflow.passed run=5 name=Tests"},
        {"09:03:00", "09:03:02", comes, "Workflow \"Tests\" completed"},
        {"09:03:05", event, "workflow.started run=5 name=Tests ago=170"},
        {"09:03:06", event, "workflow.requested run=5 name=Tests ago=180"},
        {"09:03:02", "09:20:00", stands, "Workflow \"Tests\" completed"},
        {"09:00:00", "09:20:00", counts, "1"},
    });
}

TEST(Timelines, ARunThatEndsAfterItsRequestIsShownWhereItStands) {
    play({"github on", "github live on", "github threads on"}, {
        {"09:00:00", event, "pr.opened number=7 title=Rooms head=aa11"},
        {"09:00:10", event, "workflow.requested run=5 name=Tests head=aa11"},
        {"09:00:20", event, "workflow.started run=5 name=Tests head=aa11"},
        {"09:01:00", event, "pr.merged number=7 title=Rooms head=aa11"},
        {"09:02:00", event, "workflow.passed run=5 name=Tests head=aa11"},
        {"09:02:00", "09:02:02", comes, "Workflow \"Tests\" completed"},
        {"09:02:02", "09:10:00", lacks, "Tests…running"},
        {"09:00:00", "09:10:00", counts, "3"},  // the request, its run in the thread, the merge there
    });
}

TEST(Timelines, WhatIsSaidAndWhatFailsGoesToTheThread) {
    play({"github on", "github threads on"}, {
        {"09:00:00", event, "pr.opened number=7 title=Rooms head=aa11"},
        {"09:01:00", event, "review.changes_requested number=7 title=Rooms head=aa11"},
        {"09:01:00", "09:01:02", opens, "#7 Rooms"},
        {"09:01:00", "09:01:02", joins, "#7 Rooms: 🛑 Changes requested on Pull Request #7"},
        {"09:02:00", event, "pull_request_review_comment number=7 title=Rooms head=aa11"},
        {"09:02:00", "09:02:02", joins, "#7 Rooms: 💬 New comment on Pull Request #7"},
        {"09:03:00", event, "check.failed head=aa11 name=lint"},
        {"09:03:00", "09:03:02", joins, "#7 Rooms: ❌ Check \"lint\" failed"},
        {"09:04:00", event, "pr.merged number=7 title=Rooms head=aa11"},
        {"09:04:00", "09:04:02", comes, "PR #7…Merged by"},
        {"09:04:00", "09:04:02", closes, "#7 Rooms"},
        {"09:05:00", event, "pull_request_review_comment number=7 title=Rooms head=aa11"},
        {"09:05:00", "09:05:02", opens, "#7 Rooms"},
    });
}

TEST(Timelines, AnIssueIsTalkedAboutInItsThread) {
    play({"github on", "github threads on"}, {
        {"09:00:00", event, "issue.opened number=3 title=It_is_dark"},
        {"09:01:00", event, "issue_comment number=3 title=It_is_dark"},
        {"09:01:00", "09:01:02", joins, "#3 It is dark: 💬 New comment on Issue #3"},
        {"09:02:00", event, "issue.closed number=3 title=It_is_dark"},
        {"09:02:00", "09:02:02", closes, "#3 It is dark"},
        {"09:03:00", event, "issue.reopened number=3 title=It_is_dark"},
        {"09:03:00", "09:03:02", opens, "#3 It is dark"},
    });
}

TEST(Timelines, AMergeItsPushAndTheBranchThatGoesAreOneMessage) {
    play({"github on --events push,pr,branch"}, {
        {"09:00:00", event, "pr.merged number=7 title=Rooms merge=cc33 from=rooms"},
        {"09:00:01", event, "push merge=cc33 ref=refs/heads/main"},
        {"09:00:02", event, "branch.deleted ref=rooms"},
        {"09:00:00", "09:00:01", comes, "Pull Request #7 merged"},
        {"09:00:00", "09:10:00", counts, "1"},
        {"09:00:00", "09:10:00", edits, "0"},
    });
}

TEST(Timelines, AMergeThatComesLastTakesTheOthersOver) {
    play({"github on --events push,pr,branch"}, {
        {"09:00:00", event, "branch.deleted ref=rooms"},
        {"09:00:01", event, "push merge=cc33 ref=refs/heads/main"},
        {"09:00:02", event, "pr.merged number=7 title=Rooms merge=cc33 from=rooms"},
        {"09:00:02", "09:00:04", comes, "Pull Request #7 merged"},
        {"09:00:04", "09:10:00", lacks, "Branch rooms deleted"},
        {"09:00:04", "09:10:00", lacks, "Push to main"},
    });
}

TEST(Timelines, ADeploymentIsOneMessage) {
    play({"github on", "github live on"}, {
        {"09:00:00", event, "deployment.success deployment=9 state=pending"},
        {"09:00:00", "09:00:01", comes, "Deployment to production"},
        {"09:00:20", event, "deployment.success deployment=9 state=in_progress"},
        {"09:02:00", event, "deployment.success deployment=9"},
        {"09:02:00", "09:02:02", comes, "Deployed to production"},
        {"09:02:05", event, "deployment.success deployment=9 state=in_progress ago=60"},
        {"09:02:02", "09:10:00", stands, "Deployed to production"},
        {"09:00:00", "09:10:00", counts, "1"},
    });
}

TEST(Timelines, AMuteDefersAndSumsUp) {
    play({"github on"}, {
        {"09:00:00", says, "mute github 30m release day"},
        {"09:05:00", event, "push"},
        {"09:06:00", event, "pr.opened number=7"},
        {"09:20:00", event, "workflow.failed run=5 branch=main"},
        {"09:00:00", "09:29:59", counts, "0"},
        {"09:30:00", "09:30:02", comes, "Pushes: 1…PRs: 1 opened"},
        {"09:31:00", event, "push"},
        {"09:31:00", "09:31:01", comes, "Push to main"},
        {"09:00:00", "09:40:00", counts, "2"},
    });
}

TEST(Timelines, QuietHoursLetFailuresPassWhereTheyMay) {
    play({"github on", "quiet 22:00-07:00 UTC --except failures"}, {
        {"21:59:00", event, "issue.opened number=3"},
        {"21:59:00", "21:59:01", comes, "Issue #3"},
        {"22:30:00", event, "issue.opened number=4"},
        {"22:31:00", event, "push"},
        {"22:32:00", event, "workflow.failed run=5 branch=main name=Tests"},
        {"22:32:00", "22:32:01", comes, "❌ Workflow \"Tests\" failed"},
        {"21:59:02", "23:30:00", counts, "1"},
    });
}

TEST(Timelines, AStormSharesItsSendsAndIsQuietWithinMinutes) {
    play({"github on"}, {
        {"09:00:00", event, "400 push"},
        {"09:00:05", event, "workflow.failed run=5 branch=main name=Tests"},
        {"09:00:00", "09:00:30", comes, "🌊…summed up: more came than this channel can take"},
        {"09:00:05", "09:00:30", comes, "❌ Workflow \"Tests\" failed"},
        // A hundred told one by one share their sends; the rest is in one summary.
        {"09:00:00", "09:00:30", counts, "≤ 20"},
        {"09:00:31", "09:20:00", counts, "0"},
        {"09:03:00", "09:20:00", edits, "0"},
    });
}

TEST(Timelines, ARestartInTheMiddleOfAWindowLosesAndRepeatsNothing) {
    play({"github on", "github aggregate 5m"}, {
        {"09:00:00", event, "push"},
        {"09:01:00", event, "issue.opened number=3"},
        {"09:02:00", restart},
        {"09:03:00", event, "pr.opened number=7"},
        {"09:04:59.950", restart},
        {"09:00:00", "09:04:59", counts, "0"},
        {"09:05:00", "09:05:03", comes, "Pushes: 1…PRs: 1 opened…Issues: 1 opened"},
        {"09:05:00.100", restart},
        {"09:00:00", "09:20:00", counts, "1"},
    });
}

TEST(Timelines, WhatCameWhileDiscordWasDownComesLaterInOrderAndOnce) {
    play({"github on"}, {
        {"09:00:00", "09:03:00", outage},
        {"09:00:01", event, "push"},
        {"09:00:30", event, "issue.opened number=3"},
        {"09:01:00", event, "pr.opened number=7"},
        {"09:00:00", "09:02:59", counts, "0"},
        {"09:03:00", "09:06:00", comes, "Push to main"},
        {"09:03:00", "09:06:01", comes, "Issue #3"},
        {"09:03:00", "09:06:02", comes, "Pull Request #7"},
        {"09:00:00", "09:30:00", counts, "3"},
    });
}

TEST(Timelines, AnAnswerThatGetsLostMakesNoSecondMessage) {
    play({"github on"}, {
        {"09:00:00", loses, "3"},
        {"09:00:01", event, "push"},
        {"09:00:01", "09:00:02", comes, "Push to main"},
        {"09:00:02", event, "issue.opened number=3"},
        {"09:00:02", "09:02:00", comes, "Issue #3"},
        {"09:00:00", "09:30:00", counts, "2"},
    });
}

TEST(Timelines, ALostEditIsMadeAgainAndNothingOlderComesAfterIt) {
    play({"github on", "github live on"}, {
        {"09:00:00", event, "pr.opened number=7 title=Rooms"},
        {"09:01:00", loses, "2"},
        {"09:01:01", event, "review.approved number=7 title=Rooms"},
        {"09:01:01", "09:01:02", comes, "PR #7…Approved"},
        {"09:01:05", event, "pr.merged number=7 title=Rooms"},
        {"09:01:05", "09:02:00", comes, "PR #7…Merged by"},
        {"09:02:00", "09:30:00", stands, "PR #7…Merged by"},
        {"09:00:00", "09:30:00", counts, "1"},
    });
}

// clang-format on

}  // namespace

}  // namespace hookline::timeline
