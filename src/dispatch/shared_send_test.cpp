#include "dispatch/shared_send.hpp"

#include <gtest/gtest.h>

#include "message/limits.hpp"

namespace hookline::dispatch {

namespace {

using namespace std::chrono_literals;

const TimePoint now{1'700'000'000'000ms};

Entry create(std::int64_t id, std::size_t letters = 100) {
    Entry entry;
    entry.id = OutboxId(id);
    entry.message = MessageId(id);
    message::Embed embed;
    embed.title = std::to_string(id);
    embed.description = std::string(letters - embed.title.size(), 'x');
    entry.body.embeds.push_back(std::move(embed));
    entry.not_before = now;
    return entry;
}

std::vector<Entry> lane(std::size_t length, std::size_t letters = 100) {
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < length; ++i) {
        entries.push_back(create(static_cast<std::int64_t>(i) + 1, letters));
    }
    return entries;
}

/// What an entry in the middle must be like so that nothing joins across it.
struct Case {
    const char* name;
    void (*change)(Entry&);
};
constexpr std::array<Case, 15> alone{
    {{"an edit", [](Entry& e) { e.operation = Operation::edit; }},
     {"a thread", [](Entry& e) { e.operation = Operation::create_thread; }},
     {"in a thread", [](Entry& e) { e.discord_channel = Snowflake(9); }},
     {"tried", [](Entry& e) { e.attempts = 1; }},
     {"as text", [](Entry& e) { e.is_fallback = true; }},
     {"changed later", [](Entry& e) { e.stands_alone = true; }},
     {"not due", [](Entry& e) { e.not_before = now + 1ms; }},
     {"content", [](Entry& e) { e.body.content = "<@&7>"; }},
     {"no embed", [](Entry& e) { e.body.embeds.clear(); }},
     {"a mention", [](Entry& e) { e.body.allowed_mentions.roles.emplace_back(7U); }},
     {"a button", [](Entry& e) { e.body.buttons.emplace_back(); }},
     {"a file", [](Entry& e) { e.body.files.emplace_back(); }},
     {"a reply", [](Entry& e) { e.body.reply_to = Snowflake(7); }},
     {"silent", [](Entry& e) { e.body.is_silent = true; }},
     {"hides previews", [](Entry& e) { e.body.hides_previews = true; }}}};

}  // namespace

TEST(SharedSend, FewMessagesStayMessagesOfTheirOwn) {
    EXPECT_EQ(shared_count(lane(1), now), 1U);
    EXPECT_EQ(shared_count(lane(fewest_behind), now), 1U);
    EXPECT_EQ(shared_count(lane(fewest_behind + 1), now), fewest_behind + 1);
}

TEST(SharedSend, TakesTenEmbeds) {
    EXPECT_EQ(shared_count(lane(30), now), 10U);
    std::vector<Entry> large = lane(30);
    large[1].body.embeds.resize(8, large[1].body.embeds.front());
    EXPECT_EQ(shared_count(large, now), 3U);
}

TEST(SharedSend, TakesSixThousandCharactersNotBytes) {
    EXPECT_EQ(shared_count(lane(10, 1000), now), 6U);
    std::vector<Entry> wide = lane(10, 1000);
    wide[5].body.embeds[0].description += "x";
    EXPECT_EQ(shared_count(wide, now), 5U);
    for (Entry& entry : wide) {
        entry.body.embeds[0].title.clear();
        entry.body.embeds[0].description.clear();
        for (int i = 0; i < 1000; ++i) {
            entry.body.embeds[0].description += "🌊";
        }
    }
    EXPECT_EQ(shared_count(wide, now), 6U);
    EXPECT_TRUE(message::broken_limits(shared_body(std::span(wide).first(6))).empty());
}

TEST(SharedSend, NothingIsPassedOver) {
    for (const Case& what : alone) {
        std::vector<Entry> entries = lane(12);
        what.change(entries[3]);
        EXPECT_EQ(shared_count(entries, now), 3U) << what.name;
        entries = lane(12);
        what.change(entries[0]);
        EXPECT_EQ(shared_count(entries, now), 1U) << what.name;
    }
}

TEST(SharedSend, WhatIsSilentTakesWhatIsSilent) {
    std::vector<Entry> entries = lane(12);
    for (Entry& entry : entries) {
        entry.body.is_silent = true;
    }
    EXPECT_EQ(shared_count(entries, now), 10U);
    EXPECT_TRUE(shared_body(std::span(entries).first(10)).is_silent);
}

TEST(SharedSend, HoldsAllEmbedsInTheirOrder) {
    const std::vector<Entry> entries = lane(10);
    const message::Message body = shared_body(entries);
    ASSERT_EQ(body.embeds.size(), 10U);
    for (std::size_t i = 0; i < body.embeds.size(); ++i) {
        EXPECT_EQ(body.embeds[i], entries[i].body.embeds[0]);
    }
}

TEST(SharedSend, TheSamePageIsLinkedByEachEmbed) {
    std::vector<Entry> entries = lane(10);
    for (Entry& entry : entries) {
        entry.body.embeds[0].url = "https://example.org/1";
    }
    EXPECT_EQ(shared_count(entries, now), 10U);
    const message::Message body = shared_body(entries);
    EXPECT_EQ(body.embeds[0].url, "https://example.org/1");
    EXPECT_EQ(body.embeds[9].url, "https://example.org/1#11");
    entries[2].body.embeds[0].url = "https://example.org/1#comment";
    entries[4].body.embeds[0].url = "https://example.org/1#comment";
    EXPECT_EQ(shared_count(entries, now), 4U);
}

TEST(SharedSend, IsForChannelsOnly) {
    EXPECT_TRUE(is_channel(DestinationKind::discord_channel));
    EXPECT_TRUE(is_channel(DestinationKind::discord_webhook));
    EXPECT_FALSE(is_channel(DestinationKind::discord_user));
    EXPECT_FALSE(is_channel(DestinationKind::terminal));
}

}  // namespace hookline::dispatch
