// Gitea, Forgejo and Gogs (Gitea, "Webhooks"): GitHub's payloads with a few differences, so GitHub's reader
// reads them and what differs is put right here.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "services/custom/notice.hpp"
#include "services/custom/sender.hpp"
#include "services/github/common.hpp"
#include "services/github/github.hpp"

namespace hookline::services::custom {

namespace {

using event::Review;

struct ReviewRow {
    std::string_view kind;
    std::string_view type;  // in the payload
    Review::State state;
    std::string_view action;
};
// Its own events for reviews; GitHub has one with a state.
constexpr std::array reviews{
    ReviewRow{"pull_request_approved", "pull_request_review_approved", Review::State::approved, "approved"},
    ReviewRow{"pull_request_rejected", "pull_request_review_rejected", Review::State::changes_requested,
              "changes_requested"},
    ReviewRow{"pull_request_comment", "pull_request_review_comment", Review::State::commented, "commented"},
};

const ReviewRow* review_of(const Node& payload, std::string_view kind) {
    const std::string type = payload["review"]["type"].text();
    const auto* const found = std::find_if(reviews.begin(), reviews.end(), [&](const ReviewRow& row) {
        return row.type == type || (type.empty() && row.kind == kind);
    });
    return found != reviews.end() ? found : nullptr;
}

void set_review(const ReviewRow& row, const Node& payload, event::Event& event) {
    Review review;
    review.state = row.state;
    review.body = payload["review"]["content"].text();
    review.author = payload["sender"]["login"].text();
    review.author_url = payload["sender"]["html_url"].text();
    review.url = event.url;
    event.name = "review";
    event.action = row.action;
    event.message = review.body;
    event.review = std::move(review);
}

/// /src/branch/main, where GitHub has /tree/main.
std::string page_of(const event::Event& event, bool is_tag, std::string_view name) {
    if (!event.repo || event.repo->url.empty()) {
        return {};
    }
    return event.repo->url + (is_tag ? "/src/tag/" : "/src/branch/") + github::path_encoded(name);
}

void set_push(const Node& payload, event::Event& event) {
    event::Push& push = *event.push;
    if (push.commits.size() > 1 && push.commits.front().id == push.after) {
        std::reverse(push.commits.begin(), push.commits.end());  // newest first, unlike GitHub
        if (!payload["head_commit"].is_object()) {
            push.head = push.commits.back();
            event.message = push.head->message;
            event.title = std::string(first_line(event.message));
        }
    }
    push.compare_url = first_text({payload["compare_url"], payload["compare"]});
    const auto total = payload["total_commits"].integer_or(push.commit_count);
    push.commit_count = std::clamp<std::int64_t>(total, push.commit_count, 1'000'000);
    const bool is_tag = push.ref == event::Push::Ref::tag;
    const bool is_one = push.commit_count == 1 && push.kind == event::Push::Kind::commits && push.head;
    if (is_one) {
        event.url = push.head->url;
    } else if (push.kind == event::Push::Kind::deleted) {
        event.url = event.repo ? event.repo->url : "";
    } else if (is_tag || push.commit_count == 0 || push.compare_url.empty()) {
        event.url = page_of(event, is_tag, push.name);
    } else {
        event.url = push.compare_url;
    }
}

}  // namespace

/// GitHub itself, by way of a relay: the signature cannot be checked there, for the body is written anew.
void parse_github(const event::Delivery& delivery, const Node& /*payload*/, std::string_view kind,
                  event::Event& event) {
    event::Delivery inner = delivery;
    inner.event_type = kind;
    const std::string provider_name = event.provider_name;
    auto told = github::adapter().parse(inner);
    if (told) {
        event = std::move(*told);
        event.provider_name = provider_name;
    }
}

void parse_gitea(const event::Delivery& delivery, const Node& payload, std::string_view kind,
                 event::Event& event) {
    const ReviewRow* review = review_of(payload, kind);
    event::Delivery inner = delivery;
    inner.event_type = review != nullptr ? "pull_request" : kind == "wiki" ? "gollum" : std::string(kind);
    const std::string provider_name = event.provider_name;
    auto told = github::adapter().parse(inner);
    if (!told || told->name.empty()) {
        return;  // an event that GitHub has not: read as any JSON
    }
    event = std::move(*told);
    event.provider_name = provider_name;
    event.told_by = event.push ? event.told_by : "";
    if (event.push) {
        set_push(payload, event);
    } else if (review != nullptr) {
        set_review(*review, payload, event);
    } else if (event.name == "branch" || event.name == "tag") {
        const bool is_created = event.action == "created" && event.subject;
        event.url = is_created ? page_of(event, event.name == "tag", event.subject->name) : event.url;
    }
}

}  // namespace hookline::services::custom
