#include <gmock/gmock.h>

#include "base/text.hpp"
#include "services/gitlab/gitlab.hpp"
#include "services/gitlab/kind.hpp"
#include "testing/fixed_random.hpp"

namespace hookline::services::gitlab {
namespace {

event::Headers headers_of(std::vector<std::pair<std::string, std::string>> fields) {
    event::Headers headers;
    for (const auto& [name, value] : fields) {
        headers.add(name, value);
    }
    return headers;
}

TEST(GitLabAdapter, TheEnvelopeIsInTheHeaders) {
    const auto envelope =
        adapter().envelope(headers_of({{"x-gitlab-event", "Merge Request Hook"},
                                       {"X-Gitlab-Webhook-UUID", "first"},
                                       {"X-Gitlab-Event-UUID", "shared"},
                                       {"Idempotency-Key", "13792a34-cac6-4fda-95a8-c58e00a3954e"}}),
                           "{}");
    ASSERT_TRUE(envelope);
    EXPECT_EQ(envelope->event_type, "merge_request");
    EXPECT_EQ(envelope->delivery_id, "13792a34-cac6-4fda-95a8-c58e00a3954e");
    EXPECT_FALSE(envelope->is_ping);
}

TEST(GitLabAdapter, TheDeliveryIdIsTheOneThatStaysTheSame) {
    const struct {
        std::vector<std::pair<std::string, std::string>> fields;
        std::string_view id;
    } cases[] = {
        {{{"Idempotency-Key", "a"}, {"webhook-id", "b"}, {"X-Gitlab-Webhook-UUID", "c"}}, "a"},
        {{{"webhook-id", "b"}, {"X-Gitlab-Webhook-UUID", "c"}}, "b"},
        {{{"X-Gitlab-Webhook-UUID", "c"}}, "c"},
        {{{"X-Gitlab-Event-UUID", "of several hooks"}}, ""},
        {{{"Idempotency-Key", ""}, {"X-Gitlab-Webhook-UUID", "c"}}, "c"},
    };
    for (auto [fields, id] : cases) {
        fields.emplace_back("X-Gitlab-Event", "Push Hook");
        EXPECT_EQ(adapter().envelope(headers_of(fields), "{}")->delivery_id, id);
    }
}

TEST(GitLabAdapter, WithoutItsHeaderThePayloadNamesTheEvent) {
    EXPECT_EQ(adapter().envelope({}, R"({"object_kind": "pipeline"})")->event_type, "pipeline");
    EXPECT_EQ(adapter().envelope({}, R"({"event_name": "user_add_to_group"})")->event_type,
              "user_add_to_group");
}

TEST(GitLabAdapter, AnEnvelopeThatNamesNoEventIsRefused) {
    const struct {
        event::Headers headers;
        std::string_view error;
    } cases[] = {
        {{}, "the header X-Gitlab-Event is missing"},
        {headers_of({{"X-Gitlab-Event", " "}}), "the header X-Gitlab-Event is missing"},
        {headers_of({{"X-Gitlab-Event", "Push Hook"}, {"X-Gitlab-Event", "Push Hook"}}),
         "the header X-Gitlab-Event is not the name of an event"},
        {headers_of({{"X-Gitlab-Event", "Push Hook; @everyone"}}),
         "the header X-Gitlab-Event is not the name of an event"},
        {headers_of({{"X-Gitlab-Event", std::string(201, 'a')}}),
         "the header X-Gitlab-Event is not the name of an event"},
        {headers_of({{"X-Gitlab-Event", "Push Hook"}, {"Idempotency-Key", "a b"}}),
         "the header Idempotency-Key is not a single word"},
        {headers_of({{"X-Gitlab-Event", "Push Hook"}, {"webhook-id", "1"}, {"webhook-id", "1"}}),
         "the header webhook-id is not a single word"},
    };
    for (const auto& [headers, error] : cases) {
        const auto envelope = adapter().envelope(headers, R"({"object_kind": "a b"})");
        ASSERT_FALSE(envelope) << error;
        EXPECT_EQ(envelope.error().detail, error);
    }
}

TEST(GitLabAdapter, NamesOfEventsGoBothWays) {
    for (const auto& [header, kind] : {std::pair{"Push Hook", "push"}, std::pair{"Tag Push Hook", "tag_push"},
                                       std::pair{"Confidential Issue Hook", "confidential_issue"},
                                       std::pair{"Resource Access Token Hook", "resource_access_token"},
                                       std::pair{"System Hook", "system"}}) {
        EXPECT_EQ(kind_of_header(header), kind);
        EXPECT_EQ(kind_of_header(kind), kind);
        EXPECT_EQ(header_of_kind(kind), header);
    }
    EXPECT_EQ(header_of_kind(""), "Hook");
    EXPECT_EQ(kind_of_header(""), "");
}

TEST(GitLabAdapter, WhatItSignsItAccepts) {
    const Secret secret("gl_abc");
    const auto headers = adapter().sign("merge_request", "id-1", "{\"a\":1}", secret);
    const Key key(secret);
    const std::array<const Key*, 1> keys{&key};
    const auto check = adapter().check(Credentials{headers, "", TimePoint{}}, keys);
    check->feed("{\"a\":1}");
    EXPECT_TRUE(check->holds());
    const auto envelope = adapter().envelope(headers, "{\"a\":1}");
    ASSERT_TRUE(envelope);
    EXPECT_EQ(envelope->event_type, "merge_request");
    EXPECT_EQ(envelope->delivery_id, "id-1");
    EXPECT_EQ(headers.get("x-gitlab-event"), "Merge Request Hook");
}

TEST(GitLabAdapter, ANewSecretLooksLikeOne) {
    FixedRandom random;
    const Secret secret = adapter().new_secret(random);
    EXPECT_EQ(secret.reveal().size(), 43U);
    EXPECT_TRUE(secret.reveal().starts_with("gl_"));
    EXPECT_NE(secret.reveal(), adapter().new_secret(random).reveal());
}

TEST(GitLabAdapter, EverySampleMeansWhatItsNameSays) {
    const auto samples = adapter().samples();
    EXPECT_GE(samples.size(), 60U);
    EXPECT_EQ(samples.front().name, "push");
    std::vector<std::string_view> names;
    for (const Sample& sample : samples) {
        event::Delivery delivery;
        delivery.event_type = sample.event_type;
        delivery.payload = sample.payload;
        const auto event = adapter().parse(delivery);
        ASSERT_TRUE(event) << sample.name;
        EXPECT_EQ(event->full_name(), sample.name);
        names.push_back(sample.name);
    }
    for (const std::string_view name :
         {"push", "pr.opened", "pr.merged", "review.approved", "review.dismissed", "issue.opened",
          "comment.created", "release.published", "pipeline.started", "stage.passed", "pipeline.failed",
          "job.failed", "deployment.success", "branch.created", "tag.created", "security.opened"}) {
        EXPECT_THAT(names, testing::Contains(name));
    }
}

TEST(GitLabAdapter, EveryNameOfASampleCanBeAskedFor) {
    for (const Sample& sample : adapter().samples()) {
        const std::string_view whole = sample.name.substr(0, sample.name.find('.'));
        const auto known = adapter().event_names();
        EXPECT_TRUE(std::any_of(known.begin(), known.end(), [&](const EventName& row) {
            return row.name == whole || row.name == sample.name;
        })) << sample.name;
    }
}

TEST(GitLabAdapter, RecommendedEventsAreKnown) {
    for (const std::string_view name : adapter().recommended_events()) {
        const auto known = adapter().event_names();
        EXPECT_TRUE(std::any_of(known.begin(), known.end(), [&](const EventName& row) {
            return split(row.provider_name, ',').front() == name;
        })) << name;
    }
}

}  // namespace
}  // namespace hookline::services::gitlab
