// Every sample as its message, beside the text that was read and found good. UPDATE_GOLDEN=1 rewrites them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "format/format.hpp"
#include "format/testing/readable.hpp"
#include "message/limits.hpp"
#include "services/announced.hpp"
#include "services/service.hpp"

namespace hookline::format {
namespace {

namespace fs = std::filesystem;

fs::path golden_folder() {
    const char* named = std::getenv("HOOKLINE_GOLDEN");
    return named != nullptr ? named : HOOKLINE_GOLDEN_FOLDER;
}

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

event::Event event_of(const services::ServiceAdapter& adapter, const services::Sample& sample) {
    event::Delivery delivery;
    delivery.service = adapter.service();
    delivery.event_type = sample.event_type;
    delivery.payload = sample.payload;
    delivery.received_at = *parse_time("2026-11-23T20:00:00Z");
    return adapter.parse(delivery).value();
}

void compare(const fs::path& path, const std::string& text) {
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
        fs::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
        return;
    }
    ASSERT_TRUE(fs::exists(path)) << path << " is missing: run with UPDATE_GOLDEN=1, then read it";
    EXPECT_EQ(read_file(path), text) << path << " differs: read it, and if it is better, UPDATE_GOLDEN=1";
}

std::string page(const event::Event& event, const message::Message& message) {
    const std::string silent = services::silent_by_default(event);
    return readable(message) + "plain:  " + plain_message(event).content + "\n" +
           (silent.empty() ? "" : fmt::format("unless asked for: {}\n", silent));
}

TEST(Golden, EverySampleOfEveryService) {
    for (const services::ServiceAdapter* adapter : services::all_adapters()) {
        std::map<std::string, int> seen;
        for (const services::Sample& sample : adapter->samples()) {
            const event::Event event = event_of(*adapter, sample);
            if (event.ping) {
                continue;
            }
            // "github:workflow_run", of the endpoint for all CI: whose it is stands in the file's name.
            const std::size_t colon = sample.event_type.find(':');
            std::string name(colon == std::string_view::npos
                                 ? std::string(sample.name)
                                 : fmt::format("{}.{}", sample.event_type.substr(0, colon), sample.name));
            const int count = ++seen[name];
            name += count > 1 ? fmt::format("-{}", count) : "";
            const message::Message message = to_message(event);
            EXPECT_TRUE(message::broken_limits(message).empty()) << name;
            compare(golden_folder() / event::name_of(adapter->service()) / (name + ".txt"),
                    page(event, message));
        }
    }
}

/// What most channels hear of, in the two other styles.
TEST(Golden, ImportantSamplesInEveryStyle) {
    const std::set<std::string_view> chosen{"push",
                                            "push.forced",
                                            "pr.opened",
                                            "pr.merged",
                                            "review.approved",
                                            "issue.opened",
                                            "comment.created",
                                            "workflow.failed",
                                            "job.failed",
                                            "release.published",
                                            "check.failed",
                                            "pipeline.failed",
                                            "stage.failed",
                                            "notice",
                                            "deployment.failure",
                                            "notice.critical",
                                            "image.pushed",
                                            "build.started",
                                            "build.completed",
                                            "build.failed",
                                            "build.cancelled",
                                            "discussion.created"};
    for (const services::ServiceAdapter* adapter : services::all_adapters()) {
        std::set<std::string_view> seen;
        for (const services::Sample& sample : adapter->samples()) {
            if (sample.event_type.find(':') != std::string_view::npos || !chosen.contains(sample.name) ||
                !seen.insert(sample.name).second) {
                continue;
            }
            const event::Event event = event_of(*adapter, sample);
            for (const Style style : {Style::compact, Style::full}) {
                const message::Message message = to_message(event, {}, style);
                EXPECT_TRUE(message::broken_limits(message).empty()) << sample.name;
                compare(golden_folder() / message::name_of(style) / event::name_of(adapter->service()) /
                            fmt::format("{}.txt", sample.name),
                        readable(message));
            }
        }
    }
}

/// What the code host tells later changes the line, not the style.
TEST(Golden, APushWithItsFilesInEveryStyle) {
    const services::ServiceAdapter* github = services::find_adapter(event::Service::github);
    const event::Event event = event_of(*github, github->samples().front());
    Enrichment enrichment;
    enrichment.files.assign(30, {"docs/generated/page.md", 1204, 3});
    for (const Style style : {Style::compact, Style::full}) {
        compare(golden_folder() / message::name_of(style) / "github" / "push.with-many-files.txt",
                readable(to_message(event, enrichment, style)));
    }
}

TEST(Golden, APushWithItsFiles) {
    const services::ServiceAdapter* github = services::find_adapter(event::Service::github);
    const event::Event event = event_of(*github, github->samples().front());
    Enrichment enrichment;
    enrichment.files = {{"pyproject.toml", 2, 1},
                        {"src/encryption.py", 15, 8},
                        {"src/settings.py", 3, 0},
                        {"tests/test_encryption_properties.py", 64, 0}};
    compare(golden_folder() / "github" / "push.with-files.txt", page(event, to_message(event, enrichment)));
    enrichment.files = {{"src/encryption.py", 15, 8}};
    compare(golden_folder() / "github" / "push.with-one-file.txt",
            page(event, to_message(event, enrichment)));
    enrichment.files.assign(300, {"docs/generated/page.md", 1204, 3});
    enrichment.files_are_partial = true;
    compare(golden_folder() / "github" / "push.with-many-files.txt",
            page(event, to_message(event, enrichment)));
}

TEST(Golden, ABuildWithItsStages) {
    const services::ServiceAdapter* jenkins = services::find_adapter(event::Service::jenkins);
    Enrichment enrichment;
    enrichment.stages = {{"Build", "SUCCESS", event::Conclusion::success, {}},
                         {"Test", "FAILED", event::Conclusion::failure, {}},
                         {"Deploy", "NOT_EXECUTED", event::Conclusion::skipped, {}}};
    enrichment.stopped_at = "Test";
    enrichment.error = "+ make test\n3 tests failed";
    for (const services::Sample& sample : jenkins->samples()) {
        event::Event event = event_of(*jenkins, sample);
        if (sample.name == "pipeline.failed") {
            event.pipeline->error.clear();
            compare(golden_folder() / "jenkins" / "pipeline.failed.with-stages.txt",
                    page(event, to_message(event, enrichment)));
            break;
        }
    }
}

TEST(Golden, ATestIsMarkedAsOne) {
    const services::ServiceAdapter* github = services::find_adapter(event::Service::github);
    const event::Event event = event_of(*github, github->samples().front());
    const message::Message message = mark_as_test(to_message(event), "The filters would have let it pass.");
    compare(golden_folder() / "test-message.txt", readable(message));
}

}  // namespace
}  // namespace hookline::format
