// What is told of a run.
#include "runner/report.hpp"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "services/builds.hpp"

namespace hookline::runner {
namespace {

Run run() {
    Run run;
    run.key = "r-1";
    run.name = "bot";
    run.command = "docker build -t bot .";
    run.words = read_words({"docker", "build", "-t", "bot", "."});
    run.secrets.add("hunter2000");
    run.started = TimePoint(Milliseconds(1'795'446'373'000));
    return run;
}

event::Build read(const boost::json::object& report) {
    const std::string text = boost::json::serialize(report);
    const auto document = services::Document::parse(text);
    EXPECT_TRUE(document && services::is_build(document->root())) << text;
    event::Event event;
    services::parse_build(document->root(), event);
    return *event.build;
}

event::Build ended(const Ended& how, const std::vector<std::string>& lines = {}) {
    BuildSteps steps;
    steps.on_line("Step 1/3 : FROM a");
    steps.on_line("Step 2/3 : RUN echo hunter2000");
    return read(ended_report(run(), how, TimePoint(Milliseconds(1'795'446'385'000)), steps, lines));
}

TEST(Report, IsWhatHooksRead) {
    const event::Build started = read(started_report(run()));
    EXPECT_EQ(started.status, event::Build::Status::started);
    EXPECT_EQ(started.tags.front(), "bot:latest");
    EXPECT_EQ(started.context, ".");
    const event::Build failed = ended(Ended{2, 0, false});
    EXPECT_EQ(failed.status, event::Build::Status::failed);
    EXPECT_EQ(failed.exit_code, 2);
    EXPECT_EQ(failed.duration, std::chrono::seconds(12));
    EXPECT_EQ(failed.steps_done, 1);
}

TEST(Report, WhoWasAskedToEndWasCancelled) {
    EXPECT_EQ(ended(Ended{0, 0, true}).status, event::Build::Status::cancelled);
    EXPECT_EQ(ended(Ended{130, 0, true}).status, event::Build::Status::cancelled);
    EXPECT_EQ(ended(Ended{0, SIGTERM, false}).status, event::Build::Status::cancelled);
    EXPECT_EQ(ended(Ended{0, SIGKILL, false}).status, event::Build::Status::failed);
    EXPECT_EQ(ended(Ended{0, SIGKILL, false}).signal, SIGKILL);
    EXPECT_EQ(ended(Ended{0, 0, false}).status, event::Build::Status::completed);
}

TEST(Report, LinesOfProgressLeaveRoomForOthers) {
    const event::Build build =
        ended(Ended{1, 0, false}, {"Step 2/3 : RUN make", " ---> Running in 9ae4f7c0c6b5",
                                   "Removing intermediate container 9ae4f7c0c6b5",
                                   " => [2/3] RUN make   0.2s", "make: *** Error 1"});
    EXPECT_EQ(build.logs, std::vector<std::string>{"make: *** Error 1"});
}

TEST(Report, SecretsAreLeftOut) {
    const event::Build build = ended(Ended{1, 0, false}, {"using hunter2000", "API_TOKEN=abc123"});
    EXPECT_EQ(build.failed_step, "RUN echo ***");
    EXPECT_EQ(build.logs, (std::vector<std::string>{"using ***", "API_TOKEN=…"}));
}

}  // namespace
}  // namespace hookline::runner
