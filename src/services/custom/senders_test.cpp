// Senders that are known by name. What their messages look like, tests/golden/custom shows; here is what the
// samples do not hold.
#include <gtest/gtest.h>

#include "base/iso_time.hpp"
#include "services/custom/custom.hpp"
#include "services/custom/sender.hpp"

namespace hookline::services::custom {
namespace {

event::Event read(std::string_view event_type, std::string_view payload) {
    event::Delivery delivery;
    delivery.service = event::Service::custom;
    delivery.event_type = event_type;
    delivery.payload = payload;
    return adapter().parse(delivery).value();
}

std::string fact(const event::Event& event, std::string_view name) {
    for (const auto& fact : event.notice->facts) {
        if (fact.name == name) {
            return fact.value;
        }
    }
    return "none";
}

TEST(Senders, AreRecognisedByTheirPayloads) {
    const struct {
        std::string_view payload, sender;
    } cases[] = {
        {R"({"version":"4","groupKey":"{}","alerts":[]})", "alertmanager"},
        {R"({"version":"1","orgId":1,"alerts":[{}]})", "grafana"},
        {R"({"orgId":1,"ruleName":"CPU","state":"alerting"})", "grafana"},
        {R"({"heartbeat":null,"monitor":null,"msg":"Shop Testing"})", "uptimekuma"},
        {R"({"eventType":"git.push","publisherId":"tfs"})", "azure"},
        {R"({"app":"a","sync":"Synced","health":"Healthy"})", "argocd"},
        {R"({"specversion":"1.0","type":"t","source":"/s","id":"1"})", "cloudevents"},
        {R"({"content":"hi","username":"bot"})", "discord"},
        {R"({"embeds":[{}]})", "discord"},
        {R"({"text":"hi","channel":"#a"})", "slack"},
        {R"({"attachments":[{}]})", "slack"},
    };
    for (const auto& [payload, sender] : cases) {
        EXPECT_EQ(adapter().envelope({}, payload)->event_type, sender) << payload;
    }
    for (const char* payload : {R"({"text":"hi"})", R"({"content":"hi"})", R"({"alerts":[]})", "{}",
                                R"({"version":4,"groupKey":7})"}) {
        EXPECT_EQ(adapter().envelope({}, payload)->event_type, "json") << payload;
    }
}

TEST(Senders, AGroupOfAlertsOfManyNames) {
    const event::Event event = read("alertmanager", R"({"version":"4","groupKey":"k","status":"firing",
        "truncatedAlerts":7,"alerts":[{"status":"firing","labels":{"alertname":"A"}},{"status":"firing",
        "labels":{"alertname":"B","severity":"warning"}}]})");
    EXPECT_EQ(event.title, "9 alerts firing");
    EXPECT_EQ(event.full_name(), "notice.error");
    EXPECT_EQ(event.notice->item_count, 9);
    EXPECT_EQ(event.notice->items.at(0).title, "A");
    EXPECT_EQ(event.notice->items.at(1).severity, event::Notice::Severity::warning);
}

TEST(Senders, GrafanaBeforeVersion8) {
    const event::Event event = read("grafana", R"({"orgId":1,"ruleName":"CPU is high","state":"alerting",
        "message":"Look at web-1","ruleUrl":"https://g.example/1","evalMatches":[{"metric":"web-1","value":97.5}]})");
    EXPECT_EQ(event.title, "CPU is high");
    EXPECT_EQ(event.full_name(), "notice.error");
    EXPECT_EQ(fact(event, "web-1"), "97.5");
    EXPECT_EQ(read("grafana", R"({"orgId":1,"ruleName":"CPU","state":"ok"})").full_name(), "notice.success");
}

TEST(Senders, SentryGreetsWhenItIsInstalled) {
    EXPECT_TRUE(read("sentry:installation", R"({"action":"created"})").ping);
    EXPECT_EQ(
        read("sentry:metric_alert", R"({"action":"critical","data":{"description_title":"Critical: p95"}})")
            .full_name(),
        "notice.critical");
    // An event of which nothing is known is still told.
    EXPECT_EQ(read("sentry:seer", R"({"action":"done","data":{"title":"Found it"}})").title, "Found it");
}

TEST(Senders, UptimeKumaTellsHowLongItWasDown) {
    const event::Event up = read("uptimekuma", R"({"heartbeat":{"status":1,"time":"2026-11-23 20:31:05.123",
        "lastDownTime":"2026-11-23 20:14:05.123"},"monitor":{"name":"Shop","url":"https://"},"msg":"x"})");
    EXPECT_EQ(up.title, "Shop is up");
    EXPECT_EQ(up.url, "");
    EXPECT_EQ(fact(up, "Was down for"), "17m");
    EXPECT_EQ(iso_time(up.time), "2026-11-23T20:31:05.123Z");
    EXPECT_EQ(read("uptimekuma", R"({"heartbeat":null,"monitor":null,"msg":"Shop Testing"})").full_name(),
              "notice.info");
}

