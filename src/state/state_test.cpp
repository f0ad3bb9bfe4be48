#include <gtest/gtest.h>

#include <map>
#include <random>

#include "state/correlate.hpp"

namespace hookline::state {

namespace {

using event::Conclusion;
using event::Review;
using std::chrono::minutes;

class Memory final : public Entities {
public:
    std::optional<std::string> load(std::string_view kind, std::string_view name) override {
        const auto found = documents.find(std::string(kind) + " " + std::string(name));
        return found == documents.end() ? std::nullopt : std::optional(found->second);
    }
    void save(std::string_view kind, std::string_view name, std::string document) override {
        documents[std::string(kind) + " " + std::string(name)] = std::move(document);
    }
    std::map<std::string, std::string> documents;
};

TimePoint at(int minute) { return TimePoint(minutes(1'000'000 + minute)); }

event::Event base_event(int minute) {
    event::Event event;
    event.repo = event::Repository{7, "octo/app", "https://github.com/octo/app", "main", false};
    event.time = at(minute);
    return event;
}

event::Event pull_event(int minute, std::string action, std::string sha) {
    event::Event event = base_event(minute);
    event.name = "pr";
    event.action = std::move(action);
    event::PullRequest pull;
    pull.number = 45;
    pull.title = "Add OAuth support";
    pull.author = "jc";
    pull.head = "oauth";
    pull.base = "main";
    pull.head_sha = std::move(sha);
    pull.is_merged = event.action == "merged";
    pull.is_open = event.action != "merged" && event.action != "closed";
    event.pr = pull;
    return event;
}

event::Event review_event(int minute, std::string who, Review::State state, std::int64_t id,
                          std::string sha = "aaa") {
    event::Event event = pull_event(minute, "submitted", std::move(sha));
    event.name = "review";
    Review review;
    review.author = std::move(who);
    review.state = state;
    review.id = id;
    event.review = review;
    return event;
}

event::Event check_event(int minute, std::string sha, std::string name, Conclusion conclusion,
                         std::int64_t id) {
    event::Event event = base_event(minute);
    event.name = "check";
    event.provider_name = "check_run";
    event.commit = sha;
    event::Run run;
    run.id = id;
    run.name = std::move(name);
    run.commit = std::move(sha);
    run.conclusion = conclusion;
    event.workflow = run;
    return event;
}

event::Event run_event(int minute, std::int64_t number, Conclusion conclusion, std::string branch = "main",
                       std::int64_t attempt = 1) {
    event::Event event = base_event(minute);
    event.name = "workflow";
    event.provider_name = "workflow_run";
    event.commit = "c" + std::to_string(number);
    event::Run run;
    run.id = 1000 + number;
    run.number = number;
    run.attempt = attempt;
    run.name = "Tests";
    run.branch = std::move(branch);
    run.commit = event.commit;
    run.trigger = "push";
    run.conclusion = conclusion;
    run.duration = std::chrono::seconds(100 + number);
    event.workflow = run;
    return event;
}

const PullRequest& pull_of(const Known& known) { return known.pulls.at(0); }

std::string changed(Memory& memory, const event::Event& event) {
    return std::string(correlate(event, memory).build.value().changed());
}

}  // namespace

TEST(State, ApprovalsAndChecksOfTheHeadMakeAPullRequestReady) {
    Memory memory;
    EXPECT_EQ(pull_of(correlate(pull_event(0, "opened", "aaa"), memory)).status(), "review_required");
    EXPECT_EQ(pull_of(correlate(review_event(1, "ann", Review::State::approved, 1), memory)).status(),
              "approved");
    const Known two = correlate(review_event(2, "bob", Review::State::approved, 2), memory);
    EXPECT_EQ(pull_of(two).approvers(), (std::vector<std::string>{"ann", "bob"}));
    EXPECT_EQ(pull_of(two).head.state(), ChecksState::none);
    EXPECT_EQ(pull_of(correlate(check_event(3, "aaa", "lint", Conclusion::none, 1), memory)).head.state(),
              ChecksState::pending);
    EXPECT_EQ(pull_of(correlate(check_event(4, "aaa", "lint", Conclusion::success, 1), memory)).head.state(),
              ChecksState::passed);
    const Known failed = correlate(check_event(5, "aaa", "unit", Conclusion::failure, 2), memory);
    EXPECT_EQ(pull_of(failed).head.state(), ChecksState::failed);
    EXPECT_EQ(pull_of(failed).head.failed(), (std::vector<std::string>{"unit"}));
}

TEST(State, ANewPushMakesOldChecksVoidAndLateOnesOfTheOldHeadBearOnNothing) {
    Memory memory;
    correlate(pull_event(0, "opened", "aaa"), memory);
    correlate(check_event(1, "aaa", "unit", Conclusion::success, 1), memory);
    EXPECT_EQ(pull_of(correlate(pull_event(2, "synchronize", "bbb"), memory)).head.state(),
              ChecksState::none);
    EXPECT_TRUE(correlate(check_event(3, "aaa", "unit", Conclusion::failure, 2), memory).pulls.empty());
    EXPECT_EQ(pull_of(correlate(check_event(4, "bbb", "unit", Conclusion::success, 3), memory)).head.state(),
              ChecksState::passed);
}

TEST(State, ChecksThatCameBeforeThePullRequestCountOnceItIsKnown) {
    Memory memory;
    EXPECT_TRUE(correlate(check_event(0, "aaa", "unit", Conclusion::success, 1), memory).pulls.empty());
    EXPECT_EQ(pull_of(correlate(pull_event(1, "opened", "aaa"), memory)).head.state(), ChecksState::passed);
}

TEST(State, AWorkflowWhoseJobsAreToldIsCountedAsThose) {
    const auto check = [](std::string name, std::string kind, Conclusion conclusion, bool is_job) {
        event::Event event = base_event(1);
        event.name = kind == "workflow_run" ? "workflow" : "check";
        event.provider_name = std::move(kind);
        event.commit = "aaa";
        event.workflow.emplace();
        event.workflow->name = std::move(name);
        event.workflow->conclusion = conclusion;
        event.workflow->is_job_of_workflow = is_job;
        return event;
    };
    Memory memory;
    correlate(pull_event(0, "opened", "aaa"), memory);
    Known known = correlate(check("CI", "workflow_run", Conclusion::failure, false), memory);
    EXPECT_EQ(known.pulls.at(0).head.failed(), std::vector<std::string>{"CI"});
    correlate(check("lint", "check_run", Conclusion::failure, true), memory);
    known = correlate(check("codecov", "check_run", Conclusion::success, false), memory);
    EXPECT_EQ(known.pulls.at(0).head.failed(), std::vector<std::string>{"lint"});
    EXPECT_EQ(known.pulls.at(0).head.counted().size(), 2U);
    EXPECT_EQ(known.pulls.at(0).head.passed_count(), 1U);
}

TEST(State, AChangeRequestOutweighsApprovalsUntilItIsDismissedOrApproved) {
    Memory memory;
    correlate(pull_event(0, "opened", "aaa"), memory);
    correlate(review_event(1, "ann", Review::State::approved, 1), memory);
    EXPECT_EQ(
        pull_of(correlate(review_event(2, "bob", Review::State::changes_requested, 2), memory)).status(),
        "changes_requested");
    EXPECT_EQ(pull_of(correlate(review_event(3, "bob", Review::State::commented, 3), memory)).status(),
              "changes_requested");
    EXPECT_EQ(pull_of(correlate(review_event(2, "bob", Review::State::dismissed, 2), memory)).status(),
              "approved");
    EXPECT_EQ(
        pull_of(correlate(review_event(5, "bob", Review::State::approved, 4), memory)).approvers().size(),
        2U);
    EXPECT_EQ(pull_of(correlate(review_event(1, "ann", Review::State::dismissed, 1), memory)).approvers(),
              (std::vector<std::string>{"bob"}));
}

TEST(State, IsMergedForGoodAndReopenedAfterAClose) {
    Memory memory;
    correlate(pull_event(0, "opened", "aaa"), memory);
    EXPECT_EQ(pull_of(correlate(pull_event(2, "closed", "aaa"), memory)).status(), "closed");
    EXPECT_EQ(pull_of(correlate(pull_event(3, "reopened", "aaa"), memory)).status(), "review_required");
    EXPECT_EQ(pull_of(correlate(pull_event(5, "merged", "aaa"), memory)).status(), "merged");
    EXPECT_EQ(pull_of(correlate(pull_event(4, "synchronize", "bbb"), memory)).status(), "merged");
}

TEST(State, ABuildBreaksStaysBrokenAndIsFixed) {
    Memory memory;
    EXPECT_EQ(changed(memory, run_event(1, 1, Conclusion::success)), "");
    EXPECT_EQ(changed(memory, run_event(2, 2, Conclusion::failure)), "broken");
    const Known still = correlate(run_event(3, 3, Conclusion::timed_out), memory);
    EXPECT_EQ(still.build->changed(), "");
    EXPECT_EQ(name_of(still.build->status()), "still broken");
    EXPECT_EQ(still.build->since(), at(2));
    EXPECT_EQ(changed(memory, run_event(4, 4, Conclusion::cancelled)), "");
    EXPECT_EQ(changed(memory, run_event(5, 5, Conclusion::success)), "fixed");
    EXPECT_EQ(changed(memory, run_event(6, 6, Conclusion::failure, "other")), "broken");
    EXPECT_EQ(changed(memory, run_event(7, 4, Conclusion::failure)), "") << "a late word on an older run";
    EXPECT_EQ(changed(memory, run_event(5, 5, Conclusion::success)), "") << "the same word again";
    EXPECT_EQ(changed(memory, run_event(8, 5, Conclusion::failure, "main", 2)), "broken")
        << "another attempt";
}

TEST(State, RunsOfPullRequestsSayNothingOfTheBranch) {
    Memory memory;
    event::Event event = run_event(1, 1, Conclusion::failure);
    event.workflow->trigger = "pull_request";
    EXPECT_FALSE(correlate(event, memory).build);
}

TEST(State, RemembersAStreakLongerThanItsRuns) {
    Memory memory;
    correlate(run_event(0, 1, Conclusion::success), memory);
    Known known;
    for (int i = 2; i < 120; ++i) {
        known = correlate(run_event(i, i, Conclusion::failure), memory);
    }
    EXPECT_EQ(known.build->runs.size(), 50U);
    EXPECT_EQ(known.build->since(), at(2));
}

TEST(State, KnowsHowLongAPipelineTakesAsARule) {
    Memory memory;
    EXPECT_FALSE(correlate(run_event(1, 1, Conclusion::success), memory).baseline);
    for (int i = 2; i < 20; ++i) {
        correlate(run_event(i, i, Conclusion::success), memory);
    }
    EXPECT_EQ(correlate(run_event(30, 30, Conclusion::failure), memory).baseline, std::chrono::seconds(114));
}

namespace {

/// What a person would say of the same facts, worked out from the whole list at once.
struct Reference {
    std::string status;
    std::size_t approvals = 0;
    ChecksState checks = ChecksState::none;
};

Reference work_out(const std::vector<event::Event>& events) {
    Reference reference;
    const event::Event* facts = nullptr;
    bool is_merged = false;
    std::map<std::string, std::pair<std::tuple<TimePoint, std::int64_t, bool>, Review::State>> opinions;
    for (const event::Event& event : events) {
        if (event.pr && (facts == nullptr || event.time >= facts->time)) {
            facts = &event;
        }
        is_merged = is_merged || (event.pr && event.pr->is_merged);
        if (event.review && event.review->state != Review::State::commented) {
            const std::tuple rank(event.time, event.review->id,
                                  event.review->state == Review::State::dismissed);
            auto& known = opinions[event.review->author];
            if (rank >= known.first) {
                known = {rank, event.review->state};
            }
        }
    }
    std::map<std::string, std::pair<std::int64_t, Conclusion>> checks;
    for (const event::Event& event : events) {
        if (event.workflow && event.commit == facts->pr->head_sha) {
            auto& known = checks[event.workflow->name];
            const bool is_over = event.workflow->conclusion != Conclusion::none;
            if (event.workflow->id > known.first || (event.workflow->id == known.first && is_over)) {
                known = {event.workflow->id, event.workflow->conclusion};
            }
        }
    }
    std::size_t objections = 0;
    for (const auto& [who, opinion] : opinions) {
        reference.approvals += opinion.second == Review::State::approved ? 1 : 0;
        objections += opinion.second == Review::State::changes_requested ? 1 : 0;
    }
    reference.status = is_merged                 ? "merged"
                       : !facts->pr->is_open     ? "closed"
                       : objections > 0          ? "changes_requested"
                       : reference.approvals > 0 ? "approved"
                                                 : "review_required";
    reference.checks = checks.empty() ? ChecksState::none : ChecksState::passed;
    for (const auto& [name, check] : checks) {
        if (check.second == Conclusion::failure) {
            reference.checks = ChecksState::failed;
            break;
        }
        reference.checks = check.second == Conclusion::none ? ChecksState::pending : reference.checks;
    }
    return reference;
}

std::vector<event::Event> random_story(std::mt19937& random) {
    const auto pick = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
    std::vector<event::Event> events{pull_event(0, "opened", "s0")};
    int head = 0;
    std::int64_t id = 1;
    const int length = 5 + pick(20);
    for (int minute = 1; minute < length; ++minute) {
        const std::string sha = "s" + std::to_string(head);
        const std::string who =
            std::array<std::string, 3>{"ann", "bob", "cid"}[static_cast<std::size_t>(pick(3))];
        switch (pick(7)) {
            case 0:
                events.push_back(pull_event(minute, "synchronize", "s" + std::to_string(++head)));
                break;
            case 1:
                events.push_back(review_event(minute, who, Review::State::approved, ++id, sha));
                break;
            case 2:
                events.push_back(review_event(minute, who, Review::State::changes_requested, ++id, sha));
                break;
            case 3:
                events.push_back(review_event(minute, who, Review::State::dismissed, ++id, sha));
                break;
            case 4:
                events.push_back(pull_event(minute, pick(2) == 0 ? "closed" : "reopened", sha));
                break;
            case 5:
                events.push_back(pull_event(minute, pick(8) == 0 ? "merged" : "labeled", sha));
                break;
            default: {
                const std::string name = pick(2) == 0 ? "unit" : "lint";
                ++id;
                events.push_back(check_event(minute, sha, name, Conclusion::none, id));
                if (pick(4) != 0) {
                    events.push_back(check_event(
                        minute, sha, name, pick(3) == 0 ? Conclusion::failure : Conclusion::success, id));
                }
            }
        }
    }
    return events;
}

}  // namespace

TEST(State, AnyOrderOfTheSameDeliveriesEndsInTheSameState) {
    std::mt19937 random(20261129);
    for (int story = 0; story < 300; ++story) {
        std::vector<event::Event> events = random_story(random);
        const Reference wanted = work_out(events);
        std::string first;
        for (int order = 0; order < 6; ++order) {
            Memory memory;
            for (const event::Event& event : events) {
                correlate(event, memory);
                if (random() % 10 == 0) {
                    correlate(event, memory);  // a delivery that comes twice
                }
            }
            const auto pull = known_pull_request(45, memory);
            ASSERT_TRUE(pull);
            EXPECT_EQ(pull->status(), wanted.status) << "story " << story << ", order " << order;
            EXPECT_EQ(pull->approvers().size(), wanted.approvals) << "story " << story << ", order " << order;
            EXPECT_EQ(name_of(pull->head.state()), name_of(wanted.checks))
                << "story " << story << ", order " << order;
            const std::string document = to_document(*pull);
            EXPECT_EQ(first.empty() ? document : first, document) << "story " << story << ", order " << order;
            first = document;
            std::shuffle(events.begin(), events.end(), random);
        }
    }
}

TEST(State, ARunKnowsItsJobsWhateverTheirOrder) {
    const auto job = [](int minute, std::string name, Conclusion conclusion, std::int64_t attempt) {
        event::Event event = base_event(minute);
        event.name = "job";
        event::Run run;
        run.id = 50 + minute;
        run.run_id = 1007;
        run.name = std::move(name);
        run.attempt = attempt;
        run.conclusion = conclusion;
        event.workflow = run;
        return event;
    };
    std::vector<event::Event> events{
        run_event(0, 7, Conclusion::none),      job(1, "lint", Conclusion::none, 1),
        job(2, "lint", Conclusion::success, 1), job(3, "unit", Conclusion::failure, 1),
        run_event(4, 7, Conclusion::failure),   run_event(5, 7, Conclusion::none, "main", 2),
        job(6, "unit", Conclusion::success, 2), run_event(7, 7, Conclusion::success, "main", 2)};
    std::mt19937 random(7);
    std::string first;
    for (int order = 0; order < 50; ++order) {
        Memory memory;
        for (const event::Event& event : events) {
            correlate(event, memory);
        }
        const std::string document = memory.documents.at("run 1007");
        const state::Run run = parse_run(document);
        EXPECT_EQ(run.attempt, 2);
        EXPECT_EQ(run.conclusion, Conclusion::success);
        EXPECT_EQ(run.passed_jobs(), 2U);
        EXPECT_TRUE(run.failed_jobs().empty());
        EXPECT_EQ(first.empty() ? document : first, document) << "order " << order;
        first = document;
        std::shuffle(events.begin(), events.end(), random);
    }
}

TEST(State, AnyOrderOfADeploymentsStepsEndsInTheSameWay) {
    const auto step = [](int minute, std::string action, Conclusion conclusion = Conclusion::none) {
        event::Event event = base_event(minute);
        event.name = "deployment";
        event.action = std::move(action);
        event.deployment.emplace();
        event.deployment->id = 9;
        event.deployment->conclusion = conclusion;
        return event;
    };
    // Two of them in one second.
    std::vector<event::Event> steps{step(0, ""), step(1, "queued"), step(1, "in_progress"),
                                    step(4, "failure", Conclusion::failure)};
    std::mt19937 random(7);
    for (int round = 0; round < 24; ++round) {
        Memory memory;
        std::shuffle(steps.begin(), steps.end(), random);
        for (const event::Event& each : steps) {
            correlate(each, memory);
        }
        EXPECT_TRUE(correlate(steps.front(), memory).is_old_news) << "delivered twice";
        const Known after = correlate(step(9, "inactive"), memory);
        EXPECT_TRUE(after.is_old_news) << "that another replaced it";
        std::vector<std::string> way;
        for (const auto& each : after.deployment->steps) {
            way.push_back(each.name);
        }
        EXPECT_EQ(way, (std::vector<std::string>{"created", "queued", "in_progress", "failure"}));
        EXPECT_EQ(after.deployment->conclusion, Conclusion::failure);
    }
}

TEST(State, AnIssueIsShownAsItWasToldLast) {
    Memory memory;
    event::Event issue = base_event(5);
    issue.name = "issue";
    issue.issue.emplace();
    issue.issue->number = 3;
    EXPECT_FALSE(correlate(issue, memory).is_old_news);
    issue.time = at(4);
    EXPECT_TRUE(correlate(issue, memory).is_old_news);
    issue.time = at(5);
    EXPECT_FALSE(correlate(issue, memory).is_old_news) << "in the same second";
}

TEST(State, AnyOrderOfABranchsRunsEndsInTheSameBuild) {
    std::mt19937 random(11);
    for (int story = 0; story < 100; ++story) {
        std::vector<event::Event> events;
        const int runs = 2 + static_cast<int>(random() % 12);
        for (int number = 1; number <= runs; ++number) {
            const int attempts = random() % 4 == 0 ? 3 : 1;
            for (int attempt = 1; attempt <= attempts; ++attempt) {
                const Conclusion conclusion = random() % 3 == 0 ? Conclusion::failure : Conclusion::success;
                events.push_back(run_event(number * 10 + attempt, number, conclusion, "main", attempt));
            }
        }
        std::string first;
        for (int order = 0; order < 6; ++order) {
            Memory memory;
            for (const event::Event& event : events) {
                correlate(event, memory);
            }
            const std::string document = memory.documents.at("build main Tests");
            EXPECT_EQ(first.empty() ? document : first, document) << "story " << story << ", order " << order;
            first = document;
            std::shuffle(events.begin(), events.end(), random);
        }
    }
}

TEST(State, OfABuildTheEndCountsWhateverComesFirst) {
    const auto tell = [](Memory& memory, event::Build::Status status, int minute) {
        event::Event event = base_event(minute);
        event.name = "build";
        event.build.emplace();
        event.build->key = "r-1";
        event.build->status = status;
        return !correlate(event, memory).is_old_news;
    };
    using Status = event::Build::Status;
    Memory in_order;
    EXPECT_TRUE(tell(in_order, Status::started, 1));
    EXPECT_FALSE(tell(in_order, Status::started, 1)) << "it is the same again";
    EXPECT_TRUE(tell(in_order, Status::failed, 3));
    EXPECT_FALSE(tell(in_order, Status::failed, 3));
    Memory end_first;
    EXPECT_TRUE(tell(end_first, Status::failed, 3));
    EXPECT_FALSE(tell(end_first, Status::started, 1));
    EXPECT_FALSE(tell(end_first, Status::started, 9)) << "whatever its clock says";
    EXPECT_EQ(in_order.documents, end_first.documents);
}

TEST(State, ADocumentOfAnotherVersionIsReadForWhatItHolds) {
    EXPECT_EQ(parse_pull_request("not json").facts.number, 0);
    EXPECT_EQ(parse_pull_request(R"({"number": "45", "opinions": [1], "labels": [1, "bug"]})").facts.labels,
              (std::vector<std::string>{"bug"}));
    EXPECT_TRUE(parse_commit(R"({"checks": {"a": 1}, "pulls": ["x"]})").checks.empty());
    EXPECT_TRUE(parse_build(R"({"runs": [1, {}]})").runs.size() == 1);
}

}  // namespace hookline::state
