// The payload of a delivery: Hookline's own form, for an engine sends none. services/docker reads it.
//
//   {"engine":    {"name": "docker", "kind": "docker", "server": "Docker/20.10.24 (linux)"},
//    "event":     {… as the engine sent it …},
//    "story":     {"asked_for": true, "signal": 15, "out_of_memory": false, "started": nanos, "stopped":
//    nanos,
//                  "ends": 3, "row_since": nanos, "after_crash": false, "health_before": "healthy",
//                  "recreated": false, "stopped_id": "6fa9…", "late": false, "fetched": false},
//    "container": {… what inspecting told, cut down: no environment, no mounts …},
//    "image":     {"Id": …, "RepoTags": […], "RepoDigests": […], "Created": …, "Size": …, "Layers": 12},
//    "logs":      ["the last lines", "oldest first"]}
#pragma once

#include <string>
#include <vector>

#include "docker/containers.hpp"
#include "docker/engine.hpp"
#include "docker/engine_event.hpp"

namespace hookline::docker {

/// What the engine was asked for; a part that it did not answer is empty.
struct Facts {
    std::string container;  // of /containers/ID/json
    std::string image;      // of /images/ID/json
    std::vector<std::string> logs;
};

/// `is_late`: it happened long before anybody could listen.
[[nodiscard]] std::string payload_of(const std::string& engine, const EngineVersion& version,
                                     const EngineEvent& event, const Story& story, const Facts& facts,
                                     bool is_late);

/// What only Hookline knows: an engine cannot be reached ("away", with the reason) or can again ("back").
[[nodiscard]] std::string payload_of_engine(const std::string& engine, std::string_view action,
                                            std::string_view reason, std::int64_t nanos,
                                            std::int64_t away_since);

/// What the follower itself must know of an inspected container.
struct Inspected {
    bool has_terminal = false;
    bool is_running = false;
    bool has_failed_to_start = false;
    std::string image;       // its id
    std::string started_at;  // as the engine writes it
};
[[nodiscard]] Inspected read_container(const std::string& json);

/// RepoTags of an inspected image.
[[nodiscard]] std::vector<std::string> names_of_image(const std::string& json);

/// The type of such deliveries.
inline constexpr std::string_view delivery_type = "engine";

}  // namespace hookline::docker
