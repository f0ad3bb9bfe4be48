// What waits to be posted, as the dispatcher sees it; room store keeps it. An entry is one operation on one
// destination. Entries of a destination leave in the order of their ids; a newer edit of a message replaces
// one that still waits, and changes a create that was not tried yet.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "message/message.hpp"

namespace hookline::dispatch {

/// create_thread opens the thread under a message that was sent, close_thread archives it; neither makes or
/// changes a message.
enum class Operation { create, edit, remove, create_thread, direct_message, close_thread };
[[nodiscard]] std::string_view name_of(Operation operation);
[[nodiscard]] std::optional<Operation> parse_operation(std::string_view name);

enum class DestinationKind { terminal, discord_channel, discord_webhook, discord_user };
[[nodiscard]] std::string_view name_of(DestinationKind kind);
[[nodiscard]] std::optional<DestinationKind> parse_destination_kind(std::string_view name);

/// Why a destination waits with its backlog. Texts for people: reason_text().
enum class HoldReason {
    none,
    missing_access,
    missing_permission,
    channel_gone,
    webhook_gone,
    bad_token,
    ambiguous,
    paused
};
[[nodiscard]] std::string_view name_of(HoldReason reason);
[[nodiscard]] std::optional<HoldReason> parse_hold_reason(std::string_view name);
[[nodiscard]] std::string_view reason_text(HoldReason reason);

struct DestinationInfo {
    DestinationId id;
    DestinationKind kind = DestinationKind::terminal;
    Snowflake guild;
    Snowflake channel;  // the channel, or the user of discord_user
    Secret address;     // of discord_webhook: "ID/TOKEN"; opened by the store
    HoldReason held = HoldReason::none;
    std::string held_detail;
    TimePoint held_since;
    bool resends_ambiguous = true;             // channel webhooks: what to do when an answer was lost
    std::optional<TimePoint> last_attempt_at;  // when something was sent there last; read only
};

struct Entry {
    OutboxId id;
    MessageId message;
    DestinationId destination;
    Operation operation = Operation::create;
    message::Message body;
    std::int64_t revision = 0;  // of the message; part of the nonce
    Snowflake discord_channel;  // where the message is (a thread, perhaps); 0 before it was created
    Snowflake discord_message;  // 0 before it was created
    Snowflake discord_thread;   // under the message; 0: none yet
    std::string thread_name;    // of create_thread, and of a create that becomes a forum's post
    std::vector<std::string> thread_tags;       // … whose tags of these names it gets; one line each
    bool is_card = false;                       // replaced where it can be edited no more
    int replaced = 0;                           // … after it was deleted by hand
    int attempts = 0;                           // begun
    std::optional<TimePoint> first_attempt_at;  // when an answer may first have been lost
    bool is_fallback = false;                   // already reduced to plain text
    bool stands_alone = false;  // its message is changed later, or has a thread: it shares no send
    TimePoint created_at;
    TimePoint not_before;  // waits for enrichment or a retry
    std::string last_error;
};

/// What follows an attempt, as stored.
struct Posted {
    Snowflake channel;
    Snowflake
        message;  // 0: done, and nothing is to be seen there (any more): removed, or deleted by somebody
};
struct RetryAt {
    TimePoint when;
    std::string why;
};
struct Fallback {  // Discord refuses the content: once more as plain text
    std::string why;
};
struct Parked {
    std::string why;
};
struct Held {
    HoldReason reason = HoldReason::none;
    std::string why;
};
struct Replace {  // the message can be edited no more: its content is posted as a new one
    bool was_deleted = false;
    std::string why;
};
struct Dropped {  // not done, and not worth more: the message stays as it is
    std::string why;
    bool is_told = false;  // to people
};
using Step = std::variant<Posted, RetryAt, Fallback, Parked, Held, Replace, Dropped>;

class Outbox {
public:
    virtual ~Outbox() = default;
    /// Destinations that have entries, in any order; at start and after a wake.
    [[nodiscard]] virtual Result<std::vector<DestinationId>> destinations_with_work() = 0;
    [[nodiscard]] virtual Result<DestinationInfo> destination(DestinationId id) = 0;
    /// The oldest entry of the destination that is not parked, due or not; nothing when it is empty.
    [[nodiscard]] virtual Result<std::optional<Entry>> head(DestinationId id) = 0;
    /// How many entries of the destination wait and are not parked; counts to `most`.
    [[nodiscard]] virtual Result<std::size_t> backlog(DestinationId id, std::size_t most) = 0;
    /// Stored before the bytes leave, so that a crash in between is known as such. Where `may_share`, entries
    /// directly behind it go into it by the rules of shared_send.hpp, in the same transaction: from then on
    /// they are one entry, whose fate is that of all their messages.
    virtual Task<Result<void>> begin_attempt(OutboxId id, TimePoint now, bool may_share) = 0;
    virtual Task<Result<void>> record(OutboxId id, Step step, TimePoint now) = 0;
    /// Held::reason none lets the destination go again.
    virtual Task<Result<void>> hold(DestinationId id, HoldReason reason, std::string detail,
                                    TimePoint now) = 0;
};

/// Is told what a person may have to solve. Called on the core thread after the store holds it; must be
/// quick.
class Watcher {
public:
    virtual ~Watcher() = default;
    virtual void on_held(const DestinationInfo& destination, HoldReason reason, const std::string& why) = 0;
    virtual void on_released(const DestinationInfo& destination) = 0;
    virtual void on_parked(const DestinationInfo& destination, const Entry& entry,
                           const std::string& why) = 0;
    /// A thread could not be opened: what belongs into it goes to the destination itself.
    virtual void on_no_thread(const DestinationInfo& destination, const Entry& entry,
                              const std::string& why) = 0;
};

}  // namespace hookline::dispatch
