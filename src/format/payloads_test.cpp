// Every example that GitHub's community collected (npm @octokit/webhooks-examples; HOOKLINE_PAYLOADS names
// its folder) makes a message that can be sent and read, or is silent for a reason that is told.
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

#include "format/format.hpp"
#include "format/testing/readable.hpp"
#include "message/limits.hpp"
#include "services/announced.hpp"
#include "services/service.hpp"

namespace hookline::format {
namespace {

namespace json = boost::json;

std::optional<json::value> examples() {
    const char* folder = std::getenv("HOOKLINE_PAYLOADS");
    const auto path = std::filesystem::path(folder != nullptr ? folder : "") / "api.github.com/index.json";
    std::ifstream file(path, std::ios::binary);
    if (folder == nullptr || !file) {
        return std::nullopt;
    }
    return json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

/// What a reader sees: link targets and the embed's own URL are not read.
std::string visible(const message::Message& message) {
    std::string text = message.content;
    for (const message::Embed& embed : message.embeds) {
        text += embed.title + "\n" + embed.description + "\n" + embed.footer + "\n";
        for (const message::EmbedField& field : embed.fields) {
            text += field.name + "\n" + field.value + "\n";
        }
    }
    static const std::regex target(R"(\]\([^)]*\)|<https?://[^>]*>)");
    return std::regex_replace(text, target, "]");
}

void expect_readable(const message::Message& message, const std::string& what) {
    for (const std::string& fault : message::broken_limits(message)) {
        ADD_FAILURE() << what << ": " << fault;
    }
    static const std::regex ugly(R"(\bnull\b|[0-9a-f]{40}|\{\}|undefined|: $|#0\b|\+-|,\s*,)");
    std::smatch found;
    const std::string text = visible(message);
    EXPECT_FALSE(std::regex_search(text, found, ugly)) << what << ": “" << found.str() << "” in\n"
                                                       << readable(message);
    for (const message::Embed& embed : message.embeds) {
        EXPECT_FALSE(embed.title.empty()) << what;
        for (const message::EmbedField& field : embed.fields) {
            EXPECT_FALSE(trim(field.name).empty() || trim(field.value).empty()) << what << "\n"
                                                                                << readable(message);
        }
    }
}

TEST(Payloads, EveryExampleIsAMessageOrSilentForAReason) {
    const auto list = examples();
    if (!list) {
        GTEST_SKIP() << "HOOKLINE_PAYLOADS names no folder of @octokit/webhooks-examples";
    }
    const services::ServiceAdapter* github = services::find_adapter(event::Service::github);
    std::size_t announced = 0;
    std::size_t silent = 0;
    std::size_t unknown = 0;
    for (const json::value& kind : list->as_array()) {
        for (const json::value& example : kind.at("examples").as_array()) {
            event::Delivery delivery;
            delivery.event_type = std::string(kind.at("name").as_string());
            delivery.payload = json::serialize(example);
            const auto event = github->parse(delivery);
            ASSERT_TRUE(event) << delivery.event_type << ": " << event.error().detail;
            const std::string reason = services::silent_by_default(*event);
            const std::string what = delivery.event_type + " as " + event->full_name();
            expect_readable(to_message(*event), what);
            expect_readable(plain_message(*event), what + " (plain)");
            announced += reason.empty() ? 1 : 0;
            silent += reason.empty() ? 0 : 1;
            unknown += event->name.empty() && !event->ping ? 1 : 0;
        }
    }
    EXPECT_GT(announced, 50U);
    EXPECT_GT(silent, 150U);
    EXPECT_LT(unknown, 60U);
    RecordProperty("announced", static_cast<int>(announced));
}

}  // namespace
}  // namespace hookline::format
