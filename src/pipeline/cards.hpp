// Live cards: which thing an event is about that has one message, kept up to date (docs/contract.md, `live`),
// and what that message shows now.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "event/event.hpp"
#include "format/cards.hpp"
#include "message/message.hpp"
#include "state/correlate.hpp"
#include "store/rows.hpp"

namespace hookline::pipeline {

/// Whether the hook's runs and requests are cards: as it was asked, else where the service is CI alone.
[[nodiscard]] bool has_cards(const store::Hook& hook);

struct Card {
    std::string key;  // names the thing for one hook: "3 run 7 99"; of StoredMessage::card_key
    /// What it shows; nothing: the built-in layout or the hook's own form of the event tells it best.
    std::optional<message::Message> body;
    /// … and these are added to it: the jobs of a run that is over, where its end names none.
    std::vector<format::RunCard::Job> jobs;
    /// The event says nothing that the card does not say already, or says better: it changes nothing.
    bool is_behind = false;
    /// The card may begin with this event, also where it is not announced by itself: a run that starts.
    bool may_begin = false;
};

/// Nothing where the event is about no such thing.
[[nodiscard]] std::optional<Card> card_of(const store::Hook& hook, const event::Event& event,
                                          const state::Known& known);
/// The cards of other things that the event changes: of the pull requests whose checks it tells of.
[[nodiscard]] std::vector<Card> other_cards(const store::Hook& hook, const event::Event& event,
                                            const state::Known& known);

}  // namespace hookline::pipeline
