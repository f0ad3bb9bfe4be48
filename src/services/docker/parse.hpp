// What a registry sends, as the event "image.pushed" (image.deleted, image.pulled, image.mounted); what an
// engine told (engine.hpp).
#pragma once

#include "base/result.hpp"
#include "event/delivery.hpp"
#include "event/event.hpp"
#include "services/payload.hpp"
#include "services/samples.hpp"
#include "services/service.hpp"

namespace hookline::services::docker {

/// "dockerhub", "registry", "engine", "build" or "unknown", and an id by which a repeated delivery is known:
/// the registry repeats its events until they are taken.
[[nodiscard]] Envelope envelope_of(const Node& payload);

/// malformed: not JSON, or no object. What is of neither registry nor engine is an Event with an empty name,
/// and so is a registry's news of layers without a manifest.
[[nodiscard]] Result<event::Event> parse(const event::Delivery& delivery);

[[nodiscard]] std::span<const SampleFile> sample_files();

}  // namespace hookline::services::docker
