// Cards in every style: a title and one line, what a reader acts on, all of it.
#include "format/cards.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hookline::format {

namespace {

using event::Conclusion;
using testing::HasSubstr;
using testing::Not;

std::string text_of(const message::Message& message) {
    const message::Embed& embed = message.embeds.at(0);
    std::string text = embed.title + "\n" + embed.description;
    for (const message::EmbedField& field : embed.fields) {
        text += "\n" + field.name + ": " + field.value;
    }
    return text;
}

event::Event run_event() {
    event::Event event;
    event.name = "workflow";
    event.workflow.emplace();
    return event;
}

RunCard run_of(std::size_t jobs) {
    RunCard card;
    card.is_workflow = true;
    card.run.name = "CI";
    card.run.branch = "main";
    for (std::size_t i = 0; i < jobs; ++i) {
        card.jobs.push_back({"job" + std::to_string(i), "", Conclusion::none, {}, false});
    }
    return card;
}

PullRequestCard request() {
    PullRequestCard card;
    card.facts.number = 7;
    card.facts.title = "Rooms";
    card.facts.author = "hana";
    card.facts.milestone = "2.0";
    card.facts.labels = {"a", "b", "c", "d", "e", "f"};
    card.status = "approved";
    card.approvers = {"isa"};
    card.required = 2;
    card.checks = 3;
    card.checks_passed = 2;
    card.checks_failed = {"lint"};
    return card;
}

}  // namespace

TEST(Cards, ACompactRunIsATitleAndALine) {
    RunCard card = run_of(3);
    card.jobs[0].conclusion = Conclusion::success;
    card.jobs[1].conclusion = Conclusion::failure;
    EXPECT_EQ(text_of(run_card(run_event(), card, Style::compact)),
              "❌ Workflow \"CI\" is failing\n▰▰▱ 2 of 3 over · ❌ job1 · `main`");
    EXPECT_EQ(text_of(run_card(run_event(), run_of(0), Style::compact)),
              "⏳ Workflow \"CI\" is running\n`main`");
}

TEST(Cards, AFullRunShowsMoreOfItsJobs) {
    EXPECT_THAT(text_of(run_card(run_event(), run_of(20), Style::normal)), HasSubstr("8 more"));
    EXPECT_THAT(text_of(run_card(run_event(), run_of(20), Style::full)), Not(HasSubstr("more")));
    const message::Message end =
        with_jobs(run_card(run_event(), run_of(0), Style::compact), run_of(2).jobs, Style::compact);
    EXPECT_TRUE(end.embeds.at(0).fields.empty());
}

TEST(Cards, APullRequestInEveryStyle) {
    event::Event event;
    event.name = "pr";
    EXPECT_EQ(text_of(pull_request_card(event, request(), Style::compact)),
              "✅ PR #7: Rooms\nApproved · 1 of 2 · ✅ @isa · ▰▰▱ 2 of 3 ❌ lint · @hana");
    PullRequestCard unasked = request();
    unasked.required = std::nullopt;
    EXPECT_THAT(text_of(pull_request_card(event, unasked, Style::compact)),
                HasSubstr("Approved · ✅ @isa · "));
    EXPECT_THAT(text_of(pull_request_card(event, unasked, Style::normal)),
                HasSubstr("Approvals: 1 · ✅ @isa"));
    const std::string normal = text_of(pull_request_card(event, request(), Style::normal));
    EXPECT_THAT(normal, HasSubstr("Checks: ▰▰▱ 2 of 3\n❌ lint"));
    EXPECT_THAT(normal, Not(HasSubstr("Milestone")));
    const std::string full = text_of(pull_request_card(event, request(), Style::full));
    EXPECT_THAT(full, HasSubstr("Milestone: 2.0"));
    EXPECT_THAT(full, HasSubstr("`f`"));
}

TEST(Cards, AnIssueInEveryStyle) {
    event::Event event;
    event.name = "issue";
    event.action = "opened";
    event.issue.emplace();
    event.issue->number = 3;
    event.issue->title = "It burns";
    event.issue->author = "gk";
    event.issue->labels = {"bug"};
    event.issue->body = "Very hot.";
    EXPECT_EQ(text_of(issue_card(event, Style::compact)), "🟢 Issue #3: It burns\nOpen · @gk · `bug`");
    EXPECT_THAT(text_of(issue_card(event, Style::normal)), HasSubstr("Very hot."));
}

}  // namespace hookline::format
