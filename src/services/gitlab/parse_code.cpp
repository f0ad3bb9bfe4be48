// Pushes of branches and tags. GitLab has no other event for a branch or tag that comes or goes, and does not
// tell whether history was rewritten.
#include "base/text.hpp"
#include "services/gitlab/common.hpp"
#include "services/gitlab/parse.hpp"

namespace hookline::services::gitlab {

namespace {

using event::Push;

constexpr std::size_t most_commits = 100;  // GitLab, "Push events": the newest 20
constexpr std::size_t most_files = 300;    // of one commit; beyond that nobody reads names

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
    if (result.message.empty()) {
        result.message = commit["title"].text();
    }
    result.url = commit["url"].text();
    result.author = commit["author"]["name"].text();
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
}

void read_commits(const Node& payload, Push& push) {
    for (const Node& commit : payload["commits"].items(most_commits)) {
        push.commits.push_back(commit_of(commit));
    }
    push.commit_count = std::max(static_cast<std::int64_t>(push.commits.size()),
                                 payload["total_commits_count"].integer_or(0));
    // Authors are told by name only; the pusher is told by both.
    const std::string name = payload["user_name"].text();
    const std::string login = payload["user_username"].text();
    for (event::Commit& commit : push.commits) {
        if (!login.empty() && commit.author == name) {
            commit.author = login;
        }
        if (commit.id == push.after) {
            push.head = commit;
        }
    }
    if (!push.head && !push.commits.empty()) {
        push.head = push.commits.back();
    }
}

std::string compare_page(const event::Event& event, const Push& push) {
    const std::string from = is_zeros(push.before) || push.before.empty()
                                 ? (event.repo ? event.repo->default_branch : "")
                                 : push.before;
    const std::string to = is_zeros(push.before) || push.after.empty() ? push.name : push.after;
    return from.empty() || to.empty() || from == to
               ? std::string()
               : page(event, "/-/compare/" + path_encoded(from) + "..." + path_encoded(to));
}

/// Where a reader wants to go: the one commit, the comparison of several, the branch or tag itself.
std::string target_of(const event::Event& event, const Push& push) {
    if (push.kind == Push::Kind::deleted) {
        return page(event, "");
    }
    if (push.ref == Push::Ref::tag) {
        return page(event, "/-/tags/" + path_encoded(push.name));
    }
    if (push.commit_count == 1 && push.head && push.kind == Push::Kind::commits) {
        return push.head->url;
    }
    return push.commit_count == 0 || push.compare_url.empty()
               ? page(event, "/-/tree/" + path_encoded(push.name))
               : push.compare_url;
}

/// A push that only makes or removes something is told as that; a branch that comes with new commits is news
/// of its own, and a branch too.
void set_name(event::Event& event, const Push& push) {
    const bool is_tag = push.ref == Push::Ref::tag;
    const std::string_view noun = is_tag ? "tag" : "branch";
    if (push.kind == Push::Kind::commits) {
        event.name = "push";
        event.action = is_tag ? "moved" : "";
        return;
    }
    event.action = push.kind == Push::Kind::created ? "created" : "deleted";
    event.name = noun;
    if (push.kind == Push::Kind::created && !is_tag && push.commit_count > 0) {
        event.name = "push";
        event.also = "branch.created";
    }
}

void set_pusher(const Node& payload, event::Event& event) {
    event::Actor pusher;
    pusher.login = payload["user_username"].text();
    if (!pusher.login.empty()) {
        pusher.url = user_url(event, pusher.login);
    } else {
        pusher.login = payload["user_name"].text();
    }
    if (!pusher.login.empty()) {
        pusher.avatar_url = payload["user_avatar"].text();
        pusher.is_bot = is_bot(pusher.login);
        event.actor = std::move(pusher);
    }
}

void parse_push(const Node& payload, event::Event& event) {
    Push push;
    push.before = payload["before"].text();
    push.after = payload["after"].text();
    read_ref(payload["ref"].text(), push);
    push.kind = is_zeros(push.after)    ? Push::Kind::deleted
                : is_zeros(push.before) ? Push::Kind::created
                                        : Push::Kind::commits;
    read_commits(payload, push);
    push.compare_url = compare_page(event, push);
    set_pusher(payload, event);
    set_name(event, push);
    if (push.ref == Push::Ref::branch) {
        event.branch = push.name;
    }
    event.commit = is_zeros(push.after) ? "" : push.after;
    event.message = push.head ? push.head->message : payload["message"].text();
    event.title = std::string(first_line(event.message));
    event.url = target_of(event, push);
    event.push = std::move(push);
}

}  // namespace

std::span<const Row> code_rows() {
    static constexpr std::array rows{
        Row{"push", "push", parse_push},
        Row{"tag_push", "tag", parse_push},
    };
    return rows;
}

}  // namespace hookline::services::gitlab
