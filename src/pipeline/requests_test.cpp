#include "pipeline/requests.hpp"

#include <gtest/gtest.h>

#include "testing/fixed_random.hpp"

namespace hookline::pipeline {

namespace {

store::Endpoint endpoint() {
    store::Endpoint made;
    made.id = EndpointId(3);
    made.secret = Secret("gh_secret");
    return made;
}

}  // namespace

TEST(TestDelivery, EverySampleCanBeSentAndIsMarked) {
    FixedRandom random;
    std::set<std::string_view> names;
    for (const services::Sample& sample : services::find_adapter(event::Service::github)->samples()) {
        if (!names.insert(sample.name).second) {
            continue;  // another payload of the same event: the first stands for it
        }
        const auto made = make_test_delivery(endpoint(), HookId(12), sample.name, random, TimePoint());
        ASSERT_TRUE(made) << sample.name << ": " << made.error().detail;
        EXPECT_EQ(made->event_type, sample.event_type);
        EXPECT_TRUE(made->is_test);
        EXPECT_EQ(made->endpoint, EndpointId(3));
        EXPECT_EQ(tested_hook(made->delivery_id), HookId(12));
    }
}

TEST(TestDelivery, TakesTheServicesOwnNamesAndWholeEvents) {
    FixedRandom random;
    EXPECT_EQ(make_test_delivery(endpoint(), HookId(1), "pull_request", random, TimePoint())->event_type,
              "pull_request");
    EXPECT_EQ(make_test_delivery(endpoint(), HookId(1), "pr", random, TimePoint())->event_type,
              "pull_request");
}

TEST(TestDelivery, AnUnknownSampleNamesTheNearest) {
    FixedRandom random;
    const auto refused = make_test_delivery(endpoint(), HookId(1), "pusj", random, TimePoint());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::not_found);
    EXPECT_EQ(refused.error().detail, "push");
}

TEST(TestDelivery, OnlyATestsOwnIdNamesAHook) {
    for (const char* id : {"", "test-", "test-x-1", "72d3162e-cc78-11e3-81ab-4c9367dc0958", "hook_001"}) {
        EXPECT_EQ(tested_hook(id), HookId()) << id;
    }
}

}  // namespace hookline::pipeline
