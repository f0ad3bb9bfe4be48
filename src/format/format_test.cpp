#include "format/format.hpp"

#include <gmock/gmock.h>

#include "base/iso_time.hpp"
#include "message/limits.hpp"
#include "services/service.hpp"

namespace hookline::format {
namespace {

event::Event read(std::string_view event_type, std::string_view payload) {
    event::Delivery delivery;
    delivery.event_type = event_type;
    delivery.payload = payload;
    return services::find_adapter(event::Service::github)->parse(delivery).value();
}

std::string field(const message::Message& message, std::string_view name) {
    for (const message::EmbedField& known : message.embeds.at(0).fields) {
        if (known.name == name) {
            return known.value;
        }
    }
    return "none";
}

message::Message run(std::string_view conclusion, std::string_view more = "") {
    return to_message(
        read("workflow_run", fmt::format(R"({{"action": "completed", "workflow_run": {{"name": "Tests",
                                       "conclusion": "{}"{}}}}})",
                                         conclusion, more)));
}

TEST(Format, EveryEndOfARunHasItsOwnWords) {
    const struct {
        std::string_view conclusion, title, status;
    } cases[] = {
        {"success", "✅ Workflow \"Tests\" completed", "Success"},
        {"failure", "❌ Workflow \"Tests\" failed", "Failed"},
        {"cancelled", "⏹️ Workflow \"Tests\" was cancelled", "Cancelled"},
        {"skipped", "⏭️ Workflow \"Tests\" was skipped", "Skipped"},
        {"timed_out", "⏰ Workflow \"Tests\" timed out", "Timed out"},
        {"action_required", "✋ Workflow \"Tests\" waits for an approval", "Waiting for approval"},
        {"neutral", "▫️ Workflow \"Tests\" ended", "Neither passed nor failed"},
        {"startup_failure", "❌ Workflow \"Tests\" could not start", "Could not start"},
    };
    for (const auto& [conclusion, title, status] : cases) {
        const message::Message message = run(conclusion);
        EXPECT_EQ(message.embeds.at(0).title, title);
        EXPECT_EQ(field(message, "Status"), status);
        EXPECT_EQ(field(message, "Checks"), conclusion == "success" ? "All checks passed ✓" : "none");
    }
}

TEST(Format, TheAttemptIsTellingOnlyFromTheSecondOn) {
    EXPECT_EQ(field(run("success", R"(, "run_attempt": 1)"), "Attempt"), "none");
    EXPECT_EQ(field(run("success", R"(, "run_attempt": 2)"), "Attempt"), "2");
}

TEST(Format, LongListsSayHowMuchIsLeftOut) {
    std::string commits;
    for (int i = 0; i < 23; ++i) {
        commits +=
            fmt::format(R"({}{{"id": "{:040x}", "message": "change {}\n\nwhy", "modified": ["src/{}.cpp"]}})",
                        i == 0 ? "" : ",", i + 1, i, i);
    }
    const message::Message message = to_message(
        read("push", fmt::format(R"({{"ref": "refs/heads/main", "before": "{:040x}", "after": "{:040x}",
                                  "commits": [{}]}})",
                                 99, 23, commits)));
    EXPECT_EQ(field(message, "Commits"), "23");
    EXPECT_THAT(field(message, "Latest"), testing::HasSubstr("\"change 22\""));
    EXPECT_THAT(field(message, "Before that"), testing::StartsWith("`0000000` change 21"));
    EXPECT_THAT(field(message, "Before that"), testing::EndsWith("…and 17 more"));
    EXPECT_THAT(field(message, "Files"), testing::EndsWith("…and 17 more"));
}

TEST(Format, CommitsThatWereKnownBeforeAreCountedNotListed) {
    const message::Message message = to_message(read(
        "push", R"({"ref": "refs/heads/main", "commits": [{"id": "a1", "message": "old", "distinct": false},
                                                               {"id": "b2", "message": "new", "distinct": true}]})"));
    EXPECT_EQ(field(message, "Commits"), "2 (1 new)");
    EXPECT_EQ(field(message, "Before that"), "none");
}

TEST(Format, WhatTheSenderDidNotTellIsLeftOut) {
    const message::Message message =
        to_message(read("pull_request", R"({"action": "opened", "pull_request": {"user": null}})"));
    EXPECT_EQ(message.embeds.at(0).title, "📋 New Pull Request");
    ASSERT_EQ(message.embeds.at(0).fields.size(), 2U);
    EXPECT_EQ(field(message, "Author"), "@ghost");
    EXPECT_EQ(field(message, "Status"), "Open");
    EXPECT_EQ(message.embeds.at(0).footer, "GitHub");
}

TEST(Format, ThePlainMessageIsOneLineWithItsLink) {
    const message::Message message = plain_message(
        read("issues",
             R"({"action": "opened", "issue": {"number": 46, "html_url": "https://github.com/a/b/issues/46"},
                      "repository": {"full_name": "a/b"}, "sender": {"login": "octocat"}})"));
    EXPECT_EQ(message.content, "🎫 New Issue #46 in a/b by @octocat: <https://github.com/a/b/issues/46>");
    EXPECT_TRUE(message.embeds.empty());
    EXPECT_TRUE(message.hides_previews);
}

TEST(Format, ATestSaysSoAboveWhatItShows) {
    message::Message message = to_message(read("push", R"({"ref": "refs/heads/main"})"));
    message.content = "hello";
    const message::Message marked = mark_as_test(message, "rule 2 would have dropped it: *branch*");
    EXPECT_EQ(marked.content, "🧪 **Test** · rule 2 would have dropped it: \\*branch\\*\nhello");
    EXPECT_EQ(marked.embeds, message.embeds);
}

TEST(Format, EvenAnEmptyEventMakesAMessage) {
    const message::Message message = to_message(event::Event{});
    EXPECT_EQ(message.embeds.at(0).title, "ℹ️ An event of GitHub");
    EXPECT_TRUE(message::broken_limits(message).empty());
    EXPECT_EQ(plain_message(event::Event{}).content, "ℹ️ An event of GitHub");
}

}  // namespace
}  // namespace hookline::format