TEST(Senders, GiteasPushInItsOrderAndWithItsPages) {
    const event::Event created = read("gitea:push", R"({"ref":"refs/heads/a#b","before":"0000","after":"1111",
        "commits":[{"id":"1111","message":"new"},{"id":"2222","message":"old"}],"total_commits":30,
        "repository":{"full_name":"o/r","html_url":"https://g.example/o/r"},"sender":{"login":"mona"}})");
    EXPECT_EQ(created.full_name(), "push.created");
    EXPECT_EQ(created.url, "https://g.example/o/r/src/branch/a%23b");
    EXPECT_EQ(created.push->commits.front().message, "old");
    EXPECT_EQ(created.push->commit_count, 30);
    EXPECT_EQ(created.provider_name, "gitea:push");
}

TEST(Senders, GiteasReviews) {
    const event::Event event = read("gitea:pull_request_rejected", R"({"action":"reviewed","pull_request":
        {"number":4,"title":"T"},"review":{"type":"pull_request_review_rejected","content":"No tests"},
        "sender":{"login":"mona"}})");
    EXPECT_EQ(event.full_name(), "review.changes_requested");
    EXPECT_EQ(event.review->body, "No tests");
    EXPECT_EQ(event.review->author, "mona");
    // What GitHub has no event for is read as any JSON.
    EXPECT_EQ(read("gitea:action_run_recover", R"({"title":"Run 7"})").title, "Run 7");
}

TEST(Senders, BitbucketsBranchesThatComeAndGo) {
    const auto push = [](std::string_view change) {
        return read("bitbucket:repo:push", fmt::format(R"({{"push":{{"changes":[{}]}}}})", change))
            .full_name();
    };
    EXPECT_EQ(push(R"({"new":null,"old":{"type":"branch","name":"a"}})"), "push.deleted");
    EXPECT_EQ(push(R"({"new":{"type":"branch","name":"a"},"old":null})"), "push.created");
    EXPECT_EQ(push(R"({"new":{"type":"tag","name":"a"},"old":{"type":"tag","name":"a"}})"), "push.moved");
    EXPECT_EQ(push(R"({"new":{"name":"a"},"old":{"name":"a"},"forced":true})"), "push.forced");
    EXPECT_EQ(read("bitbucket:repo:push", R"({"push":{"changes":[]}})").name, "notice");
    EXPECT_EQ(read("bitbucket:pullrequest:unapproved", R"({"pullrequest":{"id":4}})").full_name(),
              "review.dismissed");
    EXPECT_TRUE(read("bitbucket:diagnostics:ping", "{}").ping);
}

