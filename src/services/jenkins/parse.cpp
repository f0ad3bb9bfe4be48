#include "services/jenkins/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/crypto.hpp"
#include "services/jenkins/jenkins.hpp"

namespace hookline::services::jenkins {

namespace {

constexpr std::size_t longest_type = 60;

bool is_type(std::string_view type) {
    return (type.starts_with("run.") || type.starts_with("item.")) && type.size() <= longest_type &&
           type.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-") ==
               std::string_view::npos;
}

struct Plugin {
    std::string_view event_type;  // of Generic Event, the type that it sends
    bool (*sent)(const Node& payload);
    void (*parse)(const Node& payload, event::Event& event);
};

constexpr std::array plugins{
    Plugin{"generic", [](const Node& payload) { return is_type(payload["type"].text()); }, parse_generic},
    Plugin{"notification",
           [](const Node& payload) {
               return !payload["name"].text().empty() && !payload["build"]["phase"].text().empty();
           },
           parse_notification},
    Plugin{"outbound",
           [](const Node& payload) {
               return !payload["projectName"].text().empty() && !payload["buildName"].text().empty() &&
                      !payload["event"].text().empty();
           },
           parse_outbound},
};

const Plugin* plugin_of(const Node& payload) {
    const auto* const found = std::find_if(plugins.begin(), plugins.end(),
                                           [&](const Plugin& plugin) { return plugin.sent(payload); });
    return found != plugins.end() ? found : nullptr;
}

/// The Notification plugin repeats a delivery after an error of the network, with the same bytes.
std::string id_of_notification(const Node& payload) {
    const Node build = payload["build"];
    std::string url = build["full_url"].text();
    if (url.empty()) {
        url = payload["url"].text() + build["url"].text();
    }
    const auto time = build["timestamp"].integer();
    if (url.empty() || !time) {
        return {};
    }
    const Digest digest = sha256(fmt::format("{}\n{}\n{}\n{}\n{}", url, build["phase"].text(),
                                             build["status"].text(), *time, build["notes"].text()));
    return to_hex(digest).substr(0, 32);
}

}  // namespace

bool recognises(const Node& payload) { return plugin_of(payload) != nullptr; }

Envelope envelope_of(const Node& payload) {
    constexpr std::size_t longest_id = 200;
    Envelope envelope;
    const Plugin* plugin = plugin_of(payload);
    if (plugin == nullptr) {
        envelope.event_type = "unknown";
        return envelope;
    }
    envelope.event_type = plugin->event_type;
    if (plugin->event_type == "generic") {
        envelope.event_type = payload["type"].text();
        envelope.delivery_id = payload["id"].text(longest_id);
    } else if (plugin->event_type == "notification") {
        envelope.delivery_id = id_of_notification(payload);
    }
    return envelope;
}

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
    event.time = delivery.received_at;
    if (const Plugin* plugin = plugin_of(payload)) {
        plugin->parse(payload, event);
    }
    return event;
}

}  // namespace hookline::services::jenkins
