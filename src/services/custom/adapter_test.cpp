// What the door learns of a delivery, and that everything is announced.
#include <gmock/gmock.h>

#include "services/announced.hpp"
#include "services/custom/custom.hpp"
#include "services/event_names.hpp"
#include "testing/fixed_random.hpp"

namespace hookline::services::custom {
namespace {

Envelope envelope(std::vector<std::pair<std::string, std::string>> fields, std::string_view payload = "{}") {
    event::Headers headers;
    for (const auto& [name, value] : fields) {
        headers.add(name, value);
    }
    return adapter().envelope(headers, payload).value();
}

TEST(CustomAdapter, ASenderIsKnownByItsHeader) {
    const struct {
        std::string header, value, event_type;
    } cases[] = {
        {"X-Gitea-Event", "push", "gitea:push"},
        {"X-Forgejo-Event", "pull_request", "gitea:pull_request"},
        {"X-Gogs-Event", "push", "gitea:push"},
        {"X-GitHub-Event", "star", "github:star"},
        {"X-Event-Key", "repo:push", "bitbucket:repo:push"},
        {"Sentry-Hook-Resource", "event_alert", "sentry:event_alert"},
        {"ce-type", "com.example.shipped", "cloudevents:com.example.shipped"},
        {"X-Gitea-Event", "push @everyone", "json"},
        {"X-Gitea-Event", std::string(200, 'a'), "json"},
        {"X-Something-Event", "push", "json"},
    };
    for (const auto& [header, value, event_type] : cases) {
        EXPECT_EQ(envelope({{header, value}}).event_type, event_type) << header;
    }
    EXPECT_EQ(envelope({{"X-Gitea-Event", "push"}, {"X-Gitea-Event", "fork"}}).event_type, "json");
}

TEST(CustomAdapter, RepeatedDeliveriesShareAnId) {
    EXPECT_EQ(envelope({{"X-Gitea-Event", "push"}, {"X-Gitea-Delivery", "d-1"}}).delivery_id, "d-1");
    EXPECT_EQ(envelope({{"X-Event-Key", "repo:push"}, {"X-Request-UUID", "r-1"}}).delivery_id, "r-1");
    EXPECT_EQ(envelope({{"webhook-id", "msg_1"}}).delivery_id, "msg_1");
    EXPECT_EQ(envelope({{"ce-type", "a.b"}, {"ce-id", "7"}}).delivery_id, "7");
    EXPECT_EQ(envelope({}, R"({"specversion":"1.0","type":"t","source":"/s","id":"7"})").delivery_id, "/s 7");
    EXPECT_EQ(envelope({}, R"({"eventType":"git.push","publisherId":"tfs","subscriptionId":"s",
                              "notificationId":12})")
                  .delivery_id,
              "s/12");
    EXPECT_EQ(envelope({}, R"({"message":"again"})").delivery_id, "");
    EXPECT_EQ(envelope({{"webhook-id", std::string(300, 'a')}}).delivery_id, "");
}

TEST(CustomAdapter, OfABatchTheFirstSpeaks) {
    const std::string batch =
        R"([{"specversion":"1.0","type":"disk.full","source":"/s","id":"7","data":{"message":"x"}},
                                  {"specversion":"1.0","type":"disk.full","source":"/s","id":"8"}])";
    EXPECT_EQ(envelope({}, batch).delivery_id, "/s 7");
    event::Delivery delivery;
    delivery.service = event::Service::custom;
    delivery.event_type = envelope({}, batch).event_type;
    delivery.payload = batch;
    const event::Event event = adapter().parse(delivery).value();
    ASSERT_TRUE(event.notice);
    EXPECT_EQ(event.notice->facts.back().name, "Together with");
    EXPECT_EQ(event.notice->facts.back().value, "1 other event");
}

TEST(CustomAdapter, GitHubByARelayIsReadAsGitHub) {
    event::Delivery delivery;
    delivery.service = event::Service::custom;
    delivery.event_type = "github:star";
    delivery.payload = R"({"action":"created","repository":{"full_name":"o/r"},"sender":{"login":"a"}})";
    const event::Event event = adapter().parse(delivery).value();
    EXPECT_EQ(event.full_name(), "star.created");
    EXPECT_NE(silent_by_default(event), "") << "what GitHub sends follows GitHub's table";
}

TEST(CustomAdapter, APingOfBitbucketIsOne) {
    EXPECT_TRUE(envelope({{"X-Event-Key", "diagnostics:ping"}}).is_ping);
    EXPECT_FALSE(envelope({{"X-Event-Key", "repo:push"}}).is_ping);
}

TEST(CustomAdapter, WhatItSignsItAcceptsAndTellsApart) {
    FixedRandom random;
    const Secret secret = adapter().new_secret(random);
    EXPECT_TRUE(secret.reveal().starts_with("whsec_"));
    EXPECT_EQ(secret.reveal().size(), 46U);
    const Key key(secret);
    const std::array<const Key*, 1> keys{&key};
    for (const Sample& sample : adapter().samples()) {
        const auto headers = adapter().sign(sample.event_type, "id-1", sample.payload, secret);
        const auto check = adapter().check(Credentials{headers, "", TimePoint{}}, keys);
        check->feed(sample.payload);
        EXPECT_TRUE(check->holds());
        EXPECT_EQ(adapter().envelope(headers, sample.payload)->event_type, sample.event_type);
    }
}

TEST(CustomAdapter, EverySampleIsAnnounced) {
    std::vector<std::string> types;
    for (const Sample& sample : adapter().samples()) {
        event::Delivery delivery;
        delivery.service = event::Service::custom;
        delivery.event_type = sample.event_type;
        delivery.payload = sample.payload;
        const auto event = adapter().parse(delivery);
        ASSERT_TRUE(event);
        EXPECT_EQ(event->full_name(), sample.name);
        EXPECT_EQ(event->service, event::Service::custom);
        EXPECT_EQ(event->provider_name, sample.event_type);
        EXPECT_EQ(silent_by_default(*event), "") << sample.name;
        EXPECT_TRUE(parse_event_names(event->name, adapter())) << sample.name;
        types.emplace_back(sample.event_type.substr(0, sample.event_type.find(':')));
    }
    EXPECT_EQ(adapter().samples().front().name, "notice");
    for (const char* sender : {"json", "alertmanager", "grafana", "sentry", "uptimekuma", "gitea",
                               "bitbucket", "azure", "argocd", "cloudevents", "slack", "discord"}) {
        EXPECT_THAT(types, testing::Contains(sender));
    }
}

TEST(CustomAdapter, WhatIsNoObjectIsNoPayload) {
    EXPECT_FALSE(adapter().envelope({}, "<xml/>"));
    event::Delivery delivery;
    delivery.event_type = "json";
    delivery.payload = "[1]";
    const auto event = adapter().parse(delivery);
    ASSERT_FALSE(event);
    EXPECT_EQ(event.error().detail, "the payload of “json” is no JSON object");
}

}  // namespace
}  // namespace hookline::services::custom
