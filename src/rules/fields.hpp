// The fields that conditions and templates can name, written once: name, type, example, sentence and the
// function that reads it from Facts. The checker, `hookline fields`, `!hook fields` and docs/fields.md read
// the same table. A new kind of thing is a schema of its own and one row of the root.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"
#include "language/schema.hpp"

namespace hookline::rules {

struct RootField {
    language::Field field;
    /// The events ("push pr") that have it; empty: every event.
    std::string_view events;
};

/// All there are, in the order of their telling.
[[nodiscard]] std::span<const RootField> root_fields();

/// The names that an expression about events of this service may use; of rules::Facts.
[[nodiscard]] const language::Schema& schema_of(event::Service service);

/// Of the events of that service, or of that one event ("pr"; "" for all).
[[nodiscard]] std::vector<const RootField*> fields_of(event::Service service, std::string_view event);

/// Whether something failed: a run, a check, a deployment, an alert. What `--only failures` lets pass.
[[nodiscard]] bool is_failure(const event::Event& event);

/// "pr.status   text   'approved'   what it waits for: …", a line each, objects with their fields; for a
/// terminal and for a code block. `event`: "pr", "pr.merged" or "".
[[nodiscard]] std::string describe_fields(event::Service service, std::string_view event);

}  // namespace hookline::rules
