// `hookline run -- COMMAND`: runs it as if it ran by itself, and tells what becomes of it.
#pragma once

#include <string>
#include <vector>

#include "cli/process.hpp"

namespace hookline::runner {

struct RunOptions {
    std::string name, stage, to;
    std::vector<std::string> command;
};

/// The command's own exit code, 127 where there is no such command, 126 where it cannot be executed; 2: --to
/// is no endpoint, and nothing was run. Ends the process by the signal that ended the command. That nothing
/// could be told is a line on stderr and changes nothing.
int run(const cli::Process& process, const RunOptions& options);

}  // namespace hookline::runner
