// What `hookline run` tells: a delivery for every hook of docker and ci that hears of builds.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "api/answer.hpp"
#include "api/api.hpp"
#include "api/route.hpp"
#include "pipeline/requests.hpp"
#include "services/builds.hpp"
#include "services/event_names.hpp"

namespace hookline::api {

namespace json = boost::json;

namespace {

constexpr std::array build_body{
    Parameter{
        "build", "object",
        "key (the same in all that is told of the build), status (started, completed, failed, cancelled) "
        "and name; the rest as src/services/builds.hpp says",
        true},
};

event::Delivery delivery_of(const std::string& payload, event::Service service, TimePoint now) {
    event::Delivery delivery;
    delivery.service = service;
    delivery.event_type = std::string(services::build_delivery);
    delivery.payload = payload;
    delivery.received_at = now;
    return delivery;
}

bool hears(const store::Hook& hook, const event::Delivery& delivery) {
    const services::ServiceAdapter* const adapter = services::find_adapter(hook.service);
    const auto event = adapter != nullptr ? adapter->parse(delivery) : fail(Errc::unsupported, "");
    return event && services::why_unwanted(hook.events, *event).empty();
}

/// One for each endpoint, whose other hooks have an outcome of it too.
std::vector<event::Delivery> deliveries_for(const std::vector<store::Hook>& hooks, const std::string& payload,
                                            TimePoint now) {
    std::vector<event::Delivery> deliveries;
    for (const store::Hook& hook : hooks) {
        const bool may_hear = hook.service == event::Service::docker || hook.service == event::Service::ci;
        const bool is_known = std::any_of(deliveries.begin(), deliveries.end(), [&](const auto& delivery) {
            return delivery.endpoint == hook.endpoint;
        });
        event::Delivery delivery = delivery_of(payload, hook.service, now);
        if (may_hear && !is_known && hears(hook, delivery)) {
            delivery.endpoint = hook.endpoint;
            deliveries.push_back(std::move(delivery));
        }
    }
    return deliveries;
}

Task<net::Response> tell_build(Parts& parts, Call call) {
    const std::string payload = json::serialize(call.body);
    const auto document = services::Document::parse(payload);
    if (!document || !services::is_build(document->root())) {
        co_return error_answer(
            400,
            "A build needs a \"key\", a \"name\" and a \"status\": started, completed, failed or cancelled.");
    }
    const auto hooks = parts.store.hooks();
    if (!hooks) {
        co_return error_answer(hooks.error());
    }
    const std::string id = services::envelope_of_build(document->root()).delivery_id;
    json::array events;
    for (event::Delivery& delivery : deliveries_for(*hooks, payload, parts.clock.now())) {
        delivery.delivery_id = id;
        const auto stored = co_await pipeline::append(parts.store.journal(), std::move(delivery));
        if (!stored) {
            co_return error_answer(stored.error());  // told again, the others are known by their ids
        }
        events.emplace_back(stored->id.value);
    }
    json::object answer;
    answer["events"] = std::move(events);
    co_return json_answer(202, answer);
}

constexpr std::array routes{
    Route{"POST",
          "/api/v1/builds",
          "Tells a build to every hook of docker and ci that hears of builds",
          {},
          build_body,
          "Told",
          true,
          tell_build},
};

}  // namespace

std::span<const Route> build_routes() { return routes; }

}  // namespace hookline::api
