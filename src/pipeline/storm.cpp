#include "pipeline/storm.hpp"

#include "pipeline/digest.hpp"
#include "pipeline/step.hpp"

namespace hookline::pipeline {

namespace {

TimePoint last_event_at(const store::Window& window) { return window.closes_at - storm_calm; }

}  // namespace

TimePoint storm_end(const store::Window& window, TimePoint now) {
    return std::min(now + storm_calm, window.opened_at + storm_longest);
}

bool is_told(const store::Window& window, TimePoint now) {
    // The last update was storm_update ago; twice that, because a timer may be late. Its end tells all
    // anyway.
    const bool ends_by_age = window.closes_at >= window.opened_at + storm_longest;
    return !ends_by_age && last_event_at(window) + 2 * storm_update < now;
}

message::Message storm_message(const store::Window& window) {
    format::Digest digest = parse_digest(window.state);
    digest.is_storm = true;
    digest.window =
        std::max(std::chrono::round<std::chrono::seconds>(last_event_at(window) - window.opened_at),
                 std::chrono::seconds(1));
    // The same time whenever it is made: by it the message is found in its channel's history.
    return stamped(format::digest_message(digest), unique_timestamp(window.opened_at, window.message));
}

}  // namespace hookline::pipeline
