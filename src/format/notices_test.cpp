// Notices: what the goldens do not show.
#include <gtest/gtest.h>

#include "format/format.hpp"
#include "format/testing/readable.hpp"
#include "message/limits.hpp"

namespace hookline::format {
namespace {

event::Event notice(std::string_view title, std::string_view text) {
    event::Event event;
    event.service = event::Service::custom;
    event.name = "notice";
    event.title = title;
    event.notice.emplace();
    event.notice->text = text;
    return event;
}

TEST(Notices, TitleAndText) {
    EXPECT_EQ(readable(to_message(notice("Server Alert", "CPU usage at 95%"))),
              "title:  🔔 Server Alert\nurl:    \ncolour: #1f6feb\ndescription:\n  CPU usage at 95%\n"
              "footer: Custom\n");
}

TEST(Notices, WithoutATitleItNamesItsSource) {
    event::Event event = notice("", "");
    EXPECT_EQ(to_message(event).embeds.at(0).title, "🔔 A message of Custom");
    event.notice->source = "billing";
    EXPECT_EQ(to_message(event).embeds.at(0).title, "🔔 A message of billing");
    EXPECT_EQ(to_message(event).embeds.at(0).footer, "billing");
}

TEST(Notices, ValuesAreLinksTimesOrText) {
    event::Event event = notice("T", "");
    event.notice->facts = {{"Run", "https://ci.example.org/runs/87"},
                           {"Started", "2026-11-23T20:05:00Z"},
                           {"Code", "a_b*c*"},
                           {"", "nameless"},
                           {"Empty", "  "},
                           {"Bad", "http://user:pass@evil.example/"}};
    const message::Message message = to_message(event);
    const auto& fields = message.embeds.at(0).fields;
    ASSERT_EQ(fields.size(), 4U);
    EXPECT_EQ(fields[0].value, "[ci.example.org/runs/87](https://ci.example.org/runs/87)");
    EXPECT_EQ(fields[1].value, "<t:1795464300:f>");
    EXPECT_EQ(fields[2].value, "a_b\\*c\\*");
    EXPECT_EQ(fields[3].value.find("](http"), std::string::npos);
}

TEST(Notices, AThousandAlertsAreTenLines) {
    event::Event event = notice("Everything fires", std::string(100'000, '\n') + "end");
    event.notice->items.assign(
        50, {event::Notice::Severity::error, "instance=web-1", "no answer", "https://a.example"});
    event.notice->item_count = 1000;
    const message::Message message = to_message(event);
    EXPECT_TRUE(message::broken_limits(message).empty());
    const std::string text = readable(message);
    EXPECT_NE(text.find("❌ [instance=web-1](https://a.example): no answer"), std::string::npos) << text;
    EXPECT_NE(text.find("…and 990 more"), std::string::npos) << text;
}

TEST(Notices, NothingOfItActs) {
    event::Event event = notice("@everyone [x](https://evil.example)", "<@1234567890123456789> @here");
    event.notice->facts = {{"**name** @everyone", "[y](https://evil.example)"}};
    event.notice->image_url = "javascript:alert(1)";
    const message::Message message = to_message(event);
    const std::string text = readable(message);
    for (const char* acts : {"](https://evil", " @everyone", " <@1"}) {
        EXPECT_EQ(text.find(acts), std::string::npos) << acts << " in\n" << text;
    }
    EXPECT_EQ(message.embeds.at(0).image, "");
}

}  // namespace
}  // namespace hookline::format
