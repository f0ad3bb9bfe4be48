#include "pipeline/stepper.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "message/limits.hpp"
#include "pipeline/requests.hpp"
#include "pipeline/same_run.hpp"
#include "pipeline/setup_message.hpp"
#include "pipeline/understanding.hpp"
#include "services/service.hpp"

namespace hookline::pipeline {

namespace {

constexpr std::size_t longest_reason = 500;

/// What happened while nobody could listen comes within seconds.
constexpr std::chrono::seconds window_of_late(15);

bool has_outcome(std::span<const store::Outcome> had, HookId hook) {
    return std::any_of(had.begin(), had.end(), [&](const store::Outcome& o) { return o.hook == hook; });
}

/// From the receipt on, a message's age counts; an event that waited long (a replay) begins anew, or its
/// retries would be over before the first.
TimePoint age_from(TimePoint received_at, TimePoint now) {
    constexpr std::chrono::minutes longest_wait(10);
    return received_at > now || now - received_at > longest_wait ? now : received_at;
}

}  // namespace

std::vector<const store::Hook*> open_hooks(const store::StoredEvent& stored,
                                           std::span<const store::Outcome> had, const Snapshot& snapshot) {
    std::vector<const store::Hook*> open;
    const auto hooks = snapshot.hooks.find(stored.endpoint);
    if (hooks == snapshot.hooks.end()) {
        return open;
    }
    for (const store::Hook& hook : hooks->second) {
        const bool was_absent = hook.absent_from && *hook.absent_from <= stored.received_at &&
                                stored.received_at < hook.absent_until.value_or(TimePoint());
        if (hook.created_at <= stored.received_at && !was_absent && !has_outcome(had, hook.id)) {
            open.push_back(&hook);
        }
    }
    return open;
}

Step Stepper::run(std::span<const store::Outcome> had) {
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
    tells_ = services::facts_told(step_.event);
    step_.wants_recall = wants_recall(hooks);
    for (const store::Hook* hook : hooks) {
        store::Outcome outcome = outcome_for(*hook);
        if (!stored_.is_test) {
            note_told(*hook, outcome);
            memory_.note_event(hook->id, outcome.event_name, now_);
            weigh_alerts(*hook, outcome);
        }
        step_.changes.emplace_back(store::PutOutcome{std::move(outcome)});
    }
    step_.changes.emplace_back(store::MarkProcessed{stored_.id});
    return std::move(step_);
}

/// What the code host told of the event's pull request.
Step Stepper::run_recall(const state::Recall& recall) {
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

/// The one event of a window that held no other: told as itself, in the message that waits for it, unless
/// something that tells more was told meanwhile.
Step Stepper::run_alone(const store::Hook& hook, const store::Window& window) {
    understand_event();
    correlate_event();
    tells_ = services::facts_told(step_.event);
    if (const auto told = told_better(hook)) {
        memory_.withdraw(store::Withdraw{window.message, told->message,
                                         fmt::format("{} tells it, in message {} (event {})", told->by,
                                                     told->message.value, told->event.value),
                                         store_.next_outbox_id(), now_},
                         step_.changes);
        return std::move(step_);
    }
    enqueue(hook.destination, window.message, unique_timestamp(step_.event.time, window.message),
            dressed(body_for(hook).message, dressing_for(hook)), now_);
    return std::move(step_);
}

/// One alert, for the one thing whose timer is due.
Step Stepper::run_timer(const ActiveRule& alert, const store::Hook& hook, const std::string& entity) {
    understand_event();
    recall(entity);
    if (concerns(question(hook))) {
        post_alerts(hook, weigh_again(alert, occasion(), entity, memory_, step_.changes));
    }
    return std::move(step_);
}

void Stepper::understand_event() {
    Understanding understood = understand(stored_, services::find_adapter(stored_.service));
    step_.error = std::move(understood.error);
    step_.event = std::move(understood.event);
}

/// What is known of the things that the event is about, with what it tells itself. A test tells nothing:
/// what it would be alone is all there is.
void Stepper::correlate_event() {
    if (stored_.is_test || !step_.error.empty()) {
        state::NoEntities nothing;
        known_ = state::correlate(step_.event, nothing);
    } else {
        Memory::Repository entities = repository();
        known_ = state::correlate(step_.event, entities);
    }
    if (known_.build && known_.build->changed() == "fixed") {
        event::Run* run = step_.event.pipeline ? &step_.event.pipeline->run
                                               : (step_.event.workflow ? &*step_.event.workflow : nullptr);
        if (run != nullptr) {
            run->is_fixed = true;
        }
    }
    facts_.emplace(rules::facts_of(step_.event, stored_.payload, now_, known_));
}

/// A pull request that was there before its hook, or whose deliveries were lost: only its code host
/// knows.
bool Stepper::wants_recall(const std::vector<const store::Hook*>& hooks) const {
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
void Stepper::recall(const std::string& entity) {
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

Memory::Repository Stepper::repository() {
    const std::int64_t id = step_.event.repo ? step_.event.repo->id : 0;
    return {memory_, stored_.endpoint, id, now_, step_.changes};
}

/// What the hook's rules read: the facts, and how many events this hook has had.
const rules::Facts& Stepper::facts_for(const store::Hook& hook) {
    facts_->count_events = [this, id = hook.id](std::string_view name, TimePoint since) {
        return memory_.count_events(id, std::string(name), since);
    };
    return *facts_;
}

Question Stepper::question(const store::Hook& hook) {
    Question question{step_.event, hook, now_, true};
    const auto destination = snapshot_.destinations.find(hook.destination);
    question.everyone_can_see = destination == snapshot_.destinations.end() || is_public(destination->second);
    if (facts_) {
        question.rules = &snapshot_.rules.of(hook.id);
        question.facts = &facts_for(hook);
    }
    return question;
}

void Stepper::weigh_alerts(const store::Hook& hook, store::Outcome& outcome) {
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
std::vector<std::string> Stepper::post_alerts(const store::Hook& hook, const std::vector<Weighed>& all) {
    std::vector<std::string> notes;
    for (const Weighed& weighed : all) {
        const std::string name = fmt::format("alert {}", weighed.place);
        note_trouble(hook.id, name, weighed.trouble);
        if (!weighed.fires && !weighed.is_over) {
            continue;
        }
        message::Message told = weighed.message;
        told.is_silent = told.is_silent || silence_for(hook).has_value();  // it comes, but wakes nobody
        const Posted posted = post(hook, std::move(told), false, {});
        notes.push_back(fmt::format("{} {}", name, weighed.fires ? "fired" : "is over"));
        step_.alerts.push_back(posted.message);
    }
    return notes;
}

/// Kept where people look for it, and written only when it is another.
bool Stepper::note_trouble(HookId hook, std::string_view rule, const std::string& why) {
    if (why.empty()) {
        return false;
    }
    return memory_.note(store::rule_trouble_key(hook, rule), shorten(why, longest_reason), step_.changes);
}

store::Outcome Stepper::outcome_for(const store::Hook& hook) {
    if (step_.event.ping) {
        return outcome(
            hook, store::OutcomeKind::not_announced,
            fmt::format("it is {}'s greeting: the webhook was set up", event::display_name(stored_.service)));
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
    if (auto in_card = outcome_in_card(hook, verdict)) {
        return std::move(*in_card);
    }
    if (!verdict.is_announced()) {
        store::Outcome stopped = outcome(hook, verdict.kind, verdict.reason);
        stopped.rule = verdict.rule;
        return stopped;
    }
    if (auto once = told_already(hook)) {
        return std::move(*once);
    }
    if (const auto silence = silence_for(hook)) {
        store::Outcome muted =
            fold_into_window(hook, silence->until, store::OutcomeKind::muted, silence->why);
        muted.rule = silence->rule;
        return muted;
    }
    if (auto waits = wait_for_better_end(hook)) {
        return std::move(*waits);
    }
    if (step_.event.is_late && !mentions_somebody(hook)) {
        return fold_into_window(hook, now_ + window_of_late, store::OutcomeKind::folded,
                                "summed up with others that happened while nobody could listen");
    }
    if (is_folded(hook)) {
        return fold_into_window(hook, now_ + hook.window, store::OutcomeKind::folded,
                                "summed up with others");
    }
    if (is_in_storm(hook, destination->second)) {
        return fold_into_storm(hook);
    }
    const Body body = body_for(hook);
    std::vector<std::string> reasons;
    for (const RuleTrouble& trouble : verdict.troubles) {
        reasons.push_back(
            fmt::format("{} could not be worked out ({}), so it let this pass", trouble.rule, trouble.why));
    }
    if (!body.reason.empty()) {
        reasons.push_back(body.reason);
    }
    if (auto taken = take_over(hook, body, reasons)) {
        return std::move(*taken);
    }
    return announce(hook, body, fmt::format("{}", fmt::join(reasons, "; ")), {});
}

/// The hook's own form where it has one that can be printed; else the built-in layout.
Stepper::Body Stepper::body_for(const store::Hook& hook) {
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
    const Layout& built_in = layout(hook.style);
    body.message = built_in.message;
    if (!built_in.error.empty()) {
        body.reason = "as a plain line, its layout failed: " + built_in.error;
    }
    return body;
}

/// A notice is signed with the name that a member gave the hook for it.
void Stepper::sign() {
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

store::Outcome Stepper::test_outcome(const store::Hook& hook, const Verdict& verdict) {
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
    return announce(hook, body, "it is a test", {});
}

store::Outcome Stepper::misunderstood_outcome(const store::Hook& hook, const Verdict& verdict) {
    const std::string reason = "its payload was not understood: " + step_.error;
    if (!verdict.is_announced()) {
        return outcome(hook, store::OutcomeKind::not_understood, reason);
    }
    return announce(hook, Body{plain(), {}, false}, "as a plain line, " + reason, {});
}

/// Puts a message of the hook into the outbox, with what its rules add to it.
Stepper::Posted Stepper::post(const store::Hook& hook, message::Message body, bool waits, const Role& role) {
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
    message.thread_of = role.thread_of;
    message.card_key = role.card != nullptr ? role.card->head.key : std::string();
    memory_.put(std::move(message), step_.changes);
    enqueue(hook.destination, posted.message, posted.timestamp,
            dressed(std::move(body), dressing_for(hook, role)), posted.not_before, role.card);
    return posted;
}

void Stepper::enqueue(DestinationId destination, MessageId message, TimePoint timestamp,
                      message::Message body, TimePoint not_before, const Card* card) {
    dispatch::Entry entry;
    entry.id = store_.next_outbox_id();
    entry.message = message;
    entry.destination = destination;
    entry.operation = dispatch::Operation::create;
    entry.body = stamped(std::move(body), timestamp);
    entry.created_at = age_from(stored_.received_at, now_);
    entry.not_before = not_before;
    if (card != nullptr) {
        entry.thread_name = thread_name(card->head);
        entry.thread_tags = card->tags;
    }
    memory_.note_entry(destination);
    step_.changes.emplace_back(store::Enqueue{std::move(entry)});
}

Dressing Stepper::dressing_for(const store::Hook& hook) {
    const HookRules& rules = snapshot_.rules.of(hook.id);
    const bool has_any = !rules.mentions.empty() || !rules.silents.empty();
    // A test mentions nobody: it is for the one who asked for it.
    return has_any && facts_ && !stored_.is_test ? dressing_of(rules, facts_for(hook)) : Dressing();
}

Dressing Stepper::dressing_for(const store::Hook& hook, const Role& role) {
    return role.is_aside ? Dressing() : dressing_for(hook);
}

store::Outcome Stepper::announce(const store::Hook& hook, const Body& body, std::string reason,
                                 const Role& role) {
    const bool waits = waits_ && !body.is_own;
    const Posted posted = post(hook, body.message, waits, role);
    if (waits) {
        step_.incomplete.push_back(Incomplete{posted.message, posted.timestamp, dressing_for(hook, role),
                                              posted.not_before, hook.style});
    }
    store::Outcome sent = outcome(hook, store::OutcomeKind::sent, std::move(reason));
    sent.message = posted.message;
    return sent;
}

store::Outcome Stepper::outcome(const store::Hook& hook, store::OutcomeKind kind, std::string reason) const {
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
void Stepper::connect() {
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

bool Stepper::is_public(const dispatch::DestinationInfo& destination) const {
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

const Layout& Stepper::layout(message::Style style) {
    const auto [known, is_new] = layouts_.try_emplace(style);
    if (is_new) {
        known->second = lay_out(step_.event, {}, style);
        step_.layout_error = known->second.error.empty() ? step_.layout_error : known->second.error;
    }
    return known->second;
}

message::Message Stepper::plain() {
    if (!plain_) {
        plain_ = format::plain_message(step_.event);
    }
    return *plain_;
}

}  // namespace hookline::pipeline
