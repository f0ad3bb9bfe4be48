#include "docker/deliveries.hpp"

#include "base/crypto.hpp"
#include "pipeline/requests.hpp"

namespace hookline::docker {

namespace {

constexpr Milliseconds store_pause(1'000);

}  // namespace

Task<void> Deliveries::deliver(std::string event_type, std::string delivery_id, std::string payload) {
    return deliver(endpoints_(), std::move(event_type), std::move(delivery_id), std::move(payload));
}

Task<void> Deliveries::deliver(std::vector<EndpointId> endpoints, std::string event_type,
                               std::string delivery_id, std::string payload) {
    for (const EndpointId endpoint : endpoints) {
        event::Delivery delivery;
        delivery.endpoint = endpoint;
        delivery.service = event::Service::docker;
        delivery.event_type = event_type;
        delivery.delivery_id = delivery_id;
        delivery.payload = payload;
        delivery.received_at = clock_.now();
        for (;;) {
            event::Delivery attempt = delivery;
            const auto stored = co_await pipeline::append(store_.journal(), std::move(attempt));
            if (stored) {
                break;
            }
            log_.error("docker", "an event of an engine could not be stored, trying again",
                       {{"engine", engine_}, {"error", stored.error().detail}});
            co_await clock_.sleep_for(store_pause);
        }
    }
}

Task<void> Deliveries::remember(std::string key, std::string value) {
    store::Changes changes;
    changes.emplace_back(store::PutMeta{std::move(key), std::move(value)});
    co_await remember(std::move(changes));
}

Task<void> Deliveries::remember(store::Changes changes) {
    const auto written = co_await store_.write(std::move(changes));
    if (!written) {
        log_.warn("docker", "where an engine's stream stands could not be kept",
                  {{"error", written.error().detail}});
    }
}

std::string Deliveries::recalled(const std::string& key) const {
    const auto value = store_.meta(key);
    return value && *value ? **value : std::string();
}

std::string delivery_id_from(const std::string& text) {
    constexpr std::size_t length = 40;
    return to_hex(sha256(text)).substr(0, length);
}

}  // namespace hookline::docker
