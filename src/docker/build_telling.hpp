// The payload of a build's delivery, of what BuildKit's history says: Hookline's own form, which `hookline
// run` writes too. services/docker reads it.
//
//   {"build": {"key": "docker r1", "status": "completed", "by": "buildkit", "engine": "docker", "name":
//   "demo:1",
//              "context": ".", "file": "Dockerfile", "target": …, "revision": …, "repository": …, "tags": […
//              ], "started": nanos, "ended": nanos, "steps": {"total": 5, "done": 5, "cached": 2, "failed":
//              "RUN make"}, "image": {"id": …, "digest": …, "size": bytes, "layers": 12}, "error": "one
//              sentence", "logs": ["the last lines", "oldest first"]}}
//
// The values of build arguments are nobody's business: where a text of the build repeats one it is left out.
// What names the image or its source is told as it is: `--build-arg VERSION=1.4.2 -t app:1.4.2` hides no tag.
#pragma once

#include <string>
#include <vector>

#include "docker/build_records.hpp"

namespace hookline::docker {

/// What was asked for beyond the record; a part that was not answered is empty.
struct BuildFacts {
    std::string image;        // of /images/ID/json
    std::string failed_step;  // as BuildKit names it
    std::string log;          // the end of what that step printed
};

/// "started", "completed", "failed", "cancelled".
[[nodiscard]] std::string_view status_of(const BuildEvent& event);
/// The same in all that is told of a build.
[[nodiscard]] std::string key_of_build(const std::string& engine, const BuildRecord& record);
/// `is_late`: it was over long before anybody could listen.
[[nodiscard]] std::string payload_of_build(const std::string& engine, const BuildEvent& event,
                                           const BuildFacts& facts, bool is_late = false);
/// By what the engine may know the image that came of it, the surest first.
[[nodiscard]] std::vector<std::string> images_of(const BuildRecord& record);

/// The type of such deliveries.
inline constexpr std::string_view build_delivery_type = "build";

}  // namespace hookline::docker
