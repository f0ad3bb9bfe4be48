#include "pipeline/step.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "pipeline/stepper.hpp"

namespace hookline::pipeline {

namespace {

constexpr std::size_t longest_reason = 500;

}  // namespace

Result<Snapshot> take_snapshot(store::Store& store, const Snapshot* earlier) {
    const std::uint64_t version = store.settings_version();
    auto endpoints = store.endpoints();
    if (!endpoints) {
        return tl::unexpected(endpoints.error());
    }
    auto hooks = store.hooks();
    if (!hooks) {
        return tl::unexpected(hooks.error());
    }
    auto destinations = store.destinations();
    if (!destinations) {
        return tl::unexpected(destinations.error());
    }
    auto rules = RuleBook::read(store, *hooks, earlier != nullptr ? &earlier->rules : nullptr);
    if (!rules) {
        return tl::unexpected(rules.error());
    }
    Snapshot snapshot;
    snapshot.rules = std::move(*rules);
    snapshot.version = version;
    for (store::Endpoint& endpoint : *endpoints) {
        const EndpointId id = endpoint.id;
        snapshot.endpoints.emplace(id, std::move(endpoint));
    }
    for (store::Hook& hook : *hooks) {
        const EndpointId id = hook.endpoint;
        snapshot.hooks[id].push_back(std::move(hook));
    }
    for (dispatch::DestinationInfo& destination : *destinations) {
        const DestinationId id = destination.id;
        snapshot.destinations.emplace(id, std::move(destination));
    }
    return snapshot;
}

Step process(const store::StoredEvent& stored, std::span<const store::Outcome> had, Snapshot& snapshot,
             Memory& memory, store::Store& store, const Settings& settings, const Enrichments& enrichments,
             TimePoint now) {
    try {
        return Stepper(stored, snapshot, memory, store, settings, &enrichments, now).run(had);
    } catch (const std::exception& e) {
        Step step;
        step.error = fmt::format("an error inside Hookline: {}", e.what());
        step.changes = set_aside(stored, had, snapshot, step.error, now);
        return step;
    }
}

store::Changes set_aside(const store::StoredEvent& stored, std::span<const store::Outcome> had,
                         const Snapshot& snapshot, std::string_view reason, TimePoint now) {
    store::Changes changes;
    for (const store::Hook* hook : open_hooks(stored, had, snapshot)) {
        store::Outcome outcome;
        outcome.event = stored.id;
        outcome.hook = hook->id;
        outcome.kind = store::OutcomeKind::parked;
        outcome.reason = shorten(reason, longest_reason);
        outcome.at = now;
        changes.emplace_back(store::PutOutcome{std::move(outcome)});
    }
    changes.emplace_back(store::MarkProcessed{stored.id});
    return changes;
}

Layout lay_out(const event::Event& event, const format::Enrichment& enrichment, message::Style style) {
    Layout layout;
    try {
        layout.message = format::to_message(event, enrichment, style);
    } catch (const std::exception& e) {
        layout.error = e.what();
        layout.message = format::plain_message(event);
    }
    return layout;
}

TimePoint unique_timestamp(TimePoint event_time, MessageId id) {
    const auto second = std::chrono::floor<std::chrono::seconds>(event_time);
    return TimePoint(second) + Milliseconds(id.value % 1000);
}

message::Message stamped(message::Message message, TimePoint timestamp) {
    if (!message.embeds.empty()) {
        message.embeds.front().timestamp = timestamp;
    }
    return message;
}

}  // namespace hookline::pipeline
