#include <array>

#include "services/custom/sender.hpp"

namespace hookline::services::custom {

// Without names of a service's own: what is sent is chosen at each sender.
std::span<const EventName> names() {
    static constexpr std::array rows{
        EventName{"notice", "", "whatever a service says: alerts, reports, any JSON"},
        EventName{"notice.critical", "", "it says that it is critical"},
        EventName{"notice.error", "", "it says that something failed or is down"},
        EventName{"notice.warning", "", "a warning"},
        EventName{"notice.success", "", "all is well, or well again"},
        EventName{"notice.info", "", "for information"},
        EventName{"push", "", "pushes (Gitea, Forgejo, Bitbucket, Azure DevOps)"},
        EventName{"pr", "", "pull requests of the same"},
        EventName{"review", "", "reviews of pull requests"},
        EventName{"comment", "", "comments"},
        EventName{"issue", "", "issues (Gitea, Forgejo)"},
        EventName{"release", "", "releases (Gitea, Forgejo)"},
        EventName{"branch", "", "branches created and deleted (Gitea, Forgejo)"},
        EventName{"tag", "", "tags created and deleted (Gitea, Forgejo)"},
        EventName{"fork", "", "forks (Gitea, Forgejo)"},
        EventName{"repo", "", "repositories created and deleted (Gitea, Forgejo)"},
        EventName{"wiki", "", "wiki pages (Gitea, Forgejo)"},
        EventName{"workflow", "", "workflow runs (Gitea, Forgejo)"},
        EventName{"job", "", "jobs of workflows (Gitea, Forgejo)"},
        EventName{"package", "", "packages (Gitea, Forgejo)"},
        EventName{"check", "", "statuses of commits (Bitbucket, Gitea)"},
        EventName{"pipeline", "", "builds (Azure DevOps)"},
    };
    return rows;
}

}  // namespace hookline::services::custom
