// Filters, templates, mentions and alerts in the pipeline: real payloads, a real store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/iso_time.hpp"
#include "pipeline/testing/pipeline_fixture.hpp"

namespace hookline::pipeline {

namespace {

namespace json = boost::json;
using store::OutcomeKind;
using store::RuleKind;
using testing::HasSubstr;

class RulesInThePipeline : public PipelineFixture {
protected:
    store::Rule add_rule(RuleKind kind, std::string source, std::string text = {}, std::string options = {}) {
        store::Rule rule;
        rule.id = store->next_rule_id();
        rule.hook = hook.id;
        rule.kind = kind;
        rule.source = std::move(source);
        rule.text = std::move(text);
        rule.options = std::move(options);
        rule.created_at = clock.now();
        must_write({store::PutRule{rule}});
        return rule;
    }
    void set_form(std::string event, std::string source) {
        must_write({store::PutTemplate{store::Template{hook.id, std::move(event), std::move(source)}}});
    }

    /// A pull request's payload of GitHub, as far as Hookline reads it.
    static json::object pull_payload(std::string_view action, std::string_view sha,
                                     std::string_view updated) {
        json::value payload = json::parse(R"({
            "action": "", "number": 45,
            "pull_request": {"number": 45, "title": "Add OAuth support", "html_url": "https://github.com/octo/app/pull/45",
                "user": {"login": "jc"}, "state": "open", "draft": false, "merged": false,
                "created_at": "2026-11-29T10:00:00Z", "updated_at": "", "head": {"ref": "oauth", "sha": ""},
                "base": {"ref": "main"}},
            "repository": {"id": 7, "full_name": "octo/app", "html_url": "https://github.com/octo/app", "default_branch": "main"},
            "sender": {"login": "jc"}})");
        json::object& object = payload.get_object();
        object["action"] = json::string_view(action.data(), action.size());
        json::object& pull = object["pull_request"].get_object();
        pull["updated_at"] = json::string_view(updated.data(), updated.size());
        pull["head"].get_object()["sha"] = json::string_view(sha.data(), sha.size());
        return object;
    }
    EventId deliver_pull(std::string_view action, std::string_view updated = "2026-11-29T10:00:00Z",
                         std::string_view sha = "aaa") {
        return deliver_payload("pull_request", json::serialize(pull_payload(action, sha, updated)),
                               next_id());
    }
    EventId deliver_review(std::string_view who, std::string_view state, std::int64_t id,
                           std::string_view at) {
        json::object payload = pull_payload("submitted", "aaa", at);
        json::object review;
        review["id"] = id;
        review["state"] = json::string_view(state.data(), state.size());
        review["submitted_at"] = json::string_view(at.data(), at.size());
        json::object user;
        user["login"] = json::string_view(who.data(), who.size());
        review["user"] = user;
        payload["review"] = std::move(review);
        payload["action"] = state == "dismissed" ? "dismissed" : "submitted";
        return deliver_payload("pull_request_review", json::serialize(payload), next_id());
    }
    EventId deliver_check(std::string_view conclusion, std::int64_t id, std::string_view sha = "aaa") {
        json::value payload =
            json::parse(R"({"action": "completed", "check_run": {"id": 0, "name": "unit", "head_sha": "",
            "status": "completed", "conclusion": "", "started_at": "2026-11-29T10:00:00Z",
            "completed_at": "2026-11-29T10:05:00Z", "check_suite": {"head_branch": "oauth"}, "app": {"name": "CI"},
            "pull_requests": []},
            "repository": {"id": 7, "full_name": "octo/app", "html_url": "https://github.com/octo/app"},
            "sender": {"login": "jc"}})");
        json::object& run = payload.get_object()["check_run"].get_object();
        run["id"] = id;
        run["head_sha"] = json::string_view(sha.data(), sha.size());
        run["conclusion"] = json::string_view(conclusion.data(), conclusion.size());
        return deliver_payload("check_run", json::serialize(payload), next_id());
    }
    EventId deliver_run(std::int64_t number, std::string_view action, std::string_view conclusion,
                        std::string_view started, std::string_view updated) {
        json::value payload =
            json::parse(R"({"action": "", "workflow_run": {"id": 0, "run_number": 0, "run_attempt": 1,
            "name": "Tests", "head_branch": "main", "head_sha": "ccc", "event": "push", "status": "", "conclusion": null,
            "html_url": "https://github.com/octo/app/actions/runs/1", "pull_requests": []},
            "repository": {"id": 7, "full_name": "octo/app", "html_url": "https://github.com/octo/app"},
            "sender": {"login": "jc"}})");
        json::object& object = payload.get_object();
        object["action"] = json::string_view(action.data(), action.size());
        json::object& run = object["workflow_run"].get_object();
        run["id"] = 1000 + number;
        run["run_number"] = number;
        run["status"] = json::string_view(action.data(), action.size());
        if (!conclusion.empty()) {
            run["conclusion"] = json::string_view(conclusion.data(), conclusion.size());
        }
        run["run_started_at"] = json::string_view(started.data(), started.size());
        run["updated_at"] = json::string_view(updated.data(), updated.size());
        return deliver_payload("workflow_run", json::serialize(payload), next_id());
    }
    std::string next_id() { return "delivery-" + std::to_string(++deliveries_); }

    /// The messages that wait, oldest first, as title or first line.
    std::vector<std::string> sent() {
        std::vector<std::string> titles;
        while (auto entry = take()) {
            const message::Message& body = entry->body;
            titles.push_back(body.embeds.empty() || body.embeds.front().title.empty()
                                 ? body.content
                                 : body.embeds.front().title);
            bodies.push_back(body);
        }
        return titles;
    }
    std::vector<message::Message> bodies;

