// Payloads of a small believable project, for !hook test, the demo and tests: samples/*.json, adapted from
// the examples of GitHub's community (npm @octokit/webhooks-examples, MIT) and compiled in.
#pragma once

#include "services/samples.hpp"

namespace hookline::services::github {

/// Named by event and action: "pull_request.merged".
[[nodiscard]] std::span<const SampleFile> sample_files();

}  // namespace hookline::services::github
