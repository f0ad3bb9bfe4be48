// A build of Jenkins, as far as a plugin tells it.
#pragma once

#include "event/event.hpp"
#include "services/payload.hpp"
#include "services/runs.hpp"

namespace hookline::services::jenkins {

/// Where a job stands in Jenkins' folders. Of a multibranch job the last part is the branch.
struct JobPath {
    std::string project;  // "folder/app"
    std::string leaf;     // "app"
    std::string branch;   // "main"; empty where the path tells none
};

/// From "job/folder/job/app/job/main/". The last part is a branch where it is the one that was built:
/// Jenkins does not tell jobs and branches apart. `name` serves where the URL has no parts.
[[nodiscard]] JobPath job_path(std::string_view url, std::string_view name, std::string_view built_branch);

/// Jenkins' word for the end of a build: SUCCESS, UNSTABLE, FAILURE, NOT_BUILT, ABORTED.
[[nodiscard]] RunEnding ending_of_result(std::string_view result);

/// "%2F" becomes "/"; what is no escape stays.
[[nodiscard]] std::string percent_decoded(std::string_view text);

/// Puts `pipeline` into the event, with the parts that all events share.
void set_pipeline(event::Event& event, event::Pipeline pipeline);

}  // namespace hookline::services::jenkins
