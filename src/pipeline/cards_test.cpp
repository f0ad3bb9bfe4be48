// Live cards: one message for a run or a pull request, as it stands now, whatever the order of what comes.
#include "pipeline/cards.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/testing/pipeline_fixture.hpp"

namespace hookline::pipeline {

namespace {

using std::chrono::minutes;
using store::OutcomeKind;
using testing::HasSubstr;
using testing::Not;

class Cards : public PipelineFixture {
protected:
    void go_live() {
        hook.is_live = true;
        must_write({store::PutHook{hook}});
    }
    std::string told(const std::string& id, std::string_view sample) {
        last = deliver(sample, id);
        process();
        const auto entry = take();
        if (!entry) {
            return "nothing";
        }
        shown = entry->operation == dispatch::Operation::edit ? "edit" : "create";
        message = entry->message;
        if (entry->body.embeds.empty()) {
            return entry->body.content;
        }
        const message::Embed& embed = entry->body.embeds.front();
        std::string text = embed.title + "\n" + embed.description;
        for (const message::EmbedField& field : embed.fields) {
            text += "\n" + field.name + ": " + field.value;
        }
        return text;
    }
    EventId last;
    std::string shown;
    MessageId message;
};

}  // namespace

TEST_F(Cards, OneMessageTellsARunFromItsStartToItsEnd) {
    go_live();
    start();
    const std::string begun = told("1", "workflow.started");
    EXPECT_EQ(shown, "create");
    EXPECT_THAT(begun, HasSubstr("Workflow \"Tests\" #"));
    EXPECT_THAT(begun, HasSubstr("is running"));
    EXPECT_THAT(begun, HasSubstr("Triggered by: "));
    const MessageId card = message;
    EXPECT_EQ(outcome_of(last).kind, OutcomeKind::sent);

    const std::string built = told("2", "job.passed");
    EXPECT_EQ(shown, "edit");
    EXPECT_EQ(message, card);
    EXPECT_THAT(built, HasSubstr("▰ 1 of 1 over\n✅ [build]("));
    EXPECT_THAT(built, HasSubstr(" · 1m 45s"));
    EXPECT_THAT(built, HasSubstr("Triggered by: ")) << "what a job does not tell is not forgotten";
    EXPECT_EQ(outcome_of(last).kind, OutcomeKind::folded);
    EXPECT_EQ(outcome_of(last).message, card);
    EXPECT_EQ(outcome_of(last).reason, "in its card");

    const std::string failing = told("3", "job.failed");
    EXPECT_THAT(failing, HasSubstr("is failing"));
    EXPECT_THAT(failing, HasSubstr("❌ [unit-tests"));

    const std::string over = told("4", "workflow.passed");
    EXPECT_EQ(message, card);
    EXPECT_THAT(over, HasSubstr("completed"));
    EXPECT_THAT(over, HasSubstr("Jobs: ✅ [build]("));
    EXPECT_EQ(messages(), 1U);

    EXPECT_EQ(told("5", "workflow.started"), "nothing") << "a late word changes nothing";
    EXPECT_EQ(outcome_of(last).reason, "its card says it already");
}

TEST_F(Cards, APullRequestIsOneMessageWithItsReviewsAndChecks) {
    go_live();
    start();
    const std::string opened = told("1", "pr.opened");
    EXPECT_EQ(shown, "create");
    EXPECT_THAT(opened, HasSubstr("👀 PR #45: "));
    EXPECT_THAT(opened, HasSubstr("Status: Waits for a review"));
    const MessageId card = message;

    const std::string approved = told("2", "review.approved");
    EXPECT_EQ(message, card);
    EXPECT_THAT(approved, HasSubstr("Status: Approved"));
    EXPECT_THAT(approved, HasSubstr("Approvals: 1 · ✅ @"));

    const std::string merged = told("3", "pr.merged");
    EXPECT_EQ(message, card);
    EXPECT_THAT(merged, HasSubstr("🟣 PR #45"));
    EXPECT_THAT(merged, HasSubstr("Status: Merged by @"));
    EXPECT_EQ(messages(), 1U);
}

TEST_F(Cards, TheNewestStateIsSentOnceWhereSeveralWait) {
    go_live();
    start();
    deliver("pr.opened", "1");
    deliver("review.approved", "2");
    const EventId merged = deliver("pr.merged", "3");
    process();
    const auto entry = take();
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->operation, dispatch::Operation::create);
    EXPECT_THAT(entry->body.embeds.front().title, HasSubstr("🟣 PR #45"));
    EXPECT_FALSE(take()) << "what was not shown yet needs no edit";
    EXPECT_EQ(outcome_of(merged).message, entry->message);
}

TEST_F(Cards, SurviveARestart) {
    go_live();
    start();
    static_cast<void>(told("1", "pr.opened"));
    const MessageId card = message;
    stop();
    open();
    start();
    EXPECT_THAT(told("2", "pr.merged"), HasSubstr("🟣 PR #45"));
    EXPECT_EQ(message, card);
    EXPECT_EQ(shown, "edit");
}

TEST_F(Cards, AreNotForWhatAFilterStops) {
    go_live();
    store::Rule filter;
    filter.id = store->next_rule_id();
    filter.hook = hook.id;
    filter.source = "branch == 'no-such-branch'";
    filter.created_at = clock.now();
    must_write({store::PutRule{filter}});
    start();
    EXPECT_EQ(told("1", "workflow.started"), "nothing");
    EXPECT_EQ(told("2", "pr.opened"), "nothing");
    EXPECT_EQ(messages(), 0U);
}

TEST_F(Cards, AreNotMadeWhereNobodyAskedForThem) {
    start();
    EXPECT_THAT(told("1", "pr.opened"), HasSubstr("Description"));
    EXPECT_EQ(shown, "create");
    const MessageId first = message;
    EXPECT_THAT(told("2", "pr.merged"), HasSubstr("Merged"));
    EXPECT_NE(message, first);
}

TEST_F(Cards, AreTheDefaultWhereAServiceIsCiAlone) {
    store::Hook ci;
    ci.service = event::Service::jenkins;
    EXPECT_TRUE(has_cards(ci));
    ci.is_live = false;
    EXPECT_FALSE(has_cards(ci));
    EXPECT_FALSE(has_cards(hook));
}

}  // namespace hookline::pipeline
