#include <gmock/gmock.h>

#include "base/text.hpp"
#include "services/github/github.hpp"
#include "testing/fixed_random.hpp"

namespace hookline::services::github {
namespace {

event::Headers headers_of(std::vector<std::pair<std::string, std::string>> fields) {
    event::Headers headers;
    for (const auto& [name, value] : fields) {
        headers.add(name, value);
    }
    return headers;
}

TEST(GitHubAdapter, TheEnvelopeIsInTheHeaders) {
    const auto envelope =
        adapter().envelope(headers_of({{"x-github-event", "ping"},
                                       {"X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"}}),
                           "");
    ASSERT_TRUE(envelope);
    EXPECT_EQ(envelope->event_type, "ping");
    EXPECT_EQ(envelope->delivery_id, "72d3162e-cc78-11e3-81ab-4c9367dc0958");
    EXPECT_TRUE(envelope->is_ping);
    EXPECT_FALSE(adapter()
                     .envelope(headers_of({{"X-GitHub-Event", "push"}, {"X-GitHub-Delivery", "1"}}), "")
                     ->is_ping);
}

TEST(GitHubAdapter, AnEnvelopeWithoutItsHeadersIsRefused) {
    const struct {
        event::Headers headers;
        std::string_view error;
    } cases[] = {
        {headers_of({{"X-GitHub-Delivery", "1"}}), "the header X-GitHub-Event is missing"},
        {headers_of({{"X-GitHub-Event", "push"}}), "the header X-GitHub-Delivery is missing"},
        {headers_of({{"X-GitHub-Event", ""}, {"X-GitHub-Delivery", "1"}}),
         "the header X-GitHub-Event is missing"},
        {headers_of({{"X-GitHub-Event", "push @everyone"}, {"X-GitHub-Delivery", "1"}}),
         "the header X-GitHub-Event is not a single word"},
        {headers_of({{"X-GitHub-Event", "push"}, {"X-GitHub-Delivery", std::string(201, 'a')}}),
         "the header X-GitHub-Delivery is not a single word"},
        {headers_of({{"X-GitHub-Event", "push"}, {"X-GitHub-Delivery", "1"}, {"X-GitHub-Delivery", "2"}}),
         "the header X-GitHub-Delivery is not a single word"},
    };
    for (const auto& [headers, error] : cases) {
        const auto envelope = adapter().envelope(headers, "");
        ASSERT_FALSE(envelope) << error;
        EXPECT_EQ(envelope.error().detail, error);
    }
}

TEST(GitHubAdapter, WhatItSignsItAccepts) {
    const Secret secret("gh_abc");
    const auto headers = adapter().sign("push", "id-1", "{\"a\":1}", secret);
    const Key key(secret);
    const std::array<const Key*, 1> keys{&key};
    const auto check = adapter().check(Credentials{headers, "", TimePoint{}}, keys);
    check->feed("{\"a\":1}");
    EXPECT_TRUE(check->holds());
    const auto envelope = adapter().envelope(headers, "{\"a\":1}");
    ASSERT_TRUE(envelope);
    EXPECT_EQ(envelope->event_type, "push");
    EXPECT_EQ(envelope->delivery_id, "id-1");
    EXPECT_EQ(headers.get("content-type"), "application/json");
}

TEST(GitHubAdapter, ANewSecretLooksLikeOne) {
    FixedRandom random;
    const Secret secret = adapter().new_secret(random);
    EXPECT_EQ(secret.reveal().size(), 43U);
    EXPECT_TRUE(secret.reveal().starts_with("gh_"));
    EXPECT_NE(secret.reveal(), adapter().new_secret(random).reveal());
}

TEST(GitHubAdapter, EverySampleMeansWhatItsNameSays) {
    const auto samples = adapter().samples();
    EXPECT_GE(samples.size(), 40U);
    EXPECT_EQ(samples.front().name, "push");
    std::vector<std::string_view> names;
    for (const Sample& sample : samples) {
        event::Delivery delivery;
        delivery.event_type = sample.event_type;
        delivery.payload = sample.payload;
        const auto event = adapter().parse(delivery);
        ASSERT_TRUE(event) << sample.name;
        EXPECT_TRUE(event->ping || event->full_name() == sample.name) << sample.name;
        names.push_back(sample.name);
    }
    for (const std::string_view name : {"push", "push.forced", "pr.opened", "pr.merged", "review.approved",
                                        "issue.opened", "comment.created", "release.published",
                                        "workflow.passed", "workflow.failed", "branch.created", "ping"}) {
        EXPECT_THAT(names, testing::Contains(name));
    }
}

TEST(GitHubAdapter, RecommendedEventsAreKnown) {
    for (const std::string_view name : adapter().recommended_events()) {
        const auto known = adapter().event_names();
        EXPECT_TRUE(std::any_of(known.begin(), known.end(), [&](const EventName& row) {
            return split(row.provider_name, ',').front() == name || row.provider_name == name;
        })) << name;
    }
}

}  // namespace
}  // namespace hookline::services::github
