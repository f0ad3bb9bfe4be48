// Where messages go: Discord through the bot, Discord through a channel webhook, the terminal.
#pragma once

#include "base/task.hpp"
#include "dispatch/outbox.hpp"

namespace hookline::dispatch {

/// What came back from one attempt.
struct Answer {
    enum class Kind {
        ok,
        rate_limited,     // 429; retry_after says for how long
        refused_content,  // 400: this body will never be taken
        gone,             // the message to edit or delete is not there any more, or too old
        held,             // 401, 403, 404: nothing will be taken here until something changes
        failed,           // 5xx, reset, timeout: see may_have_arrived
    };
    /// Of gone: what a message that should not be lost may do about it.
    enum class Loss {
        other,
        deleted,       // by hand
        not_editable,  // it is there, but too old, or in an archived thread
    };
    Kind kind = Kind::failed;
    Loss loss = Loss::other;
    Snowflake channel, message;  // of ok; of a thread that was opened: the thread
    Milliseconds retry_after{0};
    HoldReason hold = HoldReason::none;
    bool may_have_arrived = false;  // bytes left, no answer came: perhaps it is there
    std::string detail;             // for people: "403 Missing Permissions (50013)"
};

/// True where an earlier attempt is already visible at the destination.
enum class Found { yes, no, unknown };
struct Sighting {
    Found found = Found::unknown;
    Snowflake channel, message;
};

class Destination {
public:
    virtual ~Destination() = default;
    /// Returns once the rate limits, as far as they are known, let an operation on `destination` through.
    /// Asked before an attempt is begun, so that what is sent is what is newest then, and so that a stop of
    /// the program finds as few attempts under way as can be. May be cancelled and asked again at any time.
    virtual Task<void> ready(DestinationInfo destination, Operation operation);
    /// Whether one send there may carry the messages of several entries (shared_send.hpp).
    [[nodiscard]] virtual bool shares_sends(const DestinationInfo& destination) const;
    /// Carries out `entry` once; one that is_fallback as plain text. Never throws for what the network does.
    /// Keeps the rate limits itself: it waits as long as they ask before it sends.
    virtual Task<Answer> post(DestinationInfo destination, Entry entry) = 0;
    /// Looks for the message of a create whose answer was lost, in the destination's recent history.
    virtual Task<Sighting> find(DestinationInfo destination, Entry entry) = 0;
};

}  // namespace hookline::dispatch
