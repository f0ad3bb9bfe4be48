#include "services/ci/names.hpp"

#include <algorithm>
#include <array>

namespace hookline::services::ci {

// Without names of the services' own: each platform has its own list, and setup_steps() says what to tick.
std::span<const EventName> names() {
    static constexpr std::array rows{
        EventName{"pipeline", "", "pipelines, workflows and builds that started and ended"},
        EventName{"pipeline.started", "", "a pipeline started"},
        EventName{"pipeline.passed", "", "a pipeline succeeded"},
        EventName{"pipeline.failed", "", "a pipeline failed, timed out or could not start"},
        EventName{"pipeline.cancelled", "", "a pipeline was cancelled"},
        EventName{"pipeline.action_required", "", "a pipeline waits for an approval"},
        EventName{"pipeline.neutral", "", "a pipeline that neither passed nor failed"},
        EventName{"pipeline.stale", "", "a pipeline that its platform gave up"},
        EventName{"pipeline.skipped", "", "a pipeline was skipped"},
        EventName{"pipeline.requested", "", "a pipeline was asked for"},
        EventName{"pipeline.queued", "", "a pipeline waits for its turn"},
        EventName{"pipeline.created", "", "a pipeline was made (GitLab)"},
        EventName{"pipeline.pending", "", "a pipeline waits for a runner (GitLab)"},
        EventName{"pipeline.scheduled", "", "a pipeline waits for its delayed job (GitLab)"},
        EventName{"pipeline.resumed", "", "a pipeline runs again, after a retry (GitLab)"},
        EventName{"pipeline.completed", "", "a build's work is done; what ends it follows (Jenkins)"},
        EventName{"stage", "", "stages that passed or failed (GitHub Actions, CircleCI: jobs)"},
        EventName{"stage.passed", "", "a stage passed"},
        EventName{"stage.failed", "", "a stage failed"},
        EventName{"stage.cancelled", "", "a stage was cancelled"},
        EventName{"stage.skipped", "", "a stage was skipped"},
        EventName{"stage.queued", "", "a stage waits for a runner"},
        EventName{"stage.waiting", "", "a stage waits for an approval"},
        EventName{"stage.started", "", "a stage started"},
        EventName{"job", "", "jobs that failed, where no pipeline tells it (GitLab)"},
        EventName{"job.failed", "", "a job failed"},
        EventName{"job.passed", "", "a job succeeded"},
        EventName{"job.cancelled", "", "a job was cancelled"},
        EventName{"job.skipped", "", "a job was skipped"},
        EventName{"job.started", "", "a job started"},
        EventName{"deployment", "", "deployments that succeeded or failed"},
        EventName{"deployment.success", "", "deployed"},
        EventName{"deployment.failure", "", "a deployment failed"},
        EventName{"deployment.error", "", "a deployment broke"},
        EventName{"deployment.created", "", "a deployment was asked for"},
        EventName{"deployment.in_progress", "", "a deployment started"},
        EventName{"deployment.inactive", "", "replaced by a newer deployment"},
        EventName{"build", "", "builds and other commands that `hookline run` runs"},
        EventName{"build.started", "", "a build started"},
        EventName{"build.completed", "", "a build completed"},
        EventName{"build.failed", "", "a build failed"},
        EventName{"build.cancelled", "", "a build was cancelled"},
        EventName{"check", "", "checks and statuses of other services that failed (GitHub)"},
        EventName{"check.failed", "", "a check failed"},
        EventName{"check.passed", "", "a check passed"},
    };
    return rows;
}

bool is_ci_event(std::string_view name) {
    const auto list = names();
    return std::any_of(list.begin(), list.end(), [&](const EventName& row) { return row.name == name; });
}

}  // namespace hookline::services::ci
