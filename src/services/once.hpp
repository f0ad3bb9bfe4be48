// One thing once: what two deliveries of a service both tell. docs/once.md shows what becomes of it.
//
// Two rules come before it: `Event::told_by` names what always comes too and tells the act better (a job, its
// workflow), so that the lesser is not told at all; `Event::rest_in` joins a run with its jobs. Facts are for
// what may come alone, and in any order: whoever comes first tells it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "event/event.hpp"

namespace hookline::services {

/// When and where something of that name was, as far as the event says: what began later, ended otherwise or
/// was elsewhere is another.
struct Course {
    std::optional<TimePoint> began, ended;
    std::string place;
    bool has_failed = false;
};

struct Fact {
    std::string key;  // "branch feature is gone": of one repository
    /// Of two that tell the same, the higher one tells more. Where both tell as much, the same fact from
    /// another event of the service is told once, from the same event each time.
    int rank = 1;
    bool is_repeated = false;            // the service says it again without anything having happened
    std::chrono::seconds counts_for{0};  // how long after it was told it is the same fact
    bool is_all = false;                 // who told it told all of the event; true of the first in any case
    Course course = {};
    /// Of an end: the key of the fact that it began. Who told that is to tell the end.
    std::string begun_as = {};
};

/// Both are of one thing, as far as is known: `told` by who tells more of it, and so began first.
[[nodiscard]] bool may_be_one(const Course& told, const Course& other);

/// The facts that `event` tells, the one that it is about first; what `is_all` is told by any of them. Empty:
/// nothing else tells what it tells.
[[nodiscard]] std::vector<Fact> facts_told(const event::Event& event);

}  // namespace hookline::services
