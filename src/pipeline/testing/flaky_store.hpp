// A store whose writes fail as often as a test wants; everything else is the real one's.
#pragma once

#include <gtest/gtest.h>

#include <utility>

#include "store/store.hpp"

namespace hookline::pipeline {

class FlakyStore final : public store::Store {
public:
    explicit FlakyStore(store::Store& real) : real_(real) {}
    int failures = 0;
    int writes = 0;
    /// Its attempt begins, with what may share its send, at that time and before the next write.
    std::optional<std::pair<OutboxId, TimePoint>> begins_before_write;

    Task<Result<void>> write(store::Changes changes) override {
        ++writes;
        if (failures > 0) {
            --failures;
            co_return fail(Errc::unavailable, "the disk is full");
        }
        if (begins_before_write) {
            const auto [entry, at] = *std::exchange(begins_before_write, std::nullopt);
            const auto begun = co_await real_.outbox().begin_attempt(entry, at, true);
            EXPECT_TRUE(begun);
        }
        auto written = co_await real_.write(std::move(changes));
        co_return written;
    }
    EndpointId next_endpoint_id() override { return real_.next_endpoint_id(); }
    HookId next_hook_id() override { return real_.next_hook_id(); }
    DestinationId next_destination_id() override { return real_.next_destination_id(); }
    MessageId next_message_id() override { return real_.next_message_id(); }
    OutboxId next_outbox_id() override { return real_.next_outbox_id(); }
    RuleId next_rule_id() override { return real_.next_rule_id(); }
    store::Knowledge& knowledge() override { return real_.knowledge(); }
    Result<std::vector<store::Endpoint>> endpoints(bool deleted) override { return real_.endpoints(deleted); }
    Result<std::vector<store::Hook>> hooks(bool deleted) override { return real_.hooks(deleted); }
    Result<std::vector<dispatch::DestinationInfo>> destinations() override { return real_.destinations(); }
    Result<store::HookHealth> health(EndpointId id, TimePoint now) override { return real_.health(id, now); }
    Result<std::vector<store::StoredEvent>> unprocessed(std::size_t limit) override {
        return real_.unprocessed(limit);
    }
    Result<std::optional<store::StoredEvent>> event(EventId id) override { return real_.event(id); }
    Result<std::vector<store::StoredEvent>> events(store::EventQuery query) override {
        return real_.events(std::move(query));
    }
    Result<std::vector<store::Outcome>> outcomes(EventId id) override { return real_.outcomes(id); }
    Result<std::vector<store::Outcome>> outcomes_of(HookId id, std::size_t limit) override {
        return real_.outcomes_of(id, limit);
    }
    Result<std::optional<store::StoredMessage>> message(MessageId id) override { return real_.message(id); }
    Result<std::vector<store::StoredMessage>> messages(MessageId after, std::size_t limit) override {
        return real_.messages(after, limit);
    }
    Result<std::vector<store::StoredMessage>> parked(std::size_t limit) override {
        return real_.parked(limit);
    }
    Result<store::Counts> counts() override { return real_.counts(); }
    Result<std::optional<TimePoint>> last_timestamp(DestinationId id) override {
        return real_.last_timestamp(id);
    }
    Result<std::optional<std::string>> meta(std::string key) override { return real_.meta(std::move(key)); }
    Result<std::vector<store::Act>> acts(std::string guild, std::size_t limit) override {
        return real_.acts(std::move(guild), limit);
    }
    Task<Result<void>> check_writable() override { return real_.check_writable(); }
    Task<Result<std::size_t>> sweep(TimePoint older_than, std::size_t batch) override {
        return real_.sweep(older_than, batch);
    }
    store::Journal& journal() override { return real_.journal(); }
    dispatch::Outbox& outbox() override { return real_.outbox(); }
    void on_new_events(std::function<void()> wake) override { real_.on_new_events(std::move(wake)); }
    void on_new_entries(std::function<void()> wake) override { real_.on_new_entries(std::move(wake)); }
    [[nodiscard]] std::uint64_t settings_version() const override { return real_.settings_version(); }
    void on_new_timers(std::function<void()> wake) override { real_.on_new_timers(std::move(wake)); }
    void on_changed_hooks(std::function<void()> wake) override { real_.on_changed_hooks(std::move(wake)); }
    void on_new_endpoints(std::function<void()> wake) override { real_.on_new_endpoints(std::move(wake)); }
    void close() override { real_.close(); }

private:
    store::Store& real_;
};

}  // namespace hookline::pipeline
