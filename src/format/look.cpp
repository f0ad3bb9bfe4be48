#include "format/look.hpp"

#include <algorithm>
#include <array>

namespace hookline::format {

namespace {

using event::Conclusion;

constexpr std::array runs{
    RunLook{Conclusion::none, "⏳", color::news, "Running", "is running", "Running"},
    RunLook{Conclusion::success, "✅", color::good, "Success", "completed", "Passed"},
    RunLook{Conclusion::failure, "❌", color::bad, "Failed", "failed", "Failed"},
    RunLook{Conclusion::cancelled, "⏹️", color::quiet, "Cancelled", "was cancelled", "Cancelled"},
    RunLook{Conclusion::skipped, "⏭️", color::quiet, "Skipped", "was skipped", "Skipped"},
    RunLook{Conclusion::timed_out, "⏰", color::bad, "Timed out", "timed out", "Timed Out"},
    RunLook{Conclusion::action_required, "✋", color::care, "Waiting for approval", "waits for an approval",
            "Waiting"},
    RunLook{Conclusion::neutral, "▫️", color::quiet, "Neither passed nor failed", "ended", "Ended"},
    RunLook{Conclusion::stale, "🕸️", color::quiet, "Stale", "was given up", "Given Up"},
    RunLook{Conclusion::startup_failure, "❌", color::bad, "Could not start", "could not start",
            "Could Not Start"},
};

constexpr std::array notices{
    NoticeLook{event::Notice::Severity::none, "🔔", color::news},
    NoticeLook{event::Notice::Severity::info, "ℹ️", color::news},
    NoticeLook{event::Notice::Severity::success, "✅", color::good},
    NoticeLook{event::Notice::Severity::warning, "⚠️", color::care},
    NoticeLook{event::Notice::Severity::error, "❌", color::bad},
    NoticeLook{event::Notice::Severity::critical, "🚨", color::bad},
};

constexpr std::array looks{
    Look{"image.pushed", "🐳", color::good, "Image {} pushed"},
    Look{"image.deleted", "🗑️", color::quiet, "Image {} deleted"},
    Look{"image.pulled", "⬇️", color::quiet, "Image {} pulled"},
    Look{"image.mounted", "🔗", color::quiet, "Image {} mounted"},
    Look{"image.tagged", "🏷️", color::quiet, "Image {} tagged"},
    Look{"image.untagged", "🏷️", color::quiet, "Image {} lost its tag"},
    Look{"image.loaded", "📥", color::quiet, "Image {} loaded"},
    Look{"image.imported", "📥", color::quiet, "Image {} imported"},
    Look{"build.started", "🔨", color::news, "Building: {}"},
    Look{"build.completed", "✅", color::good, "Build Complete: {}"},
    Look{"build.failed", "❌", color::bad, "Build Failed: {}"},
    Look{"build.cancelled", "⏹️", color::quiet, "Build Cancelled: {}"},
    Look{"start.started", "🟢", color::good, "Container Started: {}"},
    Look{"start.restarted", "🔄", color::news, "Container Restarted: {}"},
    Look{"start.retried", "🔄", color::care, "Container Started Again: {}"},
    Look{"start.unpaused", "▶️", color::news, "Container Goes On: {}"},
    Look{"stop.stopped", "⏹️", color::quiet, "Container Shut Down: {}"},
    Look{"stop.finished", "✅", color::good, "Container Finished: {}"},
    Look{"start.recreated", "🔄", color::news, "Container Recreated: {}"},
    Look{"stop.gone", "❔", color::care, "Container Gone: {}"},
    Look{"stop.paused", "⏸️", color::quiet, "Container Paused: {}"},
    Look{"error.crashed", "🚨", color::bad, "Container Stopped: {}"},
    Look{"error.oom", "🚨", color::bad, "Container Stopped: {}"},
    Look{"error.not_started", "🚨", color::bad, "Container Did Not Start: {}"},
    Look{"error.loop", "🔁", color::bad, "Container Keeps Restarting: {}"},
    Look{"error.process_oom", "⚠️", color::care, "Out of Memory in Container {}"},
    Look{"health.unhealthy", "💔", color::bad, "Container Unhealthy: {}"},
    Look{"health.healthy", "💚", color::good, "Container Healthy Again: {}"},
    Look{"health.ready", "💚", color::good, "Container Healthy: {}"},
    Look{"branch.created", "🌱", color::news, "Branch {} created"},
    Look{"branch.deleted", "🗑️", color::quiet, "Branch {} deleted"},
    Look{"tag.created", "🏷️", color::news, "Tag {} created"},
    Look{"tag.deleted", "🗑️", color::quiet, "Tag {} deleted"},
    Look{"deployment.created", "🚢", color::news, "Deployment to {} asked for"},
    Look{"deployment.success", "🚢", color::good, "Deployed to {}"},
    Look{"deployment.failure", "❌", color::bad, "Deployment to {} failed"},
    Look{"deployment.error", "❌", color::bad, "Deployment to {} broke"},
    Look{"deployment.in_progress", "🚢", color::news, "Deploying to {}"},
    Look{"deployment.pending", "🚢", color::quiet, "Deployment to {} is pending"},
    Look{"deployment.queued", "🚢", color::quiet, "Deployment to {} is queued"},
    Look{"deployment.waiting", "✋", color::care, "Deployment to {} waits for an approval"},
    Look{"deployment.cancelled", "⏹️", color::quiet, "Deployment to {} was cancelled"},
    Look{"deployment.skipped", "⏭️", color::quiet, "Deployment to {} was skipped"},
    Look{"deployment.inactive", "🚢", color::quiet, "Deployment to {} replaced by a newer one"},
    Look{"deployment.requested", "✋", color::care, "Deployment of {} waits for an approval"},
    Look{"deployment.approved", "✅", color::good, "Deployment of {} approved"},
    Look{"deployment.rejected", "🛑", color::bad, "Deployment of {} refused"},
    Look{"webhook.deleted", "🔌", color::bad, "The webhook of {} was removed"},
    Look{"app.created", "🧩", color::news, "GitHub App installed at {}"},
    Look{"app.deleted", "🧩", color::quiet, "GitHub App removed from {}"},
    Look{"app.repositories_added", "🧩", color::news, "GitHub App at {} sees more repositories"},
    Look{"app.repositories_removed", "🧩", color::quiet, "GitHub App at {} sees fewer repositories"},
    Look{"dispatch.asked", "▶️", color::news, "Workflow {} started by hand"},
    Look{"merge_queue.checks_requested", "🚦", color::news, "The merge queue tries a merge into {}"},
    Look{"organization.member_added", "👋", color::news, "{} joined the organization"},
    Look{"organization.member_removed", "👤", color::quiet, "{} left the organization"},
    Look{"organization.member_invited", "✉️", color::news, "{} was invited to the organization"},
    Look{"deploy_key.created", "🔑", color::care, "Deploy key {} added"},
    Look{"deploy_key.deleted", "🔑", color::quiet, "Deploy key {} removed"},
    Look{"label.created", "🏷️", color::news, "Label {} created"},
    Look{"sponsor.created", "💖", color::good, "{} became a sponsor"},
    Look{"security.opened", "🚨", color::bad, "Security alert: {}"},
    Look{"security.reopened", "🚨", color::bad, "Security alert is back: {}"},
    Look{"security.fixed", "🔒", color::good, "Security alert fixed: {}"},
    Look{"security.confirmed", "🚨", color::care, "Security alert confirmed: {}"},
    Look{"security.linked", "🔗", color::news, "Security alert linked to an issue: {}"},
    Look{"security.dismissed", "🔕", color::quiet, "Security alert dismissed: {}"},
    Look{"fork.created", "🍴", color::news, "Forked to {}"},
    Look{"star.created", "⭐", color::news, "New star for {}"},
    Look{"star.deleted", "💫", color::quiet, "A star of {} was taken back"},
    Look{"watch.started", "⭐", color::news, "New star for {}"},
    Look{"wiki.created", "📖", color::news, "Wiki page {} created"},
    Look{"wiki.edited", "📖", color::news, "Wiki page {} edited"},
    Look{"wiki.deleted", "🗑️", color::quiet, "Wiki page {} deleted"},
    Look{"flag.enabled", "🚩", color::good, "Feature flag {} turned on"},
    Look{"flag.disabled", "🏳️", color::quiet, "Feature flag {} turned off"},
    Look{"emoji.added", "🙂", color::news, "Reaction {} added"},
    Look{"emoji.removed", "🙂", color::quiet, "Reaction {} taken back"},
    Look{"token.expiring", "🔑", color::care, "Access token {} is about to expire"},
    Look{"package.published", "📦", color::good, "Package {} published"},
    Look{"package.updated", "📦", color::news, "Package {} updated"},
    Look{"member.added", "👋", color::news, "{} joined"},
    Look{"member.removed", "👤", color::quiet, "{} was removed"},
    Look{"member.edited", "👤", color::news, "Permissions of {} changed"},
    Look{"member.requested", "🙋", color::news, "{} asks for access"},
    Look{"member.request_denied", "👤", color::quiet, "Access was denied to {}"},
    Look{"member.request_revoked", "👤", color::quiet, "{} no longer asks for access"},
    Look{"group.created", "🌱", color::news, "Group {} created"},
    Look{"group.deleted", "🗑️", color::care, "Group {} deleted"},
    Look{"group.renamed", "✏️", color::care, "Group renamed to {}"},
    Look{"account.failed_login", "🔐", color::care, "Login of {} failed"},
    Look{"team.added_to_repository", "👥", color::news, "Team {} got access"},
    Look{"team.removed_from_repository", "👥", color::quiet, "Team {} lost access"},
    Look{"repo.publicized", "🌍", color::care, "{} is public now"},
    Look{"repo.privatized", "🔒", color::care, "{} is private now"},
    Look{"repo.archived", "🗄️", color::care, "{} is archived"},
    Look{"repo.unarchived", "🗄️", color::news, "{} is no longer archived"},
    Look{"repo.renamed", "✏️", color::care, "Repository renamed to {}"},
    Look{"repo.transferred", "➡️", color::care, "Repository transferred: {}"},
    Look{"repo.created", "🌱", color::news, "Repository {} created"},
    Look{"repo.deleted", "🗑️", color::care, "Repository {} deleted"},
    Look{"repo.edited", "✏️", color::news, "Settings of {} changed"},
    Look{"milestone.created", "🎯", color::news, "Milestone {} created"},
    Look{"milestone.opened", "🎯", color::news, "Milestone {} reopened"},
    Look{"milestone.closed", "🎯", color::good, "Milestone {} closed"},
    Look{"page.built", "📄", color::news, "Pages: {}"},
};

}  // namespace

const RunLook& look_of(Conclusion conclusion) {
    const auto* const found = std::find_if(runs.begin(), runs.end(),
                                           [&](const RunLook& row) { return row.conclusion == conclusion; });
    return found != runs.end() ? *found : runs.front();
}

std::string_view verb_of_part(Conclusion conclusion) {
    return conclusion == Conclusion::success ? "passed" : look_of(conclusion).verb;
}

const NoticeLook& look_of(event::Notice::Severity severity) {
    const auto* const found = std::find_if(notices.begin(), notices.end(),
                                           [&](const NoticeLook& row) { return row.severity == severity; });
    return found != notices.end() ? *found : notices.front();
}

const Look* look_of(std::string_view full_name) {
    const auto* const found =
        std::find_if(looks.begin(), looks.end(), [&](const Look& row) { return row.full_name == full_name; });
    return found != looks.end() ? found : nullptr;
}

}  // namespace hookline::format
