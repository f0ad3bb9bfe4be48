// GitHub's payloads as Events (GitHub, "Webhook events and payloads"). A table says which function reads
// which event; a function fills in what its event has beyond the parts that all share.
#pragma once

#include "base/result.hpp"
#include "event/delivery.hpp"
#include "event/event.hpp"
#include "services/payload.hpp"

namespace hookline::services::github {

/// malformed: not JSON, or no object. An event that has no row is an Event with an empty name.
[[nodiscard]] Result<event::Event> parse(const event::Delivery& delivery);

using Parser = void (*)(const Node& payload, event::Event& event);

/// One event of GitHub's: what Hookline calls it and who reads it.
struct Row {
    std::string_view provider_name;
    std::string_view name;
    Parser parse;
};

// A table a file, each for one kind of event.
[[nodiscard]] std::span<const Row> code_rows();        // push, create, delete, commit_comment
[[nodiscard]] std::span<const Row> request_rows();     // pull requests and their reviews
[[nodiscard]] std::span<const Row> issue_rows();       // issues, comments, discussions, releases
[[nodiscard]] std::span<const Row> run_rows();         // workflows, jobs, checks, statuses, deployments
[[nodiscard]] std::span<const Row> repository_rows();  // the rest: things with a name

}  // namespace hookline::services::github
