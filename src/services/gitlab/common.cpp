#include "services/gitlab/common.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace hookline::services::gitlab {

namespace {

constexpr std::int64_t public_visibility = 20;  // GitLab, "Project visibility": 0 private, 10 internal

/// What is in `changes.<key>.current` and not in `.previous`, or the other way round: by `title`.
std::string first_new(const Node& from, const Node& to, std::string_view key) {
    const auto known = texts_of(from, key);
    for (const std::string& text : texts_of(to, key)) {
        if (std::find(known.begin(), known.end(), text) == known.end()) {
            return text;
        }
    }
    return {};
}

struct ListChange {
    std::string_view list, key, added, removed;
};

constexpr std::array list_changes{
    ListChange{"reviewers", "username", "review_requested", "review_request_removed"},
    ListChange{"assignees", "username", "assigned", "unassigned"},
    ListChange{"labels", "title", "labeled", "unlabeled"},
};

/// Keys of `changes` that say only that something else changed.
constexpr std::array<std::string_view, 10> noise{
    "updated_at",       "updated_by_id", "last_edited_at", "last_edited_by_id", "relative_position",
    "total_time_spent", "time_change",   "state_id",       "merge_status",      "prepared_at"};

bool is_noise(std::string_view key) {
    return std::find(noise.begin(), noise.end(), key) != noise.end() || key.ends_with("_html");
}

}  // namespace

std::string login_of(const Node& user) {
    std::string login = user["username"].text();
    return login.empty() ? user["name"].text() : login;
}

std::string user_url(const event::Event& event, std::string_view login) {
    const bool has_page = event.repo && !event.repo->url.empty() && !login.empty() &&
                          event.repo->url.ends_with("/" + event.repo->full_name) &&
                          login.find(' ') == std::string_view::npos;
    if (!has_page) {
        return {};
    }
    const std::string_view url = event.repo->url;
    return std::string(url.substr(0, url.size() - event.repo->full_name.size())) + path_encoded(login);
}

bool is_bot(std::string_view login) {
    const bool is_of_token = (login.starts_with("project_") || login.starts_with("group_")) &&
                             login.find("_bot") != std::string_view::npos;
    return is_of_token || login == "alert-bot" || login == "support-bot" || login == "security-bot" ||
           login.ends_with("[bot]");
}

std::optional<event::Actor> actor_of(const Node& user, const event::Event& event) {
    event::Actor actor;
    actor.login = login_of(user);
    if (actor.login.empty()) {
        return std::nullopt;
    }
    if (!user["username"].text().empty()) {
        actor.url = user_url(event, actor.login);
    }
    actor.avatar_url = user["avatar_url"].text();
    actor.is_bot = is_bot(actor.login);
    return actor;
}

std::optional<event::Repository> repository_of(const Node& payload) {
    const Node project = payload["project"];
    event::Repository result;
    result.full_name = project["path_with_namespace"].text();
    result.url = project["web_url"].text();
    if (result.full_name.empty()) {
        // Jobs of older versions: "group / project", and the page under `repository`.
        for (const char c : payload["project_name"].text()) {
            if (c != ' ') {
                result.full_name += c;
            }
        }
        result.url = payload["repository"]["homepage"].text();
    }
    if (result.full_name.empty()) {
        return std::nullopt;
    }
    result.id = project["id"].integer_or(payload["project_id"].integer_or(0));
    result.default_branch = project["default_branch"].text();
    result.is_private = project["visibility_level"].integer_or(0) != public_visibility;
    return result;
}

