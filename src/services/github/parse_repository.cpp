// The rest: things with a name that come, go and change. Most of them differ only in where their name
// stands, so that they are rows of a table.
#include <fmt/format.h>

#include "base/text.hpp"
#include "services/github/common.hpp"
#include "services/github/parse.hpp"

namespace hookline::services::github {

namespace {

struct Thing {
    std::string_view provider_name;
    std::string_view kind;    // for people: "milestone"
    std::string_view object;  // the member of the payload that it is; empty: the payload itself
    std::string_view title;   // its member with the name
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
};

void parse_thing(const Node& payload, event::Event& event) {
    const auto* const row = std::find_if(things.begin(), things.end(), [&](const Thing& thing) {
        return thing.provider_name == event.provider_name;
    });
    if (row == things.end()) {
        return;
    }
    const Node object = payload[row->object];
    event::Subject subject;
    subject.kind = row->kind;
    subject.name = object[row->title].text();
    subject.url = object[row->url].text();
    subject.detail = object[row->detail].text();
    if (event.action.empty()) {
        event.action = row->action;
    }
    event.change = what_changed(payload);
    event.title = subject.name;
    event.message = subject.detail;
    event.url = !subject.url.empty() ? subject.url : event.repo ? event.repo->url : "";
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
        Row{"dependabot_alert", "security", parse_alert},
        Row{"code_scanning_alert", "security", parse_alert},
        Row{"secret_scanning_alert", "security", parse_alert},
        Row{"repository_vulnerability_alert", "security", parse_alert},
    };
    return rows;
}

}  // namespace hookline::services::github
