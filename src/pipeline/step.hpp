// One event as the changes of one transaction: outcomes, messages, outbox entries, processed. Changes
// nothing: what it needs of the store is in the Snapshot, ids come from the store's counters; earlier
// deliveries are read where one run is told in several (same_run.hpp).
#pragma once

#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

#include "event/event.hpp"
#include "format/format.hpp"
#include "message/message.hpp"
#include "pipeline/alerts.hpp"
#include "pipeline/enrichments.hpp"
#include "pipeline/memory.hpp"
#include "pipeline/recalls.hpp"
#include "pipeline/rulebook.hpp"
#include "store/store.hpp"

namespace hookline::pipeline {

/// Hooks, endpoints and destinations as they are now; the step notes in it what it changes.
struct Snapshot {
    std::unordered_map<EndpointId, store::Endpoint> endpoints;
    std::unordered_map<EndpointId, std::vector<store::Hook>> hooks;
    std::unordered_map<DestinationId, dispatch::DestinationInfo> destinations;
    RuleBook rules;
    std::uint64_t version = 0;  // of the store's settings
};
/// `earlier`: what was taken before; rules that did not change are not compiled again.
[[nodiscard]] Result<Snapshot> take_snapshot(store::Store& store, const Snapshot* earlier = nullptr);

struct Settings {
    std::string public_url;        // "https://hooks.example.org", no slash at its end
    std::string prefix = "!hook";  // how members address the bot
    /// Whether everyone on the server sees a channel; unknown channels count as seen. May be empty: yes.
    std::function<bool(Snowflake channel)> everyone_can_see;
    /// Whether a channel takes posts, each with a thread, instead of messages; nothing: not known yet. May be
    /// empty: none does.
    std::function<std::optional<bool>(Snowflake channel)> is_forum;
    /// Asked for what was missed of a pull request; null: nobody is.
    Recaller* recaller = nullptr;
    /// A hook's own template failed for an event ("push"; "": its template for all), and why: once for each
    /// cause. May be empty.
    std::function<void(HookId, const std::string& event, const std::string& why)> on_form_trouble;
};

/// A hook's own form of a message failed; the built-in layout went out instead.
struct FormTrouble {
    HookId hook;
    std::string event;  // whose form: "push"; "": every event
    std::string why;
};

struct Step {
    store::Changes changes;
    std::vector<MessageId> taken_over;   // messages that tell this event now, and not what they told
    std::vector<Incomplete> incomplete;  // messages that wait for the code host's answer
    event::Event event;                  // what they are about
    std::string layout_error;            // a layout threw; its message went as a plain line
    std::string error;                   // the payload was not understood
    std::vector<FormTrouble> form_troubles;
    std::vector<MessageId> alerts;  // messages of alerts that fired
    bool wants_recall = false;      // alerts are about a pull request of which something may have been missed
};

/// `had`: outcomes that the event has already (it is processed once more). `enrichments` only says whether
/// to wait. Never throws.
[[nodiscard]] Step process(const store::StoredEvent& stored, std::span<const store::Outcome> had,
                           Snapshot& snapshot, Memory& memory, store::Store& store, const Settings& settings,
                           const Enrichments& enrichments, TimePoint now);

/// An alert whose timer is due, weighed again for its thing with the event it was last weighed with. Its
/// timer goes, or moves.
[[nodiscard]] Step process_timer(const store::Timer& timer, Snapshot& snapshot, Memory& memory,
                                 store::Store& store, const Settings& settings, TimePoint now);

/// What a code host told of a pull request: kept, and the alerts about it weighed again.
[[nodiscard]] Step process_recall(const Recalls::Answer& answer, Snapshot& snapshot, Memory& memory,
                                  store::Store& store, const Settings& settings, TimePoint now);

/// The same for an event that is not tried any more: every hook gets the outcome parked, with `reason`.
[[nodiscard]] store::Changes set_aside(const store::StoredEvent& stored, std::span<const store::Outcome> had,
                                       const Snapshot& snapshot, std::string_view reason, TimePoint now);

struct Layout {
    message::Message message;
    std::string error;  // the layout threw: `message` is the plain line
};
[[nodiscard]] Layout lay_out(const event::Event& event, const format::Enrichment& enrichment,
                             message::Style style);

/// The embed's time for message `id`: the event's second, and a millisecond that no other of a thousand
/// messages in a row has. A message is found again in its channel's history by it (docs: "nothing is said
/// twice"). Counting by our own ids needs no memory of what was sent, and readers see whole minutes.
[[nodiscard]] TimePoint unique_timestamp(TimePoint event_time, MessageId id);
/// `message` with that time in its first embed.
[[nodiscard]] message::Message stamped(message::Message message, TimePoint timestamp);

}  // namespace hookline::pipeline
