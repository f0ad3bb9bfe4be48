// What those who run Hookline ask of it: is it well, what does it count, what does it offer.
#include <boost/json/array.hpp>

#include "api/answer.hpp"
#include "api/api.hpp"
#include "api/prometheus_metrics.hpp"
#include "api/route.hpp"
#include "base/iso_time.hpp"

namespace hookline::api {

namespace json = boost::json;

namespace {

Task<net::Response> healthz(Parts&, Call) { co_return text_answer(200, "text/plain", "ok\n"); }

Task<net::Response> readyz(Parts& parts, Call) {
    const auto writable = co_await parts.store.check_writable();
    if (!writable) {
        net::Response refused = text_answer(503, "text/plain", "the store takes no writes\n");
        refused.fields.emplace_back("Retry-After", "5");
        co_return refused;
    }
    co_return text_answer(200, "text/plain", "ready\n");
}

Task<net::Response> metrics(Parts& parts, Call) {
    if (const auto counts = parts.store.counts()) {
        const auto set = [&](std::string_view name, std::int64_t value) {
            parts.metrics.set(name, static_cast<double>(value), {});
        };
        set("hookline_events_unprocessed", counts->unprocessed);
        set("hookline_outbox_waiting", counts->waiting);
        set("hookline_outbox_parked", counts->parked);
        set("hookline_destinations_held", counts->held_destinations);
    }
    co_return text_answer(200, "text/plain; version=0.0.4; charset=utf-8", parts.metrics.text());
}

json::array held(const std::vector<dispatch::DestinationInfo>& destinations) {
    json::array array;
    for (const dispatch::DestinationInfo& destination : destinations) {
        if (destination.held == dispatch::HoldReason::none) {
            continue;
        }
        json::object view;
        view["id"] = destination.id.value;
        view["kind"] = dispatch::name_of(destination.kind);
        view["channel"] = to_string(destination.channel);
        view["reason"] = dispatch::reason_text(destination.held);
        view["detail"] = destination.held_detail;
        view["since"] = iso_time(destination.held_since);
        array.push_back(std::move(view));
    }
    return array;
}

json::value channel_view(const Parts& parts, Snowflake id) {
    const auto info = parts.surroundings.channel(id);
    if (!info) {
        return nullptr;
    }
    json::object view;
    view["id"] = to_string(info->id);
    view["name"] = info->name;
    view["missing_permissions"] = info->missing;
    return view;
}

/// Channels of the bot that hooks or replies use, each with what the bot lacks there.
json::array channels(const Parts& parts, const std::vector<dispatch::DestinationInfo>& destinations) {
    json::array array;
    for (const dispatch::DestinationInfo& destination : destinations) {
        if (destination.kind != dispatch::DestinationKind::discord_channel) {
            continue;
        }
        json::object view;
        view["channel"] = to_string(destination.channel);
        view["seen"] = channel_view(parts, destination.channel);
        array.push_back(std::move(view));
    }
    return array;
}

Task<net::Response> status(Parts& parts, Call) {
    const auto counts = parts.store.counts();
    const auto destinations = parts.store.destinations();
    if (!counts || !destinations) {
        co_return error_answer(503, "The database cannot be read at present.");
    }
    json::object view;
    view["version"] = parts.version;
    view["time"] = iso_time(parts.clock.now());
    view["started_at"] = iso_time(parts.started_at);
    view["gateway"] = parts.surroundings.gateway_state();
    view["events"] = counts->events;
    view["unprocessed"] = counts->unprocessed;
    view["waiting"] = counts->waiting;
    view["parked"] = counts->parked;
    view["held"] = held(*destinations);
    view["channels"] = channels(parts, *destinations);
    co_return json_answer(200, view);
}

Task<net::Response> document(Parts& parts, Call) {
    co_return text_answer(200, "application/json", openapi_document(parts.version));
}

constexpr std::array routes{
    Route{"GET", "/healthz", "200 while the process serves", {}, {}, "", false, healthz},
    Route{"GET", "/readyz", "200 when the store takes writes", {}, {}, "", false, readyz},
    Route{"GET", "/metrics", "Metrics in Prometheus' text format", {}, {}, "", false, metrics},
    Route{"GET", "/api/v1/status", "Health, backlog, what is held", {}, {}, "Status", true, status},
    Route{"GET", "/api/v1/openapi.json", "This document", {}, {}, "", false, document},
};

}  // namespace

std::span<const Route> operation_routes() { return routes; }

}  // namespace hookline::api
