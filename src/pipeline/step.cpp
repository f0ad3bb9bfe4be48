#include "pipeline/step.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "message/limits.hpp"
#include "pipeline/digest.hpp"
#include "pipeline/dressing.hpp"
#include "pipeline/quiet.hpp"
#include "pipeline/requests.hpp"
#include "pipeline/same_run.hpp"
#include "pipeline/setup_message.hpp"
#include "pipeline/understanding.hpp"
#include "pipeline/verdict.hpp"
#include "rules/fields.hpp"
#include "services/service.hpp"

namespace hookline::pipeline {

namespace {

constexpr std::size_t longest_reason = 500;

bool has_outcome(std::span<const store::Outcome> had, HookId hook) {
    return std::any_of(had.begin(), had.end(), [&](const store::Outcome& o) { return o.hook == hook; });
}

/// The hooks that still need an outcome: those that were there when the event came.
std::vector<const store::Hook*> open_hooks(const store::StoredEvent& stored,
                                           std::span<const store::Outcome> had, const Snapshot& snapshot) {
    std::vector<const store::Hook*> open;
    const auto hooks = snapshot.hooks.find(stored.endpoint);
    if (hooks == snapshot.hooks.end()) {
        return open;
    }
    for (const store::Hook& hook : hooks->second) {
        if (hook.created_at <= stored.received_at && !has_outcome(had, hook.id)) {
            open.push_back(&hook);
        }
    }
    return open;
}

/// From the receipt on, a message's age counts; an event that waited long (a replay) begins anew, or its
/// retries would be over before the first.
TimePoint age_from(TimePoint received_at, TimePoint now) {
    constexpr std::chrono::minutes longest_wait(10);
    return received_at > now || now - received_at > longest_wait ? now : received_at;
}

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

    Step run(std::span<const store::Outcome> had) {
        understand_event();
        if (!stored_.is_test) {
            connect();
        }
        sign();
        const auto hooks = open_hooks(stored_, had, snapshot_);
        if (!stored_.is_test && !hooks.empty()) {
            join_run(step_.event, stored_, hooks.front()->id, store_);
        }
        waits_ = !stored_.is_test && step_.error.empty() && enrichments_->wants(step_.event);
        correlate_event();
        step_.wants_recall = wants_recall(hooks);
        for (const store::Hook* hook : hooks) {
            store::Outcome outcome = outcome_for(*hook);
            if (!stored_.is_test) {
                memory_.note_event(hook->id, outcome.event_name, now_);
                weigh_alerts(*hook, outcome);
            }
            step_.changes.emplace_back(store::PutOutcome{std::move(outcome)});
        }
        step_.changes.emplace_back(store::MarkProcessed{stored_.id});
        return std::move(step_);
    }

    /// What the code host told of the event's pull request.
    Step run_recall(const state::Recall& recall) {
        understand_event();
        const auto hooks = snapshot_.hooks.find(stored_.endpoint);
        if (!step_.event.pr || hooks == snapshot_.hooks.end()) {
            return std::move(step_);
        }
        Memory::Repository entities = repository();
        known_.pulls.push_back(state::recall_pull_request(step_.event.pr->number, recall, entities));
        facts_.emplace(rules::facts_of(step_.event, stored_.payload, now_, known_));
        for (const store::Hook& hook : hooks->second) {
            for (const auto& alert : snapshot_.rules.of(hook.id).alerts) {
                if (is_about_pulls(*alert) && concerns(question(hook))) {
                    post_alerts(hook, weigh(*alert, occasion(), memory_, step_.changes));
                }
            }
        }
        return std::move(step_);
    }

    /// The one event of a window that held no other: told as itself, in the message that waits for it.
    Step run_alone(const store::Hook& hook, const store::Window& window) {
        understand_event();
        correlate_event();
        enqueue(hook.destination, window.message, unique_timestamp(step_.event.time, window.message),
                dressed(body_for(hook).message, dressing_for(hook)), now_);
        return std::move(step_);
    }

