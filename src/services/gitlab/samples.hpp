// Payloads of a small believable project, for !hook test, the demo and tests: samples/*.json, written after
// GitLab's documentation ("Webhook events") and compiled in.
#pragma once

#include "services/samples.hpp"

namespace hookline::services::gitlab {

/// Named by event and action: "merge_request.merge".
[[nodiscard]] std::span<const SampleFile> sample_files();

}  // namespace hookline::services::gitlab
