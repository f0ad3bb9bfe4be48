// Every rule about retries, as values in and values out: what precedes an attempt to post, and what follows
// it. `Dispatcher` does what they say. Nothing here waits, stores or sends.
#pragma once

#include "dispatch/destination.hpp"
#include "dispatch/outbox.hpp"

namespace hookline::dispatch {

struct RetryPolicy {
    Milliseconds first_wait = std::chrono::seconds(1);
    Milliseconds longest_wait = std::chrono::minutes(15);
    /// After this long an entry that only ever failed is parked …
    Milliseconds horizon = std::chrono::hours(72);
    /// … but never before it failed for this long without a break: an entry that waited for days behind a
    /// hold, a rate limit or while the program was off gets its chance.
    Milliseconds shortest_trial = std::chrono::hours(1);
    /// How long Discord surely remembers a nonce (it does not publish it; a few minutes were seen).
    Milliseconds nonce_window = std::chrono::seconds(60);
    /// How long it is tried to read the history before a message of unknown fate is parked.
    Milliseconds search_horizon = std::chrono::hours(6);
    /// No destination may ask for more (a retry_after of years is a bug of the other side).
    Milliseconds longest_rate_limit = std::chrono::hours(24);
};

/// What the lane knows of its head beyond what is stored.
struct Trial {
    int failures = 0;               // in a row, this one included
    Milliseconds failing_for{0};    // since the first of them, by a clock that does not jump
    bool may_have_arrived = false;  // an earlier attempt is perhaps already visible
};

/// What follows an attempt at `entry` that was answered with `answer` at `now`. `entry.attempts` includes it.
/// 429 waits as long as asked and counts for nothing; 5xx and silence are retried, 1 s doubling to 15 min;
/// refused content is reduced to plain text once, then parked; 401, 403 and 404 hold the destination with its
/// backlog; an edit of what is gone is done with, but a card is posted anew: each time where it cannot be
/// edited any more, once where somebody deleted it. A thread that cannot be opened or closed holds nothing.
/// `roll` in [0, 1) spreads the waits (full jitter), so that destinations do not retry in step.
[[nodiscard]] Step next_step(const RetryPolicy& policy, const DestinationInfo& destination,
                             const Entry& entry, const Trial& trial, const Answer& answer, TimePoint now,
                             double roll);

/// The same where the history was asked and could not be read.
[[nodiscard]] Step after_vain_search(const RetryPolicy& policy, const Entry& entry, const Trial& trial,
                                     TimePoint now, double roll);

enum class Precaution {
    none,    // send
    search,  // look first whether it is there already
    hold,    // a person must decide
};
/// What must be done before `entry` is sent (again), where an earlier attempt may have arrived. An edit or a
/// removal may simply be repeated, and a message has one thread at most; a create through the bot repeats its
/// nonce, which Discord honours for a while; a channel webhook knows no nonce.
[[nodiscard]] Precaution before_attempt(const RetryPolicy& policy, const DestinationInfo& destination,
                                        const Entry& entry, bool may_have_arrived, TimePoint now);

/// `why` with the number of the attempt behind it: what is stored as an entry's last error.
[[nodiscard]] std::string attempt_note(std::string_view why, int attempt, bool may_have_arrived);
/// True where the stored entry may be visible already: its last attempt left no note (the process died in
/// between), or the note says so.
[[nodiscard]] bool may_have_arrived(const Entry& entry);

/// Held destinations that may recover by themselves are tried now and then; the others wait for a person.
[[nodiscard]] bool recovers_by_itself(HoldReason reason);

/// "posted", "retry", "fallback", "parked", "held", "replaced", "dropped": the metric's label.
[[nodiscard]] std::string_view name_of(const Step& step);

}  // namespace hookline::dispatch
