// Any service that sends JSON: see sender.hpp for those that are known by name.
#pragma once

#include "services/service.hpp"

namespace hookline::services::custom {

[[nodiscard]] const ServiceAdapter& adapter();

}  // namespace hookline::services::custom
