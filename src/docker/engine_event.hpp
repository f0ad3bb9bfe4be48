// One event of the engine, in one vocabulary for Docker and Podman.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace hookline::docker {

/// Of a container that ran when it was last heard of, and is not there any more: only a comparison tells
/// that.
inline constexpr std::string_view gone = "gone";

struct EngineEvent {
    std::string type;    // "container", "image"
    std::string action;  // "die", "health_status"
    std::string detail;  // of health_status: "unhealthy"
    std::string id;      // the container's or image's
    std::map<std::string, std::string> attributes;
    std::int64_t nanos = 0;  // when, Unix time in nanoseconds
    std::string json;        // the line as it came
    bool is_found = false;   // the engine did not say it: its containers show it (missed.hpp)

    /// The attribute, or "".
    [[nodiscard]] std::string_view attribute(std::string_view name) const;
    /// What makes it this event and no other: "1795446373961472834 container die 6fa9…".
    [[nodiscard]] std::string key() const;
};

/// Those that there is room for, in their order; name, image, exit code and Compose's in any case.
[[nodiscard]] std::map<std::string, std::string> cut_down(std::map<std::string, std::string> attributes,
                                                          std::size_t longest);

/// Nothing for a line that is no event of a container or an image, or one that says nothing about them
/// (exec, attach, …). Podman's words are Docker's here: died is die, remove is delete or destroy.
[[nodiscard]] std::optional<EngineEvent> read_event(std::string_view line);

/// Unix time in nanoseconds; 0 where it is beyond what these can hold.
[[nodiscard]] std::int64_t nanos_of(TimePoint time);

/// "1795446428.504968597" for `since` (Docker Engine API, "Monitor events": seconds and 9 digits).
[[nodiscard]] std::string since_text(std::int64_t nanos);

}  // namespace hookline::docker
