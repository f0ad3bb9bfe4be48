// A build as Hookline itself tells it: `hookline run`, which reports what it runs, and the follower of an
// engine's builds write the same form, and hooks of docker and ci read it.
//
//   {"build": {"key": "r-1f0c…", "status": "started" | "completed" | "failed" | "cancelled",
//     "by": "run" | "buildkit", "name": "phigen-bot", "stage": "test", "host": "build-1", "engine": "docker",
//     "command": "docker build -t phigen-bot .", "context": ".", "file": "Dockerfile", "target": "prod",
//     "revision": "4f2a…", "repository": "https://…", "tags": ["phigen-bot:latest"],
//     "started": nanos, "ended": nanos, "exit_code": 1, "signal": 9,
//     "steps": {"total": 5, "done": 3, "cached": 2, "failed": "RUN make"},
//     "image": {"id": "sha256:…", "digest": "sha256:…", "size": 450000000, "layers": 12},
//     "error": "one sentence", "logs": ["the last lines", "the oldest first"],
//     "late": true}}
//
// An event whose build is by "image" comes of the engine's images (services/docker).
// late: it happened long before anybody could listen. Only key, status and name must be there. Whoever writes
// it leaves secrets out.
#pragma once

#include "event/event.hpp"
#include "services/payload.hpp"
#include "services/service.hpp"

namespace hookline::services {

/// The type of such deliveries.
inline constexpr std::string_view build_delivery = "build";

[[nodiscard]] bool is_build(const Node& payload);
/// Known again by its key and status.
[[nodiscard]] Envelope envelope_of_build(const Node& payload);
/// The event "build.started", "build.completed", "build.failed" or "build.cancelled". Where is_build.
void parse_build(const Node& payload, event::Event& event);

/// What names an image: "octo/app" with "1.4", or with a digest.
struct Reference {
    std::string_view repository, tag, digest;
};
/// Of "octo/app:1.4" and "octo/app@sha256:4f2a…"; as long as `reference` lives.
[[nodiscard]] Reference parts_of(std::string_view reference);
/// As people say it, and an engine still knows it: "app:1" of "docker.io/library/app:1".
[[nodiscard]] std::string_view short_reference(std::string_view reference);
/// "app:latest" of "app": who names no tag means that one.
[[nodiscard]] std::string whole_reference(std::string_view reference);
/// "app:latest" for "docker.io/library/app", "app" and Podman's "localhost/app": one name for one image.
[[nodiscard]] std::string plain_reference(std::string_view reference);

}  // namespace hookline::services
