// Merge requests. What GitLab calls an approval is a review here, so that it looks as on every service.
#include "services/gitlab/common.hpp"
#include "services/gitlab/parse.hpp"

namespace hookline::services::gitlab {

namespace {

using event::Review;

struct Approval {
    std::string_view word;  // GitLab's
    std::string_view action;
    Review::State state;
    bool is_enough;  // GitLab: "approved" once the rules are satisfied, "approval" for one that is not enough
};

constexpr std::array approvals{
    Approval{"approved", "approved", Review::State::approved, true},
    Approval{"approval", "approved", Review::State::approved, false},
    Approval{"unapproved", "dismissed", Review::State::dismissed, true},
    Approval{"unapproval", "dismissed", Review::State::dismissed, true},
};

void set_people(const Node& payload, event::PullRequest& request) {
    const Node attributes = payload["object_attributes"];
    const auto assignees = payload["assignees"].items();
    const auto reviewers = payload["reviewers"].items();
    request.assignees = texts_of(payload["assignees"], "username");
    request.reviewers = texts_of(payload["reviewers"], "username");
    request.author = login_of_id({payload["user"]}, attributes["author_id"]);
    for (const auto& people : {assignees, reviewers}) {
        for (const Node& person : people) {
            if (request.author.empty()) {
                request.author = login_of_id({person}, attributes["author_id"]);
            }
        }
    }
    if (request.labels.empty()) {
        request.labels = texts_of(payload["labels"], "title");
    }
}

void set_approval(const Approval& approval, event::Event& event) {
    Review review;
    review.state = approval.state;
    review.author = event.actor ? event.actor->login : "";
    review.author_url = event.actor ? event.actor->url : "";
    review.url = event.pr->url;
    review.commit_id = event.pr->head_sha;
    event.name = "review";
    event.action = approval.action;
    event.change = approval.is_enough ? "" : "more approvals";
    event.message.clear();
    event.review = std::move(review);
}

/// From newer versions: the state before and after, where an action is missing.
std::string action_from_state(const event::PullRequest& request) {
    return request.is_merged ? "merged" : request.is_open ? "" : "closed";
}

void parse_merge_request(const Node& payload, event::Event& event) {
    const Node attributes = payload["object_attributes"];
    event.pr = merge_request_of(attributes, event);
    set_people(payload, *event.pr);
    event.pr->author_url = user_url(event, event.pr->author);
    event.branch = event.pr->base;
    event.title = event.pr->title;
    event.message = event.pr->body;
    event.url = event.pr->url;
    event.commit = event.pr->head_sha;
    set_time(event, {attributes["updated_at"]});
    for (const Approval& approval : approvals) {
        if (event.provider_action == approval.word) {
            return set_approval(approval, event);
        }
    }
    if (event.provider_action.empty()) {
        event.action = action_from_state(*event.pr);
    }
    if (event.action == "merged" && event.actor) {
        event.pr->merged_by = event.actor->login;
    }
    if (event.provider_action == "open") {
        set_time(event, {attributes["created_at"]});
    }
    if (event.action == "edited" || event.action.empty()) {
        Change change = change_of(payload);
        event.action = std::move(change.action);
        event.change = std::move(change.about);
    }
}

}  // namespace

std::span<const Row> request_rows() {
    static constexpr std::array rows{Row{"merge_request", "pr", parse_merge_request}};
    return rows;
}

}  // namespace hookline::services::gitlab
