#include "dispatch/next_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hookline::dispatch {

namespace {

constexpr std::string_view note_mark = ", attempt ";
constexpr std::string_view arrived_mark = ", perhaps posted";

bool makes_a_message(Operation operation) {
    return operation == Operation::create || operation == Operation::direct_message;
}

bool is_about_a_thread(Operation operation) {
    return operation == Operation::create_thread || operation == Operation::close_thread;
}

/// A thread is a convenience: without one everything is said in the channel, so nothing waits for it. That
/// none can be opened is told, that one stays open is not.
Step without_thread(const Entry& entry, std::string why) {
    return Dropped{std::move(why), entry.operation == Operation::create_thread};
}

Milliseconds wait_after(const RetryPolicy& policy, int failures, double roll) {
    const double doubled =
        static_cast<double>(policy.first_wait.count()) * std::exp2(std::clamp(failures - 1, 0, 40));
    const double longest = std::min(doubled, static_cast<double>(policy.longest_wait.count()));
    // Full jitter, but never nothing: a hundredth keeps a broken destination from being asked in a loop.
    return Milliseconds(static_cast<std::int64_t>(longest * std::max(roll, 0.01)));
}

Step after_failure(const RetryPolicy& policy, const DestinationInfo& destination, const Entry& entry,
                   const Trial& trial, const Answer& answer, TimePoint now, double roll) {
    const bool may_be_there = trial.may_have_arrived || answer.may_have_arrived;
    const TimePoint first = entry.first_attempt_at.value_or(now);
    if (now - first >= policy.horizon && trial.failing_for >= policy.shortest_trial) {
        std::string why = fmt::format("given up after {} attempts: {}", entry.attempts, answer.detail);
        return is_about_a_thread(entry.operation) ? without_thread(entry, std::move(why))
                                                  : Parked{std::move(why)};
    }
    const bool is_lost = answer.may_have_arrived && makes_a_message(entry.operation);
    if (is_lost && destination.kind == DestinationKind::discord_webhook && !destination.resends_ambiguous) {
        return Held{HoldReason::ambiguous, attempt_note(answer.detail, entry.attempts, true)};
    }
    return RetryAt{now + wait_after(policy, trial.failures, roll),
                   attempt_note(answer.detail, entry.attempts, may_be_there)};
}

Step after_rate_limit(const RetryPolicy& policy, const Entry& entry, const Trial& trial, const Answer& answer,
                      TimePoint now, double roll) {
    constexpr double spread = 250;  // not all at the same moment when the limit ends
    const Milliseconds asked = std::clamp(answer.retry_after, Milliseconds(100), policy.longest_rate_limit);
    return RetryAt{now + asked + Milliseconds(static_cast<std::int64_t>(roll * spread)),
                   attempt_note(answer.detail, entry.attempts, trial.may_have_arrived)};
}

Step after_refusal(const Entry& entry, const Answer& answer) {
    if (is_about_a_thread(entry.operation)) {
        return without_thread(entry, answer.detail);
    }
    if (entry.is_fallback || entry.operation == Operation::remove) {
        return Parked{answer.detail};
    }
    return Fallback{attempt_note(answer.detail, entry.attempts, false)};
}

bool is_a_lack_of_rights(HoldReason reason) {
    return reason == HoldReason::missing_permission || reason == HoldReason::missing_access;
}

/// Whether the content of an edit is posted anew. Somebody who deletes a card twice does not want it.
bool is_to_replace(const Entry& entry, const Answer& answer) {
    return entry.operation == Operation::edit && entry.is_card &&
           (answer.loss == Answer::Loss::not_editable ||
            (answer.loss == Answer::Loss::deleted && entry.replaced == 0));
}

/// The message to change is not there. For a removal that is the aim; an edit has nothing left to say:
/// somebody deleted the message, and writing it again would take no notice of that. A card, though, stands
/// for what goes on: it comes back.
Step after_gone(const Entry& entry, const Answer& answer) {
    if (is_to_replace(entry, answer)) {
        return Replace{answer.loss == Answer::Loss::deleted, answer.detail};
    }
    if (is_about_a_thread(entry.operation)) {
        return Dropped{answer.detail};
    }
    const bool changes = entry.operation == Operation::edit || entry.operation == Operation::remove;
    return changes ? Step(Posted{entry.discord_channel, Snowflake()}) : Step(Parked{answer.detail});
}

}  // namespace

