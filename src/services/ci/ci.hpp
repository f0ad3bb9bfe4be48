// The endpoint for all CI: GitHub Actions, GitLab CI, Jenkins and CircleCI deliver to one URL, with one
// secret, and are told as one kind of thing: pipelines, their stages, their jobs, deployments.
#pragma once

#include "services/service.hpp"

namespace hookline::services::ci {

[[nodiscard]] const ServiceAdapter& adapter();

}  // namespace hookline::services::ci
