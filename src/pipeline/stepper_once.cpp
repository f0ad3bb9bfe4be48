// One thing once for each hook (once.hpp): what was told already is not told again, and what tells more than
// another a moment ago takes its message over.
#include <fmt/format.h>

#include "pipeline/stepper.hpp"

namespace hookline::pipeline {

std::optional<store::Outcome> Stepper::told_already(const store::Hook& hook) {
    // The first is what it is about; most of the rest it tells besides.
    for (std::size_t at = 0; at < tells_.size(); ++at) {
        if (at == 0 || tells_[at].is_all) {
            if (auto told = told_already(hook, tells_[at])) {
                return told;
            }
        }
    }
    return std::nullopt;
}

std::optional<store::Outcome> Stepper::told_already(const store::Hook& hook, const services::Fact& fact) {
    Memory::Repository entities = repository();
    std::optional<Told> told = find_told(hook.id, fact, entities);
    if (!told || !is_same(fact, step_.event, stored_.id, *told, now_)) {
        return std::nullopt;
    }
    const auto message = memory_.message(told->message);
    if (message && message->state == store::MessageState::parked) {
        return std::nullopt;  // nobody has read it
    }
    if (!told->has_rung && mentions_somebody(hook)) {
        return std::nullopt;  // whoever is to be pinged was not yet
    }
    told->until = std::min(told->until, now_ + fact.counts_for);  // what is told of a later day happens once
    pipeline::note_told(hook.id, fact, *told, entities);
    return outcome(hook, store::OutcomeKind::not_announced,
                   fmt::format("{} tells it already, in message {} (event {})", told->by, told->message.value,
                               told->event.value));
}

std::optional<Told> Stepper::told_better(const store::Hook& hook) {
    Memory::Repository entities = repository();
    const auto told = tells_.empty() ? std::nullopt : find_told(hook.id, tells_.front(), entities);
    const bool is_better = told && told->event != stored_.id && told->rank > tells_.front().rank;
    const auto message = is_better ? memory_.message(told->message) : std::nullopt;
    const bool is_told = message && (message->state == store::MessageState::waiting ||
                                     message->state == store::MessageState::sent);
    return is_told ? told : std::nullopt;
}

std::optional<store::Outcome> Stepper::take_over(const store::Hook& hook, const Body& body,
                                                 std::vector<std::string> reasons) {
    const std::vector<Told> lesser = told_less(hook);
    if (lesser.empty()) {
        return std::nullopt;
    }
    const MessageId message = lesser.front().message;
    const TimePoint timestamp = unique_timestamp(step_.event.time, message);
    const Dressing dressing = dressing_for(hook);
    step_.changes.emplace_back(store::Revise{message, dressed(stamped(body.message, timestamp), dressing),
                                             store_.next_outbox_id(), now_, true});
    for (const Told& other : std::span(lesser).subspan(1)) {
        store::Withdraw withdrawal{other.message, message,
                                   fmt::format("{} tells it, in message {} (event {})",
                                               step_.event.full_name(), message.value, stored_.id.value),
                                   store_.next_outbox_id(), now_};
        memory_.withdraw(std::move(withdrawal), step_.changes);
    }
    for (const Told& told : lesser) {
        step_.taken_over.push_back(told.message);
    }
    if (waits_ && !body.is_own) {
        step_.incomplete.push_back(Incomplete{message, timestamp, dressing, now_, hook.style});
    }
    reasons.push_back(fmt::format("it tells more than {}, whose message it is now", lesser.front().by));
    store::Outcome sent =
        outcome(hook, store::OutcomeKind::sent, fmt::format("{}", fmt::join(reasons, "; ")));
    sent.message = message;
    return sent;
}

std::vector<Told> Stepper::told_less(const store::Hook& hook) {
    std::vector<Told> lesser;
    // An edit rings nowhere: what mentions somebody comes as a message of its own.
    if (tells_.empty() || !memory_.may_take_over() || mentions_somebody(hook)) {
        return lesser;
    }
    Memory::Repository entities = repository();
    for (const services::Fact& fact : tells_) {
        auto told = find_told(hook.id, fact, entities);
        const bool is_known = told && std::any_of(lesser.begin(), lesser.end(), [&](const Told& other) {
                                  return other.message == told->message;
                              });
        if (told && !is_known && takes_over(fact, *told, now_) && is_free(hook, told->message)) {
            lesser.push_back(std::move(*told));
        }
    }
    return lesser;
}

bool Stepper::is_free(const store::Hook& hook, MessageId id) {
    const auto message = memory_.message(id);
    // A thread under it has its name, and people may have written there; what is in a thread belongs to a
    // card.
    return message && message->hook == hook.id && message->destination == hook.destination &&
           message->card_key.empty() && !message->joined && !message->discord_thread && !message->thread_of &&
           (message->state == store::MessageState::waiting || message->state == store::MessageState::sent);
}

void Stepper::note_told(const store::Hook& hook, const store::Outcome& outcome) {
    const bool is_told = outcome.kind == store::OutcomeKind::sent ||
                         outcome.kind == store::OutcomeKind::folded ||
                         outcome.kind == store::OutcomeKind::muted;
    if (!is_told || tells_.empty() || !step_.error.empty()) {
        return;
    }
    Told told;
    told.event = stored_.id;
    told.by = step_.event.full_name();
    told.provider = step_.event.provider_name;
    told.message = outcome.message;
    told.is_alone = outcome.kind == store::OutcomeKind::sent && is_free(hook, outcome.message);
    told.has_rung = outcome.kind == store::OutcomeKind::sent && mentions_somebody(hook);
    told.at = now_;
    Memory::Repository entities = repository();
    for (const services::Fact& fact : tells_) {
        told.rank = fact.rank;
        told.until = now_ + fact.counts_for;
        pipeline::note_told(hook.id, fact, told, entities);
    }
}

}  // namespace hookline::pipeline
