// Jenkins as a service of Hookline. Nothing that its plugins send is signed: the secret is in the URL (path
// or ?token=), a bearer token or the password of basic authentication.
#pragma once

#include "services/payload.hpp"
#include "services/service.hpp"

namespace hookline::services::jenkins {

[[nodiscard]] const ServiceAdapter& adapter();

/// Whether one of the plugins that Hookline knows wrote this payload; for the endpoint that takes all CI.
[[nodiscard]] bool recognises(const Node& payload);

}  // namespace hookline::services::jenkins
