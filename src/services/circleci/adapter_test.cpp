#include <gmock/gmock.h>

#include "services/announced.hpp"
#include "services/circleci/circleci.hpp"
#include "testing/fixed_random.hpp"

namespace hookline::services::circleci {
namespace {

Envelope envelope_of(std::string_view payload, std::string_view type_header = "") {
    event::Headers headers;
    if (!type_header.empty()) {
        headers.add("Circleci-Event-Type", type_header);
    }
    const auto envelope = adapter().envelope(headers, payload);
    EXPECT_TRUE(envelope) << payload;
    return envelope.value_or(Envelope());
}

TEST(CircleCiAdapter, TheSignedBodyTellsWhatItIs) {
    const Envelope envelope =
        envelope_of(R"({"type":"job-completed","id":"47a4","workflow":{}})", "workflow-completed");
    EXPECT_EQ(envelope.event_type, "job-completed");
    EXPECT_EQ(envelope.delivery_id, "47a4");
    EXPECT_FALSE(envelope.is_ping);
    EXPECT_EQ(envelope_of(R"({"workflow":{}})", "job-completed").event_type, "job-completed");
    EXPECT_EQ(envelope_of("{}", "@everyone").event_type, "unknown");
    EXPECT_EQ(envelope_of("{}").event_type, "unknown");
    EXPECT_EQ(envelope_of("{}").delivery_id, "");
}

TEST(CircleCiAdapter, TheTestButtonIsAPing) {
    EXPECT_TRUE(envelope_of(R"({"type":"ping","id":"1","webhook":{}})").is_ping);
    EXPECT_TRUE(envelope_of(R"({"id":"1"})", "ping").is_ping);
    const Envelope cut_short =
        envelope_of(R"({"type":"workflow-completed","id":"1","happened_at":"","webhook":{}})");
    EXPECT_TRUE(cut_short.is_ping);
    EXPECT_EQ(cut_short.event_type, "ping");
}

TEST(CircleCiAdapter, WhatItSignsItAccepts) {
    FixedRandom random;
    const Secret secret = adapter().new_secret(random);
    EXPECT_EQ(secret.reveal().size(), 43U);
    EXPECT_TRUE(secret.reveal().starts_with("cc_"));
    const Key key(secret);
    const std::array<const Key*, 1> keys{&key};
    for (const Sample& sample : adapter().samples()) {
        const auto headers = adapter().sign(sample.event_type, "", sample.payload, secret);
        const auto check = adapter().check(Credentials{headers, "", TimePoint{}}, keys);
        check->feed(sample.payload);
        EXPECT_TRUE(check->holds()) << sample.name;
    }
}

TEST(CircleCiAdapter, AWorkflowTellsItsJobs) {
    std::map<std::string, std::string> silent;
    for (const Sample& sample : adapter().samples()) {
        event::Delivery delivery;
        delivery.service = event::Service::circleci;
        delivery.event_type = sample.event_type;
        delivery.payload = sample.payload;
        silent[std::string(sample.name)] = silent_by_default(adapter().parse(delivery).value());
    }
    EXPECT_EQ(adapter().samples().front().name, "pipeline.passed");
    EXPECT_EQ(silent.at("pipeline.passed"), "");
    EXPECT_EQ(silent.at("pipeline.failed"), "");
    EXPECT_EQ(silent.at("pipeline.cancelled"), "");
    EXPECT_EQ(silent.at("job.failed"), "job.failed is not announced by default: pipeline tells it");
    EXPECT_EQ(silent.at("job.passed"),
              "job.passed is not announced by default: only what fails is told of single jobs");
    EXPECT_EQ(silent.at("ping"), "a ping proves the connection and is not announced");
}

}  // namespace
}  // namespace hookline::services::circleci
