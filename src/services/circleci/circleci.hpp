// CircleCI as a service of Hookline (CircleCI, "Outbound webhooks").
#pragma once

#include "services/payload.hpp"
#include "services/service.hpp"

namespace hookline::services::circleci {

/// "v1=<hex>", perhaps with other versions beside it, of which only v1 counts.
inline constexpr std::string_view signature_header = "circleci-signature";
inline constexpr std::string_view event_header = "circleci-event-type";

[[nodiscard]] const ServiceAdapter& adapter();

/// Whether CircleCI wrote this payload; for the endpoint that takes all CI.
[[nodiscard]] bool recognises(const Node& payload);

}  // namespace hookline::services::circleci