    /// One alert, for the one thing whose timer is due.
    Step run_timer(const ActiveRule& alert, const store::Hook& hook, const std::string& entity) {
        understand_event();
        recall(entity);
        if (concerns(question(hook))) {
            post_alerts(hook, weigh_again(alert, occasion(), entity, memory_, step_.changes));
        }
        return std::move(step_);
    }

private:
    void understand_event() {
        Understanding understood = understand(stored_, services::find_adapter(stored_.service));
        step_.error = std::move(understood.error);
        step_.event = std::move(understood.event);
    }

    /// What is known of the things that the event is about, with what it tells itself. A test tells nothing:
    /// what it would be alone is all there is.
    void correlate_event() {
        if (stored_.is_test || !step_.error.empty()) {
            state::NoEntities nothing;
            known_ = state::correlate(step_.event, nothing);
        } else {
            Memory::Repository entities = repository();
            known_ = state::correlate(step_.event, entities);
        }
        facts_.emplace(rules::facts_of(step_.event, stored_.payload, now_, known_));
    }

    /// A pull request that was there before its hook, or whose deliveries were lost: only its code host
    /// knows.
    [[nodiscard]] bool wants_recall(const std::vector<const store::Hook*>& hooks) const {
        if (stored_.is_test || !step_.event.pr || known_.pulls.empty() || known_.pulls.front().was_asked ||
            !known_.pulls.front().facts.is_open) {
            return false;
        }
        return std::any_of(hooks.begin(), hooks.end(), [&](const store::Hook* hook) {
            const auto& alerts = snapshot_.rules.of(hook->id).alerts;
            return std::any_of(alerts.begin(), alerts.end(),
                               [](const auto& alert) { return is_about_pulls(*alert); });
        });
    }

    /// What is known now of the thing that a timer is about: "7/pr 45".
    void recall(const std::string& entity) {
        Memory::Repository entities = repository();
        const std::size_t number_at = entity.find("/pr ");
        if (number_at != std::string::npos) {
            const auto number = std::strtoll(entity.c_str() + number_at + 4, nullptr, 10);
            if (auto pull = state::known_pull_request(number, entities)) {
                known_.pulls.push_back(std::move(*pull));
            }
        } else {
            known_.baseline = state::known_baseline(step_.event, entities);
            known_.run = state::known_run(step_.event, entities);
        }
        facts_.emplace(rules::facts_of(step_.event, stored_.payload, now_, known_));
    }

    Memory::Repository repository() {
        const std::int64_t id = step_.event.repo ? step_.event.repo->id : 0;
        return {memory_, stored_.endpoint, id, now_, step_.changes};
    }

    Occasion occasion() const { return {stored_, step_.event, known_, now_}; }

    /// What the hook's rules read: the facts, and how many events this hook has had.
    const rules::Facts& facts_for(const store::Hook& hook) {
        facts_->count_events = [this, id = hook.id](std::string_view name, TimePoint since) {
            return memory_.count_events(id, std::string(name), since);
        };
        return *facts_;
    }

    Question question(const store::Hook& hook) {
        Question question{step_.event, hook, now_, true};
        const auto destination = snapshot_.destinations.find(hook.destination);
        question.everyone_can_see =
            destination == snapshot_.destinations.end() || is_public(destination->second);
        if (facts_) {
            question.rules = &snapshot_.rules.of(hook.id);
            question.facts = &facts_for(hook);
        }
        return question;
    }

    void weigh_alerts(const store::Hook& hook, store::Outcome& outcome) {
        const HookRules& rules = snapshot_.rules.of(hook.id);
        const bool has_place = snapshot_.destinations.contains(hook.destination);
        if (rules.alerts.empty() || !has_place || !step_.error.empty() || step_.event.ping ||
            !concerns(question(hook))) {
            return;
        }
        for (const auto& alert : rules.alerts) {
            const auto weighed = weigh(*alert, occasion(), memory_, step_.changes);
            for (const std::string& note : post_alerts(hook, weighed)) {
                outcome.reason =
                    shorten(outcome.reason.empty() ? note : outcome.reason + "; " + note, longest_reason);
            }
        }
    }

