// Azure DevOps service hooks (Microsoft, "Service hook events"). Each says in `message` what happened, in one
// sentence; pushes, pull requests and builds are told like those of every other service.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "services/custom/notice.hpp"
#include "services/custom/sender.hpp"
#include "services/runs.hpp"

namespace hookline::services::custom {

namespace {

using event::Conclusion;
using event::Push;

bool is_zeros(std::string_view id) {
    return !id.empty() && id.find_first_not_of('0') == std::string_view::npos;
}

std::string page_of(const Node& thing) {
    return first_text({thing["_links"]["web"]["href"], thing["remoteUrl"], thing["webUrl"]});
}

void set_actor(const Node& person, event::Event& event) {
    const std::string name = person["displayName"].text();
    if (!name.empty()) {
        event.actor = event::Actor{name, "", "", false};
    }
}

void set_repository(const Node& repository, event::Event& event) {
    event::Repository repo;
    const std::string project = repository["project"]["name"].text();
    const std::string name = repository["name"].text();
    if (name.empty()) {
        return;
    }
    repo.full_name = project.empty() || project == name ? name : project + "/" + name;
    repo.url = page_of(repository);
    event.repo = std::move(repo);
}

void parse_push(const Node& resource, event::Event& event) {
    const auto updates = resource["refUpdates"].items(1);
    if (updates.empty()) {
        return;
    }
    const Node& update = updates.front();
    const std::string ref = update["name"].text();
    Push push;
    push.ref = ref.starts_with("refs/tags/") ? Push::Ref::tag : Push::Ref::branch;
    push.name = push.ref == Push::Ref::tag ? ref.substr(10) : branch_of_ref(ref);
    push.before = update["oldObjectId"].text();
    push.after = update["newObjectId"].text();
    set_repository(resource["repository"], event);
    set_actor(resource["pushedBy"], event);
    const std::string repository = event.repo ? event.repo->url : "";
    for (const Node& node : resource["commits"].items()) {
        event::Commit commit;
        commit.id = node["commitId"].text();
        commit.message = node["comment"].text();
        commit.author = node["author"]["name"].text();
        commit.url = repository.empty() ? "" : repository + "/commit/" + commit.id;
        push.commits.push_back(std::move(commit));
    }
    std::reverse(push.commits.begin(), push.commits.end());  // they come newest first
    push.commit_count = static_cast<std::int64_t>(push.commits.size());
    if (!push.commits.empty()) {
        push.head = push.commits.back();
    }
    if (is_zeros(push.after)) {
        push.kind = Push::Kind::deleted;
        event.action = "deleted";
    } else if (is_zeros(push.before)) {
        push.kind = Push::Kind::created;
        event.action = "created";
    }
    event.name = "push";
    event.branch = push.ref == Push::Ref::branch ? push.name : "";
    event.commit = is_zeros(push.after) ? "" : push.after;
    event.message = push.head ? push.head->message : "";
    event.title = std::string(first_line(event.message));
    event.url = push.commit_count == 1 ? push.head->url : repository;
    set_time(event, {resource["date"]});
    event.push = std::move(push);
}

void parse_request(const Node& resource, std::string_view action, event::Event& event) {
    event::PullRequest pr;
    pr.number = resource["pullRequestId"].integer_or(0);
    pr.title = resource["title"].text();
    pr.body = resource["description"].text();
    pr.author = resource["createdBy"]["displayName"].text();
    pr.is_draft = resource["isDraft"].is_true();
    const std::string status = resource["status"].text();
    pr.is_merged = status == "completed";
    pr.is_open = status.empty() || status == "active";
    pr.head = branch_of_ref(resource["sourceRefName"].text());
    pr.base = branch_of_ref(resource["targetRefName"].text());
    for (const Node& reviewer : resource["reviewers"].items()) {
        std::string name = reviewer["displayName"].text();
        if (!name.empty()) {
            pr.reviewers.push_back(std::move(name));
        }
    }
    set_repository(resource["repository"], event);
    pr.url = first_text({resource["_links"]["web"]["href"]});
    if (pr.url.empty() && event.repo && !event.repo->url.empty() && pr.number > 0) {
        pr.url = event.repo->url + "/pullrequest/" + std::to_string(pr.number);
    }
    set_actor(resource[action == "merged" ? "closedBy" : "createdBy"], event);
    event.name = "pr";
    event.action = action == "edited" && !pr.is_open ? (pr.is_merged ? "merged" : "closed") : action;
    event.branch = pr.base;
    event.title = pr.title;
    event.message = pr.body;
    event.url = pr.url;
    set_time(event, {resource["closedDate"], resource["creationDate"]});
    event.pr = std::move(pr);
}

constexpr std::array endings{
    RunEnding{"succeeded", Conclusion::success, "passed"},
    RunEnding{"partiallySucceeded", Conclusion::failure, "failed"},
    RunEnding{"failed", Conclusion::failure, "failed"},
    RunEnding{"canceled", Conclusion::cancelled, "cancelled"},
    RunEnding{"stopped", Conclusion::cancelled, "cancelled"},
};

void parse_build(const Node& resource, event::Event& event) {
    event::Pipeline pipeline;
    const std::string result = first_text({resource["result"], resource["status"]});
    const RunEnding ending = ending_of(endings, result);
    event::Run& run = pipeline.run;
    run.conclusion = ending.conclusion;
    run.status = result;
    run.name = resource["definition"]["name"].text();
    run.url = page_of(resource);
    run.branch = branch_of_ref(resource["sourceBranch"].text());
    run.commit = resource["sourceVersion"].text();
    run.duration = duration_between(resource["startTime"].time(), resource["finishTime"].time());
    const auto requests = resource["requests"].items(1);
    const Node asked = requests.empty() ? Node() : requests.front()["requestedFor"];
    run.triggered_by = first_text({resource["requestedFor"]["displayName"], asked["displayName"]});
    pipeline.project = first_text({resource["project"]["name"], resource["definition"]["name"]});
    pipeline.error = result == "partiallySucceeded" ? "Some of it failed" : "";
    event.name = "pipeline";
    event.action = ending.action;
    event.branch = run.branch;
    event.commit = run.commit;
    event.title = run.name;
    event.url = run.url;
    event.change = "";
    set_time(event, {resource["finishTime"]});
    event.pipeline = std::move(pipeline);
}

void parse_message(const Node& payload, event::Event& event) {
    event::Notice notice;
    notice.source = "Azure DevOps";
    const Node message = payload["message"];
    event.title = first_text({message["text"], message["markdown"]});
    notice.text = first_text({payload["detailedMessage"]["text"], payload["detailedMessage"]["markdown"]});
    if (notice.text.starts_with(event.title)) {  // it begins with the same sentence
        notice.text = std::string(trim(std::string_view(notice.text).substr(event.title.size())));
    }
    event.url = page_of(payload["resource"]);
    set_notice(event, std::move(notice));
}

}  // namespace

void parse_azure(const event::Delivery& /*delivery*/, const Node& payload, std::string_view /*kind*/,
                 event::Event& event) {
    const std::string type = payload["eventType"].text();
    const Node resource = payload["resource"];
    set_time(event, {payload["createdDate"]});
    if (type == "git.push") {
        parse_push(resource, event);
    } else if (type == "git.pullrequest.created") {
        parse_request(resource, "opened", event);
    } else if (type == "git.pullrequest.merged") {
        // Its attempt to merge: told also while the request is open.
        parse_request(resource, resource["status"].text() == "completed" ? "merged" : "edited", event);
    } else if (type == "git.pullrequest.updated") {
        parse_request(resource, "edited", event);
    } else if (type == "build.complete") {
        parse_build(resource, event);
    }
    if (event.name.empty()) {
        parse_message(payload, event);
    }
}

}  // namespace hookline::services::custom
