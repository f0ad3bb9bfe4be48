// The events of the four platforms as one model: pipeline, stage, job.
//
// GitHub's workflow run is a pipeline, CircleCI's workflow is one already. Their jobs are told as stages:
// both know no others, and a job is what follows a job there. GitLab's stages stand in its pipelines, its
// jobs stay jobs. Jenkins tells builds. Everything that is no CI (a push, a pull request) keeps its name and
// is silent in a hook for CI (announced.cpp).
#pragma once

#include "event/delivery.hpp"
#include "event/event.hpp"

namespace hookline::services::ci {

/// `event`: as the platform's own adapter reads `delivery`.
[[nodiscard]] event::Event as_ci_event(event::Event event, const event::Delivery& delivery);

}  // namespace hookline::services::ci
