#include "pipeline/setup_message.hpp"

#include <gtest/gtest.h>

namespace hookline::pipeline {

namespace {

SetupFacts setup() {
    SetupFacts made;
    made.hook.id = HookId(1);
    made.endpoint.made_with = HookId(1);
    made.endpoint.secret = Secret("gh_canary");
    made.public_url = "https://phigen.ngrok.io";
    made.prefix = "!hook";
    return made;
}

constexpr const char* head =
    "🔗 **GitHub Webhook Setup**\n\n"
    "Webhook URL: `https://phigen.ngrok.io/webhook/github/hook_001`\n"
    "Secret: by direct message, never shown here\n\n"
    "Add this to your repository or organization: **Settings → Webhooks → Add webhook**\n"
    "**Content type**: `application/json` (the form works too)\n"
    "**SSL verification**: enabled, unless your address is plain http\n"
    "**Which events**: *Let me select individual events*, then tick those below\n\n"
    "Events to subscribe:\n";

}  // namespace

TEST(SetupMessage, SaysWhatToDoAtTheService) {
    EXPECT_EQ(setup_message(setup()).content,
              std::string(head) +
                  "✓ Push events\n✓ Pull requests\n✓ Pull request reviews\n✓ Issues\n✓ Issue comments\n"
                  "✓ Releases\n✓ Workflow runs\n\n"
                  "Waiting for GitHub's first delivery: this message will say when it is there.");
}

TEST(SetupMessage, NamesOnlyTheEventsThatAreWanted) {
    SetupFacts made = setup();
    made.hook.events = {"push", "pr.merged", "release"};
    made.hook.repos = {"octo/*", "!octo/noisy"};
    EXPECT_EQ(setup_message(made).content,
              std::string(head) +
                  "✓ Push events\n✓ Pull requests\n✓ Releases\n\n"
                  "Events: Push, PR merged, Release only\n"
                  "Repositories: `octo/*`, not `octo/noisy`\n"
                  "Waiting for GitHub's first delivery: this message will say when it is there.");
}

TEST(SetupMessage, SaysConnectedAndWhatThePingLacks) {
    SetupFacts made = setup();
    made.hook.events = {"push", "pr", "release"};
    made.endpoint.connected_at = TimePoint(Milliseconds(1'700'000'000'000));
    made.ping = event::Ping{{"push"}, false};
    const std::string content = setup_message(made).content;
    EXPECT_THAT(content, testing::EndsWith(
                             "✅ **Connected** <t:1700000000:R>\n"
                             "⚠️ GitHub does not send yet: Pull requests, Releases. Tick them in the "
                             "webhook's settings."));
    made.ping->sends_everything = true;
    EXPECT_THAT(setup_message(made).content, testing::EndsWith("✅ **Connected** <t:1700000000:R>"));
}

}  // namespace hookline::pipeline