private:
    int deliveries_ = 0;
};

constexpr const char* ready = "⚡ PR #45 Ready to Merge";

}  // namespace

TEST_F(RulesInThePipeline, AFilterStopsAnEventAndSaysWhich) {
    add_rule(RuleKind::filter, "branch=main");
    const store::Rule second = add_rule(RuleKind::filter, "not is_bot and commit_count > 1000");
    start();
    const EventId push = deliver("push", "1");
    const EventId issue = deliver("issue.opened", "2");
    process();
    EXPECT_EQ(outcome_of(push).kind, OutcomeKind::filtered);
    EXPECT_EQ(outcome_of(push).reason, "filter 2 stops it: not is_bot and commit_count > 1000");
    EXPECT_EQ(outcome_of(push).rule, second.id);
    EXPECT_EQ(outcome_of(issue).kind, OutcomeKind::sent)
        << "an issue has no commits: the filter decides nothing";
}

TEST_F(RulesInThePipeline, ARuleCountsFromTheNextEventOn) {
    start();
    const EventId before = deliver("push", "1");
    process();
    const store::Rule rule = add_rule(RuleKind::filter, "branch=nowhere");
    const EventId after = deliver("push", "2");
    process();
    must_write({store::DropRule{rule.id}});
    const EventId last = deliver("push", "3");
    process();
    EXPECT_EQ(outcome_of(before).kind, OutcomeKind::sent);
    EXPECT_EQ(outcome_of(after).kind, OutcomeKind::filtered);
    EXPECT_EQ(outcome_of(last).kind, OutcomeKind::sent);
}

TEST_F(RulesInThePipeline, AFilterThatFailsLetsTheEventPassAndIsRecorded) {
    add_rule(RuleKind::filter, "1 / (commit_count - commit_count) > 1");
    start();
    const EventId push = deliver("push", "1");
    process();
    EXPECT_EQ(outcome_of(push).kind, OutcomeKind::sent);
    EXPECT_EQ(outcome_of(push).reason,
              "filter 1 could not be worked out (this divides by zero), so it let this pass");
    EXPECT_EQ(store->meta(store::rule_trouble_key(hook.id, "filter 1")).value(), "this divides by zero");
}

TEST_F(RulesInThePipeline, ATemplateMakesTheMessageAndTheFinestOneWins) {
    set_form("", "all: {{ event }}");
    set_form("push", "**{{author}}** pushed to **{{branch}}**");
    start();
    deliver("push", "1");
    deliver("issue.opened", "2");
    process();
    EXPECT_EQ(sent(), (std::vector<std::string>{"**octocat** pushed to **main**", "all: issue"}));
}