    /// Posts what fires; says what was done, a clause each.
    std::vector<std::string> post_alerts(const store::Hook& hook, const std::vector<Weighed>& all) {
        std::vector<std::string> notes;
        for (const Weighed& weighed : all) {
            const std::string name = fmt::format("alert {}", weighed.place);
            note_trouble(hook.id, name, weighed.trouble);
            if (!weighed.fires && !weighed.is_over) {
                continue;
            }
            message::Message told = weighed.message;
            told.is_silent = told.is_silent || silence_for(hook).has_value();  // it comes, but wakes nobody
            const Posted posted = post(hook, std::move(told), false);
            notes.push_back(fmt::format("{} {}", name, weighed.fires ? "fired" : "is over"));
            step_.alerts.push_back(posted.message);
        }
        return notes;
    }

    /// Kept where people look for it, and written only when it is another.
    bool note_trouble(HookId hook, std::string_view rule, const std::string& why) {
        if (why.empty()) {
            return false;
        }
        return memory_.note(store::rule_trouble_key(hook, rule), shorten(why, longest_reason), step_.changes);
    }

    store::Outcome outcome_for(const store::Hook& hook) {
        if (step_.event.ping) {
            return outcome(hook, store::OutcomeKind::not_announced,
                           fmt::format("it is {}'s greeting: the webhook was set up",
                                       event::display_name(stored_.service)));
        }
        const auto destination = snapshot_.destinations.find(hook.destination);
        if (destination == snapshot_.destinations.end()) {
            return outcome(hook, store::OutcomeKind::parked, "the hook's destination is gone");
        }
        const Verdict verdict = decide(question(hook));
        for (const RuleTrouble& trouble : verdict.troubles) {
            note_trouble(hook.id, trouble.rule, trouble.why);
        }
        if (stored_.is_test) {
            return test_outcome(hook, verdict);
        }
        if (!step_.error.empty()) {
            return misunderstood_outcome(hook, verdict);
        }
        if (!verdict.is_announced()) {
            store::Outcome stopped = outcome(hook, verdict.kind, verdict.reason);
            stopped.rule = verdict.rule;
            return stopped;
        }
        if (const auto silence = silence_for(hook)) {
            store::Outcome muted =
                fold_into_window(hook, silence->until, store::OutcomeKind::muted, silence->why);
            muted.rule = silence->rule;
            return muted;
        }
        if (is_folded(hook)) {
            return fold_into_window(hook, now_ + hook.window, store::OutcomeKind::folded,
                                    "summed up with others");
        }
        const Body body = body_for(hook);
        std::vector<std::string> reasons;
        for (const RuleTrouble& trouble : verdict.troubles) {
            reasons.push_back(fmt::format("{} could not be worked out ({}), so it let this pass",
                                          trouble.rule, trouble.why));
        }
        if (!body.reason.empty()) {
            reasons.push_back(body.reason);
        }
        return announce(hook, body, fmt::format("{}", fmt::join(reasons, "; ")));
    }

    /// What a hook sums up: all but what must be known at once, failures on the main branch and what mentions
    /// somebody.
    bool is_folded(const store::Hook& hook) {
        if (hook.window.count() <= 0 || step_.event.name.empty()) {
            return false;
        }
        const bool is_main = step_.event.branch.empty() || !step_.event.repo ||
                             step_.event.repo->default_branch.empty() ||
                             step_.event.branch == step_.event.repo->default_branch;
        if (is_main && rules::is_failure(step_.event)) {
            return false;
        }
        const Dressing dressing = dressing_for(hook);
        return dressing.users.empty() && dressing.roles.empty();
    }

    std::optional<Silence> silence_for(const store::Hook& hook) {
        return step_.event.name.empty()
                   ? std::nullopt
                   : silence_of(hook, snapshot_.rules.of(hook.id), &facts_for(hook), now_);
    }

