// What every command has in common: words that are not known, rights, other servers, secrets, help, the
// record.
#include "base/text.hpp"
#include "commands/testing/commands_fixture.hpp"

namespace hookline::commands {

class Talk : public CommandsFixture {};

TEST_F(Talk, AnUnknownWordNamesTheNearest) {
    struct Case {
        const char* words;
        const char* reply;
    };
    for (const Case& c : {
             Case{"lsit",
                  "❌ There is no command `lsit`. Did you mean `list`? `!hook help` lists all commands.\n"
                  "Example: `!hook list`"},
             Case{"gihtub on",
                  "❌ There is no command `gihtub`. Did you mean `github`? `!hook help` lists all commands.\n"
                  "Example: `!hook github on`"},
             Case{"github onn",
                  "❌ There is no command `onn`. Did you mean `on`? `!hook help` lists all commands.\n"
                  "Example: `!hook github on --events push,pr`"},
             Case{"xyzzyplugh", "❌ There is no command `xyzzyplugh`. `!hook help` lists all commands."},
             Case{"@everyone`x`", "❌ There is no command `@everyoneˋxˋ`. `!hook help` lists all commands."},
             Case{"github", "❌ Say what to do with `github`.\nExample: `!hook github on`"},
             Case{"hook_001", "❌ Say what to do with `hook_001`.\nExample: `!hook hook_001 events`"},
             Case{
                 "on",
                 "❌ Say of which service, or of which hook: `<service> on [--events a,b] [--repo owner/name] "
                 "[--only failures] [--no-bots] [--style compact] [--channel #channel] [--from ID] "
                 "[--new]`.\nExample: `!hook "
                 "github on --events push,pr`"},
             Case{"show", "❌ Something is missing: `show <id>`.\nExample: `!hook show hook_001`"},
             Case{"list all", "❌ `all` is one word too many: `list`.\nExample: `!hook list`"},
             Case{"show banana",
                  "❌ `banana` names no hook: say its id, or the service.\nExample: `!hook show hook_001`"},
             Case{"why banana", "❌ `banana` is no event id: it is a number.\nExample: `!hook why 1204`"},
             Case{"github on \"push",
                  "❌ The quote \" is opened but never closed. Close it with \".\nExample: `!hook help`"},
             Case{"help lsit",
                  "❌ There is no command `lsit`. Did you mean `list`?\nExample: `!hook help list`"},
         }) {
        EXPECT_EQ(refused(c.words), c.reply) << c.words;
    }
}

TEST_F(Talk, NobodyIsPingedByAReplyThatQuotesThem) {
    for (const char* words : {"@everyone", "show <@&5>", "github on --repo @here", "why @everyone"}) {
        const Reply reply = say(words);
        EXPECT_EQ(reply.message.allowed_mentions, message::AllowedMentions()) << words;
    }
}

TEST_F(Talk, HelpIsMadeFromTheTable) {
    const Reply all = say("");
    EXPECT_EQ(all.message.content,
              "🔗 **Hookline commands**\nBegin with: `!hook github on` · One in full: `!hook help on`");
    ASSERT_EQ(all.message.embeds.size(), 1U);
    const std::string& list = all.message.embeds[0].description;
    EXPECT_THAT(list, testing::StartsWith("`<service> on …` sets a service up for this channel, or changes "
                                          "what is set up\n`custom …` "));
    EXPECT_THAT(list, testing::EndsWith("`help [command]` this list, or one command in full"));
    EXPECT_EQ(say("help").message, all.message);
    EXPECT_EQ(say("github help").message, all.message);
    EXPECT_EQ(text("help rotate"),
              "`!hook rotate <id>`\na new secret; the old one works for 24 h more\n"
              "`--new` another secret, although the last change is not a day old\n"
              "Example: `!hook rotate hook_001`");
    EXPECT_THAT(text("help github"), testing::StartsWith("🔗 **GitHub**: `!hook github on`\n"));
    EXPECT_THAT(text("help github"), testing::HasSubstr("\n`release` "));
    EXPECT_THAT(text("help ci"),
                testing::EndsWith("Example: `!hook ci on --events pipeline.failed,deployment`"));
    EXPECT_THAT(text("help circleci"), testing::EndsWith("Example: `!hook circleci on --events pipeline`"));
    EXPECT_THAT(text("help github on"), testing::StartsWith("`!hook <service> on [--events a,b]"));
    for (const std::string& word : commands->words()) {
        EXPECT_EQ(say("help " + word).kind, Reply::Kind::fine) << word;
    }
}

TEST_F(Talk, OnlyHelpIsForThoseWhoMayNotManage) {
    set_up();
    const char* all[] = {"github on",
                         "github off",
                         "github events push",
                         "custom https://a.example/events",
                         "list",
                         "show hook_001",
                         "status",
                         "delete hook_001",
                         "undo",
                         "copy hook_001 <#11>",
                         "test hook_001",
                         "log hook_001",
                         "why 1",
                         "replay 1",
                         "pause hook_001",
                         "resume hook_001",
                         "rotate hook_001",
                         "audit"};
    Caller bystander = member();
    bystander.may_manage = false;
    Caller in_private = member();
    in_private.guild = Snowflake();
    for (const char* words : all) {
        EXPECT_EQ(refused(words, bystander),
                  "❌ You need the permission **Manage Webhooks** in this channel for that.")
            << words;
        EXPECT_EQ(refused(words, in_private), "❌ Say that in the channel of a server that it concerns.")
            << words;
    }
    EXPECT_EQ(say("help", bystander).kind, Reply::Kind::fine);
}

TEST_F(Talk, HooksOfOtherServersAndOfChannelsOutOfReachDoNotExist) {
    const store::Hook made = set_up();
    const EventId event = happened(made, store::OutcomeKind::filtered, "because");
    Caller next_door = member(secret_place);
    next_door.may_manage = true;
    next_door.may_manage_channel = [](Snowflake id) { return id == secret_place; };
    for (const Caller& caller : {stranger(), next_door}) {
        const std::string own = caller.guild == guild ? "<#12>" : "<#20>";
        for (const std::string words : {"show X", "pause X", "resume X", "delete X", "rotate X", "test X",
                                        "log X", "X events push", "X on", "X off", "github on --from X"}) {
            const auto with = [&](const std::string& id) {
                std::string said = words;
                said.replace(said.find('X'), 1, id);
                std::string reply = refused(said, caller);
                const auto at = reply.find(id);
                return at == std::string::npos ? reply : reply.replace(at, id.size(), "X");
            };
            EXPECT_EQ(with("hook_001"), with("hook_777")) << words;
        }
        EXPECT_EQ(refused("copy hook_001 " + own, caller),
                  "❌ There is no hook `hook_001` here. `!hook list` shows which there are.");
        for (const char* word : {"why ", "replay "}) {
            const std::string there = refused(word + std::to_string(event.value), caller);
            EXPECT_EQ(there, "❌ There is no event `" + std::to_string(event.value) +
                                 "` here. `!hook log <hook>` lists the last ones with their ids.");
            EXPECT_EQ(
                refused(word + std::string("777"), caller),
                "❌ There is no event `777` here. `!hook log <hook>` lists the last ones with their ids.");
        }
        EXPECT_EQ(text("list", caller), "🔗 This channel has no hooks yet. `!hook github on` makes one.");
    }
    EXPECT_THAT(text("list", administrator), testing::HasSubstr("hook_001"));
    EXPECT_FALSE(hook(HookId(1)).deleted_at);
    EXPECT_FALSE(hook(HookId(1)).is_paused);
}

TEST_F(Talk, NoPublicReplyHoldsASecret) {
    set_up();
    for (const char* words :
         {"github on", "list", "show hook_001", "status", "rotate hook_001", "rotate hook_001 --new",
          "log hook_001", "github events", "copy hook_001 <#11>", "audit", "delete hook_001", "undo"}) {
        const Reply reply = say(words);
        const store::Endpoint endpoint = endpoint_of(hook(HookId(1)));
        for (const Secret& secret : {endpoint.secret, endpoint.previous_secret}) {
            if (!secret.empty()) {
                EXPECT_THAT(reply.message.content, testing::Not(testing::HasSubstr(secret.reveal())))
                    << words;
                if (reply.if_undeliverable) {
                    EXPECT_THAT(reply.if_undeliverable->content,
                                testing::Not(testing::HasSubstr(secret.reveal())));
                }
            }
        }
    }
    for (const std::string& line : log.lines()) {
        EXPECT_THAT(line, testing::Not(testing::HasSubstr("gh_")));
    }
}

TEST_F(Talk, EveryCommandIsRecordedOnceWithWhoSaidIt) {
    set_up();
    text("list");
    text("help");
    refused("lsit");
    text("pause hook_001");
    EXPECT_EQ(text("audit"),
              "📒 **Last commands**, newest first\n<t:1700000000:R> <@7>: `pause hook_001`\n"
              "<t:1700000000:R> <@7>: `list`\n<t:1700000000:R> <@7>: `github on`");
    EXPECT_EQ(text("audit", stranger()), "📒 No command was said here yet.");
}

}  // namespace hookline::commands
