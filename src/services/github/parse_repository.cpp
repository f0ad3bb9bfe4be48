// The rest: things with a name that come, go and change. Most of them differ only in where their name
// stands, so that they are rows of a table.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"
#include "services/github/common.hpp"
#include "services/github/parse.hpp"

namespace hookline::services::github {

namespace {

struct Thing {
    std::string_view provider_name;
    std::string_view kind;    // for people: "milestone"
    std::string_view object;  // the member of the payload that it is
    std::string_view title;   // its member with the name; "owner.login" is a member of a member
    std::string_view url;
    std::string_view detail;
    std::string_view action = "";  // where GitHub sends none
};

constexpr std::array things{
    Thing{"fork", "fork", "forkee", "full_name", "html_url", "", "created"},
    Thing{"star", "star", "repository", "full_name", "html_url", ""},
    Thing{"watch", "watch", "repository", "full_name", "html_url", ""},
    Thing{"label", "label", "label", "name", "", "description"},
    Thing{"milestone", "milestone", "milestone", "title", "html_url", "description"},
    Thing{"member", "member", "member", "login", "html_url", ""},
    Thing{"membership", "member", "member", "login", "html_url", ""},
    Thing{"team", "team", "team", "name", "html_url", "description"},
    Thing{"team_add", "team", "team", "name", "html_url", "description", "added_to_repository"},
    Thing{"repository", "repository", "repository", "full_name", "html_url", ""},
    Thing{"public", "repository", "repository", "full_name", "html_url", "", "publicized"},
    Thing{"branch_protection_rule", "branch protection rule", "rule", "name", "", ""},
    Thing{"repository_ruleset", "ruleset", "repository_ruleset", "name", "", ""},
    Thing{"deploy_key", "deploy key", "key", "title", "", ""},
    Thing{"page_build", "Pages build", "build", "status", "", "", "built"},
    Thing{"project", "project", "project", "name", "html_url", "body"},
    Thing{"project_column", "project column", "project_column", "name", "", ""},
    Thing{"project_card", "project card", "project_card", "note", "", ""},
    Thing{"package", "package", "package", "name", "html_url", "description"},
    Thing{"registry_package", "package", "registry_package", "name", "html_url", "description"},
    Thing{"repository_import", "import of repository", "repository", "full_name", "html_url", ""},
    Thing{"repository_dispatch", "call of repository", "repository", "full_name", "html_url", "", "called"},
    Thing{"custom_property", "repository property", "definition", "property_name", "", "description"},
    Thing{"custom_property_values", "properties of repository", "repository", "full_name", "html_url", ""},
    Thing{"secret_scanning_alert_location", "place of a secret", "location", "details.path", "", ""},
    Thing{"sub_issues", "sub-issue", "sub_issue", "title", "html_url", ""},
    Thing{"issue_dependencies", "blocking issue", "blocking_issue", "title", "html_url", ""},
    Thing{"projects_v2", "project", "projects_v2", "title", "", "short_description"},
    Thing{"projects_v2_item", "item of a project:", "projects_v2_item", "content_type", "", ""},
    Thing{"projects_v2_status_update", "status of a project", "projects_v2_status_update", "status", "",
          "body"},
    Thing{"organization", "member of the organization", "membership", "user.login", "user.html_url", ""},
    Thing{"org_block", "member", "blocked_user", "login", "html_url", ""},
    Thing{"installation", "GitHub App at", "installation", "account.login", "html_url", ""},
    Thing{"installation_target", "account of a GitHub App", "account", "login", "html_url", ""},
    Thing{"github_app_authorization", "GitHub App's authorization", "sender", "login", "html_url", ""},
    Thing{"personal_access_token_request", "access token of", "personal_access_token_request", "owner.login",
          "owner.html_url", ""},
    Thing{"marketplace_purchase", "Marketplace plan of", "marketplace_purchase", "account.login", "",
          "plan.name"},
    Thing{"sponsorship", "sponsor", "sponsorship", "sponsor.login", "sponsor.html_url", "tier.name"},
    Thing{"merge_group", "merge group for", "merge_group", "base_ref", "", "head_commit.message", ""},
    Thing{"workflow_dispatch", "workflow", "", "workflow", "", "ref", "asked"},
    Thing{"deployment_review", "deployment of", "workflow_run", "name", "html_url", "display_title"},
    Thing{"deployment_protection_rule", "deployment to", "", "environment", "", "event"},
};

/// "main" of "refs/heads/main".
std::string without_ref(std::string text) {
    for (const std::string_view prefix : {"refs/heads/", "refs/tags/"}) {
        if (text.starts_with(prefix)) {
            return text.substr(prefix.size());
        }
    }
    return text;
}

/// "account.login" of an installation.
Node member_at(Node node, std::string_view path) {
    for (const std::string_view key : split(path, '.')) {
        node = node[key];
    }
    return node;
}

void parse_thing(const Node& payload, event::Event& event) {
    const auto* const row = std::find_if(things.begin(), things.end(), [&](const Thing& thing) {
        return thing.provider_name == event.provider_name;
    });
    if (row == things.end()) {
        return;
    }
    const Node object = row->object.empty() ? payload : payload[row->object];
    event::Subject subject;
    subject.kind = row->kind;
    subject.name = without_ref(member_at(object, row->title).text());
    subject.url = member_at(object, row->url).text();
    subject.detail = without_ref(std::string(first_line(member_at(object, row->detail).text())));
    if (event.action.empty()) {
        event.action = row->action;
    }
    event.change = what_changed(payload);
    event.title = subject.name;
    event.message = subject.detail;
    event.url = !subject.url.empty() ? subject.url : event.repo ? event.repo->url : "";
    event.subject = std::move(subject);
}

/// The webhook itself was removed at GitHub: the last that is heard of it.
void parse_meta(const Node& payload, event::Event& event) {
    event::Subject subject;
    subject.kind = "webhook";
    subject.name = event.repo ? event.repo->full_name : payload["organization"]["login"].text();
    subject.url = event.repo ? event.repo->url : std::string();
    subject.detail = "Its webhook was removed at GitHub. Nothing more will come from there.";
    event.title = subject.name;
    event.message = subject.detail;
    event.url = subject.url;
    event.subject = std::move(subject);
}

/// Which repositories an App may now see, or no longer.
void parse_installation_repositories(const Node& payload, event::Event& event) {
    event::Subject subject;
    subject.kind = "GitHub App at";
    subject.name = payload["installation"]["account"]["login"].text();
    subject.url = payload["installation"]["html_url"].text();
    const std::vector<std::string> added = texts_of(payload["repositories_added"], "full_name");
    const std::vector<std::string> removed = texts_of(payload["repositories_removed"], "full_name");
    const std::vector<std::string>& named = added.empty() ? removed : added;
    subject.detail = fmt::format("{} {}", added.empty() ? "without" : "with", fmt::join(named, ", "));
    event.action = added.empty() ? "repositories_removed" : "repositories_added";
    event.title = subject.name;
    event.message = subject.detail;
    event.url = subject.url;
    event.subject = std::move(subject);
}

/// An advisory of GitHub's database (sent to Apps alone) or of the repository: reported, published.
void parse_advisory(const Node& payload, event::Event& event) {
    const Node advisory =
        payload[event.provider_name == "security_advisory" ? "security_advisory" : "repository_advisory"];
    event::Subject subject;
    subject.kind = "security advisory";
    subject.name = advisory["summary"].text();
    subject.url = advisory["html_url"].text();
    subject.detail = advisory["severity"].text();
    if (event.name == "security" && event.action == "reported") {
        event.action = "opened";
    }
    event.title = subject.name;
    event.message = subject.detail;
    event.url = !subject.url.empty() ? subject.url : event.repo ? event.repo->url + "/security" : "";
    set_time(event, {advisory["updated_at"], advisory["published_at"]});
    event.subject = std::move(subject);
}

void parse_wiki(const Node& payload, event::Event& event) {
    event::Subject subject;
    subject.kind = "wiki page";
    const auto pages = payload["pages"].items();
    const Node first = pages.empty() ? Node() : pages.front();
    subject.name = first["title"].text();
    subject.url = first["html_url"].text();
    subject.detail = first["summary"].text();
    if (pages.size() > 1) {
        subject.detail = fmt::format("and {} in the same edit",
                                     counted(static_cast<std::int64_t>(pages.size()) - 1, "other page"));
    }
    event.action = first["action"].text() == "created" ? "created" : "edited";
    event.title = subject.name;
    event.url = subject.url;
    event.subject = std::move(subject);
}

/// The words of three kinds of alert for the same three things.
void set_alert_action(event::Event& event) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> words{
        {{"created", "opened"},
         {"create", "opened"},
         {"reopened_by_user", "reopened"},
         {"reintroduced", "reopened"},
         {"auto_reopened", "reopened"},
         {"resolved", "fixed"},
         {"resolve", "fixed"}}};
    for (const auto& [theirs, ours] : words) {
        if (event.action == theirs) {
            event.action = ours;
            return;
        }
    }
}

void parse_alert(const Node& payload, event::Event& event) {
    const Node alert = payload["alert"];
    const Node advisory = alert["security_advisory"];
    const Node package = alert["dependency"]["package"];
    event::Subject subject;
    subject.kind = "security alert";
    subject.url = alert["html_url"].text();
    std::vector<std::string> details;
    for (const auto& [name, detail] : {std::pair{advisory["summary"], advisory["severity"]},
                                       std::pair{alert["rule"]["description"], alert["rule"]["severity"]},
                                       std::pair{alert["secret_type_display_name"], alert["validity"]},
                                       std::pair{alert["secret_type"], alert["validity"]},
                                       std::pair{alert["affected_package_name"], alert["severity"]}}) {
        if (subject.name.empty() && !name.text().empty()) {
            subject.name = name.text();
            details.push_back(detail.text());
        }
    }
    details.push_back(package["name"].text());
    details.push_back(alert["most_recent_instance"]["location"]["path"].text());
    for (const std::string& detail : details) {
        if (!detail.empty()) {
            subject.detail += subject.detail.empty() ? detail : " · " + detail;
        }
    }
    set_alert_action(event);
    event.title = subject.name;
    event.message = subject.detail;
    event.url = !subject.url.empty() ? subject.url : event.repo ? event.repo->url + "/security" : "";
    event.subject = std::move(subject);
}

}  // namespace

