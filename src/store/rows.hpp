// What the store keeps, as values. Secrets are open here and sealed on disk.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/secret.hpp"
#include "dispatch/outbox.hpp"
#include "event/service.hpp"
#include "message/message.hpp"
#include "message/style.hpp"

namespace hookline::store {

/// A URL with a secret at which one service delivers.
struct Endpoint {
    EndpointId id;
    event::Service service = event::Service::github;
    HookId made_with;  // names it in its URL: /webhook/github/hook_001
    Secret secret;
    Secret previous_secret;  // valid until previous_until; empty: none
    std::optional<TimePoint> previous_until;
    TimePoint created_at;
    std::optional<TimePoint> connected_at;  // first ping or delivery
    std::optional<TimePoint> deleted_at;    // with its last hook; undo within 24 h
};

/// A channel's subscription to an endpoint.
struct Hook {
    HookId id;
    EndpointId endpoint;
    event::Service service = event::Service::github;
    DestinationId destination;
    std::string guild;                // of the channel it was made in; "" on the command line
    Snowflake command_channel;        // the channel whose commands concern it; 0 on the command line
    Snowflake user;                   // who made it
    std::string url;                  // custom hooks: whose events they are
    std::string name;                 // … as people call it; empty: the URL's host
    bool is_stream = false;           // … and the URL is read as a stream of events
    std::vector<std::string> events;  // as given; empty: what is announced by default
    std::vector<std::string> repos;   // globs, "!" excludes; empty: all
    bool is_enabled = true;           // off by `!hook github off`
    bool is_paused = false;
    std::string quiet;  // "22:00-07:00 Europe/Berlin": when nothing is told; empty: always
    /// One message for each run, pull request and deployment, kept up to date; nothing: as it is usual for
    /// the service.
    std::optional<bool> is_live;
    /// What follows goes to a thread under that message; nothing: as it is usual for the channel.
    std::optional<bool> has_threads;
    std::chrono::seconds window{0};                 // what comes is summed up that often; 0: told at once
    message::Style style = message::Style::normal;  // how much its messages say
    MessageId setup_reply;                          // edited to say "connected"
    TimePoint created_at;
    std::optional<TimePoint> deleted_at;
    /// It was deleted then, and hears nothing of that time.
    std::optional<TimePoint> absent_from, absent_until;
};

/// The event row: a delivery with what became of it.
struct StoredEvent {
    EventId id;
    EndpointId endpoint;
    HookId made_with;
    event::Service service = event::Service::github;
    std::string event_type;
    std::string delivery_id;
    std::string payload;
    TimePoint received_at;
    bool is_processed = false;
    bool is_test = false;
};

enum class OutcomeKind { sent, folded, filtered, muted, not_announced, hook_off, parked, not_understood };
[[nodiscard]] std::string_view name_of(OutcomeKind kind);
[[nodiscard]] std::optional<OutcomeKind> parse_outcome_kind(std::string_view name);

/// What became of an event for one hook: exactly one each.
struct Outcome {
    EventId event;
    HookId hook;
    OutcomeKind kind = OutcomeKind::sent;
    std::string reason;      // for people: "events of this hook are push, pr"
    std::string event_name;  // "pr.merged"; empty: nothing that Hookline knows
    RuleId rule;
    MessageId message;
    TimePoint at;
};

/// What a member asked of a hook in the rules language.
enum class RuleKind { filter, alert, mention, silent, mute };
[[nodiscard]] std::string_view name_of(RuleKind kind);
[[nodiscard]] std::optional<RuleKind> parse_rule_kind(std::string_view name);

struct Rule {
    RuleId id;
    HookId hook;
    RuleKind kind = RuleKind::filter;
    std::string source;  // as it was typed
    /// An alert's own template, a mention's role or member, why it is muted; empty: none.
    std::string text;
    /// "resolved": an alert says too when its condition holds no more. Of a mute: until when (ISO 8601), then
    /// " failures" where those pass.
    std::string options;
    TimePoint created_at;
};

/// A hook's own form of a message. `event` is "push", "pr.merged", or empty for every event.
struct Template {
    HookId hook;
    std::string event, source;
};

/// Entities of this kind are news for a day: they are kept as long as events at most, and only the newest.
inline constexpr std::string_view short_lived_kind = "told";

/// What is known of a pull request, a commit, a run, a branch's build: a document of room state.
struct EntityKey {
    EndpointId endpoint;
    std::int64_t repository = 0;
    std::string kind, name;
};

/// Whether an alert's condition held for an entity when it was last worked out: it fires when that changes.
struct AlertState {
    RuleId rule;
    std::string entity;  // "7/pr 45": of repository 7
    bool is_true = false;
    std::string value;  // what it came to, where that is a text: "broken"
    EventId event;      // that it was worked out with
    TimePoint at;
};

/// Something to be done at a time. One for each kind and what: putting it again moves it.
struct Timer {
    std::string kind, what;
    TimePoint due;
};

/// Events of a hook that are being summed up. Its message is there from the beginning. A hook has one for
/// each key: "" is posted when it closes; others are room pipeline's.
struct Window {
    HookId hook;
    MessageId message;
    TimePoint opened_at, closes_at;
    EventId first_event;  // from here on events are kept
    std::string state;    // a document of room pipeline
    std::string key;
};

enum class MessageState { waiting, sent, parked, deleted };
[[nodiscard]] std::string_view name_of(MessageState state);
[[nodiscard]] std::optional<MessageState> parse_message_state(std::string_view name);

/// A message as a reader of the channel knows it, however often it is edited.
struct StoredMessage {
    MessageId id;
    DestinationId destination;
    HookId hook;    // 0: a reply
    EventId event;  // that made it; 0: a reply
    std::string card_key, thread_key;
    MessageId thread_of;  // the card in whose thread it belongs; 0: none
    Snowflake discord_channel, discord_message;
    Snowflake discord_thread;  // under it; 0: none
    int replaced = 0;          // posted anew after somebody deleted it
    std::int64_t revision = 0;
    MessageState state = MessageState::waiting;
    std::string error;
    TimePoint created_at;
    std::optional<TimePoint> sent_at;
    MessageId joined;  // whose send carries it, where several shared one (itself, for the first); read only
};

struct Act {
    TimePoint at;
    std::string who;  // "member 123", "administrator"
    std::string guild;
    std::string what;  // "github on --events push"
    HookId hook;
};

// ---- What the core writes: a list of these is one transaction. Ids come from Store::next_*_id(). ----

struct PutEndpoint {
    Endpoint endpoint;
};  // insert or replace
/// Sets connected_at where it is not set; leaves secrets alone, so that it cannot undo a rotation.
struct MarkConnected {
    EndpointId endpoint;
    TimePoint at;
};
struct PutHook {
    Hook hook;
};
/// Which message is edited to say "connected"; leaves the rest alone, so that it cannot undo a command given
/// meanwhile.
struct SetSetupReply {
    HookId hook;
    MessageId message;
};
struct PutRule {
    Rule rule;
};
struct DropRule {
    RuleId rule;
};  // with its alert states
struct PutTemplate {
    Template form;
};
struct DropTemplate {
    HookId hook;
    std::string event;
};
/// What other programs read of a hook's rules (docs/contract.md, section 6): webhooks.filters and .template.
struct MirrorRules {
    HookId hook;
    std::string filters;  // a JSON object
    std::string form;
};
struct PutEntity {
    EntityKey key;
    std::string state;
    TimePoint at;
};
struct PutAlertState {
    AlertState state;
};
struct PutTimer {
    Timer timer;
};
struct DropTimer {
    std::string kind, what;
};
struct PutWindow {
    Window window;
};
struct DropWindow {
    HookId hook;
    std::string key{};
};
struct PutDestination {
    dispatch::DestinationInfo destination;
};
struct PutOutcome {
    Outcome outcome;
};  // ignored where that pair has one
struct MarkProcessed {
    EventId event;
};
struct PutMessage {
    StoredMessage message;
};  // insert
/// Any entry for a message but an edit, which is a Revise. Of a message with thread_of the entry needs no
/// channel: it goes to the card's thread, where there is one by then, else to the destination itself.
struct Enqueue {
    dispatch::Entry entry;
};
/// New content for a message: changes the create that waits untried, else replaces the edit that waits, else
/// becomes an edit. Makes `not_before` now. The revision grows. Ignored where the message shares its send
/// with others (their embeds would go) or is to go.
struct Revise {
    MessageId message;
    message::Message body;
    OutboxId entry_id;
    TimePoint now;
    /// What it says must be seen: where it would be ignored, or the message is parked or unknown, the whole
    /// list fails with Errc::conflict, and nothing of it is written.
    bool is_needed = false;
};
/// A message that another one makes needless: it goes, unseen where nobody tried to send it yet, and the
/// outcomes that named it name `instead`. Ignored where it shares its send with others, or is parked.
struct Withdraw {
    MessageId message, instead;
    std::string why;  // for people, the outcomes' reason
    OutboxId entry_id;
    TimePoint now;
};
struct PutAct {
    Act act;
};
struct PutMeta {
    std::string key, value;
};  // small facts: gateway session, installation id
/// Puts an event back to be processed once more for one hook (!hook replay).
struct ForgetOutcome {
    EventId event;
    HookId hook;
};

using Change = std::variant<PutEndpoint, MarkConnected, PutHook, SetSetupReply, PutRule, DropRule,
                            PutTemplate, DropTemplate, MirrorRules, PutEntity, PutAlertState, PutTimer,
                            DropTimer, PutWindow, DropWindow, PutDestination, PutOutcome, MarkProcessed,
                            PutMessage, Enqueue, Revise, Withdraw, PutAct, PutMeta, ForgetOutcome>;
using Changes = std::vector<Change>;

}  // namespace hookline::store
