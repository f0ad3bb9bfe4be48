#include "message/json.hpp"
#include "pipeline/testing/pipeline_fixture.hpp"

namespace hookline::pipeline {

namespace {

using std::chrono::milliseconds;

/// Answers when the test lets it.
class ScriptedEnricher final : public Enricher {
public:
    explicit ScriptedEnricher(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
    [[nodiscard]] bool wants(const event::Event& event) const override { return event.push.has_value(); }
    Task<Result<format::Enrichment>> ask(event::Event) override {
        const auto signal = std::make_shared<WakeSignal>(executor_);
        asked.push_back(signal);
        most_at_once = std::max(most_at_once, ++running);
        co_await signal->wait();
        --running;
        if (fails) {
            co_return fail(Errc::unavailable, "GitHub answered 502");
        }
        format::Enrichment enrichment;
        format::Enrichment::File file;
        file.name = "src/encryption.py";
        file.additions = 15;
        file.deletions = 8;
        enrichment.files.push_back(file);
        co_return enrichment;
    }
    void answer(std::size_t which) { asked.at(which)->wake(); }

    std::vector<std::shared_ptr<WakeSignal>> asked;
    int running = 0;
    int most_at_once = 0;
    bool fails = false;

private:
    boost::asio::any_io_executor executor_;
};

}  // namespace

class EnrichmentsTest : public PipelineFixture {
protected:
    void wait_for_asks(std::size_t count) {
        EXPECT_TRUE(loop.run_until([&] { return enricher.asked.size() >= count; }));
    }
    ScriptedEnricher enricher{loop.executor()};
};

TEST_F(EnrichmentsTest, AnAnswerInTimeGoesOutWithTheMessageAtOnce) {
    start(&enricher);
    deliver("push", "d1");
    process();
    wait_for_asks(1);
    ASSERT_TRUE(head());
    EXPECT_EQ(head()->not_before, clock.now() + enrichment_patience);
    const auto timestamp = head()->body.embeds.front().timestamp;
    clock.advance(milliseconds(300));
    enricher.answer(0);
    EXPECT_TRUE(loop.run_until([&] { return head()->not_before == clock.now(); }));
    EXPECT_EQ(head()->operation, dispatch::Operation::create);
    EXPECT_THAT(message::serialize(head()->body), testing::HasSubstr("encryption.py"));
    EXPECT_EQ(head()->body.embeds.front().timestamp, timestamp) << "it is found again by it";
}

TEST_F(EnrichmentsTest, ALateAnswerBecomesAnEdit) {
    start(&enricher);
    deliver("push", "d1");
    process();
    wait_for_asks(1);
    clock.advance(milliseconds(2500));
    const auto sent = take();
    ASSERT_TRUE(sent);
    EXPECT_THAT(message::serialize(sent->body), testing::Not(testing::HasSubstr("+15")));
    enricher.answer(0);
    EXPECT_TRUE(loop.run_until([&] { return head().has_value(); }));
    EXPECT_EQ(head()->operation, dispatch::Operation::edit);
    EXPECT_THAT(message::serialize(head()->body), testing::HasSubstr("+15"));
}

TEST_F(EnrichmentsTest, TheAnswerComesInTheStyleOfTheHook) {
    store::Hook changed = store->hooks().value().front();
    changed.style = message::Style::compact;
    must_write({store::PutHook{changed}});
    start(&enricher);
    deliver("push", "d1");
    process();
    wait_for_asks(1);
    const auto sent = head();
    ASSERT_TRUE(sent);
    EXPECT_TRUE(sent->body.embeds.front().fields.empty());
    enricher.answer(0);
    EXPECT_TRUE(loop.run_until([&] { return head()->not_before == clock.now(); }));
    EXPECT_TRUE(head()->body.embeds.front().fields.empty());
    EXPECT_THAT(head()->body.embeds.front().description, testing::HasSubstr("1 file (+15, -8)"));
}

TEST_F(EnrichmentsTest, AnAnswerForWhatTheMessageNoLongerTellsIsNotTaken) {
    start(&enricher);
    const std::string repository =
        R"("repository":{"id":7,"full_name":"o/a","html_url":"https://github.com/o/a"})";
    deliver_payload(
        "push",
        R"({"ref":"refs/heads/main","after":"a1","commits":[{"id":"a1","message":"x"}],)" + repository + "}",
        "d1");
    process();
    wait_for_asks(1);
    deliver_payload(
        "pull_request",
        R"({"action":"closed","pull_request":{"number":45,"merged":true,"state":"closed","merge_commit_sha":"a1",
                    "base":{"ref":"main"}},)" +
            repository + "}",
        "d2");
    process();
    EXPECT_EQ(messages(), 1U);
    enricher.answer(0);
    EXPECT_TRUE(loop.run_until([&] { return enricher.running == 0; }));
    loop.settle();
    ASSERT_TRUE(head());
    EXPECT_EQ(head()->body.embeds.front().title, "🎉 Pull Request #45 merged");
}

TEST_F(EnrichmentsTest, WithoutAnAnswerTheMessageGoesAtOnceAndIsNotEditedLater) {
    enricher.fails = true;
    start(&enricher);
    deliver("push", "d1");
    deliver("push", "d2");
    process();
    wait_for_asks(2);
    enricher.answer(0);
    EXPECT_TRUE(loop.run_until([&] { return head()->not_before == clock.now(); }));
    EXPECT_EQ(head()->operation, dispatch::Operation::create);
    take();
    clock.advance(milliseconds(2500));
    take();
    enricher.answer(1);
    loop.run_until([&] { return enricher.running == 0; });
    loop.settle();
    EXPECT_FALSE(head());
}

TEST_F(EnrichmentsTest, WhatIsNotWantedWaitsForNothing) {
    start(&enricher);
    deliver("pr.opened", "d1");
    process();
    ASSERT_TRUE(head());
    EXPECT_EQ(head()->not_before, clock.now());
    EXPECT_TRUE(enricher.asked.empty());
}

TEST_F(EnrichmentsTest, ABoundedNumberIsAskedAtOnceAndNothingElseIsHeldUp) {
    constexpr std::size_t count = 20;
    for (std::size_t n = 0; n < count; ++n) {
        deliver("push", "d" + std::to_string(n));
    }
    start(&enricher);
    process();
    EXPECT_EQ(messages(), count);
    wait_for_asks(8);
    EXPECT_EQ(enricher.asked.size(), 8U);
    for (std::size_t n = 0; n < count; ++n) {
        wait_for_asks(n + 1);
        enricher.answer(n);
    }
    EXPECT_TRUE(loop.run_until([&] { return enricher.running == 0; }));
    EXPECT_LE(enricher.most_at_once, 8);
}

}  // namespace hookline::pipeline
