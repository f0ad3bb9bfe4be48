#include "pipeline/problems.hpp"

#include "base/task_group.hpp"
#include "store/testing/store_fixture.hpp"

namespace hookline::pipeline {

using dispatch::DestinationKind;
using dispatch::HoldReason;

namespace {

constexpr Snowflake creator(7);
constexpr Snowflake channel(42);
constexpr Snowflake operators(99);

}  // namespace

class ProblemsTest : public store::StoreFixture {
protected:
    ProblemsTest() {
        open();
        store::Endpoint endpoint;
        endpoint.id = store->next_endpoint_id();
        endpoint.secret = Secret("x");
        destination.id = store->next_destination_id();
        destination.kind = DestinationKind::discord_channel;
        destination.guild = Snowflake(1);
        destination.channel = channel;
        hook.id = store->next_hook_id();
        hook.endpoint = endpoint.id;
        hook.destination = destination.id;
        hook.guild = "1";
        hook.command_channel = channel;
        hook.user = creator;
        must_write({store::PutEndpoint{endpoint}, store::PutDestination{destination}, store::PutHook{hook}});
        problems = std::make_unique<Problems>(loop.executor(), *store, clock, log,
                                              Problems::Settings{"!hook", operators});
        tasks.spawn("problems", problems->run());
        loop.settle();
    }
    ~ProblemsTest() override {
        tasks.cancel();
        loop.run_until([&] { return tasks.running() == 0; });
    }

    void hold(HoldReason reason) {
        ASSERT_TRUE(run(store->outbox().hold(destination.id, reason, "why", clock.now())));
        problems->on_held(destination, reason, "403 Missing Permissions (50013)");
        settle();
    }
    void settle() {
        for (int n = 0; n < 20; ++n) {
            loop.settle();
            must_write({});
        }
    }
    /// Everything queued, as "destination: text".
    [[nodiscard]] std::vector<std::string> said() {
        std::vector<std::string> texts;
        const auto all_to = store->destinations().value();
        for (const auto& to : all_to) {
            while (const auto entry = head(to.id)) {
                texts.push_back(std::string(name_of(to.kind)) + " " + to_string(to.channel) + ": " +
                                entry->body.content);
                begin_attempt(entry->id);
                record(entry->id, dispatch::Posted{Snowflake(1), Snowflake(2)});
            }
        }
        return texts;
    }

