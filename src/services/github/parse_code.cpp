// What happens to branches, tags and commits.
#include "base/text.hpp"
#include "services/github/common.hpp"
#include "services/github/parse.hpp"

namespace hookline::services::github {

namespace {

using event::Push;

constexpr std::size_t most_commits = 2048;  // GitHub, "push": no payload lists more
constexpr std::size_t most_files = 300;     // of one commit; beyond that nobody reads names

bool is_zeros(std::string_view id) {
    return !id.empty() && id.find_first_not_of('0') == std::string_view::npos;
}

std::vector<std::string> files_of(const Node& list) {
    std::vector<std::string> result;
    for (const Node& item : list.items(most_files)) {
        result.push_back(item.text());
    }
    return result;
}

event::Commit commit_of(const Node& commit) {
    event::Commit result;
    result.id = commit["id"].text();
    result.message = commit["message"].text();
    result.url = commit["url"].text();
    result.author = commit["author"]["username"].text();
    if (result.author.empty()) {
        result.author = commit["author"]["name"].text();
    }
    const Node distinct = commit["distinct"];
    result.is_distinct = !distinct.exists() || distinct.is_true();
    result.added = files_of(commit["added"]);
    result.removed = files_of(commit["removed"]);
    result.modified = files_of(commit["modified"]);
    return result;
}

void read_ref(std::string_view ref, Push& push) {
    constexpr std::string_view branches = "refs/heads/";
    constexpr std::string_view tags = "refs/tags/";
    if (ref.starts_with(tags)) {
        push.ref = Push::Ref::tag;
        ref.remove_prefix(tags.size());
    } else if (ref.starts_with(branches)) {
        ref.remove_prefix(branches.size());
    }
    push.name = ref;
    push.is_merge_queue = push.ref == Push::Ref::branch && ref.starts_with("gh-readonly-queue/");
}

Push::Kind kind_of(const Node& payload, const Push& push) {
    if (payload["deleted"].is_true() || is_zeros(push.after)) {
        return Push::Kind::deleted;
    }
    if (payload["created"].is_true() || is_zeros(push.before)) {
        return Push::Kind::created;
    }
    return payload["forced"].is_true() ? Push::Kind::forced : Push::Kind::commits;
}

std::string action_of(const Push& push) {
    switch (push.kind) {
        case Push::Kind::created:
            return "created";
        case Push::Kind::deleted:
            return "deleted";
        case Push::Kind::forced:
        case Push::Kind::commits:
            break;
    }
    if (push.ref == Push::Ref::tag) {
        return "moved";
    }
    return push.kind == Push::Kind::forced ? "forced" : "";
}

/// Where a reader wants to go: the one commit, the comparison of several, the branch or tag itself.
std::string target_of(const event::Event& event, const Push& push) {
    const std::string repository = event.repo ? event.repo->url : "";
    if (push.kind == Push::Kind::deleted) {
        return repository;
    }
    if (push.commit_count == 1 && push.head && push.kind == Push::Kind::commits) {
        return push.head->url;
    }
    if (push.ref == Push::Ref::tag || push.commit_count == 0) {
        return repository.empty() ? push.compare_url : repository + "/tree/" + path_encoded(push.name);
    }
    return push.compare_url;
}

void parse_push(const Node& payload, event::Event& event) {
    Push push;
    push.before = payload["before"].text();
    push.after = payload["after"].text();
    push.compare_url = payload["compare"].text();
    read_ref(payload["ref"].text(), push);
    push.kind = kind_of(payload, push);
    for (const Node& commit : payload["commits"].items(most_commits)) {
        push.commits.push_back(commit_of(commit));
    }
    push.commit_count = static_cast<std::int64_t>(push.commits.size());
    push.count_is_at_least = push.commits.size() >= most_commits;
    if (payload["head_commit"].is_object()) {
        push.head = commit_of(payload["head_commit"]);
    } else if (!push.commits.empty()) {
        push.head = push.commits.back();
    }
    if (!event.actor) {
        const std::string pusher = payload["pusher"]["name"].text();
        if (!pusher.empty()) {
            event.actor = event::Actor{pusher, "", "", false};
        }
    }
    const bool is_tag = push.ref == Push::Ref::tag;
    event.action = action_of(push);
    if (push.kind == Push::Kind::created || push.kind == Push::Kind::deleted) {
        event.told_by = push.kind == Push::Kind::created && push.commit_count > 0 ? ""
                        : is_tag                                                  ? "tag"
                                                                                  : "branch";
    }
    if (!is_tag) {
        event.branch = push.name;
    }
    event.commit = is_zeros(push.after) ? "" : push.after;
    event.message = push.head ? push.head->message : "";
    event.title = std::string(first_line(event.message));
    event.url = target_of(event, push);
    set_time(event, {payload["repository"]["pushed_at"]});
    event.push = std::move(push);
}

/// `create` and `delete` have no action; a branch and a tag are two events to people.
void parse_ref_event(const Node& payload, event::Event& event, std::string_view action) {
    event::Subject subject;
    subject.kind = payload["ref_type"].text() == "tag" ? "tag" : "branch";
    subject.name = payload["ref"].text();
    const std::string repository = event.repo ? event.repo->url : "";
    subject.url = action == "created" && !repository.empty()
                      ? repository + "/tree/" + path_encoded(subject.name)
                      : repository;
    event.name = subject.kind;
    event.action = action;
    if (subject.kind == "branch") {
        event.branch = subject.name;
    }
    event.title = subject.name;
    event.url = subject.url;
    event.subject = std::move(subject);
}

void parse_create(const Node& payload, event::Event& event) { parse_ref_event(payload, event, "created"); }

void parse_delete(const Node& payload, event::Event& event) { parse_ref_event(payload, event, "deleted"); }

void parse_commit_comment(const Node& payload, event::Event& event) {
    event.comment = comment_of(payload["comment"]);
    event.message = event.comment->body;
    event.url = event.comment->url;
    event.commit = event.comment->commit_id;
    set_time(event, {payload["comment"]["created_at"]});
}

}  // namespace

std::span<const Row> code_rows() {
    static constexpr std::array rows{
        Row{"push", "push", parse_push},
        Row{"create", "branch", parse_create},
        Row{"delete", "branch", parse_delete},
        Row{"commit_comment", "comment", parse_commit_comment},
    };
    return rows;
}

}  // namespace hookline::services::github
