// Payloads of a small believable project, for !hook test, the demo and tests: samples/*.json, written after
// GitLab's documentation ("Webhook events") and compiled in.
#pragma once

#include "services/service.hpp"

namespace hookline::services::gitlab {

/// One file of samples/, as the build puts it into the program.
struct SampleFile {
    std::string_view name;  // "merge_request.merge"
    std::string_view text;
};
[[nodiscard]] std::span<const SampleFile> sample_files();

[[nodiscard]] std::span<const Sample> samples();

}  // namespace hookline::services::gitlab
