#include <array>

#include "services/jenkins/parse.hpp"

namespace hookline::services::jenkins {

// Without names of Jenkins' own: which events are sent is not chosen there by name.
std::span<const EventName> names() {
    static constexpr std::array rows{
        EventName{"pipeline", "", "builds that ended, whatever their end"},
        EventName{"pipeline.passed", "", "a build succeeded"},
        EventName{"pipeline.failed", "", "a build failed or is unstable"},
        EventName{"pipeline.cancelled", "", "a build was aborted"},
        EventName{"pipeline.skipped", "", "a build was not built"},
        EventName{"pipeline.neutral", "", "a build ended in a way of its own"},
        EventName{"pipeline.queued", "", "a build waited for its turn"},
        EventName{"pipeline.initialized", "", "a build is about to start"},
        EventName{"pipeline.started", "", "a build started"},
        EventName{"pipeline.completed", "", "a build's work is done; what ends it follows"},
        EventName{"pipeline.deleted", "", "a build's record was removed"},
        EventName{"deployment", "", "builds of jobs named after a deployment"},
        EventName{"deployment.success", "", "deployed"},
        EventName{"deployment.failure", "", "a deployment failed"},
        EventName{"deployment.in_progress", "", "a deployment started"},
        EventName{"item", "", "jobs and folders created, changed, moved, removed"},
        EventName{"item.created", "", "a new job"},
        EventName{"item.updated", "", "a job's configuration changed"},
        EventName{"item.deleted", "", "a job removed"},
        EventName{"item.moved", "", "a job renamed or moved"},
    };
    return rows;
}

}  // namespace hookline::services::jenkins
