// What an event does to the cards of a hook (cards.hpp): one begins, or shows more.
#include "pipeline/stepper.hpp"
#include "pipeline/storm.hpp"

namespace hookline::pipeline {

std::optional<store::Outcome> Stepper::outcome_in_card(const store::Hook& hook, const Verdict& verdict) {
    const bool is_silent_by_itself = verdict.kind == store::OutcomeKind::not_announced;
    if (!has_cards(hook) || (!verdict.is_announced() && !is_silent_by_itself)) {
        return std::nullopt;
    }
    // What is not announced by itself was not asked of the filters yet.
    if (is_silent_by_itself && (!concerns(question(hook)) || !ask_filters(question(hook)).is_announced())) {
        return std::nullopt;
    }
    change_other_cards(hook);
    const std::optional<Card> card = card_of(hook, step_.event, known_);
    if (!card) {
        return std::nullopt;
    }
    const auto shown = memory_.card(hook.destination, card->key);
    const bool is_there =
        shown && (shown->state == store::MessageState::waiting || shown->state == store::MessageState::sent);
    if (is_there && card->is_behind) {
        store::Outcome said = outcome(hook, store::OutcomeKind::folded, "its card says it already");
        said.message = shown->id;
        return said;
    }
    if (is_there) {
        store::Outcome changed = change_card(hook, *card, *shown);
        if (!verdict.is_announced() || silence_for(hook)) {
            return changed;
        }
        const Dressing dressing = dressing_for(hook);
        if (!dressing.users.empty() || !dressing.roles.empty()) {
            return std::nullopt;  // whoever is to be pinged needs a message of its own
        }
        const bool has_failed = !card->body && rules::is_failure(step_.event);
        return has_failed && shown->discord_message ? tell_under_card(hook, *shown) : std::move(changed);
    }
    const bool was_deleted = shown && shown->state == store::MessageState::deleted;
    const bool begins = verdict.is_announced() || card->may_begin;
    const auto destination = snapshot_.destinations.find(hook.destination);
    const bool is_summed_up = silence_for(hook) || is_folded(hook) || is_in_storm(hook, destination->second);
    if (was_deleted || !begins || card->is_behind || is_summed_up) {
        return std::nullopt;
    }
    return begin_card(hook, *card);
}

store::Outcome Stepper::begin_card(const store::Hook& hook, const Card& card) {
    const Body body = body_of_card(hook, card);
    const bool waits = waits_ && !body.is_own && !card.body;
    const Posted posted = post(hook, body.message, waits, card.key);
    if (waits) {
        step_.incomplete.push_back(
            Incomplete{posted.message, posted.timestamp, dressing_for(hook), posted.not_before});
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
        step_.incomplete.push_back(Incomplete{shown.id, timestamp, {}, now_});
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
    told.message = post(hook, std::move(line), false).message;
    return told;
}

void Stepper::change_other_cards(const store::Hook& hook) {
    for (const Card& card : other_cards(hook, step_.event, known_)) {
        const auto shown = memory_.card(hook.destination, card.key);
        if (shown &&
            (shown->state == store::MessageState::waiting || shown->state == store::MessageState::sent)) {
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
            body.message = format::with_jobs(std::move(body.message), card.jobs);
        }
        return body;
    }
    return Body{*card.body, {}, false};
}

}  // namespace hookline::pipeline
