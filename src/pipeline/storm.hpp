// A storm: more comes for a channel than it may take. What waits shares its sends first (room dispatch);
// where even that is not enough, what comes is summed up in one message, which is there at once and updated
// as long as the storm lasts. Failures and what mentions somebody are told one by one all the same.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "message/message.hpp"
#include "store/rows.hpp"

namespace hookline::pipeline {

/// So many entries wait when it begins: at ten a send and a send a second, what comes now would be told some
/// ten seconds late at best.
inline constexpr std::size_t storm_begins_at = 100;
/// … and while fewer than these wait, what comes is told by itself again.
inline constexpr std::size_t storm_goes_on_at = 10;
inline constexpr std::chrono::seconds storm_update(5);  // its message changes no more often
/// It is over when nothing was summed up for so long …
inline constexpr std::chrono::seconds storm_calm(60);
/// … and its message is done after that long: the next one begins further down, where people read.
inline constexpr std::chrono::minutes storm_longest(15);

inline const std::string storm_key = "storm";             // of its window, and of its message's card
inline constexpr std::string_view storm_timer = "storm";  // kind of timers; what: the hook's number

/// When the storm of a window ends, where the last event was summed up at `now`.
[[nodiscard]] TimePoint storm_end(const store::Window& window, TimePoint now);
/// Whether it told nothing new lately.
[[nodiscard]] bool is_told(const store::Window& window, TimePoint now);
[[nodiscard]] message::Message storm_message(const store::Window& window);

}  // namespace hookline::pipeline
