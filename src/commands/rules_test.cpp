// The commands about a hook's rules: filter, alert-if, mention, silent, format, fields, try.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "commands/testing/commands_fixture.hpp"
#include "services/service.hpp"
#include "store/sqlite/connection.hpp"

namespace hookline::commands {

namespace {

using testing::HasSubstr;

class RuleCommands : public CommandsFixture {
protected:
    RuleCommands() { say("github on"); }

    /// As another program reads it (docs/contract.md, section 6).
    std::string read(std::string_view column) {
        store::Connection connection(path, store::Connection::Access::read_only);
        store::Query row(connection,
                         "SELECT " + std::string(column) + " FROM webhooks WHERE id = 'hook_001'");
        return row.step() ? row.text(0) : "no row";
    }
    std::vector<store::Rule> rules() { return store->knowledge().rules().value(); }
    void deliver(std::string_view name) {
        for (const services::Sample& sample : services::find_adapter(event::Service::github)->samples()) {
            if (sample.name == name) {
                event::Delivery sent =
                    delivery("id-" + std::to_string(++deliveries_), std::string(sample.payload));
                sent.event_type = std::string(sample.event_type);
                ASSERT_TRUE(append(std::move(sent)));
                return;
            }
        }
        FAIL() << "no sample " << name;
    }

private:
    int deliveries_ = 0;
};

}  // namespace

TEST_F(RuleCommands, FilterIsAddedListedAndRemoved) {
    EXPECT_THAT(text("github filter branch=main"),
                HasSubstr("✅ **Filter added**: Only main branch events\n`hook_001` now has 1 filter.\nEvents "
                          "that have nothing "
                          "of the kind pass: "));
    EXPECT_THAT(
        text("github filter \"not is_bot\""),
        HasSubstr(
            "Only events for which this holds: `not is_bot`\n`hook_001` now has 2 filters; all must hold."));
    EXPECT_EQ(text("github filter list"),
              "🔎 **Filters of hook_001** (all must hold):\n1. `branch=main`\n2. `not is_bot`");
    EXPECT_EQ(text("github filter remove 1"),
              "✅ **Filter removed**: `branch=main`\nWhat is left:\n1. `not is_bot`");
    EXPECT_THAT(text("github filter clear"), HasSubstr("`hook_001` has no filters any more."));
    EXPECT_TRUE(rules().empty());
    EXPECT_THAT(text("github filter remove 1"), HasSubstr("no filter that could be removed"));
}

TEST_F(RuleCommands, AFilterNeedsNoQuotesAndTakesTypographicOnes) {
    say("github filter branch = main, release/*");
    say("hook_001 filter “pr.base == ‘main’ and not is_bot”");
    ASSERT_EQ(rules().size(), 2U);
    EXPECT_EQ(rules()[0].source, "branch = main, release/*");
    EXPECT_EQ(rules()[1].source, "pr.base == ‘main’ and not is_bot");
}

TEST_F(RuleCommands, AWrongConditionIsAnsweredWithACaret) {
    EXPECT_EQ(text("github filter \"pr.stauts == 'approved'\""),
              "❌ there is no field \"pr.stauts\"; did you mean \"pr.status\"?\n"
              "```\npr.stauts == 'approved'\n   ^^^^^^\n```\n"
              "`!hook fields github` tells what there is. Example: `!hook github filter branch=main`");
    EXPECT_EQ(last.kind, Reply::Kind::refused);
    EXPECT_THAT(text("github filter brnch=main"),
                HasSubstr("there is no field \"brnch\"; did you mean \"branch\"?"));
    EXPECT_THAT(text("github alert-if \"pr.status == 'aproved'\""), HasSubstr("did you mean \"approved\"?"));
    EXPECT_TRUE(rules().empty());
}

TEST_F(RuleCommands, WhatOtherProgramsReadMirrorsTheRules) {
    say("github filter branch=main");
    say("github alert-if \"pr.reviews >= 2\"");
    say("github mention <@&77> if is_failure");
    say("format github-push \"{{ author }}\"");
    EXPECT_EQ(
        read("filters"),
        R"({"filters":["branch=main"],"alerts":["pr.reviews >= 2"],"mentions":["<@&77> if is_failure"]})");
    EXPECT_EQ(read("template"), "{{ author }}");
}

TEST_F(RuleCommands, WhatIsKeptUpToDateAndWhereTheRestGoes) {
    EXPECT_EQ(text("github live"), "📌 Each event in a message of its own · `hook_001`");
    EXPECT_EQ(text("github live on"),
              "📌 One message for each run, pull request and deployment, kept up to date · `hook_001`\n"
              "A run that fails is said under its message too. Comments come as they are.");
    EXPECT_THAT(text("github live maybe"), HasSubstr("Say `on` or `off`.\nExample: `!hook github live on`"));
    say("github live off");
    EXPECT_EQ(text("github threads on"),
              "📌 One message for each run, pull request and deployment, kept up to date · `hook_001`\n"
              "🧵 What follows goes to a thread under it, also of issues");
    EXPECT_THAT(text("show hook_001"),
                HasSubstr("\n🧵 What follows goes to a thread under it, also of issues"));
    EXPECT_EQ(text("github style full"), "📐 Messages are **full**: all that the service tells · `hook_001`");
    EXPECT_EQ(store->hooks().value().front().style, message::Style::full);
    EXPECT_THAT(text("github style short"), HasSubstr("Say `compact`, `normal` or `full`."));
    EXPECT_THAT(text("github threads off"), HasSubstr("Comments come as they are."));
    say("github live off");
    EXPECT_THAT(text("github threads"), HasSubstr("Each event in a message of its own"));
}

TEST_F(RuleCommands, AlertsAreAddedListedAndRemoved) {
    EXPECT_THAT(
        text("github alert-if \"pr.status == 'approved' and pr.reviews >= 2\""),
        HasSubstr("🔔 **Alert rule added**\nCondition: `pr.status == 'approved' and pr.reviews >= 2`"));
    say("github alert-if \"build.changed\" \"{{ build.branch }} is {{ build.status }}\" --resolved");
    ASSERT_EQ(rules().size(), 2U);
    EXPECT_EQ(rules()[1].text, "{{ build.branch }} is {{ build.status }}");
    EXPECT_EQ(rules()[1].options, "resolved");
    EXPECT_EQ(text("github alert-if list"),
              "🔔 **Alerts of hook_001**:\n1. `pr.status == 'approved' and pr.reviews >= 2`\n"
              "2. `build.changed` → `{{ build.branch }} is {{ build.status }}` (says too when it is over)");
    say("github alert-if remove 1");
    ASSERT_EQ(rules().size(), 1U);
    EXPECT_EQ(rules()[0].source, "build.changed");
    EXPECT_THAT(text("github alert-if remove 5"), HasSubstr("Say which alert: a number from 1 to 1."));
    EXPECT_THAT(text("github alert-if \"build.changed\" \"{{ build.branch\""), HasSubstr("The template: "));
}

TEST_F(RuleCommands, MentionsNameARoleOrAMemberAndNobodyElse) {
    EXPECT_THAT(text("github mention <@&77> if \"is_failure\""),
                HasSubstr("mentions <@&77> when this holds: `is_failure`"));
    EXPECT_THAT(text("github mention <@88> if is_failure"), HasSubstr("<@88>"));
    EXPECT_THAT(text("github mention @everyone if is_failure"), HasSubstr("does not ping everyone"));
    EXPECT_THAT(text("github mention someone if is_failure"), HasSubstr("Say whom"));
    EXPECT_THAT(text("github mention <@&77> is_failure"), HasSubstr("after the word `if`"));
    EXPECT_EQ(text("github mention list"),
              "📣 **Mentions of hook_001**:\n1. <@&77> if `is_failure`\n2. <@88> if `is_failure`");
    say("github mention remove 1");
    EXPECT_EQ(rules().size(), 1U);
}

TEST_F(RuleCommands, SilentIsOneRule) {
    EXPECT_THAT(text("github silent always"), HasSubstr("without a push notification"));
    EXPECT_THAT(text("github silent if \"is_bot\""), HasSubstr("`is_bot`"));
    ASSERT_EQ(rules().size(), 1U);
    EXPECT_EQ(rules()[0].source, "is_bot");
    say("github silent off");
    EXPECT_TRUE(rules().empty());
}

TEST_F(RuleCommands, AggregateIsSetShownAndTakenBack) {
    EXPECT_THAT(text("github aggregate"), HasSubstr("tells each event at once"));
    EXPECT_THAT(text("github aggregate 5m"),
                HasSubstr("📊 **Events will be aggregated every 5 minutes** · `hook_001`"));
    EXPECT_EQ(store->hooks().value().front().window, std::chrono::minutes(5));
    EXPECT_THAT(text("show hook_001"), HasSubstr("Summed up every 5m"));
    EXPECT_THAT(text("github aggregate 1h"), HasSubstr("every hour"));
    EXPECT_THAT(text("github aggregate 5s"), HasSubstr("every 10 seconds at least, every 24 hours at most"));
    EXPECT_THAT(text("github aggregate soon"), HasSubstr("soon"));
    EXPECT_THAT(text("github aggregate off"), HasSubstr("tells each event at once again"));
    EXPECT_EQ(store->hooks().value().front().window, std::chrono::seconds(0));
}

TEST_F(RuleCommands, MuteHasATimeAConditionAndAReason) {
    EXPECT_THAT(text("mute github 2h release day"), HasSubstr("🔇 **hook_001 is muted for 2h**, until <t:"));
    EXPECT_THAT(last.message.content,
                HasSubstr(": release day\nWhat comes meanwhile is summed up afterwards."));
    ASSERT_EQ(rules().size(), 1U);
    EXPECT_EQ(rules()[0].source, "true");
    EXPECT_EQ(rules()[0].text, "release day");
    EXPECT_THAT(text("mute hook_001 1h \"event == 'push'\" noise --except failures"),
                HasSubstr("About: `event == 'push'`\nFailures are told all the same"));
    EXPECT_EQ(rules()[1].source, "event == 'push'");
    EXPECT_THAT(text("show hook_001"), HasSubstr("🔇 Muted until <t:"));
    EXPECT_THAT(text("mute github soon"), HasSubstr("soon"));
    EXPECT_THAT(text("mute github 90d"), HasSubstr("30 days at most"));
    EXPECT_THAT(text("mute github 1h \"evnt == 'push'\""), HasSubstr("did you mean \"event\"?"));
    clock.advance(std::chrono::hours(3));
    say("mute github 1h");
    EXPECT_EQ(rules().size(), 1U) << "those that are over are gone";
    EXPECT_THAT(text("mute github off"), HasSubstr("🔊 **hook_001** is not muted any more."));
    EXPECT_TRUE(rules().empty());
}

TEST_F(RuleCommands, QuietHoursAreAChannels) {
    say("github on --new");
    EXPECT_THAT(text("quiet"), HasSubstr("There are no quiet hours here."));
    EXPECT_EQ(text("quiet 22:00-07:00 Europe/Berlin"),
              "🌙 **Quiet here 22:00-07:00** Europe/Berlin\nWhat comes then is summed up when the quiet "
              "ends.\nAlerts come, without a sound.");
    say("gitlab on");
    const std::vector<store::Hook> hooks = store->hooks().value();
    ASSERT_EQ(hooks.size(), 3U);
    for (const store::Hook& hook : hooks) {
        EXPECT_EQ(hook.quiet, "22:00-07:00 Europe/Berlin") << to_string(hook.id);
    }
    EXPECT_THAT(text("quiet 22-7 berlin --except failures"), HasSubstr("Failures are told all the same"));
    EXPECT_THAT(text("quiet 22:00-07:00 Europe/Berln"), HasSubstr("Did you mean Europe/Berlin?"));
    EXPECT_THAT(text("show hook_001"),
                HasSubstr("🌙 Quiet 22:00-07:00 Europe/Berlin, failures are told all the same"));
    EXPECT_THAT(text("github quiet"), HasSubstr("It is quiet here"));
    EXPECT_EQ(text("quiet off"), "🔔 **No quiet hours here any more.**");
    EXPECT_EQ(store->hooks().value().front().quiet, "");
}

TEST_F(RuleCommands, PresetsAreFilters) {
    say("github on --only failures --no-bots");
    say("github on --only failures");
    ASSERT_EQ(rules().size(), 2U);
    EXPECT_EQ(rules()[0].source, "not is_bot");
    EXPECT_EQ(rules()[1].source, "is_failure");
    say("github on --only everything");
    EXPECT_EQ(rules().size(), 1U);
    EXPECT_THAT(text("github on --only successes"), HasSubstr("`failures`, or by `everything`"));
}

TEST_F(RuleCommands, TheStyleStaysUntilAnotherIsSaid) {
    EXPECT_THAT(text("show hook_001"), testing::Not(HasSubstr("Style")));
    say("github on --style compact");
    say("github on --events push");
    EXPECT_EQ(store->hooks().value().front().style, message::Style::compact);
    EXPECT_THAT(text("show hook_001"), HasSubstr("\nStyle: compact\n"));
    say("copy hook_001 <#11>");
    EXPECT_EQ(store->hooks().value().back().style, message::Style::compact);
    say("hook_001 on --style normal");
    EXPECT_THAT(text("show hook_001"), testing::Not(HasSubstr("Style")));
    EXPECT_EQ(text("github on --style tiny"),
              "❌ `--style` is followed by `compact`, `normal` or `full`.\nExample: `!hook github on --style "
              "compact`");
    EXPECT_THAT(text("help on"), HasSubstr("--style"));
}

TEST_F(RuleCommands, ATemplateIsSavedShownAndReset) {
    const std::string reply = text(
        "format github-push \"\n📤 **{{author}}** pushed to **{{branch}}**\nCommits: {{commit_count}} "
        "{{autor}}\n\"");
    EXPECT_THAT(reply, HasSubstr("✅ **Template saved for GitHub push events**"));
    EXPECT_THAT(reply, HasSubstr("there is no field \"autor\"; did you mean \"author\"? It prints nothing."));
    EXPECT_THAT(reply, HasSubstr("This is how a sample looks:"));
    ASSERT_EQ(last.message.embeds.size(), 1U);
    EXPECT_EQ(last.message.embeds[0].description, "📤 **octocat** pushed to **main**\nCommits: 3");
    EXPECT_THAT(text("format github-push show"), HasSubstr("**Template for GitHub push events**"));
    EXPECT_THAT(text("format github-push"), HasSubstr("Commits: {{commit_count}}"));
    EXPECT_THAT(text("format github-push reset"), HasSubstr("Template removed"));
    EXPECT_THAT(text("format github-push"), HasSubstr("There is no template for GitHub push events"));
}

TEST_F(RuleCommands, APreviewIsOfTheLatestRealEvent) {
    deliver("issue.opened");
    deliver("push");
    EXPECT_THAT(text("format hook_001 \"{{ event }} {{ author }}\""),
                HasSubstr("✅ **Message Template Updated**\nWill use custom format for hook_001\nThis is how "
                          "event `2` looks:"));
    EXPECT_EQ(last.message.embeds.at(0).description, "push octocat");
}

TEST_F(RuleCommands, AnEmbedIsATemplateInToml) {
    say("format github-push ```toml\ntitle = \"{{ author }}\"\ncolour = \"red\"\n[[fields]]\nname = "
        "\"Branch\"\nvalue = \"{{ branch }}\"\n```");
    EXPECT_EQ(last.kind, Reply::Kind::fine) << last.message.content;
    ASSERT_EQ(last.message.embeds.size(), 1U);
    EXPECT_EQ(last.message.embeds[0].title, "octocat");
    EXPECT_EQ(last.message.embeds[0].color, 0xE74C3CU);
    EXPECT_EQ(last.message.embeds[0].fields.at(0).value, "main");
    EXPECT_THAT(text("format github-push ```\ntitel = \"y\"\n```"),
                HasSubstr("an embed has no \"titel\"; did you mean \"title\"?"));
}

TEST_F(RuleCommands, AWrongTemplateIsNotSaved) {
    EXPECT_THAT(
        text("format github-push \"{{ author\""),
        HasSubstr("❌ The template is not saved:\n```\n\"}}\" is missing at the end\n{{ author\n^^\n```"));
    EXPECT_THAT(text("format github-psh \"x\""), HasSubstr("push"));
    EXPECT_THAT(text("format hook_009 \"x\""), HasSubstr("hook_009"));
    EXPECT_TRUE(store->knowledge().templates().value().empty());
    EXPECT_THAT(text("format github-push \"{{ 'x' * 3000 }}\""), HasSubstr("It will be cut: "));
}

TEST_F(RuleCommands, FieldsAreListed) {
    EXPECT_THAT(text("fields github"), HasSubstr("🔎 **Fields of GitHub**"));
    EXPECT_THAT(last.message.embeds.at(0).description, HasSubstr("pr.…"));
    EXPECT_THAT(text("fields github pr"), HasSubstr("**Fields of GitHub pr**"));
    EXPECT_THAT(last.message.embeds.at(0).description, HasSubstr("pr.status"));
    EXPECT_THAT(text("fields hook_001 psh"), HasSubstr("push"));
}

TEST_F(RuleCommands, TryCountsWhatCameAlready) {
    deliver("push");
    deliver("push");
    deliver("issue.opened");
    deliver("pr.opened");
    const std::string reply = text("try github \"branch == 'main'\" --last 7d");
    EXPECT_THAT(reply, HasSubstr("🧪 `branch == 'main'`\nOf the 4 events of the last 7d, **3** would pass, "
                                 "0 would not, and 1 have nothing of the kind"));
    EXPECT_THAT(reply, HasSubstr("`2` push"));
    EXPECT_THAT(text("try github event=push"), HasSubstr("**2** would pass, 2 would not."));
    clock.advance(std::chrono::hours(24 * 8));
    EXPECT_THAT(text("try github branch=main"), HasSubstr("No event has come to `hook_001` in the last 7d"));
    EXPECT_THAT(text("try github branch=main --last soon"), HasSubstr("soon"));
}

TEST_F(RuleCommands, ShowTellsTheRulesAndCopyTakesThemAlong) {
    say("github filter branch=main");
    say("github alert-if build.changed");
    say("format github-push \"{{ author }}\"");
    const std::string shown = text("show hook_001");
    EXPECT_THAT(shown, HasSubstr("Filters (all must hold):\n1. `branch=main`"));
    EXPECT_THAT(shown, HasSubstr("Alerts:\n1. `build.changed`"));
    EXPECT_THAT(shown, HasSubstr("Template for push: `{{ author }}`"));
    say("copy hook_001 <#11>");
    EXPECT_EQ(rules().size(), 4U);
    EXPECT_EQ(store->knowledge().templates().value().size(), 2U);
}

TEST_F(RuleCommands, StrangersFindNoHook) {
    EXPECT_THAT(text("hook_001 filter branch=main", stranger()), HasSubstr("hook_001"));
    EXPECT_EQ(last.kind, Reply::Kind::refused);
    EXPECT_TRUE(rules().empty());
}

}  // namespace hookline::commands