    /// Into the hook's open window, or a new one; what must wait longer makes the whole window wait.
    store::Outcome fold_into_window(const store::Hook& hook, TimePoint until, store::OutcomeKind kind,
                                    std::string reason) {
        std::optional<store::Window> open = memory_.window(hook.id);
        const bool is_new = !open;
        if (is_new) {
            open = open_window(hook);
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

    /// With the message that will tell it: every outcome has one from the beginning.
    store::Window open_window(const store::Hook& hook) {
        store::Window window;
        window.hook = hook.id;
        window.message = store_.next_message_id();
        window.opened_at = now_;
        window.first_event = stored_.id;
        store::StoredMessage message;
        message.id = window.message;
        message.destination = hook.destination;
        message.hook = hook.id;
        message.event = stored_.id;
        message.created_at = now_;
        step_.changes.emplace_back(store::PutMessage{std::move(message)});
        return window;
    }

    struct Body {
        message::Message message;
        std::string reason;   // why it is not as it should be
        bool is_own = false;  // made by the hook's own form: what the code host tells later is not for it
    };

    /// The hook's own form where it has one that can be printed; else the built-in layout.
    Body body_for(const store::Hook& hook) {
        Body body;
        const ActiveForm* form =
            step_.event.name.empty() ? nullptr : snapshot_.rules.of(hook.id).form_for(step_.event);
        if (form != nullptr) {
            std::string trouble = form->trouble;
            if (form->form) {
                rules::Form::Made made = form->form->make(facts_for(hook));
                if (made.trouble.empty()) {
                    body.message = message::fit(std::move(made.message));
                    body.is_own = true;
                    return body;
                }
                trouble = std::move(made.trouble);
            }
            const std::string name = form->event.empty() ? "template" : "template " + form->event;
            if (note_trouble(hook.id, name, trouble)) {
                step_.form_troubles.push_back(FormTrouble{hook.id, form->event, trouble});
            }
            body.reason = fmt::format("in the built-in layout, its template failed: {}", first_line(trouble));
        }
        body.message = layout().message;
        if (!layout().error.empty()) {
            body.reason = "as a plain line, its layout failed: " + layout().error;
        }
        return body;
    }

    /// A notice is signed with the name that a member gave the hook for it.
    void sign() {
        const auto hooks = snapshot_.hooks.find(stored_.endpoint);
        if (!step_.event.notice || hooks == snapshot_.hooks.end()) {
            return;
        }
        for (const store::Hook& hook : hooks->second) {
            if (!hook.name.empty()) {
                step_.event.notice->source = hook.name;
                return;
            }
        }
    }

    store::Outcome test_outcome(const store::Hook& hook, const Verdict& verdict) {
        const HookId target = tested_hook(stored_.delivery_id);
        if (target && target != hook.id) {
            return outcome(hook, store::OutcomeKind::not_announced,
                           fmt::format("it is a test of {}", to_string(target)));
        }
        const std::string would = verdict.is_announced()
                                      ? "A real one would be announced."
                                      : fmt::format("A real one would not be announced: {}.", verdict.reason);
        Body body = body_for(hook);
        body.message = format::mark_as_test(std::move(body.message), would);
        return announce(hook, body, "it is a test");
    }

    store::Outcome misunderstood_outcome(const store::Hook& hook, const Verdict& verdict) {
        const std::string reason = "its payload was not understood: " + step_.error;
        if (!verdict.is_announced()) {
            return outcome(hook, store::OutcomeKind::not_understood, reason);
        }
        return announce(hook, Body{plain(), {}, false}, "as a plain line, " + reason);
    }

    struct Posted {
        MessageId message;
        TimePoint timestamp, not_before;
    };

    /// Puts a message of the hook into the outbox, with what its rules add to it.
    Posted post(const store::Hook& hook, message::Message body, bool waits) {
        Posted posted;
        posted.message = store_.next_message_id();
        posted.timestamp = unique_timestamp(step_.event.time, posted.message);
        posted.not_before = waits ? now_ + enrichment_patience : now_;
        store::StoredMessage message;
        message.id = posted.message;
        message.destination = hook.destination;
        message.hook = hook.id;
        message.event = stored_.id;
        message.created_at = now_;
        step_.changes.emplace_back(store::PutMessage{std::move(message)});
        enqueue(hook.destination, posted.message, posted.timestamp,
                dressed(std::move(body), dressing_for(hook)), posted.not_before);
        return posted;
    }

    void enqueue(DestinationId destination, MessageId message, TimePoint timestamp, message::Message body,
                 TimePoint not_before) {
        dispatch::Entry entry;
        entry.id = store_.next_outbox_id();
        entry.message = message;
        entry.destination = destination;
        entry.operation = dispatch::Operation::create;
        entry.body = stamped(std::move(body), timestamp);
        entry.created_at = age_from(stored_.received_at, now_);
        entry.not_before = not_before;
        step_.changes.emplace_back(store::Enqueue{std::move(entry)});
    }

    Dressing dressing_for(const store::Hook& hook) {
        const HookRules& rules = snapshot_.rules.of(hook.id);
        const bool has_any = !rules.mentions.empty() || !rules.silents.empty();
        // A test mentions nobody: it is for the one who asked for it.
        return has_any && facts_ && !stored_.is_test ? dressing_of(rules, facts_for(hook)) : Dressing();
    }

    store::Outcome announce(const store::Hook& hook, const Body& body, std::string reason) {
        const bool waits = waits_ && !body.is_own;
        const Posted posted = post(hook, body.message, waits);
        if (waits) {
            step_.incomplete.push_back(
                Incomplete{posted.message, posted.timestamp, dressing_for(hook), posted.not_before});
        }
        store::Outcome sent = outcome(hook, store::OutcomeKind::sent, std::move(reason));
        sent.message = posted.message;
        return sent;
    }

    store::Outcome outcome(const store::Hook& hook, store::OutcomeKind kind, std::string reason) const {
        store::Outcome outcome;
        outcome.event = stored_.id;
        outcome.hook = hook.id;
        outcome.kind = kind;
        outcome.reason = shorten(reason, longest_reason);
        outcome.at = now_;
        outcome.event_name = step_.event.name.empty() ? std::string() : step_.event.full_name();
        return outcome;
    }

    /// The first ping or delivery proves the connection: the setup replies say so. A further ping may tell of
    /// other events than the first.
    void connect() {
        const auto found = snapshot_.endpoints.find(stored_.endpoint);
        if (found == snapshot_.endpoints.end()) {
            return;
        }
        store::Endpoint& endpoint = found->second;
        if (endpoint.connected_at && !step_.event.ping) {
            return;
        }
        if (!endpoint.connected_at) {
            endpoint.connected_at = stored_.received_at;
            step_.changes.emplace_back(store::MarkConnected{endpoint.id, stored_.received_at});
        }
        for (const store::Hook& hook : snapshot_.hooks[stored_.endpoint]) {
            if (!hook.setup_reply) {
                continue;
            }
            const SetupFacts setup{hook, endpoint, settings_.public_url, settings_.prefix, step_.event.ping};
            step_.changes.emplace_back(
                store::Revise{hook.setup_reply, setup_message(setup), store_.next_outbox_id(), now_});
        }
    }

    [[nodiscard]] bool is_public(const dispatch::DestinationInfo& destination) const {
        switch (destination.kind) {
            case dispatch::DestinationKind::terminal:
            case dispatch::DestinationKind::discord_user:
                return false;
            case dispatch::DestinationKind::discord_webhook:
                return true;  // whose channel that is, nobody can tell
            case dispatch::DestinationKind::discord_channel:
                break;
        }
        return !settings_.everyone_can_see || settings_.everyone_can_see(destination.channel);
    }

    const Layout& layout() {
        if (!layout_) {
            layout_ = lay_out(step_.event, {});
            step_.layout_error = layout_->error;
        }
        return *layout_;
    }

    message::Message plain() {
        if (!plain_) {
            plain_ = format::plain_message(step_.event);
        }
        return *plain_;
    }

    const store::StoredEvent& stored_;
    Snapshot& snapshot_;
    Memory& memory_;
    store::Store& store_;
    const Settings& settings_;
    const Enrichments* enrichments_;  // null: for a timer
    TimePoint now_;
    state::Known known_;
    std::optional<rules::Facts> facts_;  // refers to step_.event and known_
    bool waits_ = false;
    Step step_;
    std::optional<Layout> layout_;
    std::optional<message::Message> plain_;
};

}  // namespace

Result<Snapshot> take_snapshot(store::Store& store, const Snapshot* earlier) {
    const std::uint64_t version = store.settings_version();
    auto endpoints = store.endpoints();
    if (!endpoints) {
        return tl::unexpected(endpoints.error());
    }
    auto hooks = store.hooks();
    if (!hooks) {
        return tl::unexpected(hooks.error());
    }
    auto destinations = store.destinations();
    if (!destinations) {
        return tl::unexpected(destinations.error());
    }
    auto rules = RuleBook::read(store, *hooks, earlier != nullptr ? &earlier->rules : nullptr);
    if (!rules) {
        return tl::unexpected(rules.error());
    }
    Snapshot snapshot;
    snapshot.rules = std::move(*rules);
    snapshot.version = version;
    for (store::Endpoint& endpoint : *endpoints) {
        const EndpointId id = endpoint.id;
        snapshot.endpoints.emplace(id, std::move(endpoint));
    }
    for (store::Hook& hook : *hooks) {
        const EndpointId id = hook.endpoint;
        snapshot.hooks[id].push_back(std::move(hook));
    }
    for (dispatch::DestinationInfo& destination : *destinations) {
        const DestinationId id = destination.id;
        snapshot.destinations.emplace(id, std::move(destination));
    }
    return snapshot;
}

Step process(const store::StoredEvent& stored, std::span<const store::Outcome> had, Snapshot& snapshot,
             Memory& memory, store::Store& store, const Settings& settings, const Enrichments& enrichments,
             TimePoint now) {
    try {
        return Stepper(stored, snapshot, memory, store, settings, &enrichments, now).run(had);
    } catch (const std::exception& e) {
        Step step;
        step.error = fmt::format("an error inside Hookline: {}", e.what());
        step.changes = set_aside(stored, had, snapshot, step.error, now);
        return step;
    }
}

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
    memory.drop_window(id, step.changes);
    return step;
}

}  // namespace

