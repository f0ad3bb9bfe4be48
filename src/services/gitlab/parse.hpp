// GitLab's payloads as Events (GitLab, "Webhook events", "System hooks"). A table says which function reads
// which event; a function fills in what its event has beyond the parts that all share.
#pragma once

#include "base/result.hpp"
#include "event/delivery.hpp"
#include "event/event.hpp"
#include "services/payload.hpp"

namespace hookline::services::gitlab {

/// malformed: not JSON, or no object. An event that has no row is an Event with an empty name.
/// `delivery.event_type` may be "merge_request" or "Merge Request Hook"; where it says nothing ("system"),
/// the payload is asked.
[[nodiscard]] Result<event::Event> parse(const event::Delivery& delivery);

using Parser = void (*)(const Node& payload, event::Event& event);

/// One event of GitLab's: what Hookline calls it and who reads it.
struct Row {
    std::string_view kind;
    std::string_view name;
    Parser parse;
};

// A table a file, each for one kind of event.
[[nodiscard]] std::span<const Row> code_rows();      // pushes of branches and tags
[[nodiscard]] std::span<const Row> request_rows();   // merge requests and their approvals
[[nodiscard]] std::span<const Row> writing_rows();   // issues and other work items, comments, releases
[[nodiscard]] std::span<const Row> pipeline_rows();  // pipelines, jobs, deployments
[[nodiscard]] std::span<const Row> thing_rows();     // the rest: things with a name

}  // namespace hookline::services::gitlab
