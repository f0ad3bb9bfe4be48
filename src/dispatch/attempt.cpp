// One attempt of a lane, from the look at its head to the record of what came of it.
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include "base/waiting.hpp"
#include "dispatch/dispatcher.hpp"
#include "dispatch/lane.hpp"

namespace hookline::dispatch {

namespace {

bool makes_visible(Operation operation) {
    return operation == Operation::create || operation == Operation::direct_message;
}

Answer no_connection() {
    Answer answer;
    answer.kind = Answer::Kind::held;
    answer.hold = HoldReason::bad_token;
    answer.detail = "no Discord token is configured";
    return answer;
}

}  // namespace

Task<void> Dispatcher::attempt(LanePtr lane, DestinationInfo destination, Entry entry) {
    // Known before the next attempt begins: afterwards the stored note is about another attempt.
    lane->is_open = entry.attempts != lane->settled_attempts && !lane->is_granted && may_have_arrived(entry);
    const auto found = destinations_.find(destination.kind);
    if (found == destinations_.end()) {
        Answer answer = no_connection();
        co_await conclude(lane, std::move(destination), std::move(entry), std::move(answer));
        co_return;
    }
    Destination& target = *found->second;
    if (destination.held == HoldReason::bad_token) {
        next_token_probe_ = clock_.steady() + options_.probe_interval;
    }
    co_await wait_until_ready(lane, target, destination, entry.operation);
    const bool has_slot = co_await take_slot(lane);
    if (!has_slot) {
        co_return;
    }
    const Slot slot(*this);
    const bool may_send = co_await take_precaution(lane, target, destination, entry);
    if (!may_send) {
        co_return;
    }
    const bool has_begun = co_await begin(lane, entry.id, target.shares_sends(destination));
    if (!has_begun) {
        co_return;
    }
    // Read once more: until the attempt was stored the entry could still be changed, and others may have
    // joined it; from now on it stays as it is.
    const auto newest = outbox_.head(lane->id);
    if (!newest || !*newest || (*newest)->id != entry.id) {
        co_return;
    }
    Entry sent = **newest;
    Answer answer = co_await post(target, destination, sent);
    co_await conclude(lane, std::move(destination), std::move(sent), std::move(answer));
}

/// False where the entry must not be sent now.
Task<bool> Dispatcher::take_precaution(LanePtr lane, Destination& target, DestinationInfo destination,
                                       Entry entry) {
    switch (before_attempt(options_.retry, destination, entry, lane->is_open, clock_.now())) {
        case Precaution::none:
            co_return true;
        case Precaution::hold: {
            Step step = Held{HoldReason::ambiguous, entry.last_error};
            std::string cause(reason_text(HoldReason::ambiguous));
            co_await settle(lane, std::move(destination), std::move(entry), std::move(step),
                            std::move(cause));
            co_return false;
        }
        case Precaution::search:
            break;
    }
    const Sighting sighting = co_await find(target, destination, entry);
    if (sighting.found == Found::no) {
        lane->is_open = false;
        co_return true;
    }
    std::string cause = "it is unknown whether a message was posted";
    Step step = Posted{sighting.channel, sighting.message};
    if (sighting.found == Found::unknown) {
        const Trial trial = note_failure(*lane, true, true);
        step = after_vain_search(options_.retry, entry, trial, clock_.now(), random_.roll());
    }
    co_await settle(lane, std::move(destination), std::move(entry), std::move(step), std::move(cause));
    co_return false;
}

/// Stored before the bytes leave: a crash in between is known as such.
Task<bool> Dispatcher::begin(LanePtr lane, OutboxId id, bool may_share) {
    const auto begun = co_await outbox_.begin_attempt(id, clock_.now(), may_share);
    if (!begun) {
        log_.error("dispatch", "an attempt cannot be stored, so it is not made",
                   {{"error", begun.error().detail}});
        co_await wait_until(clock_, lane->signal, clock_.steady() + options_.store_wait);
    }
    co_return begun.has_value();
}

Task<Answer> Dispatcher::post(Destination& target, DestinationInfo destination, Entry entry) {
    Answer broken;
    broken.kind = Answer::Kind::refused_content;
    try {
        Answer answer = co_await target.post(std::move(destination), std::move(entry));
        co_return answer;
    } catch (const std::exception& error) {
        if (is_stopping_) {
            throw;  // cancelled
        }
        // A bug, and most likely one that this message sets off: plain text may get around it, and it must
        // not block its lane for days.
        broken.detail = std::string("internal error: ") + error.what();
    }
    log_.error("dispatch", "a destination threw", {{"error", broken.detail}});
    co_return broken;
}

Task<Sighting> Dispatcher::find(Destination& target, DestinationInfo destination, Entry entry) {
    std::string trouble;
    try {
        Sighting sighting = co_await target.find(std::move(destination), std::move(entry));
        co_return sighting;
    } catch (const std::exception& error) {
        if (is_stopping_) {
            throw;
        }
        trouble = error.what();
    }
    log_.error("dispatch", "a destination threw", {{"error", trouble}});
    co_return Sighting();
}

Trial Dispatcher::note_failure(Lane& lane, bool has_failed, bool may_be_there) const {
    Trial trial;
    trial.may_have_arrived = may_be_there;
    if (!has_failed) {
        lane.failures = 0;
        return trial;
    }
    if (lane.failures++ == 0) {
        lane.failing_since = clock_.steady();
    }
    trial.failures = lane.failures;
    trial.failing_for = std::chrono::duration_cast<Milliseconds>(clock_.steady() - lane.failing_since);
    return trial;
}

Task<void> Dispatcher::conclude(LanePtr lane, DestinationInfo destination, Entry entry, Answer answer) {
    const Trial trial = note_failure(*lane, answer.kind == Answer::Kind::failed, lane->is_open);
    if (!lane->is_open && !answer.may_have_arrived) {
        lane->settled_attempts = entry.attempts;
    }
    Step step = next_step(options_.retry, destination, entry, trial, answer, clock_.now(), random_.roll());
    co_await settle(lane, std::move(destination), std::move(entry), std::move(step),
                    std::move(answer.detail));
}

/// Stores what follows, then lets others know. `cause` is for people.
Task<void> Dispatcher::settle(LanePtr lane, DestinationInfo destination, Entry entry, Step step,
                              std::string cause) {
    const bool is_stored = co_await store_step(entry.id, step);
    if (!is_stored) {
        co_return;
    }
    metrics_.count("hookline_attempts_total", {{"step", name_of(step)}});
    const auto* held = std::get_if<Held>(&step);
    if (held != nullptr) {
        co_await on_held(lane, std::move(destination), *held, std::move(cause));
        co_return;
    }
    if (std::holds_alternative<Posted>(step)) {
        observe_latency(destination, entry);
    }
    const auto* parked = std::get_if<Parked>(&step);
    if (parked != nullptr) {
        tell_parked(destination, entry, cause, parked->why);
    }
    if (std::holds_alternative<Replace>(step)) {
        lane->settled_attempts = 0;  // they were the edit's: the create begins with none
    }
    const auto* dropped = std::get_if<Dropped>(&step);
    if (dropped != nullptr) {
        tell_dropped(destination, entry, *dropped);
    }
    if (destination.held == HoldReason::none) {
        co_return;
    }
    if (std::holds_alternative<RetryAt>(step)) {
        lane->next_probe = clock_.steady() + options_.probe_interval;  // the probe told nothing
        co_return;
    }
    const HoldReason reason = destination.held;
    const DestinationKind kind = destination.kind;
    const bool is_free = co_await let_go(std::move(destination));
    lane->next_probe.reset();
    if (is_free && reason == HoldReason::bad_token) {
        release_all(kind);
    }
}

/// Until it is stored: the message is out, and must not go out again. False when the program stops before
/// that; the entry is then one whose answer was lost.
Task<bool> Dispatcher::store_step(OutboxId id, Step step) {
    for (;;) {
        const auto stored = co_await outbox_.record(id, step, clock_.now());
        if (stored) {
            co_return true;
        }
        log_.error("dispatch", "what became of an attempt cannot be stored",
                   {{"step", name_of(step)}, {"error", stored.error().detail}});
        if (is_stopping_ || stored.error().code == Errc::not_found) {
            co_return false;
        }
        co_await clock_.sleep_for(options_.store_wait);
    }
}

Task<void> Dispatcher::on_held(LanePtr lane, DestinationInfo destination, Held held, std::string cause) {
    lane->next_probe = clock_.steady() + options_.probe_interval;
    lane->is_granted = false;
    const auto stored = outbox_.destination(destination.id);
    if (stored && stored->held != held.reason) {
        std::string detail = cause;
        static_cast<void>(
            co_await outbox_.hold(destination.id, held.reason, std::move(detail), clock_.now()));
    }
    if (destination.held == held.reason) {
        co_return;  // a probe that found it unchanged: told already
    }
    log_.warn("dispatch", "destination held",
              {{"destination", destination.id.value}, {"reason", name_of(held.reason)}, {"why", cause}});
    watcher_.on_held(destination, held.reason, cause);
}

/// True where it was held and is not any more.
Task<bool> Dispatcher::let_go(DestinationInfo destination) {
    for (;;) {
        std::string nothing;
        const auto stored =
            co_await outbox_.hold(destination.id, HoldReason::none, std::move(nothing), clock_.now());
        if (stored) {
            break;
        }
        log_.error("dispatch", "a destination cannot be released", {{"error", stored.error().detail}});
        if (is_stopping_) {
            co_return false;
        }
        co_await clock_.sleep_for(options_.store_wait);
    }
    log_.info("dispatch", "destination released", {{"destination", destination.id.value}});
    watcher_.on_released(destination);
    co_return true;
}

Task<void> Dispatcher::hold_now(DestinationId id, HoldReason reason, std::string why) {
    const auto destination = outbox_.destination(id);
    if (!destination || destination->held == reason) {
        co_return;
    }
    const auto stored = co_await outbox_.hold(id, reason, why, clock_.now());
    if (!stored) {
        // Not tried again: the next attempt finds out the same by itself.
        log_.error("dispatch", "a destination cannot be held", {{"error", stored.error().detail}});
        co_return;
    }
    log_.warn("dispatch", "destination held",
              {{"destination", id.value}, {"reason", name_of(reason)}, {"why", why}});
    watcher_.on_held(*destination, reason, why);
    const auto lane = lanes_.find(id);
    if (lane != lanes_.end()) {
        lane->second->signal.wake();
    }
}

Task<void> Dispatcher::release_now(DestinationId id) {
    auto destination = outbox_.destination(id);
    if (destination && destination->held != HoldReason::none) {
        co_await let_go(*std::move(destination));
    }
    const auto found = lanes_.find(id);
    if (found == lanes_.end()) {
        wake();
        co_return;
    }
    Lane& lane = *found->second;
    lane.is_granted = true;
    lane.next_probe.reset();
    lane.due = std::min(lane.due, clock_.steady());
    lane.signal.wake();
}

void Dispatcher::tell_parked(const DestinationInfo& destination, const Entry& entry, const std::string& cause,
                             const std::string& why) {
    log_.warn("dispatch", "message parked",
              {{"destination", destination.id.value}, {"entry", entry.id.value}, {"why", why}});
    if (is_worth_telling(destination.id, cause)) {
        watcher_.on_parked(destination, entry, why);
    }
}

void Dispatcher::tell_dropped(const DestinationInfo& destination, const Entry& entry,
                              const Dropped& dropped) {
    log_.warn("dispatch", "a thread is left as it is",
              {{"destination", destination.id.value},
               {"operation", name_of(entry.operation)},
               {"why", dropped.why}});
    if (dropped.is_told && is_worth_telling(destination.id, "thread: " + dropped.why)) {
        watcher_.on_no_thread(destination, entry, dropped.why);
    }
}

/// Not where the same was told of the destination a short while ago.
bool Dispatcher::is_worth_telling(DestinationId destination, const std::string& cause) {
    constexpr std::size_t most_causes = 256;
    if (told_.size() >= most_causes) {
        told_.clear();
    }
    const SteadyPoint now = clock_.steady();
    const auto [told, is_new] = told_.try_emplace({destination, cause}, now);
    if (!is_new && now - told->second < options_.tell_again) {
        return false;
    }
    told->second = now;
    return true;
}

void Dispatcher::observe_latency(const DestinationInfo& destination, const Entry& entry) {
    if (makes_visible(entry.operation)) {
        const std::chrono::duration<double> taken = clock_.now() - entry.created_at;
        metrics_.observe("hookline_event_to_destination_seconds", std::max(taken.count(), 0.0),
                         {{"destination", name_of(destination.kind)}});
    }
}

}  // namespace hookline::dispatch