Step process_timer(const store::Timer& timer, Snapshot& snapshot, Memory& memory, store::Store& store,
                   const Settings& settings, TimePoint now) {
    Step nothing;
    nothing.changes.emplace_back(store::DropTimer{timer.kind, timer.what});
    if (timer.kind == window_timer) {
        try {
            Step closed = close_window(HookId(std::strtoll(timer.what.c_str(), nullptr, 10)), snapshot,
                                       memory, store, settings, now);
            if (closed.error.empty()) {
                closed.changes.insert(closed.changes.begin(), nothing.changes.begin(), nothing.changes.end());
            }
            return closed;
        } catch (const std::exception& e) {
            nothing.changes.emplace_back(
                store::DropWindow{HookId(std::strtoll(timer.what.c_str(), nullptr, 10))});
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

store::Changes set_aside(const store::StoredEvent& stored, std::span<const store::Outcome> had,
                         const Snapshot& snapshot, std::string_view reason, TimePoint now) {
    store::Changes changes;
    for (const store::Hook* hook : open_hooks(stored, had, snapshot)) {
        store::Outcome outcome;
        outcome.event = stored.id;
        outcome.hook = hook->id;
        outcome.kind = store::OutcomeKind::parked;
        outcome.reason = shorten(reason, longest_reason);
        outcome.at = now;
        changes.emplace_back(store::PutOutcome{std::move(outcome)});
    }
    changes.emplace_back(store::MarkProcessed{stored.id});
    return changes;
}

Layout lay_out(const event::Event& event, const format::Enrichment& enrichment) {
    Layout layout;
    try {
        layout.message = format::to_message(event, enrichment);
    } catch (const std::exception& e) {
        layout.error = e.what();
        layout.message = format::plain_message(event);
    }
    return layout;
}

TimePoint unique_timestamp(TimePoint event_time, MessageId id) {
    const auto second = std::chrono::floor<std::chrono::seconds>(event_time);
    return TimePoint(second) + Milliseconds(id.value % 1000);
}

message::Message stamped(message::Message message, TimePoint timestamp) {
    if (!message.embeds.empty()) {
        message.embeds.front().timestamp = timestamp;
    }
    return message;
}

}  // namespace hookline::pipeline
