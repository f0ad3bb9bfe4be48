// GitHub as a service of Hookline (GitHub, "Webhooks").
#pragma once

#include "services/service.hpp"

namespace hookline::services::github {

[[nodiscard]] const ServiceAdapter& adapter();

}  // namespace hookline::services::github
