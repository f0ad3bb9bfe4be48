#include "pipeline/rehearsal.hpp"

#include "pipeline/memory.hpp"
#include "pipeline/understanding.hpp"
#include "services/service.hpp"

namespace hookline::pipeline {

namespace {

constexpr std::size_t most_read = 100;  // deliveries looked at for one of the kind asked for

}  // namespace

bool is_called(const event::Event& event, std::string_view name) {
    if (event.name.empty()) {
        return false;
    }
    return name.empty() || name == event.name || name == event.full_name() || name == event.provider_name;
}

Rehearsal rehearse(store::StoredEvent stored, store::Store& store, TimePoint now) {
    Rehearsal rehearsal;
    rehearsal.stored = std::move(stored);
    rehearsal.event = understand(rehearsal.stored, services::find_adapter(rehearsal.stored.service)).event;
    Memory memory(store);
    store::Changes forgotten;
    const std::int64_t repository = rehearsal.event.repo ? rehearsal.event.repo->id : 0;
    Memory::Repository entities(memory, rehearsal.stored.endpoint, repository, now, forgotten);
    rehearsal.known = state::correlate(rehearsal.event, entities);
    return rehearsal;
}

Result<std::optional<Rehearsal>> latest_event(const store::Hook& hook, std::string_view name,
                                              store::Store& store, TimePoint now) {
    store::EventQuery query;
    query.hook = hook.id;
    query.limit = most_read;
    query.with_payload = true;
    auto events = store.events(query);
    if (!events) {
        return tl::unexpected(events.error());
    }
    for (store::StoredEvent& stored : *events) {
        if (stored.is_test) {
            continue;
        }
        Rehearsal rehearsal = rehearse(std::move(stored), store, now);
        if (is_called(rehearsal.event, name)) {
            return std::optional(std::move(rehearsal));
        }
    }
    const services::ServiceAdapter* adapter = services::find_adapter(hook.service);
    for (const services::Sample& sample :
         adapter != nullptr ? adapter->samples() : std::span<const services::Sample>()) {
        store::StoredEvent stored;
        stored.endpoint = hook.endpoint;
        stored.service = hook.service;
        stored.event_type = std::string(sample.event_type);
        stored.payload = std::string(sample.payload);
        stored.received_at = now;
        stored.is_test = true;
        Rehearsal rehearsal = rehearse(std::move(stored), store, now);
        if (is_called(rehearsal.event, name)) {
            rehearsal.is_sample = true;
            return std::optional(std::move(rehearsal));
        }
    }
    return std::optional<Rehearsal>();
}

}  // namespace hookline::pipeline