std::string login_of_id(std::initializer_list<Node> users, const Node& id) {
    const auto wanted = id.integer();
    for (const Node& user : users) {
        if (wanted && user["id"].integer() == wanted) {
            return login_of(user);
        }
    }
    return {};
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

event::PullRequest merge_request_of(const Node& attributes, const event::Event& event) {
    event::PullRequest result;
    const std::string state = attributes["state"].text();
    result.number = attributes["iid"].integer_or(0);
    result.title = attributes["title"].text();
    result.url = attributes["url"].text();
    if (result.url.empty() && result.number > 0) {
        result.url = page(event, fmt::format("/-/merge_requests/{}", result.number));
    }
    result.body = attributes["description"].text();
    result.is_draft = attributes["draft"].is_true() || attributes["work_in_progress"].is_true();
    result.is_merged = state == "merged";
    result.is_open = state != "merged" && state != "closed";
    result.head = attributes["source_branch"].text();
    result.base = attributes["target_branch"].text();
    result.head_sha = attributes["last_commit"]["id"].text();
    if (result.is_merged) {
        // Without a merge commit the branch was moved up to the last commit, or to the one that it was
        // squashed to.
        for (const Node& commit : {attributes["merge_commit_sha"], attributes["squash_commit_sha"],
                                   attributes["last_commit"]["id"]}) {
            result.merge_commit = result.merge_commit.empty() ? commit.text() : result.merge_commit;
        }
    }
    result.head_repository = attributes["source"]["path_with_namespace"].text();
    result.labels = texts_of(attributes["labels"], "title");
    result.created = attributes["created_at"].time();
    return result;
}

event::Issue issue_of(const Node& attributes) {
    event::Issue result;
    result.number = attributes["iid"].integer_or(0);
    result.title = attributes["title"].text();
    result.url = attributes["url"].text();
    result.body = attributes["description"].text();
    result.is_open = attributes["state"].text() != "closed";
    result.labels = texts_of(attributes["labels"], "title");
    result.is_confidential = attributes["confidential"].is_true();
    result.created = attributes["created_at"].time();
    if (attributes["duplicated_to_id"].exists()) {
        result.state_reason = "duplicate";
    } else if (attributes["moved_to_id"].exists()) {
        result.state_reason = "moved";
    }
    result.kind = to_lower_ascii(attributes["type"].text());
    if (result.kind == "issue") {
        result.kind.clear();
    }
    return result;
}

Change change_of(const Node& payload) {
    const Node changes = payload["changes"];
    if (changes["draft"]["current"].exists() && changes["draft"]["previous"].exists()) {
        return {changes["draft"]["current"].is_true() ? "converted_to_draft" : "ready_for_review", ""};
    }
    if (!payload["object_attributes"]["oldrev"].text().empty()) {
        return {"synchronize", ""};
    }
    for (const ListChange& row : list_changes) {
        const Node change = changes[row.list];
        std::string added = first_new(change["previous"], change["current"], row.key);
        if (!added.empty()) {
            return {std::string(row.added), std::move(added)};
        }
        std::string removed = first_new(change["current"], change["previous"], row.key);
        if (!removed.empty()) {
            return {std::string(row.removed), std::move(removed)};
        }
    }
    std::string about;
    for (std::string key : changes.keys()) {
        if (is_noise(key)) {
            continue;
        }
        if (key.ends_with("_id")) {
            key.resize(key.size() - 3);
        }
        std::replace(key.begin(), key.end(), '_', ' ');
        about += about.empty() ? key : ", " + key;
    }
    return {"edited", std::move(about)};
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

std::string page(const event::Event& event, std::string_view path) {
    return event.repo && !event.repo->url.empty() ? event.repo->url + std::string(path) : std::string();
}

bool is_zeros(std::string_view id) {
    return !id.empty() && id.find_first_not_of('0') == std::string_view::npos;
}

void set_time(event::Event& event, std::initializer_list<Node> times) {
    for (const Node& node : times) {
        if (const auto time = node.time()) {
            event.time = *time;
            return;
        }
    }
}

std::string past_of(std::string_view action) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 9> words{{{"open", "opened"},
                                                                                  {"close", "closed"},
                                                                                  {"reopen", "reopened"},
                                                                                  {"merge", "merged"},
                                                                                  {"create", "created"},
                                                                                  {"update", "edited"},
                                                                                  {"delete", "deleted"},
                                                                                  {"award", "added"},
                                                                                  {"revoke", "removed"}}};
    for (const auto& [theirs, ours] : words) {
        if (theirs == action) {
            return std::string(ours);
        }
    }
    return std::string(action);
}

}  // namespace hookline::services::gitlab
