// What BuildKit says of builds, out of protobuf: the parts of its control API that are told (moby/buildkit,
// api/services/control/control.proto: BuildHistoryEvent, BuildHistoryRecord, StatusResponse). Unknown fields
// are skipped; bytes that are no protobuf are an error.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace hookline::docker {

struct BuildRecord {
    std::string ref;
    std::map<std::string, std::string> attributes;  // of the frontend: filename, target, build-arg:…
    std::vector<std::map<std::string, std::string>> exporters;  // attributes of each
    std::map<std::string, std::string> response;                // of the exporters
    std::int64_t error_code = 0;                                // google.rpc.Code; 1: cancelled
    std::string error;
    bool has_failed = false;
    std::int64_t created = 0;                      // Unix nanoseconds; 0: not told
    std::int64_t completed = 0;                    // the same
    std::int64_t cached = 0, total = 0, done = 0;  // steps
};

struct BuildEvent {
    enum class Kind { started, completed, deleted, other };
    Kind kind = Kind::started;  // proto3 leaves out what is zero
    BuildRecord record;
};
[[nodiscard]] Result<BuildEvent> read_build_event(std::string_view bytes);

/// What a piece of a build's status says of its steps.
struct BuildStep {
    std::string digest;  // what its lines name
    std::string name;    // "[2/3] RUN make"
    std::string error;
};
struct BuildLine {
    std::string step;  // its digest
    std::string text;  // not always a whole line
};
struct BuildStatus {
    std::vector<BuildStep> steps;
    std::vector<BuildLine> lines;
};
[[nodiscard]] Result<BuildStatus> read_build_status(std::string_view bytes);

/// BuildHistoryRequest: what is stored, and no more (EarlyExit); else that and what happens from then on.
[[nodiscard]] std::string build_history_request(bool is_stored_alone);
/// StatusRequest.
[[nodiscard]] std::string build_status_request(const std::string& ref);

}  // namespace hookline::docker
