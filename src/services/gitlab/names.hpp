// The names of GitLab's events for --events and for help.
#pragma once

#include "services/service.hpp"

namespace hookline::services::gitlab {

[[nodiscard]] std::span<const EventName> names();

}  // namespace hookline::services::gitlab