    dispatch::DestinationInfo destination;
    store::Hook hook;
    TaskGroup tasks{loop.executor(), log};
    std::unique_ptr<Problems> problems;
};

TEST_F(ProblemsTest, AHeldDestinationIsToldOnceToItsCreatorAndTheOperators) {
    hold(HoldReason::missing_permission);
    hold(HoldReason::missing_permission);
    const std::string text = "⚠️ **<#42> takes no messages** (hook_001)\n" +
                             std::string(reason_text(HoldReason::missing_permission)) +
                             " (403 Missing Permissions (50013))\nNothing is lost: what comes waits. "
                             "Give the bot Send Messages and "
                             "Embed Links in the channel: it then goes on by itself.";
    EXPECT_THAT(said(),
                testing::UnorderedElementsAre("discord_user 7: " + text, "discord_channel 99: " + text));
}

TEST_F(ProblemsTest, AnotherCauseIsToldAgainAndSoIsTheSameAfterARelease) {
    hold(HoldReason::missing_permission);
    hold(HoldReason::channel_gone);
    EXPECT_EQ(said().size(), 4U);
    problems->on_released(destination);
    problems->on_released(destination);
    settle();
    const std::string text = "✅ **<#42> takes messages again** (hook_001). What waited is on its way.";
    EXPECT_THAT(said(),
                testing::UnorderedElementsAre("discord_user 7: " + text, "discord_channel 99: " + text));
    hold(HoldReason::channel_gone);
    EXPECT_EQ(said().size(), 2U);
}

TEST_F(ProblemsTest, NothingIsToldOfAPauseOrARefusedToken) {
    hold(HoldReason::paused);
    hold(HoldReason::bad_token);
    EXPECT_TRUE(said().empty());
}

TEST_F(ProblemsTest, WhoTakesNoDirectMessagesIsToldInTheHooksChannel) {
    // A channel webhook that is gone, of a hook whose commands belong to channel 42.
    dispatch::DestinationInfo webhook;
    webhook.id = store->next_destination_id();
    webhook.kind = DestinationKind::discord_webhook;
    webhook.address = Secret("5/token");
    hook.destination = webhook.id;
    must_write({store::PutDestination{webhook}, store::PutHook{hook}});
    destination = webhook;
    hold(HoldReason::webhook_gone);
    EXPECT_THAT(said(),
                testing::Contains(testing::StartsWith("discord_user 7: ⚠️ **The channel webhook")));
    const auto all_to = store->destinations().value();
    for (const auto& to : all_to) {
        if (to.kind == DestinationKind::discord_user) {
            ASSERT_TRUE(run(store->outbox().hold(to.id, HoldReason::missing_access, "50007", clock.now())));
            problems->on_held(to, HoldReason::missing_access, "50007");
        }
    }
    settle();
    EXPECT_THAT(said(), testing::ElementsAre(testing::StartsWith(
                            "discord_channel 42: ⚠️ **The channel webhook takes no")));
}

TEST_F(ProblemsTest, AMessageThatWasGivenUpIsToldOncePerCauseAndDay) {
    store::StoredMessage lost = new_message(EventId(12));
    lost.destination = destination.id;
    must_write({store::PutMessage{lost}});
    dispatch::Entry entry;
    entry.message = lost.id;
    const auto park = [&](const std::string& why) {
        problems->on_parked(destination, entry, why);
        settle();
        return said();
    };
    const std::string text =
        "⚠️ **A message to <#42> was given up** (hook_001)\n400 Invalid Form Body\n`!hook why 12` tells "
        "more, "
        "`!hook replay 12` tries it again.";
    EXPECT_THAT(park("400 Invalid Form Body"),
                testing::UnorderedElementsAre("discord_user 7: " + text, "discord_channel 99: " + text));
    EXPECT_TRUE(park("400 Invalid Form Body").empty());
    EXPECT_EQ(park("400 another").size(), 2U);
    clock.advance(std::chrono::hours(24));
    EXPECT_EQ(park("400 another").size(), 2U);
}

TEST_F(ProblemsTest, ThatNoThreadCanBeOpenedIsToldOnce) {
    const auto fail_thread = [&] {
        problems->on_no_thread(destination, dispatch::Entry(), "403 Missing Permissions (50013)");
        settle();
        return said();
    };
    const std::string text =
        "🧵 **No thread can be opened in <#42>** (hook_001)\n403 Missing Permissions (50013)\nWhat "
        "belongs "
        "into threads is posted in the channel itself until the bot may open them: it needs Create Public "
        "Threads and Send Messages in Threads there.";
    EXPECT_THAT(fail_thread(),
                testing::UnorderedElementsAre("discord_user 7: " + text, "discord_channel 99: " + text));
    clock.advance(std::chrono::hours(240));
    EXPECT_TRUE(fail_thread().empty());
}

TEST_F(ProblemsTest, AfterARestartTheSameCauseIsNotToldAgain) {
    hold(HoldReason::missing_permission);
    EXPECT_EQ(said().size(), 2U);
    Problems again(loop.executor(), *store, clock, log, Problems::Settings{"!hook", operators});
    tasks.spawn("again", again.run());
    again.on_held(destination, HoldReason::missing_permission, "403");
    settle();
    EXPECT_TRUE(said().empty());
    tasks.cancel();
    loop.run_until([&] { return tasks.running() == 0; });
}

}  // namespace hookline::pipeline
