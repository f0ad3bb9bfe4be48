// One event of one transaction on its way to outcomes and messages; what step.hpp does is made of it.
// Internal to this room.
#pragma once

#include <map>
#include <set>

#include "pipeline/cards.hpp"
#include "pipeline/dressing.hpp"
#include "pipeline/once.hpp"
#include "pipeline/quiet.hpp"
#include "pipeline/step.hpp"
#include "pipeline/verdict.hpp"
#include "rules/fields.hpp"

namespace hookline::pipeline {

/// The hooks that still need an outcome: those that were there when the event came.
[[nodiscard]] std::vector<const store::Hook*> open_hooks(const store::StoredEvent& stored,
                                                         std::span<const store::Outcome> had,
                                                         const Snapshot& snapshot);

class Stepper {
public:
    Stepper(const store::StoredEvent& stored, Snapshot& snapshot, Memory& memory, store::Store& store,
            const Settings& settings, const Enrichments* enrichments, TimePoint now)
        : stored_(stored),
          snapshot_(snapshot),
          memory_(memory),
          store_(store),
          settings_(settings),
          enrichments_(enrichments),
          now_(now) {}

    Step run(std::span<const store::Outcome> had);

    /// What the code host told of the event's pull request.
    Step run_recall(const state::Recall& recall);

    /// The one event of a window that held no other: told as itself, in the message that waits for it.
    Step run_alone(const store::Hook& hook, const store::Window& window);

    /// An end that waited for one that tells more.
    Step run_ending(const store::Hook& hook, const store::Window& window);

    /// One alert, for the one thing whose timer is due.
    Step run_timer(const ActiveRule& alert, const store::Hook& hook, const std::string& entity);

private:
    struct Body {
        message::Message message;
        std::string reason;   // why it is not as it should be
        bool is_own = false;  // made by the hook's own form: what the code host tells later is not for it
    };
    /// What a message is to others: a card, or one of a card's thread.
    struct Role {
        const Card* card = nullptr;
        MessageId thread_of;
        bool is_aside = false;  // not announced by itself: it mentions nobody
    };
    struct Posted {
        MessageId message;
        TimePoint timestamp, not_before;
    };
    struct Shown {
        Head head;
        store::StoredMessage message;
    };

    void understand_event();

    /// What is known of the things that the event is about, with what it tells itself. A test tells nothing:
    /// what it would be alone is all there is.
    void correlate_event();

    /// A pull request that was there before its hook, or whose deliveries were lost: only its code host
    /// knows.
    [[nodiscard]] bool wants_recall(const std::vector<const store::Hook*>& hooks) const;

    /// What is known now of the thing that a timer is about: "7/pr 45".
    void recall(const std::string& entity);

    Memory::Repository repository();

    Occasion occasion() const { return {stored_, step_.event, known_, now_}; }

    /// What the hook's rules read: the facts, and how many events this hook has had.
    const rules::Facts& facts_for(const store::Hook& hook);

    Question question(const store::Hook& hook);

    void weigh_alerts(const store::Hook& hook, store::Outcome& outcome);

    /// Posts what fires; says what was done, a clause each.
    std::vector<std::string> post_alerts(const store::Hook& hook, const std::vector<Weighed>& all);

    /// Kept where people look for it, and written only when it is another.
    bool note_trouble(HookId hook, std::string_view rule, const std::string& why);

    store::Outcome outcome_for(const store::Hook& hook);

    /// Where the event's thing has a card, or begins one: the card as it is now. Nothing: it is told
    /// otherwise.
    std::optional<store::Outcome> outcome_in_card(const store::Hook& hook, const Verdict& verdict);

    /// Of a hook and where its messages go.
    CardPlan plan_of(const store::Hook& hook);

    bool is_forum(Snowflake channel);

    store::Outcome begin_card(const store::Hook& hook, const CardPlan& plan, const Card& card);

    store::Outcome change_card(const store::Hook& hook, const Card& card, const store::StoredMessage& shown);

    /// Of an event whose card is there. Nothing: the event is told by itself too.
    std::optional<store::Outcome> outcome_of_change(const store::Hook& hook, const CardPlan& plan,
                                                    const Verdict& verdict, const Card& card,
                                                    const store::StoredMessage& shown);

    /// In the thread, beside what it changes in the card: an edit wakes nobody.
    bool is_told_beside(const store::Hook& hook, const Verdict& verdict, const Card& card,
                        const store::StoredMessage& shown);

    /// That a run failed is said under its card too.
    store::Outcome tell_under_card(const store::Hook& hook, const store::StoredMessage& shown);

    /// Where it is shown: the card under which the event belongs.
    std::optional<Shown> shown_head(const store::Hook& hook);

    /// What is talked about a card, or failed of it.
    std::optional<store::Outcome> outcome_in_thread(const store::Hook& hook);

