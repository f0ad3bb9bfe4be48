// Writes texts to a terminal or pipe that may not be read: a reader that stands still costs a short wait,
// never the daemon's one thread.
#pragma once

#include "terminal/terminal_destination.hpp"

namespace hookline::terminal {

/// `descriptor` stays open for as long as the sink is used. False where it takes nothing for 50 ms, or is
/// closed; part of the text may then have been shown.
[[nodiscard]] TerminalDestination::Sink descriptor_sink(int descriptor);

}  // namespace hookline::terminal
