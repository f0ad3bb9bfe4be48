// The rest: things with a name that come, go and change, in projects, groups and the whole installation. Most
// of them differ only in where their name stands, so that they are rows of a table.
#include <fmt/format.h>

#include "base/text.hpp"
#include "services/gitlab/common.hpp"
#include "services/gitlab/parse.hpp"

namespace hookline::services::gitlab {

namespace {

struct Thing {
    std::string_view event_name;  // GitLab's, in payloads of group and system hooks
    std::string_view kind;        // for people: "subgroup"
    std::string_view title;       // the member with its name
    std::string_view action;
    std::string_view change;  // the member with what it was before, or what it is about
};

constexpr std::array things{
    Thing{"subgroup_create", "subgroup", "full_path", "created", ""},
    Thing{"subgroup_destroy", "subgroup", "full_path", "deleted", ""},
    Thing{"group_create", "group", "path", "created", ""},
    Thing{"group_destroy", "group", "path", "deleted", ""},
    Thing{"group_rename", "group", "full_path", "renamed", "old_full_path"},
    Thing{"project_create", "repository", "path_with_namespace", "created", ""},
    Thing{"project_destroy", "repository", "path_with_namespace", "deleted", ""},
    Thing{"project_rename", "repository", "path_with_namespace", "renamed", "old_path_with_namespace"},
    Thing{"project_transfer", "repository", "path_with_namespace", "transferred", "old_path_with_namespace"},
    Thing{"project_update", "repository", "path_with_namespace", "edited", ""},
    Thing{"user_create", "account", "username", "created", ""},
    Thing{"user_destroy", "account", "username", "deleted", ""},
    Thing{"user_rename", "account", "username", "renamed", "old_username"},
    Thing{"user_failed_login", "account", "username", "failed_login", "state"},
    Thing{"key_create", "SSH key", "username", "created", ""},
    Thing{"key_destroy", "SSH key", "username", "deleted", ""},
};

void parse_thing(const Node& payload, event::Event& event) {
    const std::string event_name = payload["event_name"].text();
    const auto* const row = std::find_if(things.begin(), things.end(),
                                         [&](const Thing& thing) { return thing.event_name == event_name; });
    if (row == things.end()) {
        return;
    }
    event::Subject subject;
    subject.kind = row->kind;
    subject.name = payload[row->title].text();
    const std::string before = row->change.empty() ? std::string() : payload[row->change].text();
    if (!before.empty()) {
        subject.detail = row->action == "failed_login" ? before : "was " + before;
    }
    event.action = row->action;
    event.title = subject.name;
    event.message = subject.detail;
    if (subject.kind == "repository" && !event.repo && !subject.name.empty()) {
        event::Repository repository;
        repository.id = payload["project_id"].integer_or(0);
        repository.full_name = subject.name;
        event.repo = std::move(repository);
    }
    set_time(event, {payload["updated_at"]});
    event.subject = std::move(subject);
}

/// "user_add_to_group", "user_update_for_team", "user_access_request_denied_for_group".
std::string member_action(std::string_view event_name) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> words{
        {{"user_add_to", "added"},
         {"user_update_for", "edited"},
         {"user_remove_from", "removed"},
         {"user_access_request_denied", "request_denied"},
         {"user_access_request_revoked", "request_revoked"},
         {"user_access_request_to", "requested"}}};
    for (const auto& [start, action] : words) {
        if (event_name.starts_with(start)) {
            return std::string(action);
        }
    }
    return std::string(event_name);
}

void parse_member(const Node& payload, event::Event& event) {
    event::Subject subject;
    subject.kind = "member";
    subject.name = payload["user_username"].text();
    if (subject.name.empty()) {
        subject.name = payload["user_name"].text();
    }
    event.action = member_action(payload["event_name"].text());
    std::string place = payload["group_path"].text();
    if (place.empty()) {
        place = payload["project_path_with_namespace"].text();
    }
    std::string access = payload["group_access"].text();
    if (access.empty()) {
        access = payload["access_level"].text();
    }
    const std::string until = payload["expires_at"].text().substr(0, std::string_view("2026-11-23").size());
    if (!place.empty()) {
        subject.detail = access.empty() || event.action == "removed" ? place : access + " of " + place;
    }
    if (!until.empty() && event.action != "removed") {
        subject.detail += (subject.detail.empty() ? "until " : ", until ") + until;
    }
    event.title = subject.name;
    event.message = subject.detail;
    set_time(event, {payload["updated_at"], payload["created_at"]});
    event.subject = std::move(subject);
}

/// The parts that things of a project share: `object_attributes` with a name, a page and a text.
void set_subject(const Node& payload, event::Event& event, std::string_view kind, std::string_view name,
                 std::string_view detail) {
    const Node attributes = payload["object_attributes"];
    event::Subject subject;
    subject.kind = kind;
    subject.name = attributes[name].text();
    subject.url = attributes["url"].text();
    subject.detail = attributes[detail].text();
    event.title = subject.name;
    event.message = subject.detail;
    event.url = subject.url;
    set_time(event, {attributes["updated_at"]});
    event.subject = std::move(subject);
}

void parse_wiki(const Node& payload, event::Event& event) {
    set_subject(payload, event, "wiki page", "title", "message");
}

void parse_flag(const Node& payload, event::Event& event) {
    set_subject(payload, event, "feature flag", "name", "description");
    event.action = payload["object_attributes"]["active"].is_true() ? "enabled" : "disabled";
    event.url = event.subject->url = page(event, "/-/feature_flags");
}

void parse_milestone(const Node& payload, event::Event& event) {
    set_subject(payload, event, "milestone", "title", "description");
    if (event.action == "reopened") {
        event.action = "opened";  // GitHub's word for the same
    }
    if (const auto number = payload["object_attributes"]["iid"].integer(); number && event.url.empty()) {
        event.url = event.subject->url = page(event, fmt::format("/-/milestones/{}", *number));
    }
    const std::string due = payload["object_attributes"]["due_date"].text();
    if (!due.empty()) {
        event.subject->detail += (event.subject->detail.empty() ? "due " : ", due ") + due;
    }
}

void parse_emoji(const Node& payload, event::Event& event) {
    set_subject(payload, event, "reaction", "name", "");
    event::Subject& subject = *event.subject;
    subject.name = subject.name.empty() ? "" : ":" + subject.name + ":";
    subject.url = payload["object_attributes"]["awarded_on_url"].text();
    for (const std::string_view noteable : {"merge_request", "issue", "project_snippet"}) {
        if (subject.detail.empty()) {
            subject.detail = payload[noteable]["title"].text();
        }
    }
    event.is_confidential = event.is_confidential || payload["issue"]["confidential"].is_true() ||
                            payload["note"]["internal"].is_true();
    event.title = subject.detail;
    event.message = subject.name;
    event.url = subject.url;
}

void parse_access_token(const Node& payload, event::Event& event) {
    set_subject(payload, event, "access token", "name", "");
    event.action = "expiring";
    const std::string until = payload["object_attributes"]["expires_at"].text();
    const std::string group = payload["group"]["full_path"].text();
    event.subject->detail = until.empty() ? "" : "expires on " + until;
    if (!group.empty()) {
        event.subject->detail +=
            (event.subject->detail.empty() ? "of the group " : ", of the group ") + group;
    }
    event.message = event.subject->detail;
    event.url = event.subject->url = page(event, "/-/settings/access_tokens");
}

/// "group/project" of "https://gitlab.example/group/project/-/security/vulnerabilities/1": this event tells
/// its project only by a number.
std::optional<event::Repository> repository_in_url(const std::string& url) {
    const std::size_t scheme = url.find("://");
    const std::size_t end = url.find("/-/");
    if (scheme == std::string::npos || end == std::string::npos || end < scheme + 3) {
        return std::nullopt;
    }
    const std::size_t slash = url.find('/', scheme + 3);
    if (slash >= end) {
        return std::nullopt;
    }
    event::Repository repository;
    repository.url = url.substr(0, end);
    repository.full_name = url.substr(slash + 1, end - slash - 1);
    return repository;
}

/// GitLab, "Vulnerability status values".
std::string vulnerability_action(const Node& attributes) {
    const std::string state = attributes["state"].text();
    if (state == "detected") {
        // The same state comes again when an issue is linked to it.
        return attributes["issues"].items(1).empty() ? "opened" : "linked";
    }
    return state == "resolved" ? "fixed" : state;
}

void parse_vulnerability(const Node& payload, event::Event& event) {
    const Node attributes = payload["object_attributes"];
    set_subject(payload, event, "security alert", "title", "severity");
    event.action = vulnerability_action(attributes);
    event::Subject& subject = *event.subject;
    for (const Node& more :
         {attributes["location"]["dependency"]["package"]["name"], attributes["location"]["file"]}) {
        if (!more.text().empty()) {
            subject.detail += (subject.detail.empty() ? "" : " · ") + more.text();
        }
    }
    for (const Node& identifier : attributes["identifiers"].items()) {
        const std::string name = identifier["name"].text();
        if (name.starts_with("CVE-")) {
            subject.detail += (subject.detail.empty() ? "" : " · ") + name;
            break;
        }
    }
    event.message = subject.detail;
    if (!event.repo) {
        event.repo = repository_in_url(subject.url);
        if (event.repo) {
            event.repo->id = attributes["project_id"].integer_or(0);
        }
    }
}

}  // namespace

