// Waits for more than one thing: a wake or a time, whichever comes first; several tasks, all of them.
#pragma once

#include <vector>

#include "base/clock.hpp"
#include "base/signal.hpp"

namespace hookline {

/// Returns when `signal` was woken or steady() has reached `until`; throws operation_aborted when cancelled.
/// Both outlive the wait.
Task<void> wait_until(Clock& clock, WakeSignal& signal, SteadyPoint until);

/// Runs `tasks` side by side, begun in their order, and returns when all have ended; throws what the first of
/// them has thrown. When cancelled, so are they.
Task<void> wait_for_all(std::vector<Task<void>> tasks);

}  // namespace hookline
