#include "pipeline/understanding.hpp"

#include <gtest/gtest.h>

namespace hookline::pipeline {

namespace {

store::StoredEvent stored(const std::string& type, const std::string& payload) {
    store::StoredEvent event;
    event.id = EventId(7);
    event.event_type = type;
    event.payload = payload;
    event.received_at = TimePoint(Milliseconds(1'700'000'000'000));
    return event;
}

const services::ServiceAdapter* github() { return services::find_adapter(event::Service::github); }

}  // namespace

TEST(Understanding, ASampleIsReadByItsAdapter) {
    for (const services::Sample& sample : github()->samples()) {
        const auto understood =
            understand(stored(std::string(sample.event_type), std::string(sample.payload)), github());
        EXPECT_EQ(understood.error, "") << sample.name;
        EXPECT_EQ(understood.event.id, EventId(7));
        EXPECT_NE(understood.event.name, "") << sample.name;
    }
}

TEST(Understanding, APayloadThatIsNotWhatItsEventSaysKeepsItsNameAndLink) {
    const auto understood =
        understand(stored("pull_request",
                          R"({"action":"opened","pull_request":{"number":"no","title":"Add OAuth",)"
                          R"("html_url":"https://github.com/octo/app/pull/1"},)"
                          R"("repository":{"full_name":"octo/app","html_url":"https://github.com/octo/app"},)"
                          R"("sender":{"login":"JC"}})"),
                   github());
    EXPECT_EQ(understood.event.name, "pr");
    EXPECT_EQ(understood.event.action, "opened");
    EXPECT_EQ(understood.event.url, "https://github.com/octo/app/pull/1");
    ASSERT_TRUE(understood.event.repo);
    EXPECT_EQ(understood.event.repo->full_name, "octo/app");
}

TEST(Understanding, WhatHoldsNothingIsStillAnEventWithItsError) {
    for (const char* payload : {"[]", "null", "\"x\"", "{\"pull_request\":[]}", "{\"ref\":1}", ""}) {
        const auto understood = understand(stored("pull_request", payload), github());
        EXPECT_NE(understood.error, "") << payload;
        EXPECT_EQ(understood.event.name, "pr") << payload;
        EXPECT_EQ(understood.event.time, TimePoint(Milliseconds(1'700'000'000'000))) << payload;
    }
}

TEST(Understanding, AServiceThatIsNotOfferedIsSaidSo) {
    store::StoredEvent event = stored("push", "{}");
    event.service = event::Service::docker;
    EXPECT_EQ(understand(event, nullptr).error, "this version does not read Docker");
}

}  // namespace hookline::pipeline
