// What room docker makes of an engine's events (docker/telling.hpp says its form), as events of containers
// and images: "start.started", "stop.stopped", "error.crashed", "error.oom", "health.unhealthy",
// "image.pulled".
#pragma once

#include "event/event.hpp"
#include "services/payload.hpp"
#include "services/service.hpp"

namespace hookline::services::docker {

[[nodiscard]] bool is_engine(const Node& payload);
[[nodiscard]] Envelope envelope_of_engine(const Node& payload);
/// Fills `event`, which keeps an empty name where the payload tells nothing that Hookline knows.
void parse_engine(const Node& payload, event::Event& event);

}  // namespace hookline::services::docker
