// custom <url>: an endpoint for any service that sends JSON.
#include "commands/testing/commands_fixture.hpp"

namespace hookline::commands {

class CustomCommand : public CommandsFixture {};

namespace {

constexpr const char* added_head =
    "🔗 **Custom Webhook Added**\n"
    "ID: hook_001\n"
    "URL: `https://api.monitoring.com/events`\n"
    "Format: JSON\n\n"
    "Send test: `!hook test hook_001`\n\n"
    "Webhook URL: `https://phigen.ngrok.io/webhook/custom/hook_001`\n"
    "Secret: by direct message, never shown here\n\n";

}  // namespace

TEST_F(CustomCommand, MakesAHookAndTellsItsUrlOnlyToWhoeverSaidIt) {
    const Reply reply = say("custom https://api.monitoring.com/events");
    EXPECT_EQ(reply.kind, Reply::Kind::fine) << reply.message.content;
    EXPECT_THAT(reply.message.content, testing::StartsWith(added_head));
    EXPECT_THAT(reply.message.content,
                testing::EndsWith("Waiting for the first delivery: this message will say when it is there."));
    EXPECT_EQ(reply.setup_of, HookId(1));
    const store::Hook made = hook(HookId(1));
    EXPECT_EQ(made.service, event::Service::custom);
    EXPECT_EQ(made.url, "https://api.monitoring.com/events");
    EXPECT_EQ(made.command_channel, dev);
    const std::string secret = endpoint_of(made).secret.reveal();
    EXPECT_THAT(secret, testing::StartsWith("whsec_"));
    EXPECT_THAT(reply.message.content, testing::Not(testing::HasSubstr(secret)));
    ASSERT_TRUE(reply.only_you);
    EXPECT_EQ(reply.only_you->content,
              "🔑 **Webhook URL with the secret of hook_001** (Custom)\n"
              "`https://phigen.ngrok.io/webhook/custom/hook_001/" +
                  secret + "`\nKeep it to yourself; `!hook rotate hook_001` makes another.");
    ASSERT_TRUE(reply.if_undeliverable);
    EXPECT_THAT(reply.if_undeliverable->content,
                testing::HasSubstr("then say `!hook custom https://api.monitoring.com/events` again"));
}

TEST_F(CustomCommand, SaidAgainItKeepsUrlAndSecretAndNewMakesAnother) {
    const std::string secret = say("custom https://a.example/x").only_you->content;
    EXPECT_EQ(say("custom https://a.example/x").only_you->content, secret);
    EXPECT_EQ(store->hooks()->size(), 1U);
    EXPECT_EQ(say("custom https://b.example/x").hook, HookId(2));
    EXPECT_EQ(say("custom https://a.example/x --new").hook, HookId(3));
    EXPECT_EQ(say("custom https://a.example/x --channel <#11>").hook, HookId(4));
    EXPECT_EQ(hook(HookId(4)).command_channel, ops);
}

TEST_F(CustomCommand, ErrorsSayWhatIsWrongAndWhatToDo) {
    constexpr const char* no_url =
        "❌ Say the address of the service whose events shall come here: it begins with `https://`, and holds "
        "no "
        "user and no password.\nExample: `!hook custom https://api.monitoring.com/events`";
    for (const char* words : {"custom api.monitoring.com", "custom javascript:alert(1)",
                              "custom https://user:password@a.example/", "custom https://"}) {
        EXPECT_EQ(refused(words), no_url);
    }
    EXPECT_EQ(refused("custom https://a.example/" + std::string(600, 'a')), no_url);
    EXPECT_EQ(refused("custom"),
              "❌ Something is missing: `custom <url> [--name N] [--stream] [--channel #channel] [--new]`.\n"
              "Example: `!hook custom https://api.monitoring.com/events`");
    EXPECT_EQ(store->hooks()->size(), 0U);
}

TEST_F(CustomCommand, TheServiceKeepsItsOtherCommands) {
    say("custom https://a.example/x");
    EXPECT_EQ(say("custom off").kind, Reply::Kind::fine);
    EXPECT_FALSE(hook(HookId(1)).is_enabled);
    EXPECT_EQ(say("custom events notice.error").kind, Reply::Kind::fine);
    EXPECT_EQ(hook(HookId(1)).events, std::vector<std::string>{"notice.error"});
    EXPECT_EQ(say("test hook_001").kind, Reply::Kind::fine);
}

}  // namespace hookline::commands
