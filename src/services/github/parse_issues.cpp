// What people write: issues, comments, discussions, releases.
#include <fmt/format.h>

#include "services/github/common.hpp"
#include "services/github/parse.hpp"

namespace hookline::services::github {

namespace {

/// "octo-org/hello-login#12", as GitHub itself refers to an issue elsewhere.
std::string new_place(const Node& changes) {
    const std::string repository = changes["new_repository"]["full_name"].text();
    const auto number = changes["new_issue"]["number"].integer();
    return repository.empty() || !number ? "" : fmt::format("{}#{}", repository, *number);
}

void parse_issues(const Node& payload, event::Event& event) {
    const Node node = payload["issue"];
    event::Issue issue = issue_of(node);
    issue.moved_to = payload["changes"]["new_issue"]["html_url"].text();
    event.title = issue.title;
    event.message = issue.body;
    event.url = issue.url;
    event.change = issue.moved_to.empty() ? what_changed(payload) : new_place(payload["changes"]);
    if (event.change.empty()) {
        event.change = payload["type"]["name"].text();
    }
    if (event.action == "opened") {
        set_time(event, {node["created_at"]});
    } else if (event.action == "closed") {
        set_time(event, {node["closed_at"], node["updated_at"]});
    } else {
        set_time(event, {node["updated_at"]});
    }
    event.issue = std::move(issue);
}

void parse_issue_comment(const Node& payload, event::Event& event) {
    const Node issue = payload["issue"];
    // GitHub, "issue_comment": the key is there where the issue is a pull request.
    if (issue["pull_request"].exists()) {
        event.pr = pull_request_of(issue);
    } else {
        event.issue = issue_of(issue);
    }
    event.comment = comment_of(payload["comment"]);
    event.title = issue["title"].text();
    event.message = event.comment->body;
    event.url = event.comment->url;
    if (event.action == "created") {
        set_time(event, {payload["comment"]["created_at"]});
    } else {
        set_time(event, {payload["comment"]["updated_at"]});
    }
}

void parse_discussion(const Node& payload, event::Event& event) {
    const Node node = payload["discussion"];
    event.issue = issue_of(node);  // it has the same fields
    event.title = event.issue->title;
    event.message = event.issue->body;
    event.url = event.issue->url;
    event.change = what_changed(payload);
    event::Subject subject;
    subject.kind = "discussion";
    subject.name = event.title;
    subject.url = event.url;
    subject.detail = node["category"]["name"].text();
    if (event.action == "answered") {
        event.comment = comment_of(payload["answer"]);
        event.message = event.comment->body;
        if (!event.comment->url.empty()) {
            event.url = event.comment->url;
        }
    }
    event.subject = std::move(subject);
    set_time(event, {node["updated_at"]});
}

void parse_discussion_comment(const Node& payload, event::Event& event) {
    event.issue = issue_of(payload["discussion"]);
    event.comment = comment_of(payload["comment"]);
    event.title = event.issue->title;
    event.message = event.comment->body;
    event.url = event.comment->url;
    set_time(event, {payload["comment"]["updated_at"]});
}

void parse_release(const Node& payload, event::Event& event) {
    const Node node = payload["release"];
    event::Release release;
    release.tag = node["tag_name"].text();
    release.name = node["name"].text();
    release.url = node["html_url"].text();
    release.body = node["body"].text();
    release.author = login_of(node["author"]);
    release.author_url = url_of(node["author"]);
    release.target = node["target_commitish"].text();
    release.is_draft = node["draft"].is_true();
    release.is_prerelease = node["prerelease"].is_true();
    for (const Node& asset : node["assets"].items()) {
        event::Release::Asset item;
        item.name = asset["name"].text();
        item.url = asset["browser_download_url"].text();
        item.size = std::max<std::int64_t>(0, asset["size"].integer_or(0));
        if (!item.name.empty()) {
            release.assets.push_back(std::move(item));
        }
    }
    event.title = release.name.empty() ? release.tag : release.name;
    event.message = release.body;
    event.url = release.url;
    event.change = what_changed(payload);
    // One publication fires created, published and released (GitHub, "release"): the second is the one.
    if (event.action == "created" || event.action == "released" || event.action == "prereleased") {
        event.told_by = "release.published";
    }
    set_time(event, {node["published_at"], node["created_at"]});
    event.release = std::move(release);
}

}  // namespace

std::span<const Row> issue_rows() {
    static constexpr std::array rows{
        Row{"issues", "issue", parse_issues},
        Row{"issue_comment", "comment", parse_issue_comment},
        Row{"discussion", "discussion", parse_discussion},
        Row{"discussion_comment", "discussion_comment", parse_discussion_comment},
        Row{"release", "release", parse_release},
    };
    return rows;
}

}  // namespace hookline::services::github
