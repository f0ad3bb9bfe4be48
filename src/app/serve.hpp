// `hookline serve`: makes every part, joins them, runs until it is told to end.
#pragma once

#include "app/settings.hpp"
#include "cli/process.hpp"

namespace hookline::app {

/// Until SIGTERM or SIGINT; then ends within ten seconds and loses nothing. Returns the exit code.
int serve(const cli::Process& process, const Settings& settings);

}  // namespace hookline::app