std::span<const Row> repository_rows() {
    static constexpr std::array rows{
        Row{"fork", "fork", parse_thing},
        Row{"star", "star", parse_thing},
        Row{"watch", "watch", parse_thing},
        Row{"label", "label", parse_thing},
        Row{"milestone", "milestone", parse_thing},
        Row{"member", "member", parse_thing},
        Row{"membership", "member", parse_thing},
        Row{"team", "team", parse_thing},
        Row{"team_add", "team", parse_thing},
        Row{"repository", "repo", parse_thing},
        Row{"public", "repo", parse_thing},
        Row{"branch_protection_rule", "rule", parse_thing},
        Row{"repository_ruleset", "rule", parse_thing},
        Row{"deploy_key", "deploy_key", parse_thing},
        Row{"page_build", "page", parse_thing},
        Row{"project", "project", parse_thing},
        Row{"project_column", "project", parse_thing},
        Row{"project_card", "project", parse_thing},
        Row{"package", "package", parse_thing},
        Row{"registry_package", "package", parse_thing},
        Row{"gollum", "wiki", parse_wiki},
        Row{"meta", "webhook", parse_meta},
        Row{"repository_import", "repo", parse_thing},
        Row{"custom_property", "repo", parse_thing},
        Row{"custom_property_values", "repo", parse_thing},
        Row{"repository_dispatch", "dispatch", parse_thing},
        Row{"workflow_dispatch", "dispatch", parse_thing},
        Row{"secret_scanning_alert_location", "security", parse_thing},
        Row{"sub_issues", "sub_issue", parse_thing},
        Row{"issue_dependencies", "sub_issue", parse_thing},
        Row{"projects_v2", "project", parse_thing},
        Row{"projects_v2_item", "project", parse_thing},
        Row{"projects_v2_status_update", "project", parse_thing},
        Row{"organization", "organization", parse_thing},
        Row{"org_block", "organization", parse_thing},
        Row{"installation", "app", parse_thing},
        Row{"installation_target", "app", parse_thing},
        Row{"installation_repositories", "app", parse_installation_repositories},
        Row{"github_app_authorization", "app", parse_thing},
        Row{"personal_access_token_request", "app", parse_thing},
        Row{"marketplace_purchase", "sponsor", parse_thing},
        Row{"sponsorship", "sponsor", parse_thing},
        Row{"merge_group", "merge_queue", parse_thing},
        Row{"deployment_review", "deployment", parse_thing},
        Row{"deployment_protection_rule", "deployment", parse_thing},
        Row{"security_advisory", "advisory", parse_advisory},
        Row{"repository_advisory", "security", parse_advisory},
        Row{"dependabot_alert", "security", parse_alert},
        Row{"code_scanning_alert", "security", parse_alert},
        Row{"secret_scanning_alert", "security", parse_alert},
        Row{"repository_vulnerability_alert", "security", parse_alert},
    };
    return rows;
}

}  // namespace hookline::services::github
