// Live cards: one message for a run or a pull request, as it stands now, whatever the order of what comes.
#include "pipeline/cards.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "pipeline/testing/pipeline_fixture.hpp"

namespace hookline::pipeline {

namespace {

using dispatch::Operation;
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

/// The same in a channel of Discord, with threads; Discord's part is played here.
class CardThreads : public PipelineFixture {
protected:
    void SetUp() override {
        dispatch::DestinationInfo channel;
        channel.id = DestinationId(2);
        channel.kind = dispatch::DestinationKind::discord_channel;
        channel.channel = Snowflake(77);
        must_write({store::PutDestination{channel}});
        hook.destination = channel.id;
        hook.is_live = hook.has_threads = true;
        must_write({store::PutHook{hook}});
        settings.is_forum = [this](Snowflake) { return is_forum; };
    }
    void deliver(std::string_view sample, const std::string& id) {
        last = PipelineFixture::deliver(sample, id);
        process();
    }
    void comment_on(std::string_view place, const std::string& id) {
        for (const services::Sample& sample : services::find_adapter(event::Service::github)->samples()) {
            const std::string_view payload = sample.payload;
            if (sample.event_type == "issue_comment" && payload.find(place) != std::string_view::npos) {
                last = deliver_payload("issue_comment", std::string(payload), id);
            }
        }
        process();
    }
    std::optional<dispatch::Entry> take() {
        const auto entry = head(hook.destination);
        if (entry) {
            begin_attempt(entry->id);
            const bool is_for_a_thread = entry->operation == Operation::create_thread;
            const Snowflake own(1000 + static_cast<std::uint64_t>(entry->id.value));
            const Snowflake channel = entry->discord_channel ? entry->discord_channel : Snowflake(77);
            record(entry->id,
                   is_for_a_thread ? dispatch::Posted{thread, Snowflake()} : dispatch::Posted{channel, own});
        }
        return entry;
    }
    dispatch::Entry next() {
        auto entry = take();
        EXPECT_TRUE(entry) << "nothing waits";
        return entry.value_or(dispatch::Entry());
    }
    const Snowflake thread{88};
    std::optional<bool> is_forum = false;
    EventId last;
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

TEST_F(Cards, ADeploymentIsOneMessageFromItsFirstStepToItsEnd) {
    go_live();
    start();
    const auto step = [&](const std::string& id, const std::string& state, const std::string& at) {
        const auto& samples = services::find_adapter(event::Service::github)->samples();
        const auto found = std::find_if(samples.begin(), samples.end(),
                                        [](const auto& s) { return s.name == "deployment.success"; });
        boost::json::object payload = boost::json::parse(found->payload).as_object();
        boost::json::object& status = payload["deployment_status"].as_object();
        status["state"] = state;
        status["created_at"] = status["updated_at"] = "2026-11-23T" + at + "Z";
        last = deliver_payload("deployment_status", boost::json::serialize(payload), id);
        process();
        return take();
    };
    const auto begun = step("1", "queued", "14:05:00");
    ASSERT_TRUE(begun);
    EXPECT_EQ(begun->operation, dispatch::Operation::create) << "though a step is not announced by itself";
    EXPECT_THAT(begun->body.embeds[0].title, HasSubstr("is queued"));
    const auto runs = step("2", "in_progress", "14:05:10");
    ASSERT_TRUE(runs);
    EXPECT_EQ(runs->message, begun->message);
    EXPECT_THAT(runs->body.embeds[0].title, HasSubstr("Deploying to production"));
    const auto over = step("3", "success", "14:07:40");
    ASSERT_TRUE(over);
    EXPECT_THAT(over->body.embeds[0].title, HasSubstr("Deployed to production"));
    EXPECT_EQ(over->body.embeds[0].fields.back().name, "So far");
    EXPECT_EQ(over->body.embeds[0].fields.back().value, "queued → in progress → success · 2m 40s");
    EXPECT_FALSE(step("4", "pending", "14:05:05")) << "a late word";
    EXPECT_EQ(outcome_of(last).reason, "its card says it already");
    EXPECT_FALSE(step("5", "inactive", "15:00:00")) << "another one replaced it";
    EXPECT_EQ(messages(), 1U);
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

TEST_F(Cards, AContainerThatEndsAgainAndAgainIsOneMessage) {
    hook.service = event::Service::docker;
    must_write({store::PutHook{hook}});
    start();
    const auto ends = [&](int times, const std::string& row) {
        const auto samples = services::find_adapter(event::Service::docker)->samples();
        const auto sample = std::find_if(samples.begin(), samples.end(), [](const services::Sample& each) {
            return each.name == "error.crashed";
        });
        boost::json::value payload = boost::json::parse(sample->payload);
        payload.at("story").as_object()["ends"] = times;
        payload.at("story").as_object()["row_since"] = std::stoll(row);
        event::Delivery sent = delivery(row + "-" + std::to_string(times), boost::json::serialize(payload));
        sent.service = event::Service::docker;
        sent.event_type = "engine";
        last = append(std::move(sent)).value().id;
        process();
        const auto entry = take();
        if (!entry) {
            return std::string("nothing");
        }
        shown = entry->operation == dispatch::Operation::edit ? "edit" : "create";
        return entry->body.embeds.front().title;
    };
    EXPECT_EQ(ends(1, "1795446300000000000"), "🚨 Container Stopped: shop-web-1");
    EXPECT_EQ(shown, "create");
    EXPECT_EQ(ends(2, "1795446300000000000"), "🔁 Container Keeps Restarting: shop-web-1");
    EXPECT_EQ(shown, "edit");
    EXPECT_EQ(ends(3, "1795446300000000000"), "🔁 Container Keeps Restarting: shop-web-1");
    EXPECT_EQ(shown, "edit");
    EXPECT_FALSE(take()) << "nor is it said under the card";
    EXPECT_EQ(ends(1, "1795446373000000000"), "🚨 Container Stopped: shop-web-1");
    EXPECT_EQ(shown, "create") << "another row is another message";
}

/// What is told of a build by status `status`, as the sample of it, under another key.
class BuildCards : public Cards {
protected:
    void go(bool is_live) {
        hook.service = event::Service::docker;
        hook.is_live = is_live;
        must_write({store::PutHook{hook}});
        start();
    }
    std::string tell(const std::string& status, const std::string& key, const std::string& id = {}) {
        for (const services::Sample& sample : services::find_adapter(event::Service::docker)->samples()) {
            if (sample.name != "build." + status) {
                continue;
            }
            boost::json::value payload = boost::json::parse(sample.payload);
            payload.at("build").as_object()["key"] = key;
            event::Delivery sent = delivery(id.empty() ? key + status : id, boost::json::serialize(payload));
            sent.service = event::Service::docker;
            sent.event_type = "build";
            last = append(std::move(sent)).value().id;
            process();
            break;
        }
        const auto entry = take();
        if (!entry) {
            return "nothing";
        }
        const std::string_view verb = entry->operation == dispatch::Operation::edit ? "edit: " : "create: ";
        return std::string(verb) +
               (entry->body.embeds.empty() ? entry->body.content : entry->body.embeds.front().title);
    }
};

/// The same build as `hookline run`, the engine's builder and the engine's images tell it.
class BuildTellers : public BuildCards {
protected:
    std::string run(const std::string& status) { return tell(status, "r"); }
    struct When {
        std::string key = "docker ref1", engine = "docker";
        std::int64_t began = 0, ended = 0;  // seconds after the run began, which takes 135
        bool is_late = false;
    };
    std::string builder(const std::string& status) { return builder(status, {}); }
    std::string builder(const std::string& status, const When& when) {
        constexpr std::int64_t run_began = 1'795'446'373'926'395'333;
        constexpr std::int64_t second = 1'000'000'000;
        said["build"] = boost::json::parse(
            R"({"key":"docker ref1","by":"buildkit","name":"phigen-bot","tags":["docker.io/library/phigen-bot:latest"],
                "image":{"id":"sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"}})");
        boost::json::object& build = said["build"].as_object();
        build["status"] = status;
        build["key"] = when.key;
        build["engine"] = when.engine;
        if (when.began != 0) {
            build["started"] = run_began + when.began * second;
        }
        if (status != "started" && when.ended != 0) {
            build["ended"] = run_began + when.ended * second;
        }
        if (when.is_late) {
            build["late"] = true;
        }
        if (status != "completed") {
            build.erase("image");
        }
        return send("build", when.key + status);
    }
    std::string image(const std::string& tag) {
        said = boost::json::parse(
                   R"({"engine":{"name":"docker"},"story":{},"event":{"Type":"image","Action":"tag",
                "Actor":{"ID":"sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"},
                "timeNano":1795446508926395333},"image":{"Created":"2026-11-23T15:08:20Z","Size":5}})")
                   .as_object();
        said["event"].at("Actor").as_object()["Attributes"] = {{"name", tag}};
        return send("engine", "image " + tag);
    }
    std::string send(const std::string& type, const std::string& id) {
        event::Delivery sent = delivery(id, boost::json::serialize(said));
        said.clear();
        sent.service = event::Service::docker;
        sent.event_type = type;
        last = append(std::move(sent)).value().id;
        process();
        return next();
    }
    std::string next() {
        const auto entry = take();
        shown = entry && entry->operation == dispatch::Operation::edit ? "edit" : "create";
        message = entry ? entry->message : MessageId();
        return !entry                       ? "nothing"
               : entry->body.embeds.empty() ? entry->body.content
                                            : entry->body.embeds.front().title;
    }
    /// What waits for who says more of it is due.
    std::string later() {
        clock.advance(std::chrono::seconds(31));
        loop.settle();
        must_write({store::PutMeta{"test", "written"}});  // after what the pipeline writes
        return next();
    }
    boost::json::object said;
};

TEST_F(BuildTellers, ToldByAllOfThemItIsOneMessage) {
    go(true);
    EXPECT_EQ(run("started"), "create: 🔨 Building: phigen-bot");
    EXPECT_EQ(builder("started"), "nothing");
    EXPECT_EQ(image("phigen-bot:latest"), "nothing");
    EXPECT_EQ(builder("completed"), "nothing");
    EXPECT_EQ(run("completed"), "edit: ✅ Build Complete: phigen-bot");
    EXPECT_EQ(image("phigen-bot:2"), "nothing") << "another name of the same image";
    EXPECT_EQ(later(), "nothing");
}

TEST_F(BuildTellers, WithoutCardsTooAndInAnotherOrder) {
    go(false);
    EXPECT_EQ(run("started"), "create: 🔨 Building: phigen-bot");
    EXPECT_EQ(builder("started"), "nothing");
    EXPECT_EQ(run("completed"), "create: ✅ Build Complete: phigen-bot");
    EXPECT_EQ(image("phigen-bot:latest"), "nothing");
    EXPECT_EQ(builder("completed"), "nothing");
    EXPECT_EQ(later(), "nothing");
}

TEST_F(BuildTellers, OfARunThatIsKilledTheBuilderTellsTheEnd) {
    go(true);
    EXPECT_EQ(run("started"), "create: 🔨 Building: phigen-bot");
    const MessageId card = store->messages(MessageId(), 10).value().front().id;
    EXPECT_EQ(builder("started", {"a", "docker", 1}), "nothing");
    EXPECT_EQ(builder("failed", {"a", "docker", 1, 40}), "nothing") << "the run is about to say it";
    EXPECT_EQ(later(), "❌ Build Failed: phigen-bot");
    EXPECT_EQ(shown, "edit");
    EXPECT_EQ(message, card);
    EXPECT_EQ(next(), "❌ Build Failed: phigen-bot");
    EXPECT_EQ(shown, "create") << "and under it, for an edit wakes nobody";
    EXPECT_EQ(later(), "nothing");
    EXPECT_EQ(builder("started", {"b", "docker", 90}), "🔨 Building: phigen-bot") << "another build";
}

TEST_F(BuildTellers, OfARunThatIsKilledTheEngineTellsThatTheImageIsThere) {
    go(true);
    EXPECT_EQ(run("started"), "create: 🔨 Building: phigen-bot");
    EXPECT_EQ(image("phigen-bot:latest"), "nothing");
    EXPECT_EQ(later(), "✅ Build Complete: phigen-bot");
    EXPECT_EQ(shown, "edit");
    EXPECT_EQ(next(), "nothing");
}

TEST_F(BuildTellers, OfARunThatIsKilledTheEndIsAMessageWhereThereAreNoCards) {
    go(false);
    EXPECT_EQ(run("started"), "create: 🔨 Building: phigen-bot");
    EXPECT_EQ(builder("cancelled", {"a", "docker", 1, 40}), "nothing");
    stop();
    open();
    start();
    EXPECT_EQ(later(), "⏹️ Build Cancelled: phigen-bot") << "over a restart";
    EXPECT_EQ(shown, "create");
    EXPECT_EQ(later(), "nothing");
}

TEST_F(BuildTellers, AnEndThatWaitsKeepsQuietHoursAndGoesWithItsHook) {
    go(true);
    EXPECT_EQ(run("started"), "create: 🔨 Building: phigen-bot");
    EXPECT_EQ(builder("failed", {"a", "docker", 1, 40}), "nothing");
    hook.quiet = "00:00-23:59 UTC";
    must_write({store::PutHook{hook}});
    EXPECT_EQ(later(), "nothing");
    hook.quiet.clear();
    must_write({store::PutHook{hook}});
    clock.advance(std::chrono::hours(24));
    EXPECT_EQ(later(), "❌ Build Failed: phigen-bot");
    static_cast<void>(next());
    EXPECT_EQ(tell("started", "r2"), "create: 🔨 Building: phigen-bot");
    EXPECT_EQ(builder("failed", {"b", "docker", 1, 40}), "nothing");
    hook.deleted_at = clock.now();
    must_write({store::PutHook{hook}});
    EXPECT_EQ(later(), "nothing");
    EXPECT_EQ(later(), "nothing");
    for (const std::string& line : log.lines()) {
        EXPECT_THAT(line, Not(testing::StartsWith("error")));
    }
}

TEST_F(BuildTellers, ALaterBuildOfTheSameNameIsAnother) {
    for (const bool is_live : {true, false}) {
        if (is_live) {
            go(true);
        } else {
            hook.is_live = false;
            must_write({store::PutHook{hook}});
        }
        const std::string id = is_live ? "with cards" : "without";
        tell("started", id);
        tell("completed", id);
        EXPECT_EQ(builder("started", {id + "b", "docker", 155}), "🔨 Building: phigen-bot");
        EXPECT_EQ(builder("failed", {id + "b", "docker", 155, 160}), "❌ Build Failed: phigen-bot");
        EXPECT_EQ(shown, is_live ? "edit" : "create");
        static_cast<void>(take());
    }
}

TEST_F(BuildTellers, WhatEndedLongAgoIsSummedUpUnlessItsCardIsShown) {
    go(true);
    When when{"a", "docker", 1, 50};
    EXPECT_EQ(builder("started", when), "🔨 Building: phigen-bot");
    when.is_late = true;
    EXPECT_EQ(builder("completed", when), "✅ Build Complete: phigen-bot");
    EXPECT_EQ(shown, "edit");
    when.key = "b";
    EXPECT_EQ(builder("failed", when), "nothing");
    EXPECT_EQ(outcome_of(last).kind, OutcomeKind::folded);
    when.key = "c";
    EXPECT_EQ(builder("failed", when), "nothing");
    EXPECT_EQ(outcome_of(last).kind, OutcomeKind::folded);
    EXPECT_NE(later(), "nothing") << "both in one";
    EXPECT_EQ(next(), "nothing");
}

TEST_F(BuildTellers, ABuildElsewhereIsAnother) {
    go(true);
    EXPECT_EQ(run("started"), "create: 🔨 Building: phigen-bot");
    EXPECT_EQ(builder("started", {"a", "docker", 1}), "nothing");
    EXPECT_EQ(builder("started", {"b", "arm", 3}), "🔨 Building: phigen-bot") << "the run's is on the other";
    EXPECT_EQ(builder("completed", {"b", "arm", 3, 60}), "✅ Build Complete: phigen-bot");
    EXPECT_EQ(builder("failed", {"c", "docker", 100, 134}), "❌ Build Failed: phigen-bot")
        << "it began long after the run did";
    EXPECT_EQ(builder("failed", {"d", "", 1, 134}), "nothing");
    EXPECT_EQ(run("completed"), "edit: ✅ Build Complete: phigen-bot");
    EXPECT_EQ(later(), "❌ Build Failed: phigen-bot") << "one that failed is not the run that did not";
}

TEST_F(BuildTellers, TheBuilderTellsWhatNobodyRan) {
    go(true);
    EXPECT_EQ(builder("started"), "🔨 Building: phigen-bot");
    EXPECT_EQ(image("phigen-bot:latest"), "nothing");
    EXPECT_EQ(builder("completed"), "✅ Build Complete: phigen-bot");
}

TEST_F(BuildTellers, AnImageAloneTellsThatItWasBuilt) {
    go(true);
    EXPECT_EQ(image("phigen-bot:latest"), "✅ Build Complete: phigen-bot");
    EXPECT_EQ(image("phigen-bot:2"), "nothing");
    clock.advance(std::chrono::minutes(30));
    EXPECT_EQ(run("started"), "create: 🔨 Building: phigen-bot");
    EXPECT_EQ(run("failed"), "edit: ❌ Build Failed: phigen-bot");
}

TEST_F(BuildCards, ABuildIsOneMessageFromItsStartToItsEnd) {
    go(true);
    EXPECT_EQ(tell("started", "a"), "create: 🔨 Building: phigen-bot");
    EXPECT_EQ(tell("completed", "a"), "edit: ✅ Build Complete: phigen-bot");
    EXPECT_FALSE(take());
    EXPECT_EQ(tell("completed", "a", "again"), "nothing") << "it is told once across repeats";
    EXPECT_EQ(tell("started", "a", "late"), "nothing");
    EXPECT_EQ(tell("started", "b"), "create: 🔨 Building: phigen-bot") << "another build is another message";
    EXPECT_EQ(tell("cancelled", "b"), "edit: ⏹️ Build Cancelled: phigen-bot");
    EXPECT_FALSE(take()) << "only what failed is said under the card too";
}

TEST_F(BuildCards, ThatItFailedIsSaidUnderTheCardToo) {
    go(true);
    EXPECT_EQ(tell("started", "a"), "create: 🔨 Building: phigen-bot");
    EXPECT_EQ(tell("failed", "a"), "edit: ❌ Build Failed: phigen-bot");
    const auto line = take();
    ASSERT_TRUE(line);
    EXPECT_EQ(line->operation, Operation::create);
    EXPECT_EQ(line->body.content, "❌ Build Failed: phigen-bot at `RUN make`");
}

TEST_F(BuildCards, AnEndThatComesFirstIsNotTakenBack) {
    go(true);
    EXPECT_EQ(tell("completed", "a"), "create: ✅ Build Complete: phigen-bot");
    EXPECT_EQ(tell("started", "a"), "nothing");
}

TEST_F(BuildCards, WithoutCardsStartAndEndAreMessagesOfTheirOwn) {
    go(false);
    EXPECT_EQ(tell("started", "a"), "create: 🔨 Building: phigen-bot");
    EXPECT_EQ(tell("failed", "a"), "create: ❌ Build Failed: phigen-bot");
    EXPECT_EQ(tell("failed", "a", "again"), "nothing");
    EXPECT_EQ(tell("completed", "b"), "create: ✅ Build Complete: phigen-bot");
    EXPECT_EQ(tell("started", "b"), "nothing") << "that it began is no news any more";
}

TEST_F(Cards, AreTheDefaultWhereAServiceIsCiAloneAndInAForum) {
    store::Hook ci;
    ci.service = event::Service::jenkins;
    EXPECT_TRUE(card_plan(ci, Place::channel).has_cards);
    EXPECT_FALSE(card_plan(ci, Place::channel).has_threads);
    EXPECT_FALSE(card_plan(hook, Place::channel).has_cards);
    EXPECT_TRUE(card_plan(hook, Place::forum).has_threads);
    ci.is_live = false;
    ci.has_threads = true;
    EXPECT_FALSE(card_plan(ci, Place::forum).has_threads) << "threads hang on cards";
    ci.is_live = true;
    EXPECT_TRUE(card_plan(ci, Place::channel).has_threads);
    EXPECT_FALSE(card_plan(ci, Place::messages).has_threads) << "nobody can open them there";
}

TEST_F(CardThreads, WhatFollowsARequestGoesToItsThread) {
    start();
    deliver("pr.opened", "1");
    const MessageId card = next().message;

    comment_on("/pull/45", "2");
    const dispatch::Entry opens = next();
    EXPECT_EQ(opens.operation, Operation::create_thread);
    EXPECT_EQ(opens.message, card);
    EXPECT_THAT(opens.thread_name, HasSubstr("#45 "));
    const dispatch::Entry comment = next();
    EXPECT_EQ(comment.operation, Operation::create);
    EXPECT_EQ(comment.discord_channel, thread);
    EXPECT_THAT(outcome_of(last).reason, HasSubstr("in the thread of #45 "));

    deliver("review.approved", "3");
    const dispatch::Entry review = next();
    EXPECT_EQ(review.discord_channel, thread) << "said there";
    const dispatch::Entry edit = next();
    EXPECT_EQ(edit.operation, Operation::edit) << "and shown in the card";
    EXPECT_EQ(edit.message, card);

    deliver("pr.merged", "4");
    EXPECT_EQ(next().discord_channel, thread) << "those who talk there hear of it";
    EXPECT_EQ(next().operation, Operation::edit);
    const dispatch::Entry closes = next();
    EXPECT_EQ(closes.operation, Operation::close_thread);
    EXPECT_EQ(closes.message, card);
    EXPECT_FALSE(take());
}

TEST_F(CardThreads, AThreadIsOpenedWhenThereIsSomethingToSay) {
    start();
    deliver("pr.opened", "1");
    static_cast<void>(next());
    deliver("pr.merged", "2");
    EXPECT_EQ(next().operation, Operation::edit);
    EXPECT_EQ(next().operation, Operation::close_thread) << "which finds none";
    EXPECT_FALSE(take());
    EXPECT_EQ(outcome_of(last).reason, "in its card");
}

TEST_F(CardThreads, AJobThatFailsIsToldUnderItsRun) {
    start();
    deliver("workflow.started", "1");
    const MessageId card = next().message;
    deliver("job.failed", "2");
    EXPECT_EQ(next().operation, Operation::create_thread);
    const dispatch::Entry job = next();
    EXPECT_EQ(job.discord_channel, thread);
    EXPECT_THAT(job.body.embeds.front().title, HasSubstr("unit-tests"));
    const dispatch::Entry edit = next();
    EXPECT_EQ(edit.message, card);
    EXPECT_FALSE(take());
}

TEST_F(CardThreads, AnIssueHasACardToo) {
    start();
    deliver("issue.opened", "1");
    const dispatch::Entry card = next();
    EXPECT_THAT(card.body.embeds.front().title, HasSubstr("🟢 Issue #"));
    EXPECT_THAT(card.thread_tags, testing::Contains("Issue"));
    comment_on("/issues/46\"", "2");
    EXPECT_EQ(next().operation, Operation::create_thread);
    EXPECT_EQ(next().discord_channel, thread);
    deliver("issue.closed", "3");
    EXPECT_EQ(next().discord_channel, thread);
    EXPECT_THAT(next().body.embeds.front().title, HasSubstr("✔️ Issue #"));
    EXPECT_EQ(next().operation, Operation::close_thread);
}

TEST_F(CardThreads, WithoutACardACommentComesByItself) {
    start();
    deliver("comment.created", "1");
    const dispatch::Entry comment = next();
    EXPECT_EQ(comment.operation, Operation::create);
    EXPECT_EQ(comment.discord_channel, Snowflake());
    EXPECT_FALSE(take());
}

TEST_F(CardThreads, AForumIsKnownBeforeDiscordTellsOfItAgain) {
    hook.is_live = hook.has_threads = std::nullopt;
    must_write({store::PutHook{hook}});
    is_forum = true;
    start();
    deliver("pr.opened", "1");
    const MessageId card = next().message;
    is_forum = std::nullopt;
    stop();
    open();
    start();
    deliver("pr.merged", "2");
    const dispatch::Entry edit = next();
    EXPECT_EQ(edit.operation, Operation::edit);
    EXPECT_EQ(edit.message, card);
    EXPECT_EQ(next().operation, Operation::close_thread);
}

TEST_F(CardThreads, AMutedHookSumsUpWhatWouldGoToAThread) {
    start();
    deliver("pr.opened", "1");
    static_cast<void>(next());
    hook.quiet = "00:00-23:59 UTC";
    must_write({store::PutHook{hook}});
    comment_on("/pull/45", "2");
    EXPECT_EQ(outcome_of(last).kind, OutcomeKind::muted);
    EXPECT_FALSE(take());
}

}  // namespace hookline::pipeline
