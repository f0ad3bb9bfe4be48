// Docker Hub (Docker, "Webhooks"), self-hosted registries (Distribution, "Work with notifications"), and
// engines, whose events room docker makes deliveries of.
#pragma once

#include "services/service.hpp"

namespace hookline::services::docker {

[[nodiscard]] const ServiceAdapter& adapter();

}  // namespace hookline::services::docker
