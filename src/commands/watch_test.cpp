// list, show, status, log, why: what is to be seen. test, replay, pause, resume, delete, undo: what is done.
#include "commands/testing/commands_fixture.hpp"

namespace hookline::commands {

using dispatch::HoldReason;
using store::OutcomeKind;

class WatchCommands : public CommandsFixture {};

TEST_F(WatchCommands, ListSaysOfEachHookWhereItGoesAndHowItIs) {
    EXPECT_EQ(text("list"), "🔗 This channel has no hooks yet. `!hook github on` makes one.");
    EXPECT_EQ(text("list", administrator), "🔗 There are no hooks yet. `hookline hook github on` makes one.");
    const store::Hook made = set_up();
    set_up("github on --new --events push --repo octo/*");
    happened(made, OutcomeKind::sent, "");
    text("pause hook_002");
    EXPECT_EQ(text("list"),
              "🔗 **Hooks of this channel**\n"
              "`hook_001` GitHub → <#10> · on · usual events · last delivery <t:1700000000:R>\n"
              "`hook_002` GitHub → <#10> · paused · Push only · `octo/*` · no delivery yet");
    EXPECT_EQ(text("list", member(ops)), "🔗 This channel has no hooks yet. `!hook github on` makes one.");
}

TEST_F(WatchCommands, ShowTellsAllOfAHook) {
    const store::Hook made = set_up("github on --events push");
    const EventId event = happened(made, OutcomeKind::filtered, "events of this hook are push");
    EXPECT_EQ(text("show hook_001"),
              "🔗 **hook_001** · GitHub → <#10>\n"
              "State: on\n"
              "Events: Push only\n"
              "Repositories: all\n"
              "Webhook URL: `https://phigen.ngrok.io/webhook/github/hook_001`\n"
              "Made by <@7> <t:1700000000:R>\n"
              "Connected <t:1700000000:R> · 1 delivery in the last 24 h, the last <t:1700000000:R>\n\n"
              "Last deliveries:\n`" +
                  std::to_string(event.value) +
                  "` push · filtered: events of this hook are push <t:1700000000:R>");
    EXPECT_EQ(text("show github"), text("show hook_001"));
    text("rotate hook_001");
    text("copy hook_001 <#11>");
    hold(made, HoldReason::missing_permission, "403");
    const std::string later = text("show hook_001");
    EXPECT_THAT(later, testing::HasSubstr("State: ⚠️ on, but <#10> takes no messages: " +
                                          std::string(reason_text(HoldReason::missing_permission))));
    EXPECT_THAT(later, testing::HasSubstr("The old secret works until <t:1700086400:f>"));
    EXPECT_THAT(later, testing::HasSubstr("Shares its URL with `hook_002`"));
}

TEST_F(WatchCommands, StatusSaysWhatNeedsAttention) {
    EXPECT_EQ(
        text("status"),
        "✅ **Hookline is well**\nDiscord: connected\nDatabase: takes writes\nWaiting: 0 events, 0 messages");
    EXPECT_EQ(
        text("status", administrator),
        "✅ **Hookline is well**\nDiscord: connected\nDatabase: takes writes\nWaiting: 0 events, 0 messages\n"
        "Given up: 0 messages · Held: 0 destinations · Stored: 0 events");
    const store::Hook made = set_up();
    hold(made, HoldReason::missing_permission, "403 Missing Permissions (50013)");
    EXPECT_EQ(text("status"),
              "⚠️ **Hookline needs attention**\nDiscord: connected\nDatabase: takes writes\n"
              "Waiting: 0 events, 0 messages\n⚠️ <#10> takes no messages since <t:1700000000:R>: " +
                  std::string(reason_text(HoldReason::missing_permission)) +
                  " (403 Missing Permissions (50013)). When it is solved: `!hook resume hook_001`");
    EXPECT_THAT(text("status", stranger()), testing::StartsWith("✅ **Hookline is well**"))
        << "another server's trouble is none of theirs";
    surroundings.gateway = "refused: bad token";
    EXPECT_THAT(text("status", stranger()),
                testing::StartsWith("⚠️ **Hookline needs attention**\nDiscord: refused: bad token"));
}

TEST_F(WatchCommands, StatusNamesMessagesThatWereGivenUp) {
    const store::Hook made = set_up();
    const EventId event = happened(made, OutcomeKind::sent, "");
    store::StoredMessage lost = new_message(event);
    lost.destination = made.destination;
    dispatch::Entry entry = entry_for(lost.id, "x");
    entry.destination = made.destination;
    must_write({store::PutMessage{lost}, store::Enqueue{entry}});
    record(entry.id, dispatch::Parked{"400 Invalid Form Body"});
    EXPECT_THAT(text("status"), testing::HasSubstr("⚠️ Given up: event `" + std::to_string(event.value) +
                                                   "` of `hook_001`: 400 Invalid Form Body"));
}

TEST_F(WatchCommands, LogAndWhyTellWhatBecameOfEvents) {
    const store::Hook made = set_up();
    EXPECT_EQ(text("log hook_001"),
              "📜 `hook_001` (GitHub) has had no delivery yet. `!hook test hook_001` sends a sample.");
    store::StoredMessage sent = new_message();
    sent.destination = made.destination;
    dispatch::Entry entry = entry_for(sent.id, "x");
    entry.destination = made.destination;
    must_write({store::PutMessage{sent}, store::Enqueue{entry}});
    const EventId first = happened(made, OutcomeKind::sent, "", sent.id);
    const EventId second = happened(made, OutcomeKind::filtered, "repository a/b does not match --repo c/*");
    const std::string one = std::to_string(first.value);
    const std::string two = std::to_string(second.value);
    EXPECT_EQ(text("log hook_001"),
              "📜 **Last deliveries of hook_001** (GitHub), newest first\n`" + two +
                  "` push · filtered: repository a/b does not match --repo c/\\* <t:1700000000:R>\n`" + one +
                  "` push · waits to be sent <t:1700000000:R>");
    begin_attempt(entry.id);
    record(entry.id, dispatch::Posted{dev, Snowflake(555)});
    EXPECT_EQ(text("why " + one), "🔎 **Event " + one +
                                      "** · GitHub push <t:1700000000:R>\n`hook_001`: sent · "
                                      "[message](https://discord.com/channels/1/10/555)");
    EXPECT_EQ(text("why #" + two), "🔎 **Event " + two +
                                       "** · GitHub push <t:1700000000:R>\n"
                                       "`hook_001`: filtered: repository a/b does not match --repo c/\\*");
}

TEST_F(WatchCommands, TestSendsASampleThroughTheJournal) {
    set_up("github on --events release");
    EXPECT_EQ(text("test hook_001 push"),
              "🧪 **A test `push` is on its way** from `hook_001` to <#10> (event `1`).");
    const auto waiting = store->unprocessed(10).value();
    ASSERT_EQ(waiting.size(), 1U);
    EXPECT_TRUE(waiting[0].is_test);
    EXPECT_THAT(waiting[0].delivery_id, testing::StartsWith("test-hook_001-"));
    EXPECT_THAT(text("test hook_001"), testing::StartsWith("🧪 **A test `release"))
        << "what the hook wants";
    EXPECT_THAT(refused("test hook_001 pusj"),
                testing::StartsWith("❌ There is no sample of `pusj`. Did you mean `push`? There are: `"));
    hold(hook(HookId(1)), HoldReason::channel_gone, "404");
    EXPECT_THAT(text("test hook_001 push"),
                testing::EndsWith("⚠️ It will wait there: " +
                                  std::string(reason_text(HoldReason::channel_gone)) + "."));
}

TEST_F(WatchCommands, ReplayPutsAnEventBack) {
    const store::Hook made = set_up();
    const EventId event = happened(made, OutcomeKind::filtered, "because");
    const std::string id = std::to_string(event.value);
    EXPECT_EQ(text("replay " + id), "🔁 **Event " + id +
                                        "** (push) is processed once more for `hook_001`. `!hook why " + id +
                                        "` tells what became of it.");
    EXPECT_EQ(store->unprocessed(10)->size(), 1U);
    EXPECT_EQ(
        refused("replay " + id),
        "❌ Event " + id + " has no outcome yet that could be done again. `!hook why " + id + "` tells more.");
}

TEST_F(WatchCommands, PauseAndResume) {
    const store::Hook made = set_up();
    EXPECT_EQ(text("pause hook_001"),
              "⏸️ **`hook_001` (GitHub) is paused.** What comes meanwhile is kept, not announced; `!hook "
              "resume "
              "hook_001` goes on.");
    EXPECT_EQ(text("hook_001 pause"),
              "⏸️ `hook_001` (GitHub) is paused already. `!hook resume hook_001` goes on.");
    EXPECT_EQ(text("resume github"), "▶️ **`hook_001` (GitHub) goes on**.");
    EXPECT_FALSE(hook(HookId(1)).is_paused);
    EXPECT_EQ(text("resume hook_001"),
              "▶️ `hook_001` (GitHub) is not paused, and nothing holds it. There is nothing to resume.");
    EXPECT_TRUE(released.empty());
    hold(made, HoldReason::ambiguous, "timeout");
    EXPECT_EQ(text("resume hook_001"),
              "▶️ **`hook_001` (GitHub) goes on**: what waited for <#10> is tried again now.");
    EXPECT_EQ(released, std::vector<DestinationId>{made.destination});
}

TEST_F(WatchCommands, DeleteAndUndoWithinADay) {
    const store::Hook made = set_up();
    text("copy hook_001 <#11>");
    EXPECT_EQ(text("delete hook_002", member(ops)),
              "🗑️ **hook_002 (GitHub) is deleted.** `!hook undo` brings it back within 24 h.");
    EXPECT_FALSE(endpoint_of(made).deleted_at) << "hook_001 still uses it";
    EXPECT_EQ(text("delete hook_001"),
              "🗑️ **hook_001 (GitHub) is deleted.** `!hook undo` brings it back within 24 h.\n"
              "Its URL takes nothing any more: remove the webhook at GitHub too.");
    EXPECT_TRUE(endpoint_of(made).deleted_at);
    EXPECT_EQ(refused("show hook_001"),
              "❌ There is no hook `hook_001` here. `!hook list` shows which there are.");
    clock.advance(std::chrono::hours(24));
    EXPECT_EQ(text("undo"), "↩️ **hook_001 (GitHub) is back**, with the same URL and secret.");
    EXPECT_FALSE(endpoint_of(made).deleted_at);
    EXPECT_FALSE(hook(HookId(1)).deleted_at);
    clock.advance(std::chrono::seconds(1));
    EXPECT_EQ(refused("undo", member(ops)),
              "❌ No hook was deleted here in the last 24 h: there is nothing to undo.");
}

}  // namespace hookline::commands