TEST_F(RulesInThePipeline, ATemplateThatFailsFallsBackAndIsToldOnce) {
    std::vector<std::string> told;
    set_form("push", "{{ 1 / (commit_count - commit_count) }}");
    settings.on_form_trouble = [&](HookId, const std::string& event, const std::string& why) {
        told.push_back(event + ": " + why);
    };
    start();
    const EventId push = deliver("push", "1");
    deliver("push", "2");
    process();
    EXPECT_EQ(sent().size(), 2U);
    EXPECT_FALSE(bodies.front().embeds.empty()) << "the built-in layout";
    EXPECT_EQ(outcome_of(push).reason, "in the built-in layout, its template failed: this divides by zero");
    ASSERT_EQ(told.size(), 1U);
    EXPECT_THAT(told.front(),
                HasSubstr("push: this divides by zero\n{{ 1 / (commit_count - commit_count) }}\n   ^"));
}

TEST_F(RulesInThePipeline, MentionsOnlyThoseThatAHoldingRuleNames) {
    add_rule(RuleKind::mention, "event == 'push'", "<@&77>");
    add_rule(RuleKind::mention, "branch=main", "<@88>");
    add_rule(RuleKind::mention, "is_failure", "<@99>");
    add_rule(RuleKind::silent, "is_bot");
    add_rule(RuleKind::silent, "event == 'push'");
    start();
    deliver("push", "1");
    deliver("issue.opened", "2");
    process();
    sent();
    ASSERT_EQ(bodies.size(), 2U);
    EXPECT_EQ(bodies[0].content, "<@&77> <@88>");
    EXPECT_EQ(bodies[0].allowed_mentions.roles, (std::vector<Snowflake>{Snowflake(77)}));
    EXPECT_EQ(bodies[0].allowed_mentions.users, (std::vector<Snowflake>{Snowflake(88)}));
    EXPECT_TRUE(bodies[0].is_silent);
    EXPECT_EQ(bodies[1].content, "");
    EXPECT_EQ(bodies[1].allowed_mentions, message::AllowedMentions());
    EXPECT_FALSE(bodies[1].is_silent);
}

TEST_F(RulesInThePipeline, AnAlertFiresOnceWhenItsConditionBecomesTrue) {
    add_rule(RuleKind::alert, "pr.status == 'approved' and pr.reviews >= 2");
    start();
    deliver_pull("opened");
    deliver_review("ann", "approved", 1, "2026-11-29T10:01:00Z");
    process();
    EXPECT_EQ(sent().size(), 2U);
    const EventId second = deliver_review("bob", "approved", 2, "2026-11-29T10:02:00Z");
    process();
    EXPECT_EQ(sent().back(), ready);
    EXPECT_EQ(bodies.back().embeds.front().description, "Add OAuth support\nApprovals: 2 ✓ (ann, bob)");
    EXPECT_EQ(outcome_of(second).reason, "alert 1 fired");
    // Further events of the same request say it no second time.
    deliver_review("cid", "approved", 3, "2026-11-29T10:03:00Z");
    deliver_pull("labeled", "2026-11-29T10:04:00Z");
    deliver_check("success", 1);
    process();
    for (const std::string& title : sent()) {
        EXPECT_NE(title, ready);
    }
}

TEST_F(RulesInThePipeline, AnAlertIsArmedAgainAndSaysSoWhereThatIsWished) {
    add_rule(RuleKind::alert, "pr.reviews >= 1", {}, "resolved");
    start();
    deliver_pull("opened");
    deliver_review("ann", "approved", 1, "2026-11-29T10:01:00Z");
    process();
    EXPECT_EQ(sent().back(), ready);
    deliver_review("ann", "dismissed", 1, "2026-11-29T10:01:00Z");
    process();
    EXPECT_EQ(sent().back(), "🔕 No longer: PR #45: Add OAuth support");
    deliver_review("ann", "approved", 2, "2026-11-29T10:03:00Z");
    process();
    EXPECT_EQ(sent().back(), ready);
}

