// What people write: issues and other work items, comments, releases.
#include <fmt/format.h>

#include "base/text.hpp"
#include "services/gitlab/common.hpp"
#include "services/gitlab/parse.hpp"

namespace hookline::services::gitlab {

namespace {

void parse_issue(const Node& payload, event::Event& event) {
    const Node attributes = payload["object_attributes"];
    event::Issue issue = issue_of(attributes);
    issue.author = login_of_id({payload["user"]}, attributes["author_id"]);
    for (const Node& assignee : payload["assignees"].items()) {
        if (issue.author.empty()) {
            issue.author = login_of_id({assignee}, attributes["author_id"]);
        }
    }
    issue.author_url = user_url(event, issue.author);
    issue.assignees = texts_of(payload["assignees"], "username");
    if (issue.labels.empty()) {
        issue.labels = texts_of(payload["labels"], "title");
    }
    issue.is_confidential = issue.is_confidential || event.is_confidential;
    event.is_confidential = issue.is_confidential;
    event.title = issue.title;
    event.message = issue.body;
    event.url = issue.url;
    if (event.action == "edited" || event.action.empty()) {
        Change change = change_of(payload);
        event.action = std::move(change.action);
        event.change = std::move(change.about);
    }
    if (event.action == "opened") {
        set_time(event, {attributes["created_at"]});
    } else {
        set_time(event, {attributes["updated_at"]});
    }
    event.issue = std::move(issue);
}

/// What the comment is on: one of four kinds of thing, which the payload holds beside it.
void set_noteable(const Node& payload, event::Event& event) {
    if (payload["merge_request"].is_object()) {
        event.pr = merge_request_of(payload["merge_request"], event);
        event.title = event.pr->title;
        event.branch = event.pr->base;
    } else if (payload["issue"].is_object()) {
        event.issue = issue_of(payload["issue"]);
        event.issue->is_confidential = event.issue->is_confidential || event.is_confidential;
        event.is_confidential = event.issue->is_confidential;
        event.title = event.issue->title;
    } else if (payload["commit"].is_object()) {
        event.commit = payload["commit"]["id"].text();
        event.title = std::string(first_line(payload["commit"]["message"].text()));
    } else if (payload["snippet"].is_object()) {
        event::Subject subject;
        subject.kind = "snippet";
        subject.name = payload["snippet"]["title"].text();
        subject.url = payload["snippet"]["url"].text();
        event.title = subject.name;
        event.subject = std::move(subject);
    }
}

void parse_note(const Node& payload, event::Event& event) {
    const Node attributes = payload["object_attributes"];
    event::Comment comment;
    comment.id = attributes["id"].integer_or(0);
    comment.author = event.actor ? event.actor->login : "";
    comment.author_url = event.actor ? event.actor->url : "";
    comment.body = attributes["note"].text();
    comment.url = attributes["url"].text();
    comment.commit_id = attributes["commit_id"].text();
    const Node position = attributes["position"].is_object() ? attributes["position"] : attributes["st_diff"];
    for (const std::string_view path : {"new_path", "old_path"}) {
        if (comment.path.empty()) {
            comment.path = position[path].text();
        }
    }
    comment.line = position["new_line"].integer();
    // "internal" notes are for members of the project only, whatever they are on.
    event.is_confidential =
        event.is_confidential || attributes["internal"].is_true() || attributes["confidential"].is_true();
    set_noteable(payload, event);
    if (event.action.empty()) {  // GitLab before 16.11
        event.action = "created";
    }
    if (attributes["system"].is_true()) {  // "changed the milestone": told by its own event
        event.action = "system";
    }
    event.message = comment.body;
    event.url = comment.url;
    if (event.action == "created") {
        set_time(event, {attributes["created_at"]});
    } else {
        set_time(event, {attributes["updated_at"]});
    }
    event.comment = std::move(comment);
}

void parse_release(const Node& payload, event::Event& event) {
    event::Release release;
    release.tag = payload["tag"].text();
    release.name = payload["name"].text();
    release.url = payload["url"].text();
    release.body = payload["description"].text();
    for (const Node& link : payload["assets"]["links"].items()) {
        event::Release::Asset asset;
        asset.name = link["name"].text();
        asset.url = link["url"].text();
        if (!asset.name.empty()) {
            release.assets.push_back(std::move(asset));
        }
    }
    if (event.action == "created") {
        event.action = "published";  // GitLab knows no drafts of releases
        set_time(event, {payload["released_at"], payload["created_at"]});
    }
    event.title = release.name.empty() ? release.tag : release.name;
    event.message = release.body;
    event.url = release.url;
    event.commit = payload["commit"]["id"].text();
    event.release = std::move(release);
}

}  // namespace

std::span<const Row> writing_rows() {
    static constexpr std::array rows{
        Row{"issue", "issue", parse_issue},       Row{"confidential_issue", "issue", parse_issue},
        Row{"work_item", "issue", parse_issue},   Row{"incident", "issue", parse_issue},
        Row{"note", "comment", parse_note},       Row{"confidential_note", "comment", parse_note},
        Row{"release", "release", parse_release},
    };
    return rows;
}

}  // namespace hookline::services::gitlab
