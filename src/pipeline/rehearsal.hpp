// An event understood once more, with what is known now, and nothing changed: for previews and for trying
// conditions on what came already.
#pragma once

#include <optional>
#include <string>

#include "event/event.hpp"
#include "rules/facts.hpp"
#include "state/correlate.hpp"
#include "store/store.hpp"

namespace hookline::pipeline {

struct Rehearsal {
    store::StoredEvent stored;
    event::Event event;
    state::Known known;
    bool is_sample = false;  // none has come yet: a sample of the service

    /// Refers to this.
    [[nodiscard]] rules::Facts facts(TimePoint now) const {
        return rules::facts_of(event, stored.payload, now, known);
    }
};

[[nodiscard]] Rehearsal rehearse(store::StoredEvent stored, store::Store& store, TimePoint now);

/// The newest event of the hook's endpoint that is `name` ("pr", "pr.merged", a service's own name; "": any
/// that Hookline knows), else a sample of it. Nothing where there is neither.
[[nodiscard]] Result<std::optional<Rehearsal>> latest_event(const store::Hook& hook, std::string_view name,
                                                            store::Store& store, TimePoint now);

/// Whether `event` is what `name` asks for.
[[nodiscard]] bool is_called(const event::Event& event, std::string_view name);

}  // namespace hookline::pipeline
