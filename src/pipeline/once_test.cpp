// One thing once. Each row is what a service really sends for one act, in samples that fit together; it goes
// through the whole pipeline in both orders, and docs/once.md is made of what came out. UPDATE_DOCS=1
// rewrites it.
#include "pipeline/once.hpp"

#include <gmock/gmock.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <fstream>
#include <functional>

#include "base/iso_time.hpp"
#include "base/text.hpp"
#include "pipeline/testing/flaky_store.hpp"
#include "pipeline/testing/pipeline_fixture.hpp"

namespace hookline::pipeline {

namespace {

namespace json = boost::json;
using event::Service;

struct Arrival {
    std::string_view name;  // as the table says it
    Service service;
    std::string_view sample, type;  // type "": the sample's
    std::string_view patch;         // JSON merge patch (RFC 7386)
};

struct Row {
    std::string_view events;  // --events; "": not given
    std::vector<Arrival> arrivals;
    std::vector<std::string_view> told;  // titles, in any order of arrival
    std::string_view why;
};

constexpr Arrival workflow_failed{"`workflow_run` failed", Service::github, "workflow.failed", "", "{}"};
constexpr Arrival actions_check{"`check_run` of GitHub Actions failed", Service::github, "check.failed", "",
                                R"({"check_run": {"app": {"slug": "github-actions"}}})"};
constexpr Arrival job_failed{"`workflow_job` failed", Service::github, "job.failed", "", "{}"};
constexpr Arrival check_failed{"`check_run` failed", Service::github, "check.failed", "", "{}"};
constexpr Arrival suite_failed{"`check_suite` failed", Service::github, "check_suite.passed", "",
                               R"({"check_suite": {"conclusion": "failure", "app": {"slug": "codecov"}}})"};
constexpr Arrival actions_suite{
    "`check_suite` of GitHub Actions failed", Service::github, "check_suite.passed", "",
    R"({"check_suite": {"conclusion": "failure", "app": {"slug": "github-actions"}}})"};
constexpr Arrival status_failed{"`status` failed, of the same name and commit", Service::github,
                                "check.failed", "status",
                                R"({"context": "codecov/patch", "state": "failure",
                                    "sha": "aef378287188e80d8b08c65134c52210c3ea4de9"})"};
constexpr Arrival status_again{"the same `status` within two minutes", Service::github, "check.failed",
                               "status",
                               R"({"context": "codecov/patch", "state": "failure", "id": 2,
                                   "sha": "aef378287188e80d8b08c65134c52210c3ea4de9"})"};
constexpr Arrival push_to_feature{"`push` to its branch", Service::github, "push", "",
                                  R"({"ref": "refs/heads/feature-oauth",
                                      "after": "aef378287188e80d8b08c65134c52210c3ea4de9"})"};
constexpr Arrival synchronize{"`pull_request` synchronize", Service::github, "pr.synchronize", "", "{}"};
constexpr Arrival push_created{"`push` that makes a branch, with commits", Service::github, "push.created",
                               "", "{}"};
constexpr Arrival create_branch{"`create` of that branch", Service::github, "branch.created", "", "{}"};
constexpr Arrival opened{"`pull_request` opened", Service::github, "pr.opened", "", "{}"};
constexpr Arrival merged{"`pull_request` merged", Service::github, "pr.merged", "", "{}"};
constexpr Arrival merge_push{"`push` of the merge", Service::github, "push", "",
                             R"({"after": "14091a9f2461267ee7e02525b4f1f2923f1c9849"})"};
constexpr Arrival delete_branch{"`delete` of its branch, within a day", Service::github, "branch.deleted", "",
                                "{}"};
constexpr Arrival push_deleted{"`push` that removes it", Service::github, "push", "",
                               R"({"ref": "refs/heads/feature-oauth", "deleted": true, "commits": [],
                                   "after": "0000000000000000000000000000000000000000"})"};
constexpr Arrival published{"`release` published", Service::github, "release.published", "", "{}"};
constexpr Arrival released{"`release` released", Service::github, "release.published", "",
                           R"({"action": "released"})"};
constexpr Arrival release_created{"`release` created", Service::github, "release.published", "",
                                  R"({"action": "created"})"};
