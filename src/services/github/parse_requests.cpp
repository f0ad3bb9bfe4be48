// Pull requests, their reviews and the comments of those.
#include "base/text.hpp"
#include "services/github/common.hpp"
#include "services/github/parse.hpp"

namespace hookline::services::github {

namespace {

using event::Review;

void set_request(const Node& payload, event::Event& event) {
    event.pr = pull_request_of(payload["pull_request"]);
    if (event.pr->number == 0) {
        event.pr->number = payload["number"].integer_or(0);
    }
    event.branch = event.pr->base;
    event.title = event.pr->title;
    event.commit = event.pr->head_sha;
}

void parse_pull_request(const Node& payload, event::Event& event) {
    set_request(payload, event);
    const Node pull = payload["pull_request"];
    if (event.action == "closed" && event.pr->is_merged) {
        event.action = "merged";
    }
    event.message = event.pr->body;
    event.url = event.pr->url;
    if (event.action == "opened") {
        set_time(event, {pull["created_at"]});
    } else if (event.action == "merged" || event.action == "closed") {
        set_time(event, {pull["merged_at"], pull["closed_at"]});
    } else {
        set_time(event, {pull["updated_at"]});
    }
    event.change = what_changed(payload);
}

Review::State state_of(std::string_view word) {
    const std::string state = to_lower_ascii(word);  // upper case in GitHub's REST API
    if (state == "approved") {
        return Review::State::approved;
    }
    if (state == "changes_requested") {
        return Review::State::changes_requested;
    }
    return state == "dismissed" ? Review::State::dismissed : Review::State::commented;
}

std::string_view name_of(Review::State state) {
    switch (state) {
        case Review::State::approved:
            return "approved";
        case Review::State::changes_requested:
            return "changes_requested";
        case Review::State::dismissed:
            return "dismissed";
        case Review::State::commented:
            break;
    }
    return "commented";
}

void parse_review(const Node& payload, event::Event& event) {
    set_request(payload, event);
    const Node node = payload["review"];
    Review review;
    review.state = state_of(node["state"].text());
    review.id = node["id"].integer_or(0);
    review.author = login_of(node["user"]);
    review.author_url = url_of(node["user"]);
    review.body = node["body"].text();
    review.url = node["html_url"].text();
    review.commit_id = node["commit_id"].text();
    if (event.action == "submitted") {
        event.action = name_of(review.state);
    }
    event.message = review.body;
    event.url = review.url;
    event.commit = review.commit_id;
    set_time(event, {node["submitted_at"]});
    event.review = std::move(review);
}

void parse_review_comment(const Node& payload, event::Event& event) {
    set_request(payload, event);
    event.comment = comment_of(payload["comment"]);
    event.message = event.comment->body;
    event.url = event.comment->url;
    event.commit = event.comment->commit_id;
    set_time(event, {payload["comment"]["created_at"]});
}

void parse_review_thread(const Node& payload, event::Event& event) {
    set_request(payload, event);
    const auto comments = payload["thread"]["comments"].items(1);
    event.comment = comment_of(comments.empty() ? Node() : comments.front());
    event.message = event.comment->body;
    event.url = event.comment->url;
}

}  // namespace

std::span<const Row> request_rows() {
    static constexpr std::array rows{
        Row{"pull_request", "pr", parse_pull_request},
        Row{"pull_request_review", "review", parse_review},
        Row{"pull_request_review_comment", "comment", parse_review_comment},
        Row{"pull_request_review_thread", "review_thread", parse_review_thread},
    };
    return rows;
}

}  // namespace hookline::services::github
