// CircleCI's payloads as Events: a workflow that completed is a pipeline, a job that completed a job. Starts
// are not told.
#pragma once

#include "base/result.hpp"
#include "event/delivery.hpp"
#include "event/event.hpp"
#include "services/samples.hpp"
#include "services/service.hpp"

namespace hookline::services::circleci {

/// malformed: not JSON, or no object. An event that is not known is an Event with an empty name.
[[nodiscard]] Result<event::Event> parse(const event::Delivery& delivery);

[[nodiscard]] std::span<const EventName> names();
[[nodiscard]] std::span<const SampleFile> sample_files();

}  // namespace hookline::services::circleci