constexpr Arrival create_tag{"`create` of its tag", Service::github, "tag.created", "", "{}"};
constexpr Arrival push_tag{"`push` of that tag", Service::github, "push", "",
                           R"({"ref": "refs/tags/v1.4.0", "created": true, "commits": [],
                               "before": "0000000000000000000000000000000000000000"})"};
constexpr Arrival star{"`star`", Service::github, "star.created", "", "{}"};
constexpr Arrival watch{"`watch`", Service::github, "star.created", "watch", R"({"action": "started"})"};
constexpr Arrival package{"`package` published", Service::github, "package.published", "", "{}"};
constexpr Arrival registry_package{"`registry_package` published", Service::github, "package.published",
                                   "registry_package",
                                   R"({"package": null, "registry_package": {"name": "hello-hook"}})"};
constexpr Arrival issue_closed{"`issues` closed by its “Closes #38”", Service::github, "issue.closed", "",
                               "{}"};
constexpr Arrival gitlab_job{"`job` failed", Service::gitlab, "job.failed", "", "{}"};
constexpr Arrival gitlab_pipeline{"`pipeline` failed", Service::gitlab, "pipeline.failed", "", "{}"};
constexpr Arrival circleci_job{"`job-completed` failed", Service::circleci, "job.failed", "", "{}"};
constexpr Arrival circleci_workflow{"`workflow-completed` failed", Service::circleci, "pipeline.failed", "",
                                    "{}"};
constexpr Arrival jenkins_completed{"COMPLETED", Service::jenkins, "pipeline.passed", "",
                                    R"({"build": {"phase": "COMPLETED"}})"};
constexpr Arrival jenkins_finalized{"FINALIZED", Service::jenkins, "pipeline.passed", "", "{}"};
constexpr Arrival gitlab_merged{"`merge_request` merged", Service::gitlab, "pr.merged", "",
                                R"({"object_attributes": {"merge_commit_sha":
                                    "5937ac0a7beb003549fc5fd26fc247adbce4a52e"}})"};
constexpr Arrival gitlab_push{"`push` of the merge", Service::gitlab, "push", "",
                              R"({"after": "5937ac0a7beb003549fc5fd26fc247adbce4a52e",
                                  "checkout_sha": "5937ac0a7beb003549fc5fd26fc247adbce4a52e"})"};
constexpr Arrival gitlab_deleted{"`push` that removes its branch", Service::gitlab, "branch.deleted", "",
                                 R"({"ref": "refs/heads/lamp-warning"})"};

constexpr Arrival container_stopped{"a container's `die`, after it was told to stop", Service::docker,
                                    "stop.stopped", "", R"({"story": {"stopped": 1795446373451000000}})"};
constexpr Arrival container_restarted{"its `start`, within ten seconds", Service::docker, "start.restarted",
                                      "", R"({"story": {"stopped": 1795446373451000000}})"};
constexpr Arrival container_recreated{"the `start` of the one that Compose makes in its place",
                                      Service::docker, "start.restarted", "",
                                      R"({"event": {"Actor": {"ID": "bbc91a7075280a03"}},
        "story": {"stopped": 1795446373451000000, "recreated": true,
                  "stopped_id": "aac91a7075280a03cd36c035690f3dc97b5ad2fa12b33f80ad3991c9fed5333a"}})"};

