// What is not told by itself: summed up with others, held back by a mute or quiet hours, or one of a storm.
#include "dispatch/shared_send.hpp"
#include "pipeline/digest.hpp"
#include "pipeline/stepper.hpp"
#include "pipeline/storm.hpp"

namespace hookline::pipeline {

/// What a hook sums up: all but what must be known at once, that the main branch fails or passes again, and
/// what mentions somebody.
bool Stepper::is_folded(const store::Hook& hook) {
    if (hook.window.count() <= 0 || step_.event.name.empty()) {
        return false;
    }
    const bool is_main = step_.event.branch.empty() || !step_.event.repo ||
                         step_.event.repo->default_branch.empty() ||
                         step_.event.branch == step_.event.repo->default_branch;
    const bool is_fixed = (step_.event.workflow && step_.event.workflow->is_fixed) ||
                          (step_.event.pipeline && step_.event.pipeline->run.is_fixed);
    if (is_main && (is_fixed || rules::is_failure(step_.event))) {
        return false;
    }
    return !mentions_somebody(hook);
}

bool Stepper::mentions_somebody(const store::Hook& hook) {
    const Dressing dressing = dressing_for(hook);
    return !dressing.users.empty() || !dressing.roles.empty();
}

std::optional<Silence> Stepper::silence_for(const store::Hook& hook) {
    return step_.event.name.empty() ? std::nullopt
                                    : silence_of(hook, snapshot_.rules.of(hook.id), &facts_for(hook), now_);
}

/// Into the hook's open window, or a new one; what must wait longer makes the whole window wait.
store::Outcome Stepper::fold_into_window(const store::Hook& hook, TimePoint until, store::OutcomeKind kind,
                                         std::string reason) {
    std::optional<store::Window> open = memory_.window(hook.id);
    const bool is_new = !open;
    if (is_new) {
        open = open_window(hook, {});
    }
    const bool waits_longer = kind == store::OutcomeKind::muted && until > open->closes_at;
    if (is_new || waits_longer) {
        open->closes_at = until;
        step_.changes.emplace_back(store::PutTimer{
            store::Timer{std::string(window_timer), std::to_string(hook.id.value), open->closes_at}});
    }
    open->state = fold(open->state, hook, step_.event);
    store::Outcome folded = outcome(hook, kind, std::move(reason));
    folded.message = open->message;
    memory_.put(std::move(*open));
    return folded;
}

bool Stepper::is_in_storm(const store::Hook& hook, const dispatch::DestinationInfo& destination) {
    if (!dispatch::is_channel(destination.kind) || step_.event.name.empty() ||
        rules::is_failure(step_.event)) {
        return false;
    }
    const std::size_t waiting = memory_.backlog(hook.destination, storm_begins_at);
    if (waiting < storm_goes_on_at || (waiting < storm_begins_at && !memory_.window(hook.id, storm_key))) {
        return false;
    }
    // What waits for a permission is no storm. As it is now: the snapshot does not follow it.
    const auto newest = store_.outbox().destination(hook.destination);
    return newest && newest->held == dispatch::HoldReason::none && !mentions_somebody(hook);
}

store::Outcome Stepper::fold_into_storm(const store::Hook& hook) {
    std::optional<store::Window> open = memory_.window(hook.id, storm_key);
    const bool is_new = !open;
    if (is_new) {
        open = open_window(hook, storm_key);
    }
    open->closes_at = storm_end(*open, now_);
    open->state = fold(open->state, hook, step_.event);
    if (is_new) {
        enqueue(hook.destination, open->message, unique_timestamp(now_, open->message), storm_message(*open),
                now_);
        step_.changes.emplace_back(store::PutTimer{
            store::Timer{std::string(storm_timer), std::to_string(hook.id.value), now_ + storm_update}});
    }
    store::Outcome folded =
        outcome(hook, store::OutcomeKind::folded, "summed up: more came than the channel can take");
    folded.message = open->message;
    memory_.put(std::move(*open));
    return folded;
}

/// With the message that will tell it: every outcome has one from the beginning.
store::Window Stepper::open_window(const store::Hook& hook, const std::string& key) {
    store::Window window;
    window.key = key;
    window.hook = hook.id;
    window.message = store_.next_message_id();
    window.opened_at = now_;
    window.first_event = stored_.id;
    store::StoredMessage message;
    message.id = window.message;
    message.destination = hook.destination;
    message.hook = hook.id;
    message.event = stored_.id;
    message.card_key = key;  // what is updated shares no send
    message.created_at = now_;
    memory_.put(std::move(message), step_.changes);
    return window;
}

}  // namespace hookline::pipeline