TEST_F(RulesInThePipeline, AnAlertOnAContainerFiresOnceForEach) {
    endpoint.service = hook.service = event::Service::docker;
    hook.events = {"engine"};  // alerts hear of all
    must_write({store::PutEndpoint{endpoint}, store::PutHook{hook}});
    add_rule(RuleKind::alert, "container.restarts >= 2");
    add_rule(RuleKind::alert, "container.exit_code == 139");
    add_rule(RuleKind::alert, "build.duration > 60");
    start();
    const auto tell = [&](std::string_view action, std::string_view name, int restarts) {
        event::Delivery told = delivery(
            next_id(),
            fmt::format(
                R"({{"engine":{{"name":"docker"}},"story":{{}},"event":{{"Type":"container","Action":"{}",
                "Actor":{{"ID":"{}","Attributes":{{"name":"{}","image":"demo:1"{}}}}},"timeNano":1795446373120010987}},
                "container":{{"RestartCount":{}}}}})",
                action, name, name, action == "die" ? R"(,"exitCode":"139")" : "", restarts));
        told.service = event::Service::docker;
        told.event_type = "engine";
        append(std::move(told)).value();
        process();
        return sent();
    };
    using testing::ElementsAre;
    EXPECT_THAT(tell("start", "web", 0), ElementsAre());
    EXPECT_THAT(tell("die", "web", 1), ElementsAre("🔔 Container web"));
    EXPECT_THAT(tell("start", "web", 2), ElementsAre("🔔 Container web"));
    EXPECT_THAT(tell("die", "web", 2), ElementsAre("🔔 Container web")) << "it ended so again";
    EXPECT_THAT(tell("start", "web", 3), ElementsAre());
    EXPECT_THAT(tell("start", "db", 2), ElementsAre("🔔 Container db"));
    for (const char* status : {"started", "completed"}) {
        event::Delivery build = delivery(
            next_id(), fmt::format(R"({{"build":{{"key":"r","name":"app","status":"{}","started":1000000000,
                "ended":91000000000}}}})",
                                   status));
        build.service = event::Service::docker;
        build.event_type = "build";
        append(std::move(build)).value();
    }
    process();
    EXPECT_THAT(sent(), ElementsAre("🔔 Build app"));
    for (const int rule : {1, 2, 3}) {
        EXPECT_EQ(
            store->meta(store::rule_trouble_key(hook.id, fmt::format("alert {}", rule))).value().value_or(""),
            "");
    }
}

TEST_F(RulesInThePipeline, WhatAnAlertSawSurvivesARestart) {
    add_rule(RuleKind::alert, "pr.reviews >= 1");
    start();
    deliver_pull("opened");
    deliver_review("ann", "approved", 1, "2026-11-29T10:01:00Z");
    process();
    EXPECT_EQ(sent().back(), ready);
    stop();
    start();
    deliver_review("bob", "approved", 2, "2026-11-29T10:02:00Z");
    process();
    for (const std::string& title : sent()) {
        EXPECT_NE(title, ready);
    }
}

TEST_F(RulesInThePipeline, ChecksOfTheHeadMakeAnAlertFireThoughTheyNameNoRequest) {
    add_rule(RuleKind::alert, "pr.status == 'approved' and pr.checks == 'passed'");
    start();
    deliver_pull("opened");
    deliver_review("ann", "approved", 1, "2026-11-29T10:01:00Z");
    process();
    sent();
    deliver_check("failure", 1);
    process();
    sent();
    const EventId passed = deliver_check("success", 2);
    process();
    EXPECT_EQ(sent(), (std::vector<std::string>{ready}));
    EXPECT_THAT(bodies.back().embeds.front().description, HasSubstr("Checks: All passed ✓"));
    EXPECT_EQ(outcome_of(passed).kind, OutcomeKind::not_announced);
}

TEST_F(RulesInThePipeline, AnAlertHasATemplateOfItsOwn) {
    add_rule(RuleKind::alert, "pr.reviews >= 1",
             "🎉 {{ pr.title }} by {{ pr.author }}: {{ pr.approvers | join(', ') }}");
    start();
    deliver_pull("opened");
    deliver_review("ann", "approved", 1, "2026-11-29T10:01:00Z");
    process();
    EXPECT_EQ(sent().back(), "🎉 Add OAuth support by jc: ann");
}

