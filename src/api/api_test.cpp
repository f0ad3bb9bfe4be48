#include "api/api.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "api/prometheus_metrics.hpp"
#include "api/route.hpp"
#include "commands/testing/commands_fixture.hpp"

namespace hookline::api {

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

namespace {

class Api : public commands::CommandsFixture {
protected:
    struct Answer {
        int status = 0;
        json::object body;
        std::string text;
        net::Fields fields;
    };
    Answer ask(const std::string& method, const std::string& target, const std::string& body = "",
               const std::string& token = "admin") {
        net::Request request(method, target);
        if (!token.empty()) {
            request.fields.emplace_back("authorization", "Bearer " + token);
        }
        request.body = body;
        const net::Response response = run(handler_(std::move(request), "127.0.0.1"));
        Answer answer{response.status, {}, response.body, response.fields};
        boost::system::error_code error;
        json::value value = json::parse(response.body, error);
        if (!error && value.is_object()) {
            answer.body = std::move(value.get_object());
        }
        return answer;
    }
    std::string error(const std::string& method, const std::string& target, int status,
                      const std::string& body = "") {
        const Answer answer = ask(method, target, body);
        EXPECT_EQ(answer.status, status) << answer.text;
        return answer.body.contains("error") ? std::string(answer.body.at("error").get_string())
                                             : answer.text;
    }

    Task<Result<net::Response>> deliver(net::Request request) {
        delivered_.push_back(request);
        net::Response response(202);
        response.body = R"({"event":7})";
        co_return response;
    }

