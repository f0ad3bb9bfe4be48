// What the names of a condition or template stand for: one event, and what is known of the things it is
// about.
#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <optional>
#include <string_view>

#include "event/event.hpp"
#include "language/program.hpp"
#include "state/correlate.hpp"

namespace hookline::rules {

/// Refers to what it was made of, which outlives it.
class Facts {
public:
    Facts(const event::Event& event, std::string_view payload, TimePoint now)
        : event_(event), payload_(payload), now_(now) {}

    const state::PullRequest* pull = nullptr;  // null: the event is about none
    const state::Build* build = nullptr;
    const state::Run* run = nullptr;  // the whole run, also where the event tells one job of it
    std::optional<std::chrono::seconds> baseline;
    /// What a hook has had since a time (language::Surroundings); may be empty.
    std::function<std::int64_t(std::string_view, TimePoint)> count_events;

    [[nodiscard]] const event::Event& event() const { return event_; }
    [[nodiscard]] TimePoint now() const { return now_; }
    void set_now(TimePoint now) { now_ = now; }  // what would hold at another time
    /// Parsed when first asked for; null where it is no JSON.
    [[nodiscard]] const boost::json::value& payload() const;

    /// For an evaluation; refers to this.
    [[nodiscard]] language::Surroundings surroundings() const;

private:
    const event::Event& event_;
    std::string_view payload_;
    TimePoint now_;
    mutable std::shared_ptr<const boost::json::value> parsed_;
};

/// The facts of an event with what is known beside it; its own pull request, where it is about several.
/// Refers to all three.
[[nodiscard]] Facts facts_of(const event::Event& event, std::string_view payload, TimePoint now,
                             const state::Known& known);

}  // namespace hookline::rules