TEST(Senders, AzuresPullRequestsByTheirStatus) {
    const auto request = [](std::string_view type, std::string_view status) {
        return read("azure", fmt::format(R"({{"eventType":"git.pullrequest.{}","publisherId":"tfs","resource":
            {{"pullRequestId":4,"title":"T","status":"{}","sourceRefName":"refs/heads/x"}}}})",
                                         type, status))
            .full_name();
    };
    EXPECT_EQ(request("created", "active"), "pr.opened");
    EXPECT_EQ(request("updated", "active"), "pr.edited");
    EXPECT_EQ(request("updated", "abandoned"), "pr.closed");
    EXPECT_EQ(request("merged", "completed"), "pr.merged");
    EXPECT_EQ(request("merged", "active"), "pr.edited");
}

TEST(Senders, ArgoCdsHealthCountsMoreThanItsPhase) {
    const auto state = [](std::string_view phase, std::string_view health) {
        const event::Event event = read("argocd", fmt::format(R"({{"app":"shop","sync":"Synced","phase":"{}",
                                                              "health":"{}"}})",
                                                              phase, health));
        return event.title + " / " + event.action;
    };
    EXPECT_EQ(state("Succeeded", "Healthy"), "shop synced / success");
    EXPECT_EQ(state("Succeeded", "Degraded"), "shop is degraded / error");
    EXPECT_EQ(state("Error", "Healthy"), "shop failed to sync / error");
    EXPECT_EQ(state("", "Healthy"), "shop / info");
}

TEST(Senders, CloudEventsInBothModes) {
    EXPECT_EQ(read("cloudevents:com.example.order.shipped", R"({"carrier":"DHL"})").title, "Order shipped");
    EXPECT_EQ(read("cloudevents:com.example.order.shipped.v2", "{}").title, "Order shipped");
    const event::Event text =
        read("cloudevents", R"({"specversion":"1.0","type":"ping","source":"/s","id":"1",
                                                     "data":"hello"})");
    EXPECT_EQ(text.title, "Ping");
    EXPECT_EQ(text.notice->text, "hello");
}

TEST(Senders, SlacksMarksBecomeText) {
    const event::Event event =
        read("slack",
             R"({"channel":"#a","text":"*Deploy* of <https://a.example/1|app> by <@U1>: 1 &lt; 2 <!here>"})");
    EXPECT_EQ(event.title, "Deploy of app by @someone: 1 < 2 @here");
    EXPECT_EQ(event.url, "https://a.example/1");
    const auto color = [](std::string_view word) {
        return read("slack", fmt::format(R"({{"attachments":[{{"color":"{}","text":"x"}}]}})", word))
            .full_name();
    };
    EXPECT_EQ(color("good"), "notice.success");
    EXPECT_EQ(color("danger"), "notice.error");
    EXPECT_EQ(color("warning"), "notice.warning");
    EXPECT_EQ(color("#d00000"), "notice.error");
    EXPECT_EQ(color("#36a64f"), "notice.success");
    EXPECT_EQ(color("#ffcc00"), "notice.warning");
    EXPECT_EQ(color("#439FE0"), "notice.info");
    EXPECT_EQ(color("#cccccc"), "notice");
    EXPECT_EQ(color("#xyz"), "notice");
    // An angle bracket that is never closed stays what it is.
    EXPECT_EQ(read("slack", R"({"channel":"#a","text":"a < b"})").title, "a < b");
}

TEST(Senders, NoneNeedsMoreThanAnObject) {
    for (const Sender& sender : senders()) {
        for (const char* kind : {"", ":push", ":issue", ":repo:push", ":pull_request"}) {
            for (const char* payload :
                 {"{}", R"({"alerts":[null,1,"x",{}],"push":{"changes":[null]},"data":7,"heartbeat":[],
                          "resource":"x","blocks":[1],"attachments":[[]],"embeds":[null],"pullrequest":{}})"}) {
                const event::Event event = read(std::string(sender.key) + kind, payload);
                EXPECT_FALSE(event.name.empty() && !event.ping) << sender.key << kind << payload;
            }
        }
    }
}

}  // namespace
}  // namespace hookline::services::custom
