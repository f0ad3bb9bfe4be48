// One thing once for each hook (once.hpp): what was told already is not told again, and what tells more than
// another a moment ago takes its message over.
#include <fmt/format.h>

#include "pipeline/stepper.hpp"

namespace hookline::pipeline {

std::optional<store::Outcome> Stepper::told_already(const store::Hook& hook) {
    const bool is_awaited = has_told_beginning(hook);
    // The first is what it is about; most of the rest it tells besides.
    for (std::size_t at = 0; at < tells_.size(); ++at) {
        if (at == 0 || (tells_[at].is_all && !is_awaited)) {
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
    if (told->course.place.empty()) {
        told->course.place = fact.course.place;  // who tells less of it knows where it is
    }
    pipeline::note_told(hook.id, fact, *told, entities);
    return outcome(hook, store::OutcomeKind::not_announced,
                   fmt::format("{} tells it already, in message {} (event {})", told->by, told->message.value,
                               told->event.value));
}

/// That it began was told, by itself: its end is.
bool Stepper::has_told_beginning(const store::Hook& hook) {
    if (tells_.empty() || tells_.front().begun_as.empty()) {
        return false;
    }
    Memory::Repository entities = repository();
    services::Fact beginning;
    beginning.key = tells_.front().begun_as;
    return find_told(hook.id, beginning, entities).has_value();
}

std::optional<Stepper::Begun> Stepper::begun_by_better(const store::Hook& hook) {
    Memory::Repository entities = repository();
    for (const services::Fact& end : tells_) {
        if (end.begun_as.empty()) {
            continue;
        }
        services::Fact beginning = end;
        beginning.key = end.begun_as;
        auto told = find_told(hook.id, beginning, entities);
        const bool goes_on = told && told->rank > end.rank && !told->course.ended &&
                             is_same(beginning, step_.event, stored_.id, *told, now_) &&
                             is_to_be_read(told->message);
        if (goes_on) {
            return Begun{std::move(beginning), std::move(*told)};
        }
    }
    return std::nullopt;
}

std::optional<Told> Stepper::ended_by_better(const store::Hook& hook, TimePoint by) {
    Memory::Repository entities = repository();
    for (const services::Fact& fact : tells_) {
        auto told = fact.is_all ? find_told(hook.id, fact, entities) : std::nullopt;
        if (told && told->rank > fact.rank && is_same(fact, step_.event, stored_.id, *told, by) &&
            is_to_be_read(told->message)) {
            return told;
        }
    }
    return std::nullopt;
}

bool Stepper::is_to_be_read(MessageId id) {
    const auto message = memory_.message(id);
    return message &&
           (message->state == store::MessageState::waiting || message->state == store::MessageState::sent);
}

/// An end, where something that tells more told the beginning and has not told the end: that is about to, or
/// was killed.
std::optional<store::Outcome> Stepper::wait_for_better_end(const store::Hook& hook) {
    const auto begun = begun_by_better(hook);
    if (!begun || has_told_beginning(hook)) {
        return std::nullopt;
    }
    store::Window window = open_window(hook, fmt::format("{} {}", ending_timer, stored_.id.value));
    window.closes_at = now_ + better_end_takes;
    step_.changes.emplace_back(store::PutTimer{store::Timer{
        std::string(ending_timer), fmt::format("{} {}", hook.id.value, stored_.id.value), window.closes_at}});
    store::Outcome waits = outcome(
        hook, store::OutcomeKind::folded,
        fmt::format("it is told if {} does not tell the end, which has told the beginning in message {}",
                    begun->told.by, begun->told.message.value));
    waits.message = window.message;
    memory_.put(std::move(window));
    return waits;
}

Step Stepper::run_ending(const store::Hook& hook, const store::Window& window) {
    understand_event();
    correlate_event();
    tells_ = services::facts_told(step_.event);
    if (const auto told = ended_by_better(hook, window.closes_at)) {
        memory_.withdraw(store::Withdraw{window.message, told->message,
                                         fmt::format("{} tells it, in message {} (event {})", told->by,
                                                     told->message.value, told->event.value),
                                         store_.next_outbox_id(), now_},
                         step_.changes);
        return std::move(step_);
    }
    auto begun = begun_by_better(hook);
    if (begun) {
        begun->told.course.ended = begun->fact.course.ended.value_or(now_);
        Memory::Repository entities = repository();
        pipeline::note_told(hook.id, begun->fact, begun->told, entities);
    }
    const auto card = begun ? memory_.message(begun->told.message) : std::nullopt;
    Body body = body_for(hook);
    if (card && card->card_key.starts_with(build_cards_of(hook.id))) {
        step_.changes.emplace_back(
            store::Revise{card->id, stamped(body.message, unique_timestamp(step_.event.time, card->id)),
                          store_.next_outbox_id(), now_});
        if (!rules::is_failure(step_.event) && !mentions_somebody(hook)) {
            memory_.withdraw(
                store::Withdraw{window.message, card->id, "in the card of what told that it began",
                                store_.next_outbox_id(), now_},
                step_.changes);
            return std::move(step_);
        }
        body.message = plain();
    }
    enqueue(hook.destination, window.message, unique_timestamp(step_.event.time, window.message),
            dressed(std::move(body.message), dressing_for(hook)), now_);
    return std::move(step_);
}

std::optional<Told> Stepper::told_better(const store::Hook& hook) {
    Memory::Repository entities = repository();
    const auto told = tells_.empty() ? std::nullopt : find_told(hook.id, tells_.front(), entities);
    const bool is_better = told && told->event != stored_.id && told->rank > tells_.front().rank;
    return is_better && is_to_be_read(told->message) ? told : std::nullopt;
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
        told.course = fact.course;
        const auto known = find_told(hook.id, fact, entities);
        const bool goes_on = known && now_ < known->until && known->course.began && !known->course.ended;
        const bool is_told_better = known && known->rank > fact.rank &&
                                    (goes_on || is_same(fact, step_.event, stored_.id, *known, now_));
        if (!is_told_better) {
            pipeline::note_told(hook.id, fact, told, entities);
        }
    }
}

}  // namespace hookline::pipeline