TEST_F(RulesInThePipeline, ABuildThatBreaksAndIsFixedIsToldOnceEach) {
    add_rule(RuleKind::alert, "build.changed");
    must_write({store::PutRule{store::Rule{store->next_rule_id(), hook.id, RuleKind::filter,
                                           "event == 'nothing'", "", "", clock.now()}}});
    start();
    const auto run = [&](int number, std::string_view conclusion) {
        deliver_run(number, "completed", conclusion, "2026-11-29T10:00:00Z",
                    "2026-11-29T10:0" + std::to_string(number) + ":00Z");
        process();
        return sent();
    };
    EXPECT_TRUE(run(1, "success").empty());
    EXPECT_EQ(run(2, "failure"), (std::vector<std::string>{"🔔 Tests on main"}));
    EXPECT_THAT(bodies.back().embeds.front().description, HasSubstr("`build.changed`: broken"));
    EXPECT_TRUE(run(3, "failure").empty());
    EXPECT_EQ(run(4, "success"), (std::vector<std::string>{"🔔 Tests on main"}));
    EXPECT_THAT(bodies.back().embeds.front().description, HasSubstr("`build.changed`: fixed"));
    EXPECT_TRUE(run(5, "success").empty());
}

TEST_F(RulesInThePipeline, CountsWhatCameInATime) {
    add_rule(RuleKind::alert, "count('workflow.failed', '10m') >= 3", "three!");
    start();
    const auto fail_once = [&](int number) {
        deliver_run(number, "completed", "failure", "2026-11-29T10:00:00Z", "2026-11-29T10:01:00Z");
        process();
        const auto titles = sent();
        return std::find(titles.begin(), titles.end(), "three!") != titles.end();
    };
    EXPECT_FALSE(fail_once(1));
    EXPECT_FALSE(fail_once(2));
    EXPECT_TRUE(fail_once(3));
    EXPECT_FALSE(fail_once(4)) << "it holds still";
    clock.advance(std::chrono::hours(1));
    EXPECT_FALSE(fail_once(5)) << "armed again";
    EXPECT_FALSE(fail_once(6));
    EXPECT_TRUE(fail_once(7));
}

TEST_F(RulesInThePipeline, TimeAloneMakesAnAlertFireAlsoAfterARestart) {
    add_rule(RuleKind::alert, "age(pr) > 2d and pr.is_open", "{{ pr.title }} waits");
    start();
    const TimePoint opened = std::chrono::floor<std::chrono::seconds>(clock.now());
    json::object payload = pull_payload("opened", "aaa", iso_time(opened));
    payload["pull_request"].get_object()["created_at"] = iso_time(opened);
    deliver_payload("pull_request", json::serialize(payload), next_id());
    process();
    sent();
    clock.advance(std::chrono::hours(47));
    loop.settle();
    EXPECT_TRUE(sent().empty());
    stop();
    start();
    clock.advance(std::chrono::hours(2));
    EXPECT_TRUE(loop.run_until([&] { return !store->knowledge().next_due().value(); }));
    EXPECT_EQ(sent(), (std::vector<std::string>{"Add OAuth support waits"}));
    clock.advance(std::chrono::hours(500));
    loop.settle();
    EXPECT_TRUE(sent().empty());
}

TEST_F(RulesInThePipeline, AClosedRequestIsForgottenByTheClock) {
    add_rule(RuleKind::alert, "age(pr) > 2d and pr.is_open", "{{ pr.title }} waits");
    start();
    const TimePoint opened = std::chrono::floor<std::chrono::seconds>(clock.now());
    json::object payload = pull_payload("opened", "aaa", iso_time(opened));
    payload["pull_request"].get_object()["created_at"] = iso_time(opened);
    deliver_payload("pull_request", json::serialize(payload), next_id());
    process();
    EXPECT_TRUE(store->knowledge().next_due().value());
    payload["action"] = "closed";
    payload["pull_request"].get_object()["state"] = "closed";
    payload["pull_request"].get_object()["closed_at"] = iso_time(opened + std::chrono::minutes(5));
    deliver_payload("pull_request", json::serialize(payload), next_id());
    process();
    EXPECT_FALSE(store->knowledge().next_due().value());
}

