#include "pipeline/understanding.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/text.hpp"

namespace hookline::pipeline {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_error = 300;

event::Delivery delivery_of(const store::StoredEvent& stored) {
    event::Delivery delivery;
    delivery.id = stored.id;
    delivery.endpoint = stored.endpoint;
    delivery.service = stored.service;
    delivery.event_type = stored.event_type;
    delivery.delivery_id = stored.delivery_id;
    delivery.payload = stored.payload;
    delivery.received_at = stored.received_at;
    delivery.is_test = stored.is_test;
    return delivery;
}

const json::object* object_at(const json::object& parent, std::string_view key) {
    const json::value* value = parent.if_contains(key);
    return value != nullptr ? value->if_object() : nullptr;
}

std::string text_at(const json::object& parent, std::string_view key) {
    const json::value* value = parent.if_contains(key);
    return value != nullptr && value->is_string() ? repair_utf8(value->get_string()) : std::string();
}

/// Hookline's word for what the service calls `provider_name`; empty where there is none.
std::string_view known_name(const services::ServiceAdapter& adapter, std::string_view provider_name) {
    for (const services::EventName& known : adapter.event_names()) {
        const auto names = split(known.provider_name, ',');  // "create,delete"
        if (std::find(names.begin(), names.end(), provider_name) != names.end()) {
            return known.name.substr(0, known.name.find('.'));
        }
    }
    return {};
}

/// What a payload is about, by the members in which services keep a title and a page.
void read_subject(event::Event& event, const json::object& payload) {
    for (const char* key : {"pull_request", "issue", "release", "workflow_run", "head_commit", "review"}) {
        const json::object* subject = object_at(payload, key);
        if (subject == nullptr) {
            continue;
        }
        event.title = text_at(*subject, "title");
        if (event.title.empty()) {
            event.title = text_at(*subject, "name");
        }
        event.url = text_at(*subject, "html_url");
        if (!event.url.empty()) {
            return;
        }
    }
    event.url = text_at(payload, "compare");
}

void salvage(event::Event& event, const std::string& payload) {
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 100;  // docs/contract.md, section 3
    options.allow_invalid_utf8 = true;
    const json::value document = json::parse(payload, error, {}, options);
    const json::object* object = error ? nullptr : document.if_object();
    if (object == nullptr) {
        return;
    }
    event.provider_action = text_at(*object, "action");
    event.action = event.provider_action;
    read_subject(event, *object);
    if (const json::object* sender = object_at(*object, "sender")) {
        event::Actor actor;
        actor.login = text_at(*sender, "login");
        actor.url = text_at(*sender, "html_url");
        event.actor = std::move(actor);
    }
    if (const json::object* source = object_at(*object, "repository")) {
        event::Repository repository;
        repository.full_name = text_at(*source, "full_name");
        repository.url = text_at(*source, "html_url");
        if (event.url.empty()) {
            event.url = repository.url;
        }
        event.repo = std::move(repository);
    }
}

Understanding salvaged(const store::StoredEvent& stored, const services::ServiceAdapter& adapter,
                       std::string error) {
    Understanding result;
    result.error = shorten(repair_utf8(error), longest_error);
    event::Event& event = result.event;
    event.name = known_name(adapter, stored.event_type);
    event.provider_name = stored.event_type;
    try {
        salvage(event, stored.payload);
    } catch (const std::exception&) {
        // Nothing more can be read: the event keeps its name alone.
    }
    return result;
}

Understanding parsed(const store::StoredEvent& stored, const services::ServiceAdapter& adapter) {
    try {
        auto event = adapter.parse(delivery_of(stored));
        if (event) {
            Understanding result;
            result.event = std::move(*event);
            return result;
        }
        return salvaged(stored, adapter, event.error().detail);
    } catch (const std::exception& e) {
        return salvaged(stored, adapter, fmt::format("an error inside Hookline: {}", e.what()));
    }
}

}  // namespace

Understanding understand(const store::StoredEvent& stored, const services::ServiceAdapter* adapter) {
    Understanding result;
    if (adapter == nullptr) {
        result.error = fmt::format("this version does not read {}", event::display_name(stored.service));
    } else {
        result = parsed(stored, *adapter);
    }
    event::Event& event = result.event;
    event.id = stored.id;
    event.service = stored.service;
    event.is_test = stored.is_test;
    if (event.provider_name.empty()) {
        event.provider_name = stored.event_type;
    }
    if (event.time == TimePoint{}) {
        event.time = stored.received_at;
    }
    return result;
}

}  // namespace hookline::pipeline
