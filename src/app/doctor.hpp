// `hookline doctor`: everything that can be wrong with an installation, a line each.
#pragma once

#include "app/settings.hpp"
#include "cli/process.hpp"

namespace hookline::app {

/// Prints "ok" or the problem and what to do. 0 when all is well, 1 when something is not.
int doctor(const cli::Process& process, const Settings& settings);

}  // namespace hookline::app