const std::vector<Row>& rows() {
    static const std::vector<Row> all{
        {"",
         {actions_check, job_failed, workflow_failed},
         {"❌ Workflow \"Deploy preview\" failed"},
         "a run, its jobs and their checks end together; the run is told"},
        {"workflow,check,job",
         {actions_check, job_failed, workflow_failed},
         {"❌ Workflow \"Deploy preview\" failed"},
         "a list that names both hears of the run"},
        {"check",
         {actions_check, workflow_failed},
         {"❌ Check \"codecov/patch\" failed"},
         "whoever asks for checks alone hears of them from nothing else"},
        {"workflow,check_suite",
         {actions_suite, workflow_failed},
         {"❌ Workflow \"Deploy preview\" failed"},
         "of GitHub Actions a suite is a run"},
        {"check,check_suite",
         {check_failed, suite_failed},
         {"❌ Check \"codecov/patch\" failed"},
         "a suite failed because its check did"},
        {"",
         {check_failed, status_failed},
         {"❌ Check \"codecov/patch\" failed"},
         "some CI services report both ways; the first is told"},
        {"",
         {status_failed, status_again},
         {"❌ Check \"codecov/patch\" failed"},
         "scripts report twice; later than that it is another run, and is told"},
        {"push,pr.synchronize",
         {push_to_feature, synchronize},
         {"🚀 Push to feature-oauth"},
         "the push tells which commits"},
        {"push,branch",
         {create_branch, push_created},
         {"🌱 Branch feature-oauth created"},
         "one message, with the commits"},
        {"push,branch,pr",
         {create_branch, push_created, opened},
         {"📋 New Pull Request #45"},
         "a pull request tells of its branch; opened later than a minute after it, it is told beside it"},
        {"", {merge_push, merged}, {"🎉 Pull Request #45 merged"}, "a push of what was merged brings no news"},
        {"pr,branch",
         {merged, delete_branch, push_deleted},
         {"🎉 Pull Request #45 merged"},
         "it was merged: that its branch is cleared away is no news"},
        {"push,pr,branch",
         {merged, delete_branch, push_deleted, merge_push},
         {"🎉 Pull Request #45 merged"},
         "where both came before it, its message is one of theirs and the other one goes"},
        {"release,tag",
         {create_tag, push_tag, published},
         {"📦 Release v1.4.0 published"},
         "a release tells of its tag"},
        {"tag,push.created",
         {create_tag, push_tag},
         {"🏷️ Tag v1.4.0 created"},
         "GitHub sends both for one tag"},
        {"",
         {release_created, published, released},
         {"📦 Release v1.4.0 published"},
         "GitHub tells one publication three times"},
        {"", {gitlab_job, gitlab_pipeline}, {"❌ Pipeline Failed"}, "the pipeline names the jobs that failed"},
        {"pipeline,job", {gitlab_job, gitlab_pipeline}, {"❌ Pipeline Failed"}, "the same"},
        {"", {circleci_job, circleci_workflow}, {"❌ Pipeline Failed"}, "the same, of CircleCI"},
        {"pipeline,job", {circleci_job, circleci_workflow}, {"❌ Pipeline Failed"}, "the same"},
        {"",
         {jenkins_completed, jenkins_finalized},
         {"✅ Pipeline Passed"},
         "Jenkins' Notification plugin tells the end of a build twice"},
        {"", {gitlab_push, gitlab_merged}, {"🎉 Merge Request !45 merged"}, "as at GitHub"},
        {"pr,branch", {gitlab_merged, gitlab_deleted}, {"🎉 Merge Request !45 merged"}, "as at GitHub"},
        {"",
         {container_stopped, container_restarted},
         {"🔄 Container Restarted: shop-web-1"},
         "`docker restart` stops it first"},
        {"",
         {container_stopped, container_recreated},
         {"🔄 Container Recreated: shop-web-1"},
         "`docker compose up` removes the old one first"},
        {"star,watch", {watch, star}, {"⭐ New star for octo-org/hello-hook"}, "GitHub's old name for it"},
        {"package",
         {package, registry_package},
         {"📦 Package hello-hook published"},
         "GitHub is about to replace the one by the other and sends both"},
        {"",
         {merged, issue_closed},
         {"🎉 Pull Request #45 merged", "✅ Issue #46 closed"},
         "two facts: who waits for the issue may not follow the pull request"},
    };
    return all;
}

/// RFC 7386.
void merge(json::value& target, const json::value& patch) {
    const json::object* changes = patch.if_object();
    if (changes == nullptr) {
        target = patch;
        return;
    }
    if (!target.is_object()) {
        target.emplace_object();
    }
    for (const auto& member : *changes) {
        if (member.value().is_null()) {
            target.get_object().erase(member.key());
        } else {
            merge(target.get_object()[member.key()], member.value());
        }
    }
}

std::vector<std::string> words(std::string_view list) {
    std::vector<std::string> result;
    for (const std::string_view word : split(list, ',')) {
        result.emplace_back(word);
    }
    return result;
}

constexpr std::string_view head_of_page = R"(# One thing once

Services tell one act in several deliveries. A channel hears of it once, by five rules:

