#include "services/custom/sender.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "services/custom/notice.hpp"

namespace hookline::services::custom {

namespace {

constexpr std::size_t longest_word = 80;
constexpr std::size_t longest_id = 200;

bool never(const Node& /*payload*/) { return false; }

bool has_text(const Node& node) { return !node.text(1).empty(); }

constexpr std::array known{
    Sender{"gitea", "X-Forgejo-Event", "X-Forgejo-Delivery", never, parse_gitea},
    Sender{"gitea", "X-Gitea-Event", "X-Gitea-Delivery", never, parse_gitea},
    Sender{"gitea", "X-Gogs-Event", "X-Gogs-Delivery", never, parse_gitea},
    Sender{"github", "X-GitHub-Event", "X-GitHub-Delivery", never, parse_github},  // Gitea sends these too
    Sender{
        "bitbucket", "X-Event-Key", "X-Request-UUID",
        [](const Node& p) { return p["push"]["changes"].exists() && p["repository"]["full_name"].exists(); },
        parse_bitbucket},
    Sender{"sentry", "Sentry-Hook-Resource", "Request-ID", never, parse_sentry},
    Sender{"cloudevents", "ce-type", "ce-id",
           [](const Node& p) {
               return has_text(p["specversion"]) && has_text(p["type"]) && has_text(p["source"]);
           },
           parse_cloud_event},
    Sender{"azure", "", "",
           [](const Node& p) { return has_text(p["eventType"]) && has_text(p["publisherId"]); }, parse_azure},
    Sender{"alertmanager", "", "",
           [](const Node& p) { return p["version"].text() == "4" && has_text(p["groupKey"]); },
           parse_alertmanager},
    Sender{"grafana", "", "",
           [](const Node& p) {
               return p["orgId"].exists() && (!p["alerts"].items(1).empty() || has_text(p["ruleName"]));
           },
           parse_grafana},
    Sender{"uptimekuma", "", "",
           [](const Node& p) { return p.has("heartbeat") && p.has("monitor") && has_text(p["msg"]); },
           parse_uptime_kuma},
    Sender{"argocd", "", "",
           [](const Node& p) { return has_text(p["app"]) && has_text(p["sync"]) && has_text(p["health"]); },
           parse_argo_cd},
    Sender{"discord", "", "",
           [](const Node& p) {
               return p["embeds"].items(1).size() == 1 ||
                      (has_text(p["content"]) && (p.has("username") || p.has("avatar_url")));
           },
           parse_discord},
    Sender{"slack", "", "",
           [](const Node& p) {
               return p["attachments"].items(1).size() == 1 || p["blocks"].items(1).size() == 1 ||
                      (has_text(p["text"]) && (p.has("channel") || p.has("icon_emoji") || p.has("mrkdwn")));
           },
           parse_slack},
};

/// A word of a header as an event type may hold it; "" for anything else.
std::string word_in(const event::Headers& headers, std::string_view name) {
    const auto value = headers.get(name);
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/";
    const bool is_word = value && headers.count(name) == 1 && value->size() <= longest_word &&
                         value->find_first_not_of(allowed) == std::string_view::npos;
    return is_word ? std::string(*value) : std::string();
}

std::string id_in(const event::Headers& headers, std::string_view name) {
    const auto value = name.empty() ? std::nullopt : headers.get(name);
    return value && headers.count(name) == 1 && value->size() <= longest_id && is_utf8(*value)
               ? std::string(trim(*value))
               : std::string();
}

/// Of a batch (CloudEvents, any list) its first event speaks; how many came with it is told.
Node first_of(const Node& root) {
    const auto items = root.items(1);
    return items.empty() ? root : items.front();
}

/// Ids of signed standards: a repeated delivery has the same one, whoever sends it.
std::string common_id(const event::Headers& headers) {
    for (const std::string_view name : {"webhook-id", "svix-id", "Idempotency-Key"}) {
        std::string id = id_in(headers, name);
        if (!id.empty()) {
            return id;
        }
    }
    return {};
}

/// Ids that stand in the payload.
std::string id_of(const Sender& sender, const Node& payload) {
    if (sender.key == "cloudevents") {  // unique only with its source (CloudEvents 1.0, "id")
        const std::string id = payload["id"].text(longest_id);
        return id.empty() ? std::string() : payload["source"].text(longest_id) + " " + id;
    }
    if (sender.key == "azure" && payload["notificationId"].integer()) {
        return fmt::format("{}/{}", payload["subscriptionId"].text(longest_id),
                           *payload["notificationId"].integer());
    }
    return {};
}

}  // namespace

std::span<const Sender> senders() { return known; }

std::string_view kind_of(std::string_view event_type) {
    const std::size_t colon = event_type.find(':');
    return colon == std::string_view::npos ? std::string_view() : event_type.substr(colon + 1);
}

const Sender* sender_of(std::string_view event_type, const Node& payload) {
    const std::string_view key = event_type.substr(0, event_type.find(':'));
    for (const Sender& sender : known) {
        if (sender.key == key) {
            return &sender;
        }
    }
    const auto* const found = std::find_if(known.begin(), known.end(),
                                           [&](const Sender& sender) { return sender.recognises(payload); });
    return found != known.end() ? found : nullptr;
}

Envelope envelope_of(const event::Headers& headers, const Node& root) {
    const Node payload = first_of(root);
    Envelope envelope;
    envelope.delivery_id = common_id(headers);
    envelope.event_type = "json";
    const auto told = std::find_if(known.begin(), known.end(), [&](const Sender& sender) {
        return !sender.event_header.empty() && !word_in(headers, sender.event_header).empty();
    });
    const Sender* sender = told != known.end() ? &*told : sender_of("", payload);
    if (sender == nullptr) {
        return envelope;
    }
    const std::string word = told != known.end() ? word_in(headers, sender->event_header) : std::string();
    envelope.event_type = word.empty() ? std::string(sender->key) : fmt::format("{}:{}", sender->key, word);
    if (envelope.delivery_id.empty()) {
        envelope.delivery_id = id_in(headers, sender->id_header);
    }
    if (envelope.delivery_id.empty()) {
        envelope.delivery_id = id_of(*sender, payload);
    }
    envelope.is_ping = envelope.event_type == "bitbucket:diagnostics:ping";
    return envelope;
}

Result<event::Event> parse(const event::Delivery& delivery) {
    auto document = Document::parse(delivery.payload);
    if (!document) {
        return fail(document.error().code, "the payload is " + document.error().detail);
    }
    const std::size_t others = document->root().items().size();
    const Node payload = first_of(document->root());
    if (!payload.is_object()) {
        return fail(Errc::malformed,
                    fmt::format("the payload of “{}” is no JSON object", delivery.event_type));
    }
    event::Event event;
    event.id = delivery.id;
    event.service = delivery.service;
    event.is_test = delivery.is_test;
    event.provider_name = delivery.event_type;
    event.provider_action = payload["action"].text(longest_word);
    event.time = delivery.received_at;
    if (const Sender* sender = sender_of(delivery.event_type, payload)) {
        sender->parse(delivery, payload, kind_of(delivery.event_type), event);
    }
    if (event.name.empty() && !event.ping) {
        parse_json(payload, event);
    }
    if (event.notice && others > 1) {
        event.notice->facts.push_back(
            {"Together with", counted(static_cast<std::int64_t>(others) - 1, "other event")});
    }
    return event;
}

}  // namespace hookline::services::custom
