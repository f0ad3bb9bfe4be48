// GitLab as a service of Hookline (GitLab, "Webhooks").
#pragma once

#include "services/service.hpp"

namespace hookline::services::gitlab {

[[nodiscard]] const ServiceAdapter& adapter();

}  // namespace hookline::services::gitlab