    store::Outcome tell_in_thread(const store::Hook& hook, const Shown& under, const Body& body,
                                  bool is_aside);

    /// Opens the thread under a card where there is none yet; the message that belongs into it.
    MessageId thread_under(const Shown& under);

    void close_thread(const store::StoredMessage& card);

    /// Those of the pull requests whose checks the event tells of.
    void change_other_cards(const store::Hook& hook);

    /// What another delivery has told this hook already. Nothing: it is to be told.
    std::optional<store::Outcome> told_already(const store::Hook& hook);
    std::optional<store::Outcome> told_already(const store::Hook& hook, const services::Fact& fact);

    /// Where another delivery told less of it a moment ago: its message becomes this one's.
    std::optional<store::Outcome> take_over(const store::Hook& hook, const Body& body,
                                            std::vector<std::string> reasons);

    bool has_told_beginning(const store::Hook& hook);

    struct Begun {
        services::Fact fact;
        Told told;
    };
    /// Of an end: how something that tells more told the beginning, unless it has told the end too.
    std::optional<Begun> begun_by_better(const store::Hook& hook);
    /// … or the end, until then.
    std::optional<Told> ended_by_better(const store::Hook& hook, TimePoint by);
    std::optional<store::Outcome> wait_for_better_end(const store::Hook& hook);

    /// Not given up, nor deleted.
    bool is_to_be_read(MessageId id);

    /// How what the event tells was told since, by something that tells more.
    std::optional<Told> told_better(const store::Hook& hook);

    /// What told less of it, whose messages can become this one's; each message once.
    std::vector<Told> told_less(const store::Hook& hook);

    /// Whether it can say something else: it is there, of this hook, and stands alone.
    bool is_free(const store::Hook& hook, MessageId id);

    void note_told(const store::Hook& hook, const store::Outcome& outcome);

    /// What a hook sums up: all but what must be known at once, failures on the main branch and what mentions
    /// somebody.
    bool is_folded(const store::Hook& hook);

    std::optional<Silence> silence_for(const store::Hook& hook);

    /// Into the hook's open window, or a new one; what must wait longer makes the whole window wait.
    store::Outcome fold_into_window(const store::Hook& hook, TimePoint until, store::OutcomeKind kind,
                                    std::string reason);

    /// Where more waits than the channel takes: all but failures and what mentions somebody.
    bool is_in_storm(const store::Hook& hook, const dispatch::DestinationInfo& destination);

    store::Outcome fold_into_storm(const store::Hook& hook);

    /// With the message that will tell it: every outcome has one from the beginning.
    store::Window open_window(const store::Hook& hook, const std::string& key);

    bool mentions_somebody(const store::Hook& hook);

    /// The hook's own form where it has one that can be printed; else the built-in layout.
    Body body_for(const store::Hook& hook);

    /// The card's own view, or how the event is told by itself.
    Body body_of_card(const store::Hook& hook, const Card& card);

    /// A notice is signed with the name that a member gave the hook for it.
    void sign();

    store::Outcome test_outcome(const store::Hook& hook, const Verdict& verdict);

    store::Outcome misunderstood_outcome(const store::Hook& hook, const Verdict& verdict);

    /// Puts a message of the hook into the outbox, with what its rules add to it.
    Posted post(const store::Hook& hook, message::Message body, bool waits, const Role& role);

    void enqueue(DestinationId destination, MessageId message, TimePoint timestamp, message::Message body,
                 TimePoint not_before, const Card* card = nullptr);

    Dressing dressing_for(const store::Hook& hook);
    Dressing dressing_for(const store::Hook& hook, const Role& role);

    store::Outcome announce(const store::Hook& hook, const Body& body, std::string reason, const Role& role);

    store::Outcome outcome(const store::Hook& hook, store::OutcomeKind kind, std::string reason) const;

    /// The first ping or delivery proves the connection: the setup replies say so. A further ping may tell of
    /// other events than the first.
    void connect();

    [[nodiscard]] bool is_public(const dispatch::DestinationInfo& destination) const;

    const Layout& layout(message::Style style);

    message::Message plain();

    const store::StoredEvent& stored_;
    Snapshot& snapshot_;
    Memory& memory_;
    store::Store& store_;
    const Settings& settings_;
    const Enrichments* enrichments_;  // null: for a timer
    TimePoint now_;
    state::Known known_;
    std::optional<rules::Facts> facts_;  // refers to step_.event and known_
    std::vector<services::Fact> tells_;  // of a real event that came: what another delivery may tell too
    bool waits_ = false;
    Step step_;
    std::set<MessageId> threads_;               // that this event asked for
    std::map<message::Style, Layout> layouts_;  // made when the first hook asks
    std::optional<message::Message> plain_;
};

}  // namespace hookline::pipeline
