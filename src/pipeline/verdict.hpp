// What becomes of an event for one hook: announced, or not and why. Pure: a value in, a value out. The checks
// are an ordered table in verdict.cpp; the first that has something to say decides. Filters, mutes and quiet
// hours are further rows.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "event/event.hpp"
#include "pipeline/rulebook.hpp"
#include "rules/facts.hpp"
#include "store/rows.hpp"

namespace hookline::pipeline {

struct Question {
    const event::Event& event;
    const store::Hook& hook;
    TimePoint now;
    /// Whether everyone on the server sees the hook's destination: security alerts do not go there.
    bool everyone_can_see = true;
    /// Its filters and what they read; null: it has none.
    const HookRules* rules = nullptr;
    const rules::Facts* facts = nullptr;
};

struct RuleTrouble {
    std::string rule;  // "filter 2"
    std::string why;   // a sentence
};

struct Verdict {
    store::OutcomeKind kind = store::OutcomeKind::sent;  // sent: it is announced
    std::string reason;                                  // for people, a clause: "the hook is paused"
    RuleId rule;                                         // the filter that stopped it; 0: none did
    /// Filters that could not be worked out and let it pass therefore.
    std::vector<RuleTrouble> troubles;
    [[nodiscard]] bool is_announced() const { return kind == store::OutcomeKind::sent; }
};

/// What the hook's filters alone say. They must all hold; one that cannot be worked out lets the event pass:
/// nothing is dropped silently.
[[nodiscard]] Verdict ask_filters(const Question& question);

[[nodiscard]] Verdict decide(const Question& question);

/// Whether the hook hears of such things at all, whatever it announces of them: on, not paused, of its
/// repositories, not too private for its channel. What alerts go by.
[[nodiscard]] bool concerns(const Question& question);

/// Whether `repository` ("owner/name") passes a hook's `--repo`: one of the globs, and none of those that
/// begin with "!". Case does not count (GitHub, "About repositories": names are unique without regard to it).
[[nodiscard]] bool repository_passes(const std::vector<std::string>& globs, std::string_view repository);

}  // namespace hookline::pipeline