1. **What always comes too and says more, tells it.** A failed job is told by its run, where the hook hears of runs: by
   default, and where `--events` names both. Whoever names a part beside a whole wants the part: `workflow,job.failed`
   tells both.
2. **Who comes first tells it, and the second is not told again.** For each hook; `!hook why` says which message told it.
   Only what the hook has told counts: where its events, repositories or filters leave the merge out, the push of it is
   told. What was given up (parked) was not told.
3. **Where the lesser came first, its message becomes the better one's**, by an edit, if that is not a minute later. Where
   there are two lesser ones, the other one is removed. What mentions somebody comes as a message of its own, for an edit
   rings nowhere; so does the lesser one, where what told it mentioned nobody.
4. **A run and its jobs are joined**, where the service tells them apart ([ci.md](ci.md)).
5. **A build belongs to who says most of it**: `hookline run`, then the engine's builder, then the engine, which says only
   that an image has a new name. What one of them has begun to tell, by the image's name, the lesser ones do not tell,
   unless it stays silent: an end that a lesser one says waits half a minute for the better one's, and is told where that
   does not come (`hookline run` was killed), in the card that told the beginning. Another build of that name is told: it
   began before, a minute after the run did or when that was over; it is of another engine than what of the run's build was
   heard of; it failed, and the run did not.

Only messages of one event change hands: no card, no summary, none that shares its send with others or has a thread (a
forum's post is one). So:

- With `live on` the card tells what goes into it, and the lesser delivery is not told after that. What came before
  stays. A failure that a card only counts (a check of a pull request) is a message of its own as ever, in the card's
  thread where it has one.
- What `aggregate`, a mute or quiet hours hold is told by the summary, and is not counted twice; both are counted where
  the lesser came first, unless it was the only one to be summed up. What is held back takes no message over.

Other hooks, other repositories and later acts are never meant: a check that fails again in a new run is told again.
Tests (`!hook test`) and `hookline render` tell nothing and are always told. What was told is kept in the database for
each hook, over restarts too: it counts for a minute to a day, and the newest 20,000 are kept.

This table is made of what came out when these deliveries went through Hookline, in this order and in the opposite one;
a test holds them together. Titles are the samples'.

| what arrives | `--events` | what is told | why |
| --- | --- | --- | --- |
)";

std::string line_of(const Row& row, const std::vector<std::string>& titles) {
    std::string line = "| ";
    for (const Arrival& arrival : row.arrivals) {
        line += (line.size() > 2 ? " · " : "") + std::string(arrival.name);
    }
    line += row.events.empty() ? " | default | " : fmt::format(" | `{}` | ", row.events);
    for (const std::string& title : titles) {
        line += (line.ends_with("| ") ? "" : " · ") + title;
    }
    return line + fmt::format(" | {} |\n", row.why);
}

}  // namespace

class OnceTest : public PipelineFixture {
protected:
    EventId deliver(const Arrival& arrival, std::int64_t repository, bool is_test = false) {
        for (const services::Sample& sample : services::find_adapter(arrival.service)->samples()) {
            if (sample.name != arrival.sample) {
                continue;
            }
            json::value payload = json::parse(sample.payload);
            merge(payload, json::parse(arrival.patch));
            for (const char* key : {"repository", "project"}) {
                if (json::value* known = payload.get_object().if_contains(key)) {
                    known->get_object()["id"] = repository;  // facts are of one repository
                }
            }
            event::Delivery sent = delivery(fmt::format("d{}", ++count_), json::serialize(payload));
            sent.service = arrival.service;
            sent.event_type = arrival.type.empty() ? sample.event_type : arrival.type;
            sent.is_test = is_test;
            return append(std::move(sent)).value().id;
        }
        ADD_FAILURE() << "no sample " << arrival.sample;
        return {};
    }
    /// What a reader of the channel sees in the end, by message.
    std::vector<std::string> told(const Row& row, bool is_reversed) {
        hook.events = row.events.empty() ? std::vector<std::string>() : words(row.events);
        must_write({store::PutHook{hook}});
        std::vector<Arrival> arrivals = row.arrivals;
        if (is_reversed) {
            std::reverse(arrivals.begin(), arrivals.end());
        }
        std::map<std::int64_t, std::string> titles;
        ++repository_;
        for (const Arrival& arrival : arrivals) {
            (void)deliver(arrival, repository_);
            process();
            while (const auto entry = take()) {
                if (entry->operation == dispatch::Operation::remove) {
                    titles.erase(entry->message.value);
                } else {
                    titles[entry->message.value] = entry->body.embeds.at(0).title;
                }
            }
        }
        std::vector<std::string> texts;
        for (const auto& [message, title] : titles) {
            texts.push_back(title);
        }
        std::sort(texts.begin(), texts.end());
        return texts;
    }

