// What the three plugins send, as Events: a build is a pipeline, or a deployment where its job is named so
// (deployment.hpp).
//
// Notification tells every phase of a build: QUEUED and STARTED together when it starts, COMPLETED, and
// FINALIZED when nothing of it can change any more. The end is told once, by FINALIZED: "pipeline.passed",
// "pipeline.failed" …; COMPLETED is "pipeline.completed". Generic Event has the same phases under the names
// run.initialize, run.started, run.completed and run.finalized. Outbound WebHook has one end only.
#pragma once

#include "base/result.hpp"
#include "event/delivery.hpp"
#include "event/event.hpp"
#include "services/payload.hpp"
#include "services/samples.hpp"
#include "services/service.hpp"

namespace hookline::services::jenkins {

/// Which plugin, which event of it, and an id by which a repeated delivery is known: where the plugin sends
/// none, made of the build's URL, phase, status and time, which no other delivery shares. Outbound WebHook
/// tells no time: a job that was removed and made anew counts its builds from 1 again, so it gets none.
[[nodiscard]] Envelope envelope_of(const Node& payload);

/// malformed: not JSON, or no object. What is of no plugin that is known is an Event with an empty name.
[[nodiscard]] Result<event::Event> parse(const event::Delivery& delivery);

[[nodiscard]] std::span<const EventName> names();
[[nodiscard]] std::span<const SampleFile> sample_files();

// One for each plugin.
void parse_notification(const Node& payload, event::Event& event);
void parse_outbound(const Node& payload, event::Event& event);
void parse_generic(const Node& payload, event::Event& event);

}  // namespace hookline::services::jenkins
