// What is due at a time, and what a code host told: steps without a new event.
#include <fmt/format.h>

#include "format/digest.hpp"
#include "pipeline/digest.hpp"
#include "pipeline/stepper.hpp"
#include "pipeline/storm.hpp"

namespace hookline::pipeline {

namespace {

const store::Hook* find_hook(const Snapshot& snapshot, HookId id) {
    for (const auto& [endpoint, hooks] : snapshot.hooks) {
        for (const store::Hook& hook : hooks) {
            if (hook.id == id) {
                return &hook;
            }
        }
    }
    return nullptr;
}

/// Closes a hook's window: its message goes to the outbox. Also where the hook was deleted meanwhile: what
/// was accepted is told.
Step close_window(HookId id, Snapshot& snapshot, Memory& memory, store::Store& store,
                  const Settings& settings, TimePoint now) {
    Step step;
    const auto window = memory.window(id);
    if (!window) {
        return step;
    }
    const store::Hook* hook = find_hook(snapshot, id);
    const auto silence =
        hook == nullptr ? std::nullopt : silence_of(*hook, snapshot.rules.of(id), nullptr, now);
    if (silence) {
        store::Window later = *window;
        later.closes_at = silence->until;
        step.changes.emplace_back(store::PutTimer{
            store::Timer{std::string(window_timer), std::to_string(id.value), later.closes_at}});
        memory.put(std::move(later));
        return step;
    }
    const auto message = store.message(window->message);
    format::Digest digest = parse_digest(window->state);
    digest.window = std::max(
        std::chrono::round<std::chrono::seconds>(std::min(now, window->closes_at) - window->opened_at),
        std::chrono::seconds(1));
    const bool is_update = !digest.items.empty() && digest.items.front().what == "updated";
    if (digest.total() == 1 && !is_update && hook != nullptr) {
        const auto stored = store.event(window->first_event);
        if (stored && *stored) {
            step =
                Stepper(**stored, snapshot, memory, store, settings, nullptr, now).run_alone(*hook, *window);
        }
    }
    if (step.changes.empty()) {
        if (!message || !*message) {
            step.error = message ? "the message of a window is gone" : message.error().detail;
            return step;
        }
        dispatch::Entry entry;
        entry.id = store.next_outbox_id();
        entry.message = window->message;
        entry.destination = (*message)->destination;
        entry.operation = dispatch::Operation::create;
        entry.body = stamped(format::digest_message(digest), unique_timestamp(now, window->message));
        entry.created_at = now;
        entry.not_before = now;
        step.changes.emplace_back(store::Enqueue{std::move(entry)});
    }
    memory.drop_window(id, window->key, step.changes);
    return step;
}

/// Updates the message of a hook's storm, the last time when it is over. Also where the hook was deleted
/// meanwhile.
Step tell_storm(HookId id, Memory& memory, store::Store& store, TimePoint now) {
    Step step;
    const auto window = memory.window(id, storm_key);
    if (!window) {
        return step;
    }
    const bool is_over = now >= window->closes_at;
    if (is_over || !is_told(*window, now)) {
        step.changes.emplace_back(
            store::Revise{window->message, storm_message(*window), store.next_outbox_id(), now});
    }
    if (is_over) {
        memory.drop_window(id, storm_key, step.changes);
    } else {
        step.changes.emplace_back(
            store::PutTimer{store::Timer{std::string(storm_timer), std::to_string(id.value),
                                         std::min(now + storm_update, window->closes_at)}});
    }
    return step;
}

/// Of its window; `what`: hook and event.
std::string ending_key(std::string_view what) {
    return std::string(ending_timer).append(what.substr(std::min(what.find(' '), what.size())));
}

/// An end that waited for who tells more of it.
Step close_ending(const std::string& what, Snapshot& snapshot, Memory& memory, store::Store& store,
                  const Settings& settings, TimePoint now) {
    Step step;
    const HookId id(std::strtoll(what.c_str(), nullptr, 10));
    const std::string key = ending_key(what);
    const auto window = memory.window(id, key);
    const store::Hook* hook = find_hook(snapshot, id);
    if (!window) {
        return step;
    }
    const auto stored = store.event(window->first_event);
    if (!stored) {
        step.error = stored.error().detail;
        return step;
    }
    if (const auto silence = hook != nullptr ? silence_of(*hook, snapshot.rules.of(id), nullptr, now)
                                             : std::optional<Silence>()) {
        step.changes.emplace_back(
            store::PutTimer{store::Timer{std::string(ending_timer), what, silence->until}});
        return step;
    }
    if (hook != nullptr && *stored) {
        step = Stepper(**stored, snapshot, memory, store, settings, nullptr, now).run_ending(*hook, *window);
    } else {
        memory.withdraw(store::Withdraw{window->message, window->message, "its hook or event is gone",
                                        store.next_outbox_id(), now},
                        step.changes);
    }
    memory.drop_window(id, key, step.changes);
    return step;
}

}  // namespace

Step process_timer(const store::Timer& timer, Snapshot& snapshot, Memory& memory, store::Store& store,
                   const Settings& settings, TimePoint now) {
    Step nothing;
    nothing.changes.emplace_back(store::DropTimer{timer.kind, timer.what});
    const bool is_storm = timer.kind == storm_timer;
    const bool is_ending = timer.kind == ending_timer;
    if (timer.kind == window_timer || is_storm || is_ending) {
        const HookId hook(std::strtoll(timer.what.c_str(), nullptr, 10));
        try {
            Step closed;
            if (is_ending) {
                closed = close_ending(timer.what, snapshot, memory, store, settings, now);
            } else {
                closed = is_storm ? tell_storm(hook, memory, store, now)
                                  : close_window(hook, snapshot, memory, store, settings, now);
            }
            if (closed.error.empty()) {
                closed.changes.insert(closed.changes.begin(), nothing.changes.begin(), nothing.changes.end());
            }
            return closed;
        } catch (const std::exception& e) {
            nothing.changes.emplace_back(store::DropWindow{hook, is_ending  ? ending_key(timer.what)
                                                                 : is_storm ? storm_key
                                                                            : std::string()});
            nothing.error = fmt::format("an error inside Hookline: {}", e.what());
            return nothing;
        }
    }
    const std::size_t space = timer.what.find(' ');
    const auto number = std::strtoll(timer.what.c_str(), nullptr, 10);
    if (timer.kind != alert_timer || space == std::string::npos) {
        return nothing;
    }
    const std::string entity = timer.what.substr(space + 1);
    const auto state = memory.alert_state(RuleId(number), entity);
    if (!state) {
        return nothing;  // the rule is gone
    }
    const auto stored = store.event(state->event);
    if (!stored) {
        Step failed;  // the timer stays
        failed.error = stored.error().detail;
        return failed;
    }
    if (!*stored) {
        return nothing;  // the event is older than what is kept
    }
    const auto hooks = snapshot.hooks.find((*stored)->endpoint);
    if (hooks == snapshot.hooks.end()) {
        return nothing;
    }
    for (const store::Hook& hook : hooks->second) {
        for (const auto& alert : snapshot.rules.of(hook.id).alerts) {
            if (alert->rule.id != RuleId(number)) {
                continue;
            }
            try {
                Step step = Stepper(**stored, snapshot, memory, store, settings, nullptr, now)
                                .run_timer(*alert, hook, entity);
                // Where it moved its timer, that comes later and wins.
                step.changes.insert(step.changes.begin(), nothing.changes.begin(), nothing.changes.end());
                return step;
            } catch (const std::exception& e) {
                nothing.error = fmt::format("an error inside Hookline: {}", e.what());
                return nothing;
            }
        }
    }
    return nothing;
}

Step process_recall(const Recalls::Answer& answer, Snapshot& snapshot, Memory& memory, store::Store& store,
                    const Settings& settings, TimePoint now) {
    const auto stored = store.event(answer.event);
    if (!stored || !*stored) {
        return {};
    }
    try {
        return Stepper(**stored, snapshot, memory, store, settings, nullptr, now).run_recall(answer.recall);
    } catch (const std::exception& e) {
        Step failed;
        failed.error = fmt::format("an error inside Hookline: {}", e.what());
        return failed;
    }
}

}  // namespace hookline::pipeline
