// The names of GitHub's events for --events and for help.
#pragma once

#include "services/service.hpp"

namespace hookline::services::github {

[[nodiscard]] std::span<const EventName> names();

}  // namespace hookline::services::github