    void change_hook(const std::function<void(store::Hook&)>& change) {
        change(hook);
        must_write({store::PutHook{hook}});
    }
    void add_rule(store::RuleKind kind, const std::string& source, const std::string& text = {},
                  const std::string& options = {}) {
        store::Rule rule;
        rule.id = store->next_rule_id();
        rule.hook = hook.id;
        rule.kind = kind;
        rule.source = source;
        rule.text = text;
        rule.options = options;
        must_write({store::PutRule{rule}});
    }
    /// One event at a time.
    store::Outcome outcome_of(const Arrival& arrival, std::int64_t repository = 1) {
        const EventId event = deliver(arrival, repository);
        process();
        return PipelineFixture::outcome_of(event);
    }
    using PipelineFixture::outcome_of;

private:
    int count_ = 0;
    std::int64_t repository_ = 100;
};

TEST_F(OnceTest, EveryRowOfThePageInBothOrders) {
    start();
    std::string page(head_of_page);
    for (const Row& row : rows()) {
        std::vector<std::string> expected(row.told.begin(), row.told.end());
        std::sort(expected.begin(), expected.end());
        const auto titles = told(row, false);
        EXPECT_EQ(titles, expected) << row.why;
        EXPECT_EQ(told(row, true), titles) << "in the other order: " << row.why;
        page += line_of(row, titles);
    }
    const std::string file_name = HOOKLINE_DOCS_FOLDER "/once.md";
    if (std::getenv("UPDATE_DOCS") != nullptr) {
        std::ofstream(file_name, std::ios::binary) << page;
        return;
    }
    std::ifstream file(file_name, std::ios::binary);
    const std::string found{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    EXPECT_EQ(found, page) << "run pipeline_test with UPDATE_DOCS=1, then read docs/once.md";
}

TEST_F(OnceTest, TheOutcomeSaysWhoToldIt) {
    start();
    (void)deliver(merged, 1);
    const EventId pushed = deliver(merge_push, 1);
    process();
    EXPECT_EQ(outcome_of(pushed).kind, store::OutcomeKind::not_announced);
    EXPECT_EQ(outcome_of(pushed).reason, "pr.merged tells it already, in message 1 (event 1)");
    const EventId first = deliver(merge_push, 2);
    const EventId second = deliver(merged, 2);
    process();
    EXPECT_EQ(outcome_of(second).kind, store::OutcomeKind::sent);
    EXPECT_EQ(outcome_of(second).reason, "it tells more than push, whose message it is now");
    EXPECT_EQ(outcome_of(second).message, outcome_of(first).message);
}

TEST_F(OnceTest, AfterAMinuteItIsAMessageOfItsOwn) {
    start();
    const EventId first = deliver(merge_push, 1);
    process();
    clock.advance(std::chrono::minutes(1));
    const EventId second = deliver(merged, 1);
    process();
    EXPECT_NE(outcome_of(second).message, outcome_of(first).message);
}

TEST_F(OnceTest, LaterItIsAnotherFact) {
    start();
    (void)deliver(status_failed, 1);
    process();
    clock.advance(std::chrono::minutes(2));
    const EventId later = deliver(status_again, 1);
    const EventId elsewhere = deliver(status_again, 2);
    process();
    EXPECT_EQ(outcome_of(later).kind, store::OutcomeKind::sent);
    EXPECT_EQ(outcome_of(elsewhere).kind, store::OutcomeKind::sent);
}

TEST_F(OnceTest, ABranchThatGoesTwiceIsNewsTheSecondTime) {
    hook.events = {"pr", "branch"};
    must_write({store::PutHook{hook}});
    start();
    (void)deliver(merged, 1);
    const EventId first = deliver(delete_branch, 1);
    process();
    EXPECT_EQ(outcome_of(first).kind, store::OutcomeKind::not_announced);
    clock.advance(std::chrono::minutes(30));
    const EventId second = deliver(delete_branch, 1);
    process();
    EXPECT_EQ(outcome_of(second).kind, store::OutcomeKind::sent);
}

TEST_F(OnceTest, EachHookIsToldForItself) {
    const store::Hook other = add_hook();
    hook.events = {"pr"};
    store::Hook pushes = other;
    pushes.events = {"push"};
    must_write({store::PutHook{hook}, store::PutHook{pushes}});
    start();
    (void)deliver(merged, 1);
    const EventId pushed = deliver(merge_push, 1);
    process();
    EXPECT_EQ(outcome_of(pushed, other.id).kind, store::OutcomeKind::sent);
}

TEST_F(OnceTest, WhatMentionsSomebodyIsNoEdit) {
    add_rule(store::RuleKind::mention, "action == 'merged'", "<@42>");
    start();
    const EventId first = deliver(merge_push, 1);
    const EventId second = deliver(merged, 1);
    process();
    EXPECT_EQ(outcome_of(second).kind, store::OutcomeKind::sent);
    EXPECT_NE(outcome_of(second).message, outcome_of(first).message);
}

TEST_F(OnceTest, WhatIsProcessedOnceMoreIsToldOnceMore) {
    start();
    const EventId event = deliver(check_failed, 1);
    process();
    must_write({store::ForgetOutcome{event, hook.id}});
    process();
    EXPECT_EQ(outcome_of(event).kind, store::OutcomeKind::sent);
    EXPECT_EQ(messages(), 2U);
}

TEST_F(OnceTest, WhoeverIsToBePingedIsPingedOnce) {
    add_rule(store::RuleKind::mention, "event == 'push'", "<@42>");
    start();
    (void)outcome_of(merged, 1);
    EXPECT_EQ(outcome_of(merge_push, 1).kind, store::OutcomeKind::sent);
    add_rule(store::RuleKind::mention, "action == 'merged'", "<@42>");
    (void)outcome_of(merged, 2);
    EXPECT_EQ(outcome_of(merge_push, 2).kind, store::OutcomeKind::not_announced);
}

// ---- Which message it is ----

TEST_F(OnceTest, AMessageThatWaitsIsChangedAndOneThatWasSentIsEdited) {
    start();
    const MessageId waits = outcome_of(merge_push).message;
    EXPECT_EQ(outcome_of(merged).message, waits);
    const auto create = take();
    EXPECT_EQ(create->operation, dispatch::Operation::create);
    EXPECT_EQ(create->body.embeds.at(0).title, "🎉 Pull Request #45 merged");
    EXPECT_FALSE(head());
    const MessageId sent = outcome_of(merge_push, 2).message;
    (void)take();
    EXPECT_EQ(outcome_of(merged, 2).message, sent);
    EXPECT_EQ(head()->operation, dispatch::Operation::edit);
}

TEST_F(OnceTest, WhatBothToldBeforeItGoesAndItsOutcomeNamesTheOneThatStays) {
    change_hook([](store::Hook& changed) { changed.events = {"push", "pr", "branch"}; });
    start();
    const EventId pushed = deliver(merge_push, 1);
    const EventId deleted = deliver(delete_branch, 1);
    process();
    (void)take();
    (void)take();
    const store::Outcome told = outcome_of(merged);
    EXPECT_EQ(outcome_of(pushed).message, told.message);
    EXPECT_EQ(outcome_of(deleted).message, told.message);
    EXPECT_EQ(outcome_of(deleted).kind, store::OutcomeKind::sent);
    EXPECT_EQ(outcome_of(deleted).reason, "pr.merged tells it, in message 1 (event 3)");
    EXPECT_EQ(take()->operation, dispatch::Operation::edit);
    EXPECT_EQ(take()->operation, dispatch::Operation::remove);
}

TEST_F(OnceTest, IsKnownAfterARestart) {
    start();
    const MessageId first = outcome_of(merge_push).message;
    stop();
    open();
    start();
    EXPECT_EQ(outcome_of(merged).message, first);
    stop();
    open();
    start();
    EXPECT_EQ(outcome_of(merge_push).kind, store::OutcomeKind::not_announced);
}

TEST_F(OnceTest, AMessageThatSharesItsSendIsLeftAlone) {
    start();
    for (std::int64_t repository = 1; repository <= 6; ++repository) {
        (void)deliver(merge_push, repository);
    }
    process();
    begin_attempt(head()->id, true);
    const store::Outcome told = outcome_of(merged, 3);
    EXPECT_EQ(told.kind, store::OutcomeKind::sent);
    EXPECT_EQ(told.message, MessageId(7));
}

TEST_F(OnceTest, NorIsOneThatBeginsToShareItsSendJustThen) {
    FlakyStore racing(*store);
    start(nullptr, &racing);
    for (std::int64_t repository = 1; repository <= 6; ++repository) {
        (void)deliver(merge_push, repository);
    }
    process();
    racing.begins_before_write.emplace(head()->id, clock.now());
    const store::Outcome told = outcome_of(merged, 3);
    EXPECT_EQ(told.kind, store::OutcomeKind::sent);
    EXPECT_EQ(message(told.message).state, store::MessageState::waiting);
    EXPECT_FALSE(message(told.message).joined);
    (void)take();
    EXPECT_EQ(take()->body.embeds.at(0).title, "🎉 Pull Request #45 merged");
    const MessageId next = outcome_of(merge_push, 8).message;
    EXPECT_EQ(outcome_of(merged, 8).message, next) << "the next one may";
    stop();
}

TEST_F(OnceTest, AMessageElsewhereOrGivenUpOrWithAThreadIsLeftAlone) {
    start();
    const MessageId parked = outcome_of(merge_push, 1).message;
    record(head()->id, dispatch::Parked{"refused"});
    EXPECT_NE(outcome_of(merged, 1).message, parked);
    (void)take();
    const MessageId with_thread = outcome_of(merge_push, 2).message;
    begin_attempt(head()->id);
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(7)});  // a forum's post
    EXPECT_NE(outcome_of(merged, 2).message, with_thread);
    const MessageId elsewhere = outcome_of(merge_push, 3).message;
    const DestinationId other = set_up_destination();
    change_hook([&](store::Hook& changed) { changed.destination = other; });
    EXPECT_NE(outcome_of(merged, 3).message, elsewhere);
}