TEST_F(RulesInThePipeline, APipelineThatTakesTooLongIsToldWhileItRuns) {
    add_rule(RuleKind::alert, "pipeline.duration > baseline * 1.5",
             "{{ pipeline.name }} takes {{ pipeline.duration }}");
    start();
    const auto at = [&](Milliseconds after) {
        return iso_time(std::chrono::floor<std::chrono::seconds>(clock.now()) + after);
    };
    for (int number = 1; number <= 5; ++number) {
        deliver_run(number, "completed", "success", at(std::chrono::minutes(-10)),
                    at(std::chrono::minutes(0)));
    }
    process();
    sent();
    deliver_run(6, "in_progress", "", at(Milliseconds(0)), at(Milliseconds(0)));
    process();
    clock.advance(std::chrono::minutes(14));
    loop.settle();
    EXPECT_TRUE(sent().empty());
    clock.advance(std::chrono::minutes(2));
    EXPECT_TRUE(loop.run_until([&] { return !store->knowledge().next_due().value(); }));
    EXPECT_EQ(sent(), (std::vector<std::string>{"Tests takes 16m"}));
}

namespace {

/// Tells that two have approved already, and that two must.
class KnowingHost final : public Recaller {
public:
    [[nodiscard]] bool wants(const event::Event& event) const override { return event.pr.has_value(); }
    Task<Result<state::Recall>> ask(event::Event) override {
        ++asked;
        if (fails) {
            co_return fail(Errc::unavailable, "GitHub is away");
        }
        state::Recall recall;
        recall.commit = "aaa";
        recall.required = 2;
        for (const std::string name : {"ann", "bob"}) {
            recall.reviews.push_back({name, state::Opinion{event::Review::State::approved, TimePoint(), 1}});
        }
        state::Check check;
        check.name = "unit";
        check.conclusion = event::Conclusion::success;
        recall.checks.emplace_back("check_run unit", check);
        co_return recall;
    }
    int asked = 0;
    bool fails = false;
};

}  // namespace

TEST_F(RulesInThePipeline, WhatWasMissedIsAskedForOnce) {
    add_rule(RuleKind::alert, "pr.reviews >= pr.required and pr.checks == 'passed'");
    KnowingHost host;
    host.fails = true;
    settings.recaller = &host;
    start();
    deliver_pull("labeled");
    process();
    EXPECT_TRUE(loop.run_until([&] { return host.asked == 1; }));  // asked once it is stored
    loop.settle();
    host.fails = false;
    deliver_pull("labeled", "2026-11-29T10:01:00Z");
    process();
    loop.settle();
    EXPECT_TRUE(loop.run_until([&] { return messages() > 0; }));
    EXPECT_EQ(sent(), (std::vector<std::string>{ready}));
    EXPECT_THAT(bodies.back().embeds.front().description,
                HasSubstr("Approvals: 2/2 ✓ (ann, bob)\nChecks: All passed ✓"));
    deliver_pull("labeled", "2026-11-29T10:02:00Z");
    process();
    loop.settle();
    EXPECT_EQ(host.asked, 2) << "it was told once";
}

TEST_F(RulesInThePipeline, NobodyIsAskedWhereNoAlertIsAboutPullRequests) {
    add_rule(RuleKind::alert, "build.changed");
    KnowingHost host;
    settings.recaller = &host;
    start();
    deliver_pull("labeled");
    process();
    EXPECT_EQ(host.asked, 0);
}

TEST_F(RulesInThePipeline, ATestChangesNothingThatIsKnown) {
    add_rule(RuleKind::alert, "pr.reviews >= 1");
    start();
    auto delivery = make_test_delivery(endpoint, hook.id, "review.approved", random, clock.now());
    ASSERT_TRUE(delivery);
    ASSERT_TRUE(append(std::move(*delivery)));
    process();
    const auto titles = sent();
    ASSERT_EQ(titles.size(), 1U);
    EXPECT_NE(titles.front(), ready);
}

}  // namespace hookline::pipeline
