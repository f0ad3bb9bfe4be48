#include "forge/jenkins.hpp"

#include <gmock/gmock.h>

#include "base/crypto.hpp"
#include "net/scripted_client.hpp"
#include "testing/fake_clock.hpp"
#include "testing/loop.hpp"

namespace hookline::forge {

namespace {

using event::Conclusion;

constexpr const char* build = "https://jenkins.example.org/ci/job/team/job/app/job/feature%252Fx/12/";
constexpr const char* path = "/job/team/job/app/job/feature%252Fx/12";

class JenkinsClient : public testing::Test {
protected:
    Result<BuildStages> ask(const std::string& url = build) {
        std::optional<Result<BuildStages>> result;
        loop.start(jenkins.stages(url), result);
        loop.settle();
        return std::move(result).value();
    }
    void answer(int status, std::string body) {
        client.answers.push_back(net::scripted_answer(status, std::move(body)));
    }

    Loop loop;
    FakeClock clock;
    NoMetrics metrics;
    net::ScriptedClient client;
    Jenkins jenkins{client, net::parse_origin("https://jenkins.example.org/ci/").value(),
                    clock,  metrics,
                    "bot",  Secret("t_canary")};
};

constexpr const char* failed_run = R"({"status":"FAILED","stages":[
    {"id":"6","name":"Build","status":"SUCCESS","durationMillis":105000,"pauseDurationMillis":5000},
    {"id":"11","name":"Test","status":"FAILED","durationMillis":64000,"pauseDurationMillis":0},
    {"id":"20","name":"Deploy","status":"FAILED","durationMillis":12},
    {"id":"30","name":"Notify","status":"NOT_EXECUTED"},
    {"id":"31","name":"Odd","status":"WHATEVER","durationMillis":-7},
    null, 7]})";
constexpr const char* failed_stage = R"({"stageFlowNodes":[{"id":"13","status":"SUCCESS","error":null},
    {"id":"14","status":"FAILED","error":{"message":"script returned exit code 1","type":"hudson.AbortException"}}]})";
constexpr const char* failed_log =
    R"({"nodeId":"14","text":"+ make test\n<span class=\"x\">3 tests &lt;failed&gt; &amp;amp;</span>\n","hasMore":false})";

}  // namespace

TEST_F(JenkinsClient, TellsStagesInOrderAndWhyOneFailed) {
    answer(200, failed_run);
    answer(200, failed_stage);
    answer(200, failed_log);
    const auto stages = ask();
    ASSERT_TRUE(stages);
    ASSERT_EQ(stages->stages.size(), 7U);
    EXPECT_EQ(stages->stages[0].name, "Build");
    EXPECT_EQ(stages->stages[0].conclusion, Conclusion::success);
    EXPECT_EQ(stages->stages[0].duration, std::chrono::seconds(100));
    EXPECT_EQ(stages->stages[3].conclusion, Conclusion::skipped);
    EXPECT_EQ(stages->stages[4].conclusion, Conclusion::none);
    EXPECT_EQ(stages->stages[4].duration, std::chrono::seconds(0));
    EXPECT_EQ(stages->stopped_at, "Test");
    EXPECT_EQ(stages->error, "script returned exit code 1");
    EXPECT_EQ(stages->log, "+ make test\n3 tests <failed> &amp;\n");
    ASSERT_EQ(client.asked.size(), 3U);
    EXPECT_EQ(client.asked[0].target, std::string(path) + "/wfapi/describe");
    EXPECT_EQ(client.asked[1].target, std::string(path) + "/execution/node/11/wfapi/describe");
    EXPECT_EQ(client.asked[2].target, std::string(path) + "/execution/node/14/wfapi/log");
    EXPECT_EQ(net::field(client.asked[0].fields, "Authorization"), "Basic " + to_base64("bot:t_canary"));
}

TEST_F(JenkinsClient, WhatTheLaterAnswersDoNotTellIsLeftOut) {
    answer(200, failed_run);
    answer(500, "");
    EXPECT_EQ(ask()->stopped_at, "Test");
    answer(200, failed_run);
    answer(200, failed_stage);
    answer(200, "<html>");
    EXPECT_EQ(ask()->error, "script returned exit code 1");
    answer(200, R"({"stages":[{"id":"../../script","name":"x","status":"FAILED"}]})");
    EXPECT_EQ(ask()->stopped_at, "x");
    EXPECT_TRUE(client.answers.empty());
    answer(200, R"({"stages":[{"id":"3","name":"Build","status":"ABORTED"}]})");
    EXPECT_EQ(ask()->stopped_at, "Build");
    answer(200, R"({"stages":"none"})");
    EXPECT_TRUE(ask()->stages.empty());
}

TEST_F(JenkinsClient, AsksOnlyForBuildsOfTheConfiguredJenkins) {
    for (const char* url :
         {"https://jenkins.example.org/job/app/12/",  // not below /ci
          "https://evil.example/ci/job/app/12/", "http://jenkins.example.org/ci/job/app/12/",
          "https://jenkins.example.org:8443/ci/job/app/12/",
          "https://jenkins.example.org@evil.example/ci/job/app/12",
          "https://jenkins.example.org/ci/job/app/12/?x=1", "https://jenkins.example.org/ci/job/app/",
          "https://jenkins.example.org/ci/job/../12/", "https://jenkins.example.org/ci/job/%2e%2e/12/",
          "https://jenkins.example.org/ci/job/a/../12/", "https://jenkins.example.org/ci/script",
          "https://jenkins.example.org/ci/job/app/lastBuild/",
          "https://jenkins.example.org/cider/job/app/12/", "job/app/12/", ""}) {
        EXPECT_FALSE(jenkins.has(url)) << url;
        EXPECT_EQ(ask(url).error().code, Errc::invalid_argument) << url;
    }
    EXPECT_TRUE(client.asked.empty());
    EXPECT_TRUE(jenkins.has("https://JENKINS.example.org:443/ci/job/app/12"));
}

TEST_F(JenkinsClient, IsLeftInPeaceAfterAnErrorThatTheNextRequestWouldMeet) {
    EXPECT_EQ(ask().error().detail, "Jenkins cannot be reached: refused");
    EXPECT_EQ(ask().error().code, Errc::unavailable);
    EXPECT_EQ(client.asked.size(), 1U);
    clock.advance(std::chrono::seconds(30));
    answer(401, "");
    EXPECT_EQ(ask().error().detail, std::string("Jenkins answered 401 for ") + path +
                                        "/wfapi/describe: user or token is not accepted");
    EXPECT_EQ(ask().error().code, Errc::unavailable);
    clock.advance(std::chrono::minutes(5));
    answer(404, "");
    EXPECT_EQ(ask().error().code, Errc::not_found);
    answer(200, R"({"stages":[]})");
    EXPECT_TRUE(ask());
}

TEST_F(JenkinsClient, OfALongLogTheEndCounts) {
    answer(200, failed_run);
    answer(200, failed_stage);
    answer(200, R"({"text":")" + std::string(200'000, 'x') + R"(\n<a href='y'>the end</a> <unclosed"})");
    EXPECT_EQ(ask()->log, "\nthe end ");
}

}  // namespace hookline::forge
