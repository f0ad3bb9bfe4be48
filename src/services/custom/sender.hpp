// Senders that are known by name: how a delivery of each is recognised and who reads it. A table; what no row
// recognises is read as any JSON.
//
// The event type of a custom delivery is the sender's key and, where it tells one, its word for the event:
// "gitea:pull_request", "alertmanager", "json".
#pragma once

#include <span>

#include "base/result.hpp"
#include "event/delivery.hpp"
#include "event/event.hpp"
#include "services/payload.hpp"
#include "services/samples.hpp"
#include "services/service.hpp"

namespace hookline::services::custom {

struct Sender {
    std::string_view key;
    /// The header in which it names its event; empty: none, it is known by its payload.
    std::string_view event_header;
    /// Where repeated deliveries share an id: the header that holds it.
    std::string_view id_header;
    bool (*recognises)(const Node& payload);
    void (*parse)(const event::Delivery& delivery, const Node& payload, std::string_view kind,
                  event::Event& event);
};

/// The most telling first.
[[nodiscard]] std::span<const Sender> senders();

[[nodiscard]] Envelope envelope_of(const event::Headers& headers, const Node& payload);
/// malformed: not JSON, or no object.
[[nodiscard]] Result<event::Event> parse(const event::Delivery& delivery);
/// The sender of an event type; where it names none, of the payload. Null: any JSON.
[[nodiscard]] const Sender* sender_of(std::string_view event_type, const Node& payload);
/// "pull_request" of "gitea:pull_request".
[[nodiscard]] std::string_view kind_of(std::string_view event_type);

[[nodiscard]] std::span<const EventName> names();
[[nodiscard]] std::span<const SampleFile> sample_files();

// One for each sender; `kind`: its word for the event. An event that it does not know keeps its empty name.
void parse_alertmanager(const event::Delivery&, const Node&, std::string_view kind, event::Event&);
void parse_grafana(const event::Delivery&, const Node&, std::string_view kind, event::Event&);
void parse_sentry(const event::Delivery&, const Node&, std::string_view kind, event::Event&);
void parse_uptime_kuma(const event::Delivery&, const Node&, std::string_view kind, event::Event&);
void parse_argo_cd(const event::Delivery&, const Node&, std::string_view kind, event::Event&);
void parse_github(const event::Delivery&, const Node&, std::string_view kind, event::Event&);
void parse_gitea(const event::Delivery&, const Node&, std::string_view kind, event::Event&);
void parse_bitbucket(const event::Delivery&, const Node&, std::string_view kind, event::Event&);
void parse_azure(const event::Delivery&, const Node&, std::string_view kind, event::Event&);
void parse_cloud_event(const event::Delivery&, const Node&, std::string_view kind, event::Event&);
void parse_slack(const event::Delivery&, const Node&, std::string_view kind, event::Event&);
void parse_discord(const event::Delivery&, const Node&, std::string_view kind, event::Event&);

}  // namespace hookline::services::custom