TEST_F(OnceTest, WhatWasGivenUpWasNotTold) {
    start();
    (void)outcome_of(merged);
    record(head()->id, dispatch::Parked{"refused"});
    EXPECT_EQ(outcome_of(merge_push).kind, store::OutcomeKind::sent);
}

// ---- What the hook has told ----

TEST_F(OnceTest, APushIsToldWhereTheHookDoesNotTellTheMerge) {
    change_hook([](store::Hook& changed) { changed.events = {"push", "pr.opened"}; });
    start();
    (void)outcome_of(merged, 1);
    EXPECT_EQ(outcome_of(merge_push, 1).kind, store::OutcomeKind::sent);
    change_hook([](store::Hook& changed) { changed.events.clear(); });
    add_rule(store::RuleKind::filter, "event != 'pr'");
    EXPECT_EQ(outcome_of(merged, 2).kind, store::OutcomeKind::filtered);
    EXPECT_EQ(outcome_of(merge_push, 2).kind, store::OutcomeKind::sent);
}

TEST_F(OnceTest, ACardTellsItToo) {
    change_hook([](store::Hook& changed) { changed.is_live = true; });
    start();
    const store::Outcome card = outcome_of(merged, 1);
    EXPECT_FALSE(message(card.message).card_key.empty());
    EXPECT_EQ(outcome_of(merge_push, 1).reason, "pr.merged tells it already, in message 1 (event 1)");
    const store::Outcome pushed = outcome_of(merge_push, 2);
    EXPECT_EQ(pushed.kind, store::OutcomeKind::sent);
    const store::Outcome later = outcome_of(merged, 2);
    EXPECT_NE(later.message, pushed.message) << "what came before the card stays as it is";
    EXPECT_FALSE(message(later.message).card_key.empty());
}

