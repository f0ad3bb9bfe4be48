// Payloads of a small believable project, for !hook test, the demo and tests: samples/*.json, adapted from
// the examples of GitHub's community (npm @octokit/webhooks-examples, MIT) and compiled in.
#pragma once

#include "services/service.hpp"

namespace hookline::services::github {

/// One file of samples/, as the build puts it into the program.
struct SampleFile {
    std::string_view name;  // "pull_request.merged"
    std::string_view text;
};
[[nodiscard]] std::span<const SampleFile> sample_files();

[[nodiscard]] std::span<const Sample> samples();

}  // namespace hookline::services::github
