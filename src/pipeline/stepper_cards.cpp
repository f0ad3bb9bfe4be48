// What an event does to the cards of a hook (cards.hpp): one begins, or shows more, or is talked about.
#include <fmt/format.h>

#include "pipeline/stepper.hpp"
#include "pipeline/storm.hpp"

namespace hookline::pipeline {

namespace {

bool is_shown(const std::optional<store::StoredMessage>& message) {
    return message &&
           (message->state == store::MessageState::waiting || message->state == store::MessageState::sent);
}

}  // namespace

CardPlan Stepper::plan_of(const store::Hook& hook) {
    const auto destination = snapshot_.destinations.find(hook.destination);
    const bool is_channel = destination != snapshot_.destinations.end() &&
                            destination->second.kind == dispatch::DestinationKind::discord_channel;
    if (!is_channel) {
        return card_plan(hook, Place::messages);
    }
    return card_plan(hook, is_forum(destination->second.channel) ? Place::forum : Place::channel);
}

/// Of channels that Discord has not told of yet since the start, what is kept counts.
bool Stepper::is_forum(Snowflake channel) {
    const auto told = settings_.is_forum ? settings_.is_forum(channel) : std::optional(false);
    const std::string key = "forum " + to_string(channel);
    if (!told) {
        const auto kept = store_.meta(key);
        return kept && *kept == "yes";
    }
    if (*told) {
        memory_.note(key, "yes", step_.changes);
    }
    return *told;
}

std::optional<store::Outcome> Stepper::outcome_in_card(const store::Hook& hook, const Verdict& verdict) {
    const CardPlan plan = plan_of(hook);
    const bool is_off_the_list = verdict.kind == store::OutcomeKind::filtered && !verdict.rule;
    const bool is_silent_by_itself = verdict.kind == store::OutcomeKind::not_announced ||
                                     (is_off_the_list && shows_in_card(hook.events, step_.event));
    if (!plan.has_cards || (!verdict.is_announced() && !is_silent_by_itself)) {
        return std::nullopt;
    }
    // What is not announced by itself was not asked of the filters yet.
    if (is_silent_by_itself && (!concerns(question(hook)) || !ask_filters(question(hook)).is_announced())) {
        return std::nullopt;
    }
    change_other_cards(hook);
    const std::optional<Card> card = card_of(hook, plan, step_.event, known_);
    if (!card) {
        return plan.has_threads && verdict.is_announced() ? outcome_in_thread(hook) : std::nullopt;
    }
    const auto shown = memory_.card(hook.destination, card->head.key);
    if (is_shown(shown) && card->is_behind) {
        store::Outcome said = outcome(hook, store::OutcomeKind::folded, "its card says it already");
        said.message = shown->id;
        return said;
    }
    if (is_shown(shown)) {
        return outcome_of_change(hook, plan, verdict, *card, *shown);
    }
    const bool was_deleted = shown && shown->state == store::MessageState::deleted;
    const bool begins = verdict.is_announced() || card->may_begin;
    const auto destination = snapshot_.destinations.find(hook.destination);
    const bool is_summed_up = silence_for(hook) || step_.event.is_late ||
                              (is_folded(hook) && !plan.is_asked_for) ||
                              is_in_storm(hook, destination->second);
    if (was_deleted || !begins || card->is_behind || is_summed_up) {
        return std::nullopt;
    }
    if (card->begins_once) {
        if (auto once = told_already(hook)) {
            return once;
        }
        if (auto waits = wait_for_better_end(hook)) {
            return waits;
        }
    }
    return begin_card(hook, plan, *card);
}

std::optional<store::Outcome> Stepper::outcome_of_change(const store::Hook& hook, const CardPlan& plan,
                                                         const Verdict& verdict, const Card& card,
                                                         const store::StoredMessage& shown) {
    // First what is said in the thread: that opens a post that was closed, and the edit finds it open.
    std::optional<store::Outcome> told;
    if (plan.has_threads && is_told_beside(hook, verdict, card, shown)) {
        // The card of what is over says all of it.
        const Body body = card.body && !card.ends_now ? body_for(hook) : Body{plain(), {}, false};
        told = tell_in_thread(hook, Shown{card.head, shown}, body, !verdict.is_announced());
    }
    store::Outcome changed = change_card(hook, card, shown);
    if (plan.has_threads && card.ends_now) {
        close_thread(shown);
    }
    if (told) {
        return told;
    }
    const bool has_failed = !card.body && rules::is_failure(step_.event);
    const bool is_silent = !verdict.is_announced() || silence_for(hook);
    if (has_failed && !is_silent && shown.discord_message) {
        return tell_under_card(hook, shown);
    }
    // Whoever is to be pinged needs a message of its own.
    return !is_silent && mentions_somebody(hook) ? std::nullopt : std::optional(std::move(changed));
}

bool Stepper::is_told_beside(const store::Hook& hook, const Verdict& verdict, const Card& card,
                             const store::StoredMessage& shown) {
    // Of a run that goes on a job that failed is told, though the run will tell it in the end.
    if (silence_for(hook) || (!verdict.is_announced() && !rules::is_failure(step_.event))) {
        return false;
    }
    const bool ends_talk = card.ends_now && shown.discord_thread;
    return ends_talk || is_told_in_thread(step_.event) || mentions_somebody(hook);
}

store::Outcome Stepper::begin_card(const store::Hook& hook, const CardPlan& plan, const Card& card) {
    const Body body = body_of_card(hook, card);
    const bool waits = waits_ && !body.is_own && !card.body;
    Role role{&card, {}, false};
    // The run of a pull request is told where that is talked about.
    if (const auto under = plan.has_threads ? shown_head(hook) : std::nullopt;
        under && under->head.key != card.head.key) {
        role.thread_of = thread_under(*under);
    }
    const Posted posted = post(hook, body.message, waits, role);
    if (waits) {
        step_.incomplete.push_back(
            Incomplete{posted.message, posted.timestamp, dressing_for(hook), posted.not_before, hook.style});
    }
    store::Outcome sent = outcome(hook, store::OutcomeKind::sent, body.reason);
    sent.message = posted.message;
    return sent;
}

store::Outcome Stepper::change_card(const store::Hook& hook, const Card& card,
                                    const store::StoredMessage& shown) {
    const Body body = body_of_card(hook, card);
    const TimePoint timestamp = unique_timestamp(step_.event.time, shown.id);
    step_.changes.emplace_back(
        store::Revise{shown.id, stamped(body.message, timestamp), store_.next_outbox_id(), now_});
    if (waits_ && !body.is_own && !card.body) {
        step_.incomplete.push_back(Incomplete{shown.id, timestamp, {}, now_, hook.style});
    }
    store::Outcome changed = outcome(hook, store::OutcomeKind::folded, "in its card");
    changed.message = shown.id;
    return changed;
}

store::Outcome Stepper::tell_under_card(const store::Hook& hook, const store::StoredMessage& shown) {
    message::Message line = plain();
    const auto destination = snapshot_.destinations.find(hook.destination);
    if (destination != snapshot_.destinations.end() &&
        destination->second.kind == dispatch::DestinationKind::discord_channel) {
        line.reply_to = shown.discord_message;
    }
    store::Outcome told = outcome(hook, store::OutcomeKind::sent, "in its card, and under it");
    told.message = post(hook, std::move(line), false, {}).message;
    return told;
}

std::optional<Stepper::Shown> Stepper::shown_head(const store::Hook& hook) {
    for (Head& head : heads_of(hook, step_.event, known_)) {
        auto message = memory_.card(hook.destination, head.key);
        if (is_shown(message)) {
            return Shown{std::move(head), *std::move(message)};
        }
    }
    return std::nullopt;
}

std::optional<store::Outcome> Stepper::outcome_in_thread(const store::Hook& hook) {
    const auto destination = snapshot_.destinations.find(hook.destination);
    const auto under = shown_head(hook);
    if (!under || silence_for(hook) || is_in_storm(hook, destination->second)) {
        return std::nullopt;
    }
    if (auto once = told_already(hook)) {
        return once;
    }
    return tell_in_thread(hook, *under, body_for(hook), false);
}

store::Outcome Stepper::tell_in_thread(const store::Hook& hook, const Shown& under, const Body& body,
                                       bool is_aside) {
    const std::string where = under.message.thread_of
                                  ? std::string("in the thread of its card")
                                  : fmt::format("in the thread of {}", thread_name(under.head));
    return announce(hook, body, body.reason.empty() ? where : where + "; " + body.reason,
                    Role{nullptr, thread_under(under), is_aside});
}

MessageId Stepper::thread_under(const Shown& under) {
    if (under.message.thread_of) {
        return under.message.thread_of;  // a thread has no threads
    }
    const bool is_asked_for = !threads_.insert(under.message.id).second;
    if (!under.message.discord_thread && !is_asked_for) {
        dispatch::Entry entry;
        entry.id = store_.next_outbox_id();
        entry.message = under.message.id;
        entry.destination = under.message.destination;
        entry.operation = dispatch::Operation::create_thread;
        entry.thread_name = thread_name(under.head);
        entry.created_at = now_;
        entry.not_before = now_;
        memory_.note_entry(entry.destination);
        step_.changes.emplace_back(store::Enqueue{std::move(entry)});
    }
    return under.message.id;
}

/// Where none was opened there is nothing to do, which the dispatcher finds out.
void Stepper::close_thread(const store::StoredMessage& card) {
    dispatch::Entry entry;
    entry.id = store_.next_outbox_id();
    entry.message = card.id;
    entry.destination = card.destination;
    entry.operation = dispatch::Operation::close_thread;
    entry.created_at = now_;
    entry.not_before = now_;
    memory_.note_entry(entry.destination);
    step_.changes.emplace_back(store::Enqueue{std::move(entry)});
}

void Stepper::change_other_cards(const store::Hook& hook) {
    for (const Card& card : other_cards(hook, step_.event, known_)) {
        const auto shown = memory_.card(hook.destination, card.head.key);
        if (is_shown(shown)) {
            change_card(hook, card, *shown);
        }
    }
}

Stepper::Body Stepper::body_of_card(const store::Hook& hook, const Card& card) {
    const bool is_whole = step_.event.name != "job" && step_.event.name != "stage" && !step_.event.job;
    const bool has_form = is_whole && snapshot_.rules.of(hook.id).form_for(step_.event) != nullptr;
    if (!card.body || has_form) {
        Body body = body_for(hook);
        if (!body.is_own) {
            body.message = format::with_jobs(std::move(body.message), card.jobs, hook.style);
            body.message = format::with_steps(std::move(body.message), card.steps, hook.style);
        }
        return body;
    }
    return Body{*card.body, {}, false};
}

}  // namespace hookline::pipeline
