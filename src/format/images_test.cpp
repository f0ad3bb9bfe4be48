// Images of a registry: what the goldens do not show.
#include <gtest/gtest.h>

#include "format/format.hpp"
#include "format/testing/readable.hpp"
#include "message/limits.hpp"

namespace hookline::format {
namespace {

TEST(Images, HundredsInOneDeliveryAreCounted) {
    event::Event event;
    event.service = event::Service::docker;
    event.name = "image";
    event.action = "pushed";
    event.image = event::Image{"platform/app", "1.4.0", "sha256:4f53cda18c2baaaaaaaa", "", "", 48'000'000};
    event.notice.emplace().items.assign(
        99, {event::Notice::Severity::none, "platform/worker@c01dbeef77aa", "", ""});
    const message::Message message = to_message(event);
    EXPECT_TRUE(message::broken_limits(message).empty());
    const std::string text = readable(message);
    EXPECT_NE(text.find("title:  🐳 Image app:1.4.0 and 99 more pushed"), std::string::npos) << text;
    EXPECT_NE(text.find("▪ Size: 48 MB"), std::string::npos) << text;
    EXPECT_NE(text.find("`platform/worker@c01dbeef77aa`"), std::string::npos) << text;
    EXPECT_NE(text.find("…and 89 more"), std::string::npos) << text;
}

TEST(Images, WithoutANameItIsStillAMessage) {
    event::Event event;
    event.name = "image";
    event.action = "pushed";
    event.image.emplace();
    EXPECT_EQ(to_message(event).embeds.at(0).title, "🐳 Image pushed");
}

}  // namespace
}  // namespace hookline::format