    std::vector<net::Request> delivered_;
    PrometheusMetrics prometheus_;
    Parts parts_{*store,       *commands,
                 surroundings, prometheus_,
                 clock,        random,
                 log,          Secret("admin"),
                 "1.2.3",      [this](net::Request request) { return deliver(std::move(request)); },
                 clock.now()};
    net::Handler handler_ = make_handler(parts_);
};

constexpr const char* new_hook = R"({"service":"github","events":["push","pr"],"destination":"terminal"})";

}  // namespace

TEST_F(Api, AsksForTheTokenExceptWhereAProbeOrAScraperComes) {
    for (const Route* route : all_routes()) {
        const bool is_open = route->path == "/healthz" || route->path == "/readyz" ||
                             route->path == "/metrics" || route->path == "/api/v1/openapi.json";
        EXPECT_NE(route->needs_token, is_open) << route->path;
        std::string target(route->path);
        const std::size_t part = target.find("{id}");
        target = part == std::string::npos ? target : target.replace(part, 4, "1");
        if (!is_open) {
            EXPECT_EQ(ask(std::string(route->method), target, "", "").status, 401) << route->path;
            EXPECT_EQ(ask(std::string(route->method), target, "", "Admin").status, 401);
        }
    }
    EXPECT_EQ(error("GET", "/api/v1/hooks", 200), "{\"hooks\":[]}\n");
}

TEST_F(Api, AHookIsMadeReadChangedTestedAndDeleted) {
    const Answer made = ask("POST", "/api/v1/hooks", new_hook);
    ASSERT_EQ(made.status, 201) << made.text;
    EXPECT_EQ(made.body.at("id"), "hook_001");
    EXPECT_EQ(made.body.at("path"), "/webhook/github/hook_001");
    EXPECT_THAT(std::string(made.body.at("secret").get_string()), testing::StartsWith("gh_"));
    EXPECT_EQ(made.body.at("events"), json::parse(R"(["push","pr"])"));

    const Answer read = ask("GET", "/api/v1/hooks/hook_001");
    EXPECT_EQ(read.status, 200);
    EXPECT_FALSE(read.body.contains("secret")) << "the secret is shown once, to whoever made the hook";

    const Answer changed = ask("PATCH", "/api/v1/hooks/hook_001", R"({"events":["release"],"paused":true})");
    EXPECT_EQ(changed.status, 200) << changed.text;
    EXPECT_EQ(changed.body.at("events"), json::parse(R"(["release"])"));
    EXPECT_EQ(changed.body.at("paused"), true);
    const Answer told = ask("PATCH", "/api/v1/hooks/hook_001", R"({"style":"compact","live":true})");
    EXPECT_EQ(told.body.at("style"), "compact");
    EXPECT_EQ(told.body.at("live"), true);
    EXPECT_TRUE(told.body.at("threads").is_null());
    EXPECT_EQ(told.body.at("paused"), true) << "it changes nothing else";
    EXPECT_EQ(ask("PATCH", "/api/v1/hooks/hook_001", R"({"threads":true})").status, 400) << "of a terminal";
    EXPECT_EQ(ask("PATCH", "/api/v1/hooks/hook_001", R"({"paused":false})").body.at("paused"), false);

    const Answer tested = ask("POST", "/api/v1/hooks/hook_001/test", R"({"event":"pr.merged"})");
    EXPECT_EQ(tested.status, 202) << tested.text;
    const Answer events = ask("GET", "/api/v1/events?hook=hook_001");
    EXPECT_EQ(events.body.at("events").get_array().size(), 1U);
    EXPECT_EQ(events.body.at("events").at(0).at("test"), true);

    EXPECT_EQ(ask("DELETE", "/api/v1/hooks/hook_001").status, 200);
    EXPECT_EQ(error("GET", "/api/v1/hooks/hook_001", 404), "There is no such hook.");
    EXPECT_EQ(ask("GET", "/api/v1/hooks?deleted=true").body.at("hooks").get_array().size(), 1U);
}

TEST_F(Api, ACommandGetsTheReplyThatChatGets) {
    const Answer words = ask("POST", "/api/v1/commands", R"({"words":"list"})");
    EXPECT_EQ(words.status, 200);
    EXPECT_EQ(words.body.at("ok"), true);
    const Answer arguments =
        ask("POST", "/api/v1/commands",
            R"({"arguments":["github","on","--channel","terminal","--events","push, pr"]})");
    EXPECT_EQ(arguments.body.at("ok"), true) << arguments.text;
    EXPECT_EQ(arguments.body.at("hook"), "hook_001");
    const Answer refused = ask("POST", "/api/v1/commands", R"({"words":"githib on"})");
    EXPECT_EQ(refused.status, 200);
    EXPECT_EQ(refused.body.at("ok"), false);
    EXPECT_EQ(error("POST", "/api/v1/commands", 404, R"({"words":"list","channel":"99"})"),
              "The bot sees no channel of that id.");
    EXPECT_EQ(error("POST", "/api/v1/commands", 400, R"({"words":"list","channel":"dev"})"),
              "\"channel\" must be the id of a Discord channel.");
}

TEST_F(Api, SendSignsAsTheServiceWouldAndKeepsTheSecretToItself) {
    const Answer made = ask("POST", "/api/v1/hooks", new_hook);
    const std::string secret(made.body.at("secret").get_string());
    const Answer sent =
        ask("POST", "/api/v1/send",
            R"({"service":"github","event":"push","hook":"hook_001","payload":"{}","delivery":"d1"})");
    EXPECT_EQ(sent.status, 200) << sent.text;
    EXPECT_EQ(sent.body.at("status"), 202);
    EXPECT_THAT(sent.text, Not(HasSubstr(secret)));
    ASSERT_EQ(delivered_.size(), 1U);
    EXPECT_EQ(delivered_[0].target, "/webhook/github/hook_001");
    EXPECT_EQ(net::field(delivered_[0].fields, "X-GitHub-Delivery"), "d1");
    EXPECT_EQ(net::field(delivered_[0].fields, "X-GitHub-Event"), "push");
    EXPECT_FALSE(net::field(delivered_[0].fields, "X-Hub-Signature-256").empty());
    EXPECT_EQ(error("POST", "/api/v1/send", 404,
                    R"({"service":"github","event":"push","hook":"hook_9","payload":"{}"})"),
              "There is no GitHub hook \"hook_9\".");
    EXPECT_EQ(error("POST", "/api/v1/send", 400,
                    R"({"service":"sourcehut","event":"push","hook":"hook_1","payload":"{}"})"),
              "The service \"sourcehut\" is not offered.");
}

TEST_F(Api, EventsArePagedBySequenceAndToldWithTheirOutcomes) {
    const store::Hook hook = set_up();
    for (int i = 0; i < 3; ++i) {
        happened(hook, store::OutcomeKind::not_announced, "pr.synchronize is not announced by default");
    }
    const Answer newest = ask("GET", "/api/v1/events?limit=2");
    EXPECT_EQ(newest.body.at("events").at(0).at("id"), 3);
    EXPECT_EQ(newest.body.at("events").get_array().size(), 2U);
    const Answer after = ask("GET", "/api/v1/events?after=1");
    EXPECT_EQ(after.body.at("events").at(0).at("id"), 2);
    const Answer one = ask("GET", "/api/v1/events/2");
    EXPECT_EQ(one.body.at("payload"), json::object());
    EXPECT_EQ(one.body.at("outcomes").at(0).at("kind"), "not_announced");
    EXPECT_EQ(one.body.at("outcomes").at(0).at("reason"), "pr.synchronize is not announced by default");
    EXPECT_EQ(ask("POST", "/api/v1/events/2/replay").status, 202);
    EXPECT_EQ(error("GET", "/api/v1/events/99", 404), "There is no such event.");
    EXPECT_EQ(error("GET", "/api/v1/events/x", 404), "There is no such event.");
    EXPECT_EQ(error("GET", "/api/v1/events?limit=x", 400), "\"limit\" must be a whole number.");
    EXPECT_EQ(error("GET", "/api/v1/events?service=x", 400), "There is no such service.");
}

TEST_F(Api, ErrorsSayWhatIsWrong) {
    EXPECT_EQ(error("GET", "/api/v2/hooks", 404), "There is nothing here.");
    EXPECT_EQ(error("GET", "/", 404), "There is nothing here.");
    const Answer method = ask("PUT", "/api/v1/hooks");
    EXPECT_EQ(method.status, 405);
    EXPECT_EQ(net::field(method.fields, "Allow"), "GET, POST");
    EXPECT_EQ(error("GET", "/api/v1/events?hok=1", 400),
              "There is no parameter \"hok\" here; did you mean \"hook\"?");
    EXPECT_EQ(error("POST", "/api/v1/hooks", 400, "["), "The body is not a JSON object.");
    EXPECT_EQ(error("POST", "/api/v1/hooks", 400, R"({"servce":"github"})"),
              "There is no key \"servce\" here; did you mean \"service\"?");
    EXPECT_EQ(error("POST", "/api/v1/hooks", 400, "{}"),
              "The key \"service\" is missing: the service that will deliver, such as github.");
    EXPECT_EQ(error("POST", "/api/v1/hooks", 400, R"({"service":"github","events":"push"})"),
              "\"events\" must be an array of strings.");
    EXPECT_THAT(error("POST", "/api/v1/hooks", 400,
                      R"({"service":"github","events":["pusch"],"destination":"terminal"})"),
                HasSubstr("push"));
}

TEST_F(Api, HealthReadinessAndMetrics) {
    EXPECT_EQ(ask("GET", "/healthz", "", "").text, "ok\n");
    EXPECT_EQ(ask("HEAD", "/healthz", "", "").status, 200);
    EXPECT_EQ(ask("GET", "/readyz", "", "").text, "ready\n");
    EXPECT_THAT(ask("GET", "/metrics", "", "").text, HasSubstr("hookline_events_unprocessed 0"));
}

TEST_F(Api, StatusTellsWhatIsHeldAndWhereTheBotLacksRights) {
    const store::Hook hook = set_up();
    hold(hook, dispatch::HoldReason::missing_permission, "403 Missing Permissions (50013)");
    const Answer status = ask("GET", "/api/v1/status");
    EXPECT_EQ(status.body.at("version"), "1.2.3");
    EXPECT_EQ(status.body.at("gateway"), "connected");
    EXPECT_EQ(status.body.at("held").at(0).at("detail"), "403 Missing Permissions (50013)");
    EXPECT_EQ(status.body.at("channels").at(0).at("seen").at("name"), "channel");
}

TEST_F(Api, ABuildIsToldToEveryHookThatHearsOfBuilds) {
    constexpr const char* build = R"({"build":{"key":"k","status":"started","name":"bot"}})";
    EXPECT_EQ(ask("POST", "/api/v1/builds", build).body.at("events").get_array().size(), 0U);
    for (const char* hook : {R"({"service":"docker","destination":"terminal"})",
                             R"({"service":"ci","events":["build"],"destination":"terminal"})",
                             R"({"service":"github","destination":"terminal"})"}) {
        ASSERT_EQ(ask("POST", "/api/v1/hooks", hook).status, 201);
    }
    const Answer told = ask("POST", "/api/v1/builds", build);
    ASSERT_EQ(told.status, 202) << told.text;
    EXPECT_EQ(told.body.at("events").get_array().size(), 2U);
    EXPECT_EQ(ask("POST", "/api/v1/builds", build).body, told.body) << "told again it is known again";
    const Answer events = ask("GET", "/api/v1/events?type=build");
    EXPECT_EQ(events.body.at("events").get_array().size(), 2U);
    EXPECT_EQ(
        error("POST", "/api/v1/builds", 400, R"({"build":{"key":"k"}})"),
        "A build needs a \"key\", a \"name\" and a \"status\": started, completed, failed or cancelled.");
    EXPECT_EQ(error("POST", "/api/v1/builds", 400, R"({"build":7})"), "\"build\" must be an object.");
}

TEST_F(Api, TheDocumentNamesEveryRouteAndEverySchemaItRefersTo) {
    const Answer answer = ask("GET", "/api/v1/openapi.json", "", "");
    const json::object& paths = answer.body.at("paths").get_object();
    const json::object& schemas = answer.body.at("components").at("schemas").get_object();
    for (const Route* route : all_routes()) {
        ASSERT_TRUE(paths.contains(route->path)) << route->path;
        if (!route->answer.empty()) {
            EXPECT_TRUE(schemas.contains(route->answer)) << route->answer;
        }
    }
    EXPECT_EQ(answer.body.at("info").at("version"), "1.2.3");
}

}  // namespace hookline::api
