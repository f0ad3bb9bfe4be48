#include "pipeline/step.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "pipeline/requests.hpp"
#include "pipeline/same_run.hpp"
#include "pipeline/setup_message.hpp"
#include "pipeline/understanding.hpp"
#include "pipeline/verdict.hpp"
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
    Stepper(const store::StoredEvent& stored, Snapshot& snapshot, store::Store& store,
            const Settings& settings, const Enrichments& enrichments, TimePoint now)
        : stored_(stored),
          snapshot_(snapshot),
          store_(store),
          settings_(settings),
          enrichments_(enrichments),
          now_(now) {}

    Step run(std::span<const store::Outcome> had) {
        Understanding understood = understand(stored_, services::find_adapter(stored_.service));
        step_.error = std::move(understood.error);
        step_.event = std::move(understood.event);
        if (!stored_.is_test) {
            connect();
        }
        sign();
        const auto hooks = open_hooks(stored_, had, snapshot_);
        if (!stored_.is_test && !hooks.empty()) {
            join_run(step_.event, stored_, hooks.front()->id, store_);
        }
        waits_ = !stored_.is_test && step_.error.empty() && enrichments_.wants(step_.event);
        for (const store::Hook* hook : hooks) {
            step_.changes.emplace_back(store::PutOutcome{outcome_for(*hook)});
        }
        step_.changes.emplace_back(store::MarkProcessed{stored_.id});
        return std::move(step_);
    }

private:
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
        const Verdict verdict = decide(Question{step_.event, hook, now_, is_public(destination->second)});
        if (stored_.is_test) {
            return test_outcome(hook, verdict);
        }
        if (!step_.error.empty()) {
            return misunderstood_outcome(hook, verdict);
        }
        if (!verdict.is_announced()) {
            return outcome(hook, verdict.kind, verdict.reason);
        }
        const message::Message body = layout().message;
        const std::string reason =
            layout().error.empty() ? std::string() : "as a plain line, its layout failed: " + layout().error;
        return announce(hook, body, reason);
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
        return announce(hook, format::mark_as_test(layout().message, would), "it is a test");
    }

    store::Outcome misunderstood_outcome(const store::Hook& hook, const Verdict& verdict) {
        const std::string reason = "its payload was not understood: " + step_.error;
        if (!verdict.is_announced()) {
            return outcome(hook, store::OutcomeKind::not_understood, reason);
        }
        return announce(hook, plain(), "as a plain line, " + reason);
    }

    store::Outcome announce(const store::Hook& hook, message::Message body, std::string reason) {
        store::StoredMessage message;
        message.id = store_.next_message_id();
        message.destination = hook.destination;
        message.hook = hook.id;
        message.event = stored_.id;
        message.created_at = now_;
        dispatch::Entry entry;
        entry.id = store_.next_outbox_id();
        entry.message = message.id;
        entry.destination = hook.destination;
        entry.operation = dispatch::Operation::create;
        const TimePoint timestamp = unique_timestamp(step_.event.time, message.id);
        entry.body = stamped(std::move(body), timestamp);
        entry.created_at = age_from(stored_.received_at, now_);
        entry.not_before = now_;
        if (waits_) {
            entry.not_before = now_ + enrichment_patience;
            step_.incomplete.push_back(Incomplete{message.id, timestamp, entry.not_before});
        }
        store::Outcome sent = outcome(hook, store::OutcomeKind::sent, std::move(reason));
        sent.message = message.id;
        step_.changes.emplace_back(store::PutMessage{std::move(message)});
        step_.changes.emplace_back(store::Enqueue{std::move(entry)});
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
    store::Store& store_;
    const Settings& settings_;
    const Enrichments& enrichments_;
    TimePoint now_;
    bool waits_ = false;
    Step step_;
    std::optional<Layout> layout_;
    std::optional<message::Message> plain_;
};

}  // namespace

Result<Snapshot> take_snapshot(store::Store& store) {
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
    Snapshot snapshot;
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
             store::Store& store, const Settings& settings, const Enrichments& enrichments, TimePoint now) {
    try {
        return Stepper(stored, snapshot, store, settings, enrichments, now).run(had);
    } catch (const std::exception& e) {
        Step step;
        step.error = fmt::format("an error inside Hookline: {}", e.what());
        step.changes = set_aside(stored, had, snapshot, step.error, now);
        return step;
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
