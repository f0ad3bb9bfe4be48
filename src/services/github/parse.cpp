#include "services/github/parse.hpp"

#include <fmt/format.h>

#include "services/github/common.hpp"

namespace hookline::services::github {

namespace {

void parse_ping(const Node& payload, event::Event& event) {
    event::Ping ping;
    for (const Node& item : payload["hook"]["events"].items()) {
        const std::string name = item.text();
        ping.sends_everything = ping.sends_everything || name == "*";
        if (!name.empty()) {
            ping.events.push_back(name);
        }
    }
    event.ping = std::move(ping);
    event.message = payload["zen"].text();
}

constexpr Row ping_row{"ping", "", parse_ping};

const Row* find_row(std::string_view provider_name) {
    if (provider_name == ping_row.provider_name) {
        return &ping_row;
    }
    for (const auto rows : {code_rows(), request_rows(), issue_rows(), run_rows(), repository_rows()}) {
        for (const Row& row : rows) {
            if (row.provider_name == provider_name) {
                return &row;
            }
        }
    }
    return nullptr;
}

}  // namespace

Result<event::Event> parse(const event::Delivery& delivery) {
    auto document = Document::parse(delivery.payload);
    if (!document) {
        return fail(document.error().code, "the payload is " + document.error().detail);
    }
    const Node payload = document->root();
    if (!payload.is_object()) {
        return fail(Errc::malformed,
                    fmt::format("the payload of “{}” is no JSON object", delivery.event_type));
    }
    event::Event event;
    event.id = delivery.id;
    event.service = delivery.service;
    event.is_test = delivery.is_test;
    event.provider_name = delivery.event_type;
    event.provider_action = payload["action"].text();
    event.action = event.provider_action;
    event.repo = repository_of(payload["repository"]);
    event.actor = actor_of(payload["sender"]);
    event.is_bot = event.actor && event.actor->is_bot;
    event.time = delivery.received_at;
    const Row* row = find_row(delivery.event_type);
    if (row != nullptr) {
        event.name = row->name;
        row->parse(payload, event);
    }
    return event;
}

}  // namespace hookline::services::github
