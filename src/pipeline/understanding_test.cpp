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

/// GitHub's names, and a parser that fails as told.
class BrokenAdapter final : public services::ServiceAdapter {
public:
    explicit BrokenAdapter(bool throws) : throws_(throws) {}
    [[nodiscard]] event::Service service() const override { return event::Service::github; }
    std::unique_ptr<services::ProofCheck> check(const services::Credentials&,
                                                std::span<const services::Key* const>) const override {
        return nullptr;
    }
    Result<services::Envelope> envelope(const event::Headers&, std::string_view) const override {
        return services::Envelope();
    }
    [[nodiscard]] Result<event::Event> parse(const event::Delivery&) const override {
        if (throws_) {
            throw std::out_of_range("at");
        }
        return fail(Errc::malformed, "the number is a list");
    }
    [[nodiscard]] std::span<const services::EventName> event_names() const override {
        return services::find_adapter(event::Service::github)->event_names();
    }
    [[nodiscard]] std::span<const services::Sample> samples() const override { return {}; }
    [[nodiscard]] std::vector<std::string> setup_steps() const override { return {}; }
    [[nodiscard]] std::vector<std::string_view> recommended_events() const override { return {}; }
    Secret new_secret(Random&) const override { return {}; }
    event::Headers sign(std::string_view, std::string_view, std::string_view, const Secret&) const override {
        return {};
    }

private:
    bool throws_;
};

const services::ServiceAdapter* github() { return services::find_adapter(event::Service::github); }

}  // namespace

TEST(Understanding, ASampleIsReadByItsAdapter) {
    for (const services::Sample& sample : github()->samples()) {
        const auto understood =
            understand(stored(std::string(sample.event_type), std::string(sample.payload)), github());
        EXPECT_EQ(understood.error, "") << sample.name;
        EXPECT_EQ(understood.event.id, EventId(7));
        EXPECT_EQ(understood.event.name.empty(), understood.event.ping.has_value()) << sample.name;
    }
}

TEST(Understanding, APayloadThatIsNotWhatItsEventSaysKeepsItsNameAndLink) {
    const store::StoredEvent event = stored(
        "pull_request", R"({"action":"opened","pull_request":{"number":[],"title":"Add OAuth",)"
                        R"("html_url":"https://github.com/octo/app/pull/1"},)"
                        R"("repository":{"full_name":"octo/app","html_url":"https://github.com/octo/app"},)"
                        R"("sender":{"login":"JC"}})");
    for (const bool throws : {false, true}) {
        const BrokenAdapter adapter(throws);
        const auto understood = understand(event, &adapter);
        EXPECT_EQ(understood.error, throws ? "an error inside Hookline: at" : "the number is a list");
        EXPECT_EQ(understood.event.name, "pr");
        EXPECT_EQ(understood.event.action, "opened");
        EXPECT_EQ(understood.event.title, "Add OAuth");
        EXPECT_EQ(understood.event.url, "https://github.com/octo/app/pull/1");
        ASSERT_TRUE(understood.event.repo);
        EXPECT_EQ(understood.event.repo->full_name, "octo/app");
        ASSERT_TRUE(understood.event.actor);
        EXPECT_EQ(understood.event.actor->login, "JC");
    }
}

TEST(Understanding, WhatHoldsNothingIsStillAnEventWithItsError) {
    for (const char* payload : {"[]", "null", "\"x\"", "{", ""}) {
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
