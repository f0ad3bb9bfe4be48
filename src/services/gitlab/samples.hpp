// Payloads of a small believable project, for !hook test, the demo and tests: samples/*.json, written after
// GitLab's documentation ("Webhook events") and compiled in.
#pragma once

#include "services/samples.hpp"

namespace hookline::services::gitlab {

[[nodiscard]] std::span<const SampleFile> sample_files();

[[nodiscard]] std::span<const Sample> samples();

}  // namespace hookline::services::gitlab