std::span<const Row> thing_rows() {
    static constexpr std::array rows{
        Row{"wiki_page", "wiki", parse_wiki},
        Row{"feature_flag", "flag", parse_flag},
        Row{"milestone", "milestone", parse_milestone},
        Row{"emoji", "emoji", parse_emoji},
        Row{"access_token", "token", parse_access_token},
        Row{"resource_access_token", "token", parse_access_token},
        Row{"vulnerability", "security", parse_vulnerability},
        Row{"user_add_to_group", "member", parse_member},
        Row{"user_update_for_group", "member", parse_member},
        Row{"user_remove_from_group", "member", parse_member},
        Row{"user_access_request_to_group", "member", parse_member},
        Row{"user_access_request_denied_for_group", "member", parse_member},
        Row{"user_access_request_revoked_for_group", "member", parse_member},
        Row{"user_add_to_team", "member", parse_member},
        Row{"user_update_for_team", "member", parse_member},
        Row{"user_remove_from_team", "member", parse_member},
        Row{"user_access_request_to_project", "member", parse_member},
        Row{"user_access_request_denied_for_project", "member", parse_member},
        Row{"user_access_request_revoked_for_project", "member", parse_member},
        Row{"subgroup_create", "group", parse_thing},
        Row{"subgroup_destroy", "group", parse_thing},
        Row{"group_create", "group", parse_thing},
        Row{"group_destroy", "group", parse_thing},
        Row{"group_rename", "group", parse_thing},
        Row{"project_create", "repo", parse_thing},
        Row{"project_destroy", "repo", parse_thing},
        Row{"project_rename", "repo", parse_thing},
        Row{"project_transfer", "repo", parse_thing},
        Row{"project_update", "repo", parse_thing},
        Row{"user_create", "account", parse_thing},
        Row{"user_destroy", "account", parse_thing},
        Row{"user_rename", "account", parse_thing},
        Row{"user_failed_login", "account", parse_thing},
        Row{"key_create", "account", parse_thing},
        Row{"key_destroy", "account", parse_thing},
    };
    return rows;
}

}  // namespace hookline::services::gitlab