TEST_F(OnceTest, ACardIsNeverTakenOver) {
    change_hook([](store::Hook& changed) {
        changed.is_live = true;
        changed.events = {"push", "pr.synchronize"};
    });
    start();
    const store::Outcome card = outcome_of(synchronize);
    const store::Outcome pushed = outcome_of(push_to_feature);
    EXPECT_FALSE(message(card.message).card_key.empty());
    EXPECT_EQ(pushed.kind, store::OutcomeKind::sent);
    EXPECT_NE(pushed.message, card.message);
}

TEST_F(OnceTest, AFailureThatACardCountsIsToldByItself) {
    change_hook([](store::Hook& changed) { changed.is_live = true; });
    start();
    (void)outcome_of(synchronize);
    const store::Outcome card = outcome_of(merged);
    const store::Outcome failed = outcome_of(check_failed);
    EXPECT_EQ(failed.kind, store::OutcomeKind::sent);
    EXPECT_NE(failed.message, card.message);
    EXPECT_EQ(outcome_of(status_failed).kind, store::OutcomeKind::not_announced);
}

TEST_F(OnceTest, WhatIsSaidInTheThreadOfACardIsSaidOnce) {
    dispatch::DestinationInfo channel;
    channel.id = store->next_destination_id();
    channel.kind = dispatch::DestinationKind::discord_channel;
    channel.channel = Snowflake(77);
    must_write({store::PutDestination{channel}});
    change_hook([&](store::Hook& changed) {
        changed.destination = channel.id;
        changed.is_live = changed.has_threads = true;
    });
    start();
    (void)outcome_of(synchronize);
    const store::Outcome card = outcome_of(merged);
    const store::Outcome failed = outcome_of(check_failed);
    EXPECT_EQ(message(failed.message).thread_of, card.message);
    EXPECT_EQ(outcome_of(status_failed).kind, store::OutcomeKind::not_announced);
}