Step next_step(const RetryPolicy& policy, const DestinationInfo& destination, const Entry& entry,
               const Trial& trial, const Answer& answer, TimePoint now, double roll) {
    switch (answer.kind) {
        case Answer::Kind::ok:
            return Posted{answer.channel,
                          entry.operation == Operation::remove ? Snowflake() : answer.message};
        case Answer::Kind::rate_limited:
            return after_rate_limit(policy, entry, trial, answer, now, roll);
        case Answer::Kind::refused_content:
            return after_refusal(entry, answer);
        case Answer::Kind::gone:
            return after_gone(entry, answer);
        case Answer::Kind::held:
            if (is_about_a_thread(entry.operation) && is_a_lack_of_rights(answer.hold)) {
                return without_thread(entry, answer.detail);
            }
            return Held{answer.hold, attempt_note(answer.detail, entry.attempts, trial.may_have_arrived)};
        case Answer::Kind::failed:
            break;
    }
    return after_failure(policy, destination, entry, trial, answer, now, roll);
}

Step after_vain_search(const RetryPolicy& policy, const Entry& entry, const Trial& trial, TimePoint now,
                       double roll) {
    if (trial.failing_for >= policy.search_horizon) {
        return Parked{
            "it is unknown whether this was posted: the answer was lost, and the channel's history could not "
            "be read since"};
    }
    return RetryAt{now + wait_after(policy, trial.failures, roll),
                   attempt_note("the channel's history could not be read", entry.attempts, true)};
}

Precaution before_attempt(const RetryPolicy& policy, const DestinationInfo& destination, const Entry& entry,
                          bool may_have_arrived, TimePoint now) {
    if (!may_have_arrived || !makes_a_message(entry.operation)) {
        return Precaution::none;
    }
    switch (destination.kind) {
        case DestinationKind::terminal:
            return Precaution::none;
        case DestinationKind::discord_webhook:
            return destination.resends_ambiguous ? Precaution::none : Precaution::hold;
        case DestinationKind::discord_channel:
        case DestinationKind::discord_user:
            break;
    }
    const Milliseconds age = now - entry.first_attempt_at.value_or(TimePoint{});
    // A clock that was set back makes the age negative: then nothing is known of it.
    const bool is_remembered = age >= Milliseconds(0) && age < policy.nonce_window;
    return is_remembered ? Precaution::none : Precaution::search;
}

std::string attempt_note(std::string_view why, int attempt, bool may_have_arrived) {
    return fmt::format("{}{}{}{}", why, note_mark, attempt,
                       may_have_arrived ? arrived_mark : std::string_view());
}

bool may_have_arrived(const Entry& entry) {
    if (entry.attempts == 0) {
        return false;
    }
    const std::size_t mark = entry.last_error.rfind(note_mark);
    if (mark == std::string::npos) {
        return true;
    }
    const std::string_view rest = std::string_view(entry.last_error).substr(mark + note_mark.size());
    // Anything but a note on this very attempt, with nothing behind it, leaves the question open.
    return rest != fmt::format("{}", entry.attempts);
}

bool recovers_by_itself(HoldReason reason) {
    return reason == HoldReason::missing_access || reason == HoldReason::missing_permission ||
           reason == HoldReason::bad_token;
}

std::string_view name_of(const Step& step) {
    static constexpr std::array<std::string_view, 7> names{"posted", "retry",    "fallback", "parked",
                                                           "held",   "replaced", "dropped"};
    return names.at(step.index());
}

}  // namespace hookline::dispatch
