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

/// What takes a hook's messages, as far as cards care.
enum class Place {
    messages,  // no threads can be opened there by Hookline: the terminal, a channel's webhook
    channel,
    forum
};

/// What of a hook is a card, and whether what follows goes to a thread under it.
struct CardPlan {
    bool has_cards = false;
    bool has_threads = false;
    bool is_forum = false;
    /// Somebody asked for cards: what a hook sums up is then the rest.
    bool is_asked_for = false;
};
/// As it was asked; else cards are for services that are CI alone and for engines, and a forum has both.
[[nodiscard]] CardPlan card_plan(const store::Hook& hook, Place place);

/// A card as it is looked for, and the thread under it.
struct Head {
    std::string key;    // names the thing for one hook: "3 run 7 99"; of StoredMessage::card_key
    std::string title;  // "#45 OAuth2 login"
};

struct Card {
    Head head;
    std::vector<std::string> tags;  // of its post in a forum, where the forum has tags of these names
    /// What it shows; nothing: the built-in layout or the hook's own form of the event tells it best.
    std::optional<message::Message> body;
    /// … and these are added to it: the jobs of a run that is over, where its end names none.
    std::vector<format::RunCard::Job> jobs;
    /// … and these: what a deployment went through.
    std::vector<format::Step> steps;
    /// The event says nothing that the card does not say already, or says better: it changes nothing.
    bool is_behind = false;
    /// The card may begin with this event, also where it is not announced by itself: a run that starts.
    bool may_begin = false;
    /// It does not begin with what another delivery has told: a build that both its runner and its engine
    /// tell.
    bool begins_once = false;
    bool ends_now = false;  // the request or issue: so does the talk under it
};

/// The key of a build's card begins with it.
[[nodiscard]] std::string build_cards_of(HookId hook);

/// Nothing where the event is about no such thing. Issues are cards only where they have threads.
[[nodiscard]] std::optional<Card> card_of(const store::Hook& hook, const CardPlan& plan,
                                          const event::Event& event, const state::Known& known);
/// A hook whose list names what the card is of, whole ("workflow", not "workflow.failed"), shows in the card
/// also what it does not announce: the jobs of its runs, the reviews of its pull requests.
[[nodiscard]] bool shows_in_card(const std::vector<std::string>& list, const event::Event& event);

/// The cards of other things that the event changes: of the pull requests whose checks it tells of.
[[nodiscard]] std::vector<Card> other_cards(const store::Hook& hook, const event::Event& event,
                                            const state::Known& known);

/// Under whose card the event belongs, where it is no card of its own or its card is there too: the request
/// or issue that is talked of, the requests that a run or check is for.
[[nodiscard]] std::vector<Head> heads_of(const store::Hook& hook, const event::Event& event,
                                         const state::Known& known);

/// The name of the thread or of the forum's post; at most 100 characters.
[[nodiscard]] std::string thread_name(const Head& head);

/// What is said in the thread beside what it changes in the card: somebody said something, something failed,
/// what was over goes on.
[[nodiscard]] bool is_told_in_thread(const event::Event& event);

}  // namespace hookline::pipeline
