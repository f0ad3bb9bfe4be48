// What tests of the pipeline share: a real store in a folder of its own, a GitHub hook that announces to the
// terminal, real sample deliveries, and the pipeline running over them.
#pragma once

#include "base/task_group.hpp"
#include "pipeline/pipeline.hpp"
#include "pipeline/requests.hpp"
#include "store/testing/store_fixture.hpp"

namespace hookline::pipeline {

/// Counts by name; the labels are not looked at.
class CountingMetrics final : public Metrics {
public:
    void count(std::string_view name, const Labels&, double amount) override {
        counted[std::string(name)] += amount;
    }
    void observe(std::string_view, double, const Labels&) override {}
    void set(std::string_view, double, const Labels&) override {}
    std::map<std::string, double> counted;
};

class PipelineFixture : public store::StoreFixture {
protected:
    PipelineFixture() {
        open();
        endpoint.id = store->next_endpoint_id();
        endpoint.made_with = HookId(1);
        endpoint.secret = Secret("gh_canary_secret");
        must_write({store::PutEndpoint{endpoint}});
        set_up_destination();
        hook = add_hook();
    }
    ~PipelineFixture() override { stop(); }

    store::Hook add_hook(DestinationId destination = DestinationId(1)) {
        store::Hook added;
        added.id = store->next_hook_id();
        added.endpoint = endpoint.id;
        added.destination = destination;
        must_write({store::PutHook{added}});
        return added;
    }

    void start(Enricher* enricher = nullptr, store::Store* through = nullptr) {
        settings.public_url = "https://hooks.example.org";
        pipeline = std::make_unique<Pipeline>(loop.executor(), through != nullptr ? *through : *store, clock,
                                              log, counting, enricher, settings);
        tasks.spawn("pipeline", pipeline->run());
        loop.settle();
    }
    void stop() {
        tasks.cancel();
        loop.run_until([&] { return tasks.running() == 0; });
        if (pipeline) {
            std::optional<bool> done;
            loop.start(stopped(*pipeline), done);
            loop.run_until([&] {
                clock.advance(Milliseconds(5));  // what stop() waits by
                return done.has_value();
            });
            pipeline.reset();
        }
    }
    static Task<bool> stopped(Pipeline& running) {
        co_await running.stop(Milliseconds(0));
        co_return true;
    }

    /// Stores a sample of GitHub ("push", "pr.opened") as ingest would.
    EventId deliver(std::string_view name, const std::string& delivery_id) {
        const auto* adapter = services::find_adapter(event::Service::github);
        for (const services::Sample& sample : adapter->samples()) {
            if (sample.name == name) {
                return deliver_payload(std::string(sample.event_type), std::string(sample.payload),
                                       delivery_id);
            }
        }
        ADD_FAILURE() << "no sample " << name;
        return {};
    }
    EventId deliver_payload(const std::string& type, const std::string& payload,
                            const std::string& delivery_id) {
        event::Delivery sent = delivery(delivery_id, payload);
        sent.event_type = type;
        const auto appended = append(std::move(sent));
        EXPECT_TRUE(appended) << appended.error().detail;
        return appended ? appended->id : EventId();
    }
    /// Until every event has its outcomes.
    void process() {
        EXPECT_TRUE(loop.run_until([&] { return store->counts().value().unprocessed == 0; }));
    }

    [[nodiscard]] store::Outcome outcome_of(EventId event, HookId of = HookId(1)) const {
        const auto all_outcome = store->outcomes(event).value();
        for (const store::Outcome& outcome : all_outcome) {
            if (outcome.hook == of) {
                return outcome;
            }
        }
        ADD_FAILURE() << "no outcome of event " << event.value;
        return {};
    }
    [[nodiscard]] std::size_t messages() const { return store->messages(MessageId(), 1000).value().size(); }
    /// Takes the oldest entry of the destination out, as sent.
    std::optional<dispatch::Entry> take(DestinationId destination = DestinationId(1)) {
        const auto entry = head(destination);
        if (entry) {
            begin_attempt(entry->id);
            record(entry->id,
                   dispatch::Posted{Snowflake(5),
                                    Snowflake(1000 + static_cast<std::uint64_t>(entry->id.value))});
        }
        return entry;
    }

    Settings settings;
    CountingMetrics counting;
    store::Endpoint endpoint;
    store::Hook hook;
    TaskGroup tasks{loop.executor(), log};
    std::unique_ptr<Pipeline> pipeline;
};

}  // namespace hookline::pipeline
