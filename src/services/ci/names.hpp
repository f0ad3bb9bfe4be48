// The names of the events of CI, whichever platform tells them.
#pragma once

#include "services/service.hpp"

namespace hookline::services::ci {

[[nodiscard]] std::span<const EventName> names();

/// "pipeline", "stage", "job", "deployment", "build", "check": what a hook for CI is about.
[[nodiscard]] bool is_ci_event(std::string_view name);

}  // namespace hookline::services::ci
