// Jenkins has no word for a deployment: teams name a job after it.
//
// The rule: a build is a deployment where one word of its job's name is "deploy", "deploys", "deployment" or
// "rollout" ("deploy-production", "api_deploy", "DeployToStaging"; not "undeploy", not a branch's name). It
// is told as one when it starts, succeeds or fails; queued, aborted and not built, it remains a pipeline,
// since nothing was deployed. Where to: the build's parameter ENVIRONMENT (or ENV, DEPLOY_ENV …), else a word
// of the name that usually names an environment ("production", "staging"), else the words after "deploy".
#pragma once

#include <string>
#include <string_view>

#include "event/event.hpp"
#include "services/payload.hpp"

namespace hookline::services::jenkins {

[[nodiscard]] bool is_deployment(std::string_view job_name);

/// "" where neither name nor parameters tell.
[[nodiscard]] std::string environment_of(std::string_view job_name, const Node& parameters);

/// Makes a deployment of a pipeline event by the rule; leaves every other event as it is.
void tell_deployment(event::Event& event, std::string_view job_name, const Node& parameters);

}  // namespace hookline::services::jenkins
