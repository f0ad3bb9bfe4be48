// What no event told, since nobody listened and the engine has forgotten it: found by comparing what runs
// with what ran.
#pragma once

#include <string>
#include <vector>

#include "docker/engine.hpp"
#include "docker/roster.hpp"

namespace hookline::docker {

/// What happened to containers since `roster` was true, as lines that the engine would have said, in their
/// order, each with "found": true. A container that ran and is not there any more is "gone", at `now`. Asks
/// for the list of containers and inspects each that ran or runs; without the list (a proxy may not let it
/// through) only those that ran. Both outlive the task.
/// unavailable, timeout: the engine does not answer now.
Task<Result<std::vector<std::string>>> find_missed(Engine& engine, const Roster& roster, std::int64_t now);

/// The line of the start or the end that an inspected container shows; nothing where it shows none.
[[nodiscard]] std::optional<std::string> line_of_state(const std::string& json);

}  // namespace hookline::docker
