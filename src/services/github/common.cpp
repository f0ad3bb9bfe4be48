#include "services/github/common.hpp"

#include <fmt/format.h>

namespace hookline::services::github {

std::string login_of(const Node& user) { return user.is_null() ? "ghost" : user["login"].text(); }

std::string url_of(const Node& user) { return user["html_url"].text(); }

bool is_bot(const Node& user) { return user["type"].text() == "Bot" || login_of(user).ends_with("[bot]"); }

std::optional<event::Actor> actor_of(const Node& sender) {
    event::Actor actor;
    actor.login = login_of(sender);
    if (actor.login.empty()) {
        return std::nullopt;
    }
    actor.url = url_of(sender);
    actor.avatar_url = sender["avatar_url"].text();
    actor.is_bot = is_bot(sender);
    return actor;
}

std::optional<event::Repository> repository_of(const Node& repository) {
    event::Repository result;
    result.full_name = repository["full_name"].text();
    if (result.full_name.empty()) {
        return std::nullopt;
    }
    result.id = repository["id"].integer_or(0);
    result.url = repository["html_url"].text();
    result.default_branch = repository["default_branch"].text();
    result.is_private = repository["private"].is_true();
    return result;
}

std::vector<std::string> texts_of(const Node& list, std::string_view key) {
    std::vector<std::string> result;
    for (const Node& item : list.items()) {
        std::string text = item[key].text();
        if (!text.empty()) {
            result.push_back(std::move(text));
        }
    }
    return result;
}

event::PullRequest pull_request_of(const Node& pull) {
    event::PullRequest result;
    result.number = pull["number"].integer_or(0);
    result.title = pull["title"].text();
    result.url = pull["html_url"].text();
    result.body = pull["body"].text();
    result.author = login_of(pull["user"]);
    result.author_url = url_of(pull["user"]);
    result.is_draft = pull["draft"].is_true();
    // The object in a review has no `merged`; its merged_at tells the same.
    result.is_merged = pull["merged"].is_true() || pull["merged_at"].exists();
    result.is_open = pull["state"].text() != "closed";
    result.merged_by = pull["merged_by"]["login"].text();
    result.head = pull["head"]["ref"].text();
    result.base = pull["base"]["ref"].text();
    result.head_sha = pull["head"]["sha"].text();
    result.merge_commit = result.is_merged ? pull["merge_commit_sha"].text() : "";
    result.head_repository = pull["head"]["repo"]["full_name"].text();
    result.additions = pull["additions"].integer();
    result.deletions = pull["deletions"].integer();
    result.changed_files = pull["changed_files"].integer();
    result.commits = pull["commits"].integer();
    result.labels = texts_of(pull["labels"], "name");
    result.reviewers = texts_of(pull["requested_reviewers"], "login");
    for (std::string& team : texts_of(pull["requested_teams"], "name")) {
        result.teams.push_back(team);
        result.reviewers.push_back(std::move(team));
    }
    result.assignees = texts_of(pull["assignees"], "login");
    result.milestone = pull["milestone"]["title"].text();
    result.created = pull["created_at"].time();
    return result;
}

event::Issue issue_of(const Node& issue) {
    event::Issue result;
    result.number = issue["number"].integer_or(0);
    result.title = issue["title"].text();
    result.url = issue["html_url"].text();
    result.body = issue["body"].text();
    result.author = login_of(issue["user"]);
    result.author_url = url_of(issue["user"]);
    result.is_open = issue["state"].text() != "closed";
    result.state_reason = issue["state_reason"].text();
    result.labels = texts_of(issue["labels"], "name");
    result.assignees = texts_of(issue["assignees"], "login");
    result.milestone = issue["milestone"]["title"].text();
    result.created = issue["created_at"].time();
    return result;
}

event::Comment comment_of(const Node& comment) {
    event::Comment result;
    result.id = comment["id"].integer_or(0);
    result.author = login_of(comment["user"]);
    result.author_url = url_of(comment["user"]);
    result.body = comment["body"].text();
    result.url = comment["html_url"].text();
    result.path = comment["path"].text();
    result.line = comment["line"].integer();
    result.commit_id = comment["commit_id"].text();
    return result;
}

std::string what_changed(const Node& payload) {
    for (const auto& [object, key] :
         {std::pair{"label", "name"}, std::pair{"assignee", "login"}, std::pair{"milestone", "title"},
          std::pair{"requested_reviewer", "login"}, std::pair{"requested_team", "name"}}) {
        std::string name = payload[object][key].text();
        if (!name.empty()) {
            return name;
        }
    }
    std::string result;
    for (const std::string& key : payload["changes"].keys()) {
        result += result.empty() ? key : ", " + key;
    }
    return result.empty() ? payload["reason"].text() : result;
}

std::string path_encoded(std::string_view name) {
    constexpr std::string_view kept = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/@";
    std::string result;
    for (const char c : name) {
        if (kept.find(c) != std::string_view::npos) {
            result += c;
        } else {
            result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return result;
}

void set_time(event::Event& event, std::initializer_list<Node> times) {
    for (const Node& node : times) {
        if (const auto time = node.time()) {
            event.time = *time;
            return;
        }
    }
}

}  // namespace hookline::services::github
