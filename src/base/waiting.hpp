// Waits for a wake or for a time, whichever comes first.
#pragma once

#include "base/clock.hpp"
#include "base/signal.hpp"

namespace hookline {

/// Returns when `signal` was woken or steady() has reached `until`; throws operation_aborted when cancelled.
/// Both outlive the wait.
Task<void> wait_until(Clock& clock, WakeSignal& signal, SteadyPoint until);

}  // namespace hookline
