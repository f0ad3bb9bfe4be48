// What a build's message says, and what it leaves out.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "format/format.hpp"
#include "format/testing/readable.hpp"
#include "services/service.hpp"

namespace hookline::format {
namespace {

using testing::HasSubstr;
using testing::Not;

event::Event read(std::string_view more, std::string_view status) {
    event::Delivery delivery;
    delivery.service = event::Service::docker;
    delivery.event_type = "build";
    delivery.payload = fmt::format(R"({{"build":{{"key":"k","status":"{}","name":"bot"{}}}}})", status, more);
    return services::find_adapter(event::Service::docker)->parse(delivery).value();
}

std::string told(std::string_view more, std::string_view status, Style style = Style::normal) {
    return readable(to_message(read(more, status), {}, style));
}

TEST(Builds, OnlyAnImageThatWasMadeIsReady) {
    const std::string nobody_looked = told(R"(,"tags":["bot:1"],"context":".")", "completed");
    EXPECT_THAT(nobody_looked, Not(HasSubstr("Ready")));
    EXPECT_THAT(nobody_looked, HasSubstr("Image: `bot:1`"));
    EXPECT_THAT(told(R"(,"tags":["bot:1"],"image":{"id":"sha256:aa"})", "completed"),
                HasSubstr("Ready to deploy: `bot:1`"));
    EXPECT_THAT(told(R"(,"image":{"id":"sha256:4f53cda18c2baa0c"})", "completed"),
                HasSubstr("Ready to deploy: `4f53cda18c2b`"));
}

TEST(Builds, WhatBuildsNoImageShowsItsCommand) {
    const std::string text = told(R"(,"command":"make -j4 package")", "started");
    EXPECT_THAT(text, HasSubstr("🔨 Building: bot"));
    EXPECT_THAT(text, HasSubstr("Command: `make -j4 package`"));
    EXPECT_THAT(told(R"(,"command":"docker build .","context":".")", "started"), Not(HasSubstr("Command")));
}

TEST(Builds, AnEndBySignalIsSaidAsAShellDoes) {
    EXPECT_THAT(told(R"(,"signal":9)", "failed"), HasSubstr("Exit code: 137 (SIGKILL)"));
    EXPECT_THAT(told(R"(,"signal":34)", "failed"), HasSubstr("Exit code: 162 (signal 34)"));
    EXPECT_THAT(told(R"(,"exit_code":127)", "failed"), HasSubstr("Exit code: 127 (command not found)"));
}

TEST(Builds, WhatTookNoTimeSaysSo) {
    EXPECT_THAT(told(R"(,"started":1795446373926395333,"ended":1795446373996395333)", "completed"),
                HasSubstr("Duration: under a second"));
}

TEST(Builds, TheLineUnderACardNamesTheStep) {
    EXPECT_EQ(plain_message(read(R"(,"steps":{"failed":"RUN make"})", "failed")).content,
              "❌ Build Failed: bot at `RUN make`");
}

TEST(Builds, NothingIsEmpty) {
    for (const char* status : {"started", "completed", "failed", "cancelled"}) {
        for (const Style style : {Style::compact, Style::normal, Style::full}) {
            EXPECT_THAT(told("", status, style), Not(HasSubstr(": \n"))) << status;
        }
    }
}

}  // namespace
}  // namespace hookline::format
