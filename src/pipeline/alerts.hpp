// Alerts: conditions that fire when they become true for a thing, and are armed again when they become false.
// What was seen last is kept in the store with the event, so that a restart neither repeats nor forgets.
#pragma once

#include <string>
#include <vector>

#include "pipeline/memory.hpp"
#include "pipeline/rulebook.hpp"
#include "rules/facts.hpp"
#include "state/correlate.hpp"

namespace hookline::pipeline {

/// An event as alerts see it.
struct Occasion {
    const store::StoredEvent& stored;
    const event::Event& event;
    const state::Known& known;
    TimePoint now;
};

/// What an alert's condition came to for one thing.
struct Weighed {
    RuleId rule;
    std::size_t place = 1;     // of the rule, for people
    bool fires = false;        // became true
    bool is_over = false;      // became false, and the alert says so
    std::string trouble;       // it could not be worked out: it counts as false
    message::Message message;  // where it fires or is over
};

/// Weighs one alert for every thing that the event touches: notes what it saw in `changes`, and puts or drops
/// the timer at which it may become true by time alone.
[[nodiscard]] std::vector<Weighed> weigh(const ActiveRule& alert, const Occasion& occasion, Memory& memory,
                                         store::Changes& changes);

/// The same for the one thing whose timer is due: `entity` as in the timer.
[[nodiscard]] std::vector<Weighed> weigh_again(const ActiveRule& alert, const Occasion& occasion,
                                               const std::string& entity, Memory& memory,
                                               store::Changes& changes);

/// Whether the alert is about pull requests.
[[nodiscard]] bool is_about_pulls(const ActiveRule& alert);

inline constexpr std::string_view alert_timer = "alert";  // kind of timers; what: "<rule> <entity>"

}  // namespace hookline::pipeline
