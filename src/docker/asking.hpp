// What is asked of the engine before an event can be told.
#pragma once

#include "base/log.hpp"
#include "docker/telling.hpp"

namespace hookline::docker {

/// What the engine tells of what the event is about; what it does not answer is empty. Nothing: the event is
/// not told after all, another will tell it. Waits half a second for what follows an `oom`. All that is
/// passed outlives the task.
Task<std::optional<Facts>> facts_of(Engine& engine, Clock& clock, Log& log, const EngineEvent& event,
                                    const Story& story);

}  // namespace hookline::docker
