// on, off, events, copy, rotate: what sets a hook up and changes it.
#include "commands/testing/commands_fixture.hpp"

namespace hookline::commands {

class SetupCommands : public CommandsFixture {};

namespace {

constexpr const char* setup_head =
    "🔗 **GitHub Webhook Setup**\n\n"
    "Webhook URL: `https://phigen.ngrok.io/webhook/github/hook_001`\n";
constexpr const char* setup_rest =
    "\n\nAdd this to your repository or organization: **Settings → Webhooks → Add webhook**\n"
    "**Content type**: `application/json` (the form works too)\n"
    "**SSL verification**: enabled, unless your address is plain http\n"
    "**Which events**: *Let me select individual events*, then tick those below\n\n"
    "Events to subscribe:\n✓ Push events\n✓ Pull requests\n✓ Pull request reviews\n✓ Issues\n✓ Issue "
    "comments\n"
    "✓ Releases\n✓ Workflow runs\n\n"
    "Waiting for GitHub's first delivery: this message will say when it is there.";

}  // namespace

TEST_F(SetupCommands, OnMakesAHookAndTellsTheSecretOnlyToWhoeverSaidIt) {
    const Reply reply = say("github on");
    EXPECT_EQ(reply.kind, Reply::Kind::fine);
    EXPECT_EQ(reply.setup_of, HookId(1));
    EXPECT_EQ(reply.hook, HookId(1));
    EXPECT_EQ(reply.message.content,
              std::string(setup_head) + "Secret: by direct message, never shown here" + setup_rest);
    const store::Hook made = hook(HookId(1));
    const std::string secret = endpoint_of(made).secret.reveal();
    EXPECT_THAT(secret, testing::StartsWith("gh_"));
    ASSERT_TRUE(reply.only_you);
    EXPECT_EQ(reply.only_you->content,
              "🔑 **Secret of hook_001** (GitHub)\n`" + secret +
                  "`\nIt goes with this webhook URL: `https://phigen.ngrok.io/webhook/github/hook_001`\n"
                  "Keep it to yourself; `!hook rotate hook_001` makes another.");
    ASSERT_TRUE(reply.if_undeliverable);
    EXPECT_EQ(
        reply.if_undeliverable->content,
        std::string(setup_head) +
            "Secret: ⚠️ I could not send it to you: allow direct messages from members of this server "
            "(server menu → Privacy Settings), then say `!hook github on` again" +
            setup_rest);
    EXPECT_EQ(made.guild, "1");
    EXPECT_EQ(made.command_channel, dev);
    EXPECT_EQ(made.user, alice);
    EXPECT_EQ(destination_of(made).kind, dispatch::DestinationKind::discord_channel);
    EXPECT_EQ(destination_of(made).channel, dev);
}

TEST_F(SetupCommands, ForCiTheReplySaysForEachPlatformWhatToSetWhere) {
    const Reply reply = say("ci on");
    EXPECT_THAT(reply.message.content,
                testing::StartsWith(
                    "🔧 **CI/CD Webhook Ready**\n\nSupported platforms:\n- Jenkins\n- GitLab CI\n"
                    "- CircleCI\n- GitHub Actions\n\nWebhook: `https://phigen.ngrok.io/webhook/ci/hook_001`\n"
                    "Secret: by direct message, never shown here\n\nWhat to set where:\n"));
    EXPECT_THAT(
        reply.message.content,
        testing::EndsWith("Waiting for CI's first delivery: this message will say when it is there."));
    const std::string secret = endpoint_of(hook(HookId(1))).secret.reveal();
    EXPECT_THAT(secret, testing::StartsWith("ci_"));
    EXPECT_THAT(reply.message.content, testing::Not(testing::HasSubstr(secret)));
    EXPECT_EQ(reply.only_you->content,
              "🔑 **Secret of hook_001** (CI)\n`" + secret +
                  "`\nIt goes with this webhook URL: `https://phigen.ngrok.io/webhook/ci/hook_001`\n"
                  "Where nothing can be signed (Jenkins), the secret ends the URL: "
                  "`https://phigen.ngrok.io/webhook/ci/hook_001/" +
                  secret + "`\nKeep it to yourself; `!hook rotate hook_001` makes another.");
    EXPECT_EQ(text("ci on --events pipeline,deployment").find("🔧"), 0U);
}

TEST_F(SetupCommands, WhereTheUrlHoldsTheSecretTheWholeUrlIsForWhoeverSaidIt) {
    const Reply reply = say("jenkins on");
    const std::string secret = endpoint_of(hook(HookId(1))).secret.reveal();
    EXPECT_THAT(secret, testing::StartsWith("jk_"));
    EXPECT_THAT(
        reply.message.content,
        testing::StartsWith("🔗 **Jenkins Webhook Setup**\n\n"
                            "Webhook URL: `https://phigen.ngrok.io/webhook/jenkins/hook_001`\n"
                            "Secret: by direct message, never shown here\n\n"
                            "Jenkins signs nothing: the secret is the last part of the URL, which goes "
                            "to you alone. One of:\n"));
    EXPECT_THAT(reply.message.content, testing::Not(testing::HasSubstr(secret)));
    EXPECT_EQ(reply.only_you->content,
              "🔑 **Webhook URL with the secret of hook_001** (Jenkins)\n"
              "`https://phigen.ngrok.io/webhook/jenkins/hook_001/" +
                  secret + "`\nKeep it to yourself; `!hook rotate hook_001` makes another.");
}

TEST_F(SetupCommands, DockerIsToldHowItsEngineIs) {
    engine =
        "Engine “*farm*”: ✅ Docker/20.10.24, 9 containers run\nEngine “b”: ⚠️ it does not "
        "answer: "
        "no";
    const std::string said =
        "Engine “\\*farm\\*”: ✅ Docker/20.10.24, 9 containers run\nEngine “b”: ⚠️ it does";
    EXPECT_THAT(text("docker on"), testing::HasSubstr(said));
    EXPECT_THAT(text("docker on --events error"), testing::HasSubstr(said)) << "and again";
    EXPECT_THAT(text("github on"), testing::Not(testing::HasSubstr("Engine")));
}

TEST_F(SetupCommands, CircleCiIsToldWhatToTick) {
    const Reply reply = say("circleci on");
    EXPECT_THAT(reply.message.content, testing::HasSubstr("Events to subscribe:\n✓ Workflow Completed\n"));
    EXPECT_THAT(reply.only_you->content, testing::HasSubstr("cc_"));
    EXPECT_THAT(text("circleci on --events pipeline,job.failed"),
                testing::HasSubstr("✓ Workflow Completed\n✓ Job Completed\n"));
}

TEST_F(SetupCommands, OnTheCommandLineTheReplyHoldsTheSecretAndTheTerminalIsTheDestination) {
    surroundings.is_bot = false;
    const Reply reply = say("github on", administrator);
    EXPECT_EQ(reply.message.content, std::string(setup_head) + "Secret: see below" + setup_rest);
    ASSERT_TRUE(reply.only_you);
    EXPECT_THAT(reply.only_you->content, testing::HasSubstr("`hookline hook rotate hook_001`"));
    EXPECT_EQ(destination_of(hook(HookId(1))).kind, dispatch::DestinationKind::terminal);
}

TEST_F(SetupCommands, OnAgainKeepsUrlAndSecretAndChangesTheRest) {
    const store::Hook made = set_up();
    const std::string secret = endpoint_of(made).secret.reveal();
    const Reply reply = say("github on --events push,pr,release --repo octo/*,!octo/noisy");
    EXPECT_EQ(reply.message.content,
              "🔗 **GitHub webhook active** · `hook_001` → <#10>\n"
              "Events: Push, PR, Release only\n"
              "Repositories: `octo/*`, not `octo/noisy`");
    EXPECT_FALSE(reply.only_you);
    EXPECT_EQ(store->hooks()->size(), 1U);
    EXPECT_EQ(endpoint_of(made).secret.reveal(), secret);
    EXPECT_EQ(text("github on --events default --repo all"),
              "🔗 **GitHub webhook active** · `hook_001` → <#10>\nEvents: what is announced by default");
}

TEST_F(SetupCommands, OnAgainBeforeTheFirstDeliverySendsTheSameSecretOnceMore) {
    const std::string secret = say("github on").only_you->content;
    const Reply again = say("github on");
    ASSERT_TRUE(again.only_you);
    EXPECT_EQ(again.only_you->content, secret);
    EXPECT_EQ(again.setup_of, HookId(1));
}

TEST_F(SetupCommands, NewMakesAnotherAndThenTheIdIsNeeded) {
    set_up();
    set_up("github on --new");
    EXPECT_EQ(store->hooks()->size(), 2U);
    EXPECT_EQ(
        refused("github on --events push"),
        "❌ There are 2 GitHub hooks here: `hook_001`, `hook_002`. Say the id in place of `github`, or add "
        "`--new` for another.\nExample: `!hook hook_001 on --events push,pr`");
    EXPECT_EQ(text("hook_002 on --events push"),
              "🔗 **GitHub webhook active** · `hook_002` → <#10>\nEvents: Push only");
    EXPECT_EQ(refused("hook_002 on --new"),
              "❌ `--new` makes another hook: say the service, not an id.\nExample: `!hook github on --new`");
    EXPECT_EQ(refused("github off"),
              "❌ There are 2 GitHub hooks here: `hook_001`, `hook_002`. Say the id in place of `github`.\n"
              "Example: `!hook show hook_001`");
}

TEST_F(SetupCommands, FromSharesUrlAndSecret) {
    const store::Hook first = set_up();
    const Reply reply = say("github on --from hook_001", member(ops));
    EXPECT_EQ(reply.message.content,
              "🔗 **GitHub webhook active** · `hook_002` → <#11>\nEvents: what is announced by default\n"
              "It shares URL and secret with `hook_001`: there is nothing to set up.");
    EXPECT_FALSE(reply.only_you);
    EXPECT_EQ(reply.hook, HookId(2));
    EXPECT_EQ(hook(HookId(2)).endpoint, first.endpoint);
    set_up("github on --new", member(ops));
    EXPECT_EQ(refused("hook_003 on --from hook_001", member(ops)),
              "❌ `hook_003` has a URL and a secret of its own and keeps them. Add `--new` to make another "
              "hook that "
              "shares those of `hook_001`.\nExample: `!hook github on --new --from hook_001`");
}

TEST_F(SetupCommands, ChannelMayBeAnotherChannelAWebhookUrlOrTheTerminal) {
    surroundings.missing_in_ops = "Embed Links";
    EXPECT_THAT(
        text("github on --channel <#11>"),
        testing::EndsWith("⚠️ In <#11> I still lack: Embed Links. Until I have it, messages wait."));
    EXPECT_EQ(hook(HookId(1)).command_channel, ops);
    EXPECT_EQ(say("github on --channel https://discord.com/api/webhooks/123/abc").kind, Reply::Kind::fine);
    EXPECT_EQ(surroundings.checked, "123/abc");
    const auto webhook = destination_of(hook(HookId(2)));
    EXPECT_EQ(webhook.kind, dispatch::DestinationKind::discord_webhook);
    EXPECT_EQ(webhook.address.reveal(), "123/abc");
    EXPECT_EQ(say("github on --channel terminal", administrator).kind, Reply::Kind::fine);
    const auto all_act = store->acts("1", 10).value();
    for (const auto& act : all_act) {
        EXPECT_THAT(act.what, testing::Not(testing::HasSubstr("abc")));
    }
}

TEST_F(SetupCommands, ErrorsSayWhatIsWrongAndWhatToDo) {
    surroundings.webhook_error = Errc::not_found;
    struct Case {
        const char* words;
        const char* reply;
    };
    for (const Case& c : {
             Case{"github on --event push",
                  "❌ There is no option --event. Did you mean --events?\nExample: `!hook github on --events "
                  "push,pr`"},
             Case{"github on --events",
                  "❌ --events needs a value: --events push,pr.\nExample: `!hook github on --events push,pr`"},
             Case{"github on --new=x",
                  "❌ --new stands alone, nothing follows it.\nExample: `!hook github on --events push,pr`"},
             Case{"github on --new --new",
                  "❌ --new is given twice.\nExample: `!hook github on --events push,pr`"},
             Case{"github on --repo PhiGEN",
                  "❌ `PhiGEN` is no repository: write `owner/name`, `org/*` or `!org/noisy`.\n"
                  "Example: `!hook github on --repo owner/name,org/*,!org/noisy`"},
             Case{"github on push",
                  "❌ `push` is one word too many: `<service> on [--events a,b] [--repo owner/name] [--only "
                  "failures] [--no-bots] [--style compact] [--channel "
                  "#channel] [--from ID] [--new]`.\nExample: `!hook github on --events push,pr`"},
             Case{"github on --channel #builds",
                  "❌ `#builds` is no channel that I can find: pick it from the list that Discord shows after "
                  "`#`, so "
                  "that it becomes a link.\nExample: `!hook github on --channel #builds`"},
             Case{"github on --channel terminal",
                  "❌ The terminal belongs to whoever runs Hookline: only `hookline hook …` can send there."},
             Case{"github on --channel <#12>",
                  "❌ You need the permission **Manage Webhooks** in <#12> for that."},
             Case{"github on --channel <#20>",
                  "❌ I do not see the channel <#20>. If it is one of this server, let me in: channel "
                  "settings → "
                  "Permissions → View Channel and Send Messages."},
             Case{"github on --channel <#99>",
                  "❌ I do not see the channel <#99>. If it is one of this server, let me in: channel "
                  "settings → "
                  "Permissions → View Channel and Send Messages."},
             Case{"github on --channel https://discord.com/api/webhooks/123/abc",
                  "❌ Discord does not know this webhook URL (any more). Copy it again: channel settings → "
                  "Integrations → Webhooks → Copy Webhook URL."},
             Case{"github on --channel https://evil.org/x",
                  "❌ This is no Discord webhook URL. It looks like "
                  "`https://discord.com/api/webhooks/ID/TOKEN`: "
                  "channel settings → Integrations → Webhooks → Copy Webhook URL."},
             Case{"github on --from hook_009",
                  "❌ There is no hook `hook_009` here. `!hook list` shows which there are."},
         }) {
        EXPECT_EQ(refused(c.words), c.reply) << c.words;
    }
    EXPECT_THAT(refused("github on --events pusj"),
                testing::AllOf(testing::HasSubstr("pusj"), testing::HasSubstr("push")));
    EXPECT_TRUE(store->hooks()->empty()) << "nothing was made";
    EXPECT_EQ(refused("github on", administrator),
              "❌ Say where the messages go: `--channel` with a channel's id, a Discord webhook URL, or "
              "`terminal`.\n"
              "Example: `hookline hook github on --channel 123456789012345678`");
}

TEST_F(SetupCommands, OffAndOnAgain) {
    set_up();
    EXPECT_EQ(
        text("github off"),
        "🔕 **`hook_001` (GitHub) is off.** Deliveries are still taken and kept; `!hook hook_001 on` turns it "
        "on.");
    EXPECT_FALSE(hook(HookId(1)).is_enabled);
    EXPECT_EQ(text("off github"), "🔕 `hook_001` (GitHub) is off already. `!hook hook_001 on` turns it on.");
    text("github on");
    EXPECT_TRUE(hook(HookId(1)).is_enabled);
    EXPECT_EQ(refused("github off", member(ops)),
              "❌ There is no GitHub hook here yet. `!hook github on` makes one.");
}

TEST_F(SetupCommands, EventsShowsAndChanges) {
    set_up();
    EXPECT_EQ(text("github events push, pr.merged"),
              "🔗 **GitHub webhook active** · `hook_001`\nEvents: Push, PR merged only");
    EXPECT_EQ(hook(HookId(1)).events, (std::vector<std::string>{"push", "pr.merged"}));
    const std::string shown = text("github events");
    EXPECT_THAT(shown,
                testing::StartsWith("🔗 **Events of hook_001**: Push, PR merged only\nThere are:\n`push` "));
    EXPECT_THAT(shown, testing::HasSubstr("Back to the usual ones: `!hook github events default`"));
    text("github events default");
    EXPECT_TRUE(hook(HookId(1)).events.empty());
}

TEST_F(SetupCommands, CopyGoesToAnotherChannelWithTheSameUrl) {
    const store::Hook first = set_up("github on --events push");
    EXPECT_EQ(text("copy hook_001 <#11>"),
              "🔗 **GitHub webhook active** · `hook_002` → <#11>\nEvents: Push only\n"
              "It shares URL and secret with `hook_001`: there is nothing to set up.");
    EXPECT_EQ(hook(HookId(2)).endpoint, first.endpoint);
    EXPECT_EQ(hook(HookId(2)).command_channel, ops);
    EXPECT_EQ(refused("copy hook_001 <#10>"), "❌ `hook_001` announces to <#10> already.");
    EXPECT_EQ(refused("copy hook_001"),
              "❌ Something is missing: `copy <id> #channel`.\nExample: `!hook copy hook_001 #releases`");
}

TEST_F(SetupCommands, RotateKeepsBothSecretsForADay) {
    const store::Hook made = set_up();
    const std::string old = endpoint_of(made).secret.reveal();
    const Reply reply = say("rotate hook_001");
    const store::Endpoint rotated = endpoint_of(made);
    EXPECT_EQ(rotated.previous_secret.reveal(), old);
    EXPECT_NE(rotated.secret.reveal(), old);
    EXPECT_EQ(rotated.previous_until, clock.now() + std::chrono::hours(24));
    EXPECT_EQ(
        reply.message.content,
        "🔑 **hook_001 (GitHub) has a new secret**\nSecret: by direct message, never shown here\n"
        "Put it into the webhook's settings: the old one works until <t:1700086400:f> (<t:1700086400:R>).");
    EXPECT_THAT(reply.only_you->content, testing::HasSubstr(rotated.secret.reveal()));
    EXPECT_THAT(reply.if_undeliverable->content,
                testing::HasSubstr("then say `!hook rotate hook_001` again"));
    // Said again, it sends the same one: a third would lock out what is set up.
    const Reply again = say("rotate hook_001");
    EXPECT_EQ(again.only_you->content, reply.only_you->content);
    EXPECT_THAT(again.message.content,
                testing::EndsWith("To make another one now: `!hook rotate hook_001 --new`"));
    say("rotate hook_001 --new");
    EXPECT_EQ(endpoint_of(made).previous_secret.reveal(), rotated.secret.reveal());
}

TEST_F(SetupCommands, TwoWhoSpeakAtOnceDoNotUndoEachOther) {
    set_up();
    std::optional<Reply> first;
    std::optional<Reply> second;
    loop.start(commands->run("pause hook_001", member()), first);
    loop.start(commands->run("github events push", member()), second);
    ASSERT_TRUE(loop.run_until([&] { return first && second; }));
    EXPECT_TRUE(hook(HookId(1)).is_paused);
    EXPECT_EQ(hook(HookId(1)).events, std::vector<std::string>{"push"});
}

}  // namespace hookline::commands
