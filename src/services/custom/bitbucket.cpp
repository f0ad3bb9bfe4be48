// Bitbucket Cloud (Atlassian, "Event payloads").
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "services/custom/notice.hpp"
#include "services/custom/sender.hpp"

namespace hookline::services::custom {

namespace {

using event::Conclusion;
using event::Push;

std::string page_of(const Node& thing) { return thing["links"]["html"]["href"].text(); }

std::string name_of(const Node& user) { return first_text({user["nickname"], user["display_name"]}); }

/// "Mona" of "Mona <mona@example.org>": an address is nobody's business in a channel.
std::string author_of(const Node& author) {
    const std::string known = name_of(author["user"]);
    if (!known.empty()) {
        return known;
    }
    const std::string raw = author["raw"].text();
    return std::string(trim(std::string_view(raw).substr(0, raw.find('<'))));
}

event::Commit commit_of(const Node& node) {
    event::Commit commit;
    commit.id = node["hash"].text();
    commit.message = node["message"].text();
    commit.url = page_of(node);
    commit.author = author_of(node["author"]);
    return commit;
}

void parse_push(const Node& payload, event::Event& event) {
    const auto changes = payload["push"]["changes"].items();
    if (changes.empty()) {
        return;
    }
    const Node& change = changes.front();
    const Node now = change["new"];
    const Node before = change["old"];
    const Node ref = now.exists() ? now : before;
    Push push;
    push.ref = ref["type"].text() == "tag" ? Push::Ref::tag : Push::Ref::branch;
    push.name = ref["name"].text();
    push.before = before["target"]["hash"].text();
    push.after = now["target"]["hash"].text();
    push.compare_url = page_of(change);
    for (const Node& commit : change["commits"].items()) {
        push.commits.push_back(commit_of(commit));
    }
    std::reverse(push.commits.begin(), push.commits.end());  // they come newest first
    push.commit_count = static_cast<std::int64_t>(push.commits.size());
    push.count_is_at_least = change["truncated"].is_true();
    if (now["target"].is_object()) {
        push.head = commit_of(now["target"]);
    }
    event.name = "push";
    if (!now.exists()) {
        push.kind = Push::Kind::deleted;
        event.action = "deleted";
    } else if (!before.exists()) {
        push.kind = Push::Kind::created;
        event.action = "created";
    } else if (push.ref == Push::Ref::tag) {
        event.action = "moved";
    } else if (change["forced"].is_true()) {
        push.kind = Push::Kind::forced;
        event.action = "forced";
    }
    event.branch = push.ref == Push::Ref::branch ? push.name : "";
    event.commit = push.after;
    event.message = push.head ? push.head->message : "";
    event.title = std::string(first_line(event.message));
    const bool is_one = push.commit_count == 1 && push.head;
    event.url =
        is_one ? push.head->url : first_text({change["links"]["html"]["href"], ref["links"]["html"]["href"]});
    event.push = std::move(push);
}

void set_request(const Node& payload, event::Event& event) {
    const Node node = payload["pullrequest"];
    event::PullRequest pr;
    pr.number = node["id"].integer_or(0);
    pr.title = node["title"].text();
    pr.body = node["description"].text();
    pr.url = page_of(node);
    pr.author = name_of(node["author"]);
    pr.author_url = page_of(node["author"]);
    pr.is_draft = node["draft"].is_true();
    const std::string state = node["state"].text();
    pr.is_merged = state == "MERGED";
    pr.is_open = state.empty() || state == "OPEN";
    pr.head = node["source"]["branch"]["name"].text();
    pr.head_repository = node["source"]["repository"]["full_name"].text();
    pr.base = node["destination"]["branch"]["name"].text();
    for (const Node& reviewer : node["reviewers"].items()) {
        std::string name = name_of(reviewer);
        if (!name.empty()) {
            pr.reviewers.push_back(std::move(name));
        }
    }
    event.branch = pr.base;
    event.title = pr.title;
    event.message = pr.body;
    event.url = pr.url;
    if (pr.is_merged && event.actor) {
        pr.merged_by = event.actor->login;
    }
    event.pr = std::move(pr);
}

struct RequestRow {
    std::string_view kind;
    std::string_view action;
};
constexpr std::array requests{
    RequestRow{"pullrequest:created", "opened"},
    RequestRow{"pullrequest:updated", "edited"},
    RequestRow{"pullrequest:fulfilled", "merged"},
    RequestRow{"pullrequest:rejected", "closed"},
};

struct ReviewRow {
    std::string_view kind;
    event::Review::State state;
    std::string_view action;
};
constexpr std::array reviews{
    ReviewRow{"pullrequest:approved", event::Review::State::approved, "approved"},
    ReviewRow{"pullrequest:changes_request_created", event::Review::State::changes_requested,
              "changes_requested"},
    ReviewRow{"pullrequest:unapproved", event::Review::State::dismissed, "dismissed"},
    ReviewRow{"pullrequest:changes_request_removed", event::Review::State::dismissed, "dismissed"},
};

void parse_comment(const Node& payload, event::Event& event) {
    const Node node = payload["comment"];
    event::Comment comment;
    comment.id = node["id"].integer_or(0);
    comment.author = name_of(node["user"]);
    comment.author_url = page_of(node["user"]);
    comment.body = node["content"]["raw"].text();
    comment.url = page_of(node);
    comment.path = node["inline"]["path"].text();
    comment.line = node["inline"]["to"].integer();
    event.name = "comment";
    event.action = "created";
    event.message = comment.body;
    event.url = comment.url;
    event.comment = std::move(comment);
    set_time(event, {node["created_on"]});
}

/// A status is what another service reports about a commit: a check.
void parse_status(const Node& payload, event::Event& event) {
    struct Row {
        std::string_view state;
        Conclusion conclusion;
        std::string_view action;
    };
    constexpr std::array rows{
        Row{"SUCCESSFUL", Conclusion::success, "passed"},
        Row{"FAILED", Conclusion::failure, "failed"},
        Row{"STOPPED", Conclusion::cancelled, "cancelled"},
        Row{"INPROGRESS", Conclusion::none, "pending"},
    };
    const Node node = payload["commit_status"];
    const std::string state = node["state"].text();
    const auto* const row =
        std::find_if(rows.begin(), rows.end(), [&](const Row& known) { return known.state == state; });
    event::Run run;
    run.conclusion = row != rows.end() ? row->conclusion : Conclusion::neutral;
    run.name = first_text({node["name"], node["key"]});
    run.detail = node["description"].text();
    run.url = node["url"].text();
    run.branch = node["refname"].text();
    run.commit = node["commit"]["hash"].text();
    run.commit_url = page_of(node["commit"]);
    event.name = "check";
    event.action = row != rows.end() ? row->action : "neutral";
    event.branch = run.branch;
    event.commit = run.commit;
    event.title = run.name;
    event.url = run.url;
    set_time(event, {node["updated_on"], node["created_on"]});
    event.workflow = std::move(run);
}

void set_shared(const Node& payload, event::Event& event) {
    const Node repository = payload["repository"];
    event::Repository repo;
    repo.full_name = repository["full_name"].text();
    repo.url = page_of(repository);
    repo.is_private = repository["is_private"].is_true();
    if (!repo.full_name.empty()) {
        event.repo = std::move(repo);
    }
    const Node actor = payload["actor"];
    const std::string name = name_of(actor);
    if (!name.empty()) {
        event.actor = event::Actor{name, page_of(actor), actor["links"]["avatar"]["href"].text(), false};
    }
}

/// What the payload itself tells where the header is not at hand.
std::string told_kind(const Node& payload) {
    if (payload["push"].exists()) {
        return "repo:push";
    }
    if (payload["commit_status"].exists()) {
        return "repo:commit_status_updated";
    }
    return payload["comment"].exists() && payload["pullrequest"].exists() ? "pullrequest:comment_created"
                                                                          : "";
}

}  // namespace

void parse_bitbucket(const event::Delivery& /*delivery*/, const Node& payload, std::string_view word,
                     event::Event& event) {
    const std::string kind = word.empty() ? told_kind(payload) : std::string(word);
    if (kind == "diagnostics:ping") {
        event.ping.emplace();
        return;
    }
    set_shared(payload, event);
    if (kind == "repo:push") {
        return parse_push(payload, event);
    }
    if (kind.starts_with("repo:commit_status_")) {
        return parse_status(payload, event);
    }
    if (!payload["pullrequest"].exists()) {
        return;
    }
    set_request(payload, event);
    set_time(event, {payload["pullrequest"]["updated_on"]});
    if (kind == "pullrequest:comment_created") {
        return parse_comment(payload, event);
    }
    for (const RequestRow& row : requests) {
        if (row.kind == kind) {
            event.name = "pr";
            event.action = row.action;
            return;
        }
    }
    for (const ReviewRow& row : reviews) {
        if (row.kind == kind) {
            event.name = "review";
            event.action = row.action;
            event::Review review;
            review.state = row.state;
            review.author = event.actor ? event.actor->login : "";
            review.author_url = event.actor ? event.actor->url : "";
            event.review = std::move(review);
            return;
        }
    }
    event.pr.reset();  // an event that has no row is read as any JSON
}

}  // namespace hookline::services::custom
