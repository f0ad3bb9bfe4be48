#include "services/gitlab/parse.hpp"

#include <fmt/format.h>

#include "services/gitlab/common.hpp"
#include "services/gitlab/kind.hpp"

namespace hookline::services::gitlab {

namespace {

const Row* find_row(std::string_view kind) {
    for (const auto rows : {code_rows(), request_rows(), writing_rows(), pipeline_rows(), thing_rows()}) {
        for (const Row& row : rows) {
            if (row.kind == kind) {
                return &row;
            }
        }
    }
    return nullptr;
}

/// A system hook names its event only in the payload, and so does a member of a group within "Member Hook":
/// the payload's own name is the finer one where both have a row.
const Row* row_of(std::string_view event_type, const Node& payload) {
    const Row* of_event_name = find_row(payload["event_name"].text());
    if (of_event_name != nullptr) {
        return of_event_name;
    }
    const Row* of_header = find_row(event_type);
    return of_header != nullptr ? of_header : find_row(payload["object_kind"].text());
}

/// An owner may send a body of his own making (GitLab, "Custom webhook template"): it tells nothing of what
/// GitLab's events tell.
bool is_of_gitlab(const Node& payload) {
    return !payload["object_kind"].text().empty() || !payload["event_name"].text().empty();
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
    const std::string kind = kind_of_header(delivery.event_type);
    event::Event event;
    event.id = delivery.id;
    event.service = delivery.service;
    event.is_test = delivery.is_test;
    event.has_merge_requests = true;
    event.provider_name = kind;
    event.provider_action = payload["object_attributes"]["action"].text();
    if (event.provider_action.empty()) {
        event.provider_action = payload["action"].text();
    }
    event.action = past_of(event.provider_action);
    event.repo = repository_of(payload);
    event.actor = actor_of(payload["user"], event);
    event.time = delivery.received_at;
    const std::string event_type = payload["event_type"].text();
    event.is_confidential = kind.starts_with("confidential_") || event_type.starts_with("confidential_");
    const Row* row = is_of_gitlab(payload) ? row_of(kind, payload) : nullptr;
    if (row != nullptr) {
        event.name = row->name;
        row->parse(payload, event);
    }
    event.is_bot = event.actor && event.actor->is_bot;
    return event;
}

}  // namespace hookline::services::gitlab
