// A run that GitHub and CircleCI tell in several deliveries is told once, whatever the order they come in.
#include "pipeline/same_run.hpp"

#include <gmock/gmock.h>

#include "format/testing/readable.hpp"
#include "pipeline/testing/pipeline_fixture.hpp"

namespace hookline::pipeline {

using store::OutcomeKind;
using testing::HasSubstr;
using testing::Not;

class SameRun : public PipelineFixture {
protected:
    EventId deliver_ci(const std::string& type, const std::string& payload) {
        event::Delivery sent = delivery("d" + std::to_string(++count_), payload);
        sent.service = event::Service::ci;
        sent.event_type = type;
        return append(std::move(sent)).value().id;
    }
    EventId job(std::string_view name, std::string_view conclusion, int attempt = 1, int run = 7) {
        return deliver_ci(
            "github:workflow_job",
            fmt::format(R"({{"action":"completed","workflow_job":{{"id":9,"run_id":{0},"run_attempt":{3},
            "name":"{1}","workflow_name":"Tests","head_branch":"main","conclusion":"{2}",
            "html_url":"https://github.com/o/a/actions/runs/{0}/job/9",
            "steps":[{{"name":"Run pytest","conclusion":"failure"}}]}},"repository":{{"full_name":"o/a"}}}})",
                        run, name, conclusion, attempt));
    }
    EventId run(std::string_view conclusion, int attempt = 1) {
        return deliver_ci(
            "github:workflow_run",
            fmt::format(R"({{"action":"completed","workflow_run":{{"id":7,"run_number":3,"run_attempt":{1},
            "name":"Tests","head_branch":"main","conclusion":"{0}","html_url":"https://github.com/o/a/actions/runs/7",
            "run_started_at":"2026-11-23T10:00:00Z","updated_at":"2026-11-23T10:01:45Z"}},
            "repository":{{"full_name":"o/a"}}}})",
                        conclusion, attempt));
    }
    /// The messages sent so far, as text.
    std::vector<std::string> told() {
        process();
        std::vector<std::string> texts;
        while (const auto entry = take()) {
            texts.push_back(format::readable(entry->body));
        }
        return texts;
    }

private:
    int count_ = 0;
};

TEST_F(SameRun, AFailedRunNamesTheJobsThatFailedInIt) {
    start();
    (void)job("build", "success");
    const EventId failed = job("unit-tests", "failure");
    (void)job("of another run", "failure", 1, 77);
    (void)job("of an earlier attempt", "failure", 2);
    (void)run("failure");
    const auto texts = told();
    ASSERT_EQ(texts.size(), 2U);
    EXPECT_THAT(texts[0], HasSubstr("Stage \"build\" passed"));
    EXPECT_THAT(texts[1], HasSubstr("Pipeline Failed"));
    EXPECT_THAT(texts[1], HasSubstr("Stage: unit-tests"));
    EXPECT_THAT(texts[1], HasSubstr("Error: Step “Run pytest” failed"));
    EXPECT_THAT(texts[1], HasSubstr("Duration: 1m 45s"));
    EXPECT_THAT(texts[1], Not(HasSubstr("Job:")));
    EXPECT_THAT(texts[1], Not(HasSubstr("another")));
    EXPECT_THAT(texts[1], Not(HasSubstr("earlier")));
    EXPECT_EQ(outcome_of(failed).reason, "stage.failed is not announced by default: pipeline tells it");
}

TEST_F(SameRun, SeveralJobsAreListed) {
    start();
    (void)job("lint", "failure");
    (void)job("unit-tests", "timed_out");
    (void)run("failure");
    const auto texts = told();
    ASSERT_EQ(texts.size(), 1U);
    EXPECT_THAT(texts[0],
                HasSubstr("[lint](https://github.com/o/a/actions/runs/7/job/9): Step “Run pytest” failed"));
    EXPECT_THAT(texts[0], HasSubstr("[unit-tests]"));
    EXPECT_THAT(texts[0], Not(HasSubstr("Stage:")));
}

TEST_F(SameRun, AJobThatComesAfterTheEndOfItsRunIsToldByItself) {
    start();
    (void)run("failure");
    const EventId late = job("unit-tests", "failure");
    const auto texts = told();
    ASSERT_EQ(texts.size(), 2U);
    EXPECT_THAT(texts[0], HasSubstr("Pipeline Failed"));
    EXPECT_THAT(texts[1], HasSubstr("Stage \"unit-tests\" failed"));
    EXPECT_EQ(outcome_of(late).kind, OutcomeKind::sent);
    // Processed once more, the same comes of it.
    (void)run("failure", 2);
    (void)job("unit-tests", "failure", 3);
    EXPECT_EQ(told().size(), 1U);
}

TEST_F(SameRun, AJobThatWasAllowedToFailIsNotTold) {
    start();
    (void)run("success");
    (void)job("experimental", "failure");
    EXPECT_EQ(told().size(), 1U);
}

TEST_F(SameRun, ManyDeliveriesAndOddOnesAreReadWithinBounds) {
    (void)job("too long ago", "failure");
    for (int n = 0; n < 400; ++n) {
        (void)job("of another run", "failure", 1, 1000 + n);
    }
    (void)deliver_ci("github:workflow_job",
                     R"({"html_url":"https://github.com/o/a/actions/runs/7","workflow_job":7})");
    (void)run("failure");
    start();
    const auto texts = told();
    ASSERT_EQ(texts.size(), 1U);
    EXPECT_THAT(texts[0], Not(HasSubstr("ago")));
}

}  // namespace hookline::pipeline
