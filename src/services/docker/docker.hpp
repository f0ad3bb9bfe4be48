// Docker Hub (Docker, "Webhooks") and self-hosted registries (Distribution, "Work with notifications").
#pragma once

#include "services/service.hpp"

namespace hookline::services::docker {

[[nodiscard]] const ServiceAdapter& adapter();

}  // namespace hookline::services::docker