TEST_F(OnceTest, WhatAWindowHoldsIsToldByItAndNotCountedTwice) {
    change_hook([](store::Hook& changed) { changed.window = std::chrono::minutes(5); });
    start();
    const store::Outcome folded = outcome_of(merged, 1);
    EXPECT_EQ(folded.kind, store::OutcomeKind::folded);
    EXPECT_EQ(outcome_of(merge_push, 1).kind, store::OutcomeKind::not_announced);
    EXPECT_EQ(outcome_of(merge_push, 2).message, folded.message);
    const store::Outcome also = outcome_of(merged, 2);
    EXPECT_EQ(also.kind, store::OutcomeKind::folded) << "a window is not taken over";
    EXPECT_EQ(also.message, folded.message);
}

TEST_F(OnceTest, WhatIsHeldBackTakesNothingOver) {
    start();
    const store::Outcome pushed = outcome_of(merge_push);
    add_rule(store::RuleKind::mute, "event == 'pr'", "", iso_time(clock.now() + std::chrono::hours(1)));
    const store::Outcome muted = outcome_of(merged);
    EXPECT_EQ(muted.kind, store::OutcomeKind::muted);
    EXPECT_NE(muted.message, pushed.message);
}

TEST_F(OnceTest, AnAlertFiresOnWhatWasToldAlready) {
    add_rule(store::RuleKind::alert, "event == 'push'");
    start();
    (void)outcome_of(merged);
    const store::Outcome pushed = outcome_of(merge_push);
    EXPECT_EQ(pushed.kind, store::OutcomeKind::not_announced);
    EXPECT_THAT(pushed.reason, testing::HasSubstr("; alert 1 fired"));
    EXPECT_EQ(messages(), 2U);
}

TEST_F(OnceTest, ATestIsAlwaysToldAndTellsNothing) {
    start();
    const EventId tested = deliver(merged, 1, true);
    const EventId again = deliver(merged, 1, true);
    process();
    EXPECT_EQ(outcome_of(tested).reason, "it is a test");
    EXPECT_NE(outcome_of(tested).message, outcome_of(again).message);
    EXPECT_EQ(outcome_of(merge_push).kind, store::OutcomeKind::sent) << "a test told nothing";
    const EventId after = deliver(merged, 1, true);
    process();
    EXPECT_NE(outcome_of(after).message, MessageId(3)) << "nor does it take anything over";
}

}  // namespace hookline::pipeline
