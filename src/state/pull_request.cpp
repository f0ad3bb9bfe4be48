#include "state/pull_request.hpp"

#include <boost/json/serialize.hpp>
#include <tuple>

#include "state/document.hpp"

namespace hookline::state {

namespace json = boost::json;
using event::Review;

namespace {

constexpr std::size_t most_reviewers = 100;
constexpr std::size_t longest_list = 100;

bool stands(const PullRequest& pull, const std::string& reviewer, Review::State state) {
    const auto found = pull.opinions.find(reviewer);
    return found != pull.opinions.end() && found->second.state == state;
}

std::vector<std::string> who(const PullRequest& pull, Review::State state) {
    std::vector<std::string> names;
    for (const auto& [reviewer, opinion] : pull.opinions) {
        if (stands(pull, reviewer, state)) {
            names.push_back(reviewer);
        }
    }
    return names;
}

/// A review that is dismissed keeps its time and id: its dismissal outranks it, a later review outranks both.
bool is_later(const Opinion& fresh, const Opinion& known) {
    const auto rank = [](const Opinion& opinion) {
        return std::tuple(opinion.at, opinion.id, opinion.state == Review::State::dismissed);
    };
    return rank(fresh) >= rank(known);
}

void take_review(PullRequest& pull, const event::Event& event) {
    const Review& review = *event.review;
    if (review.state != Review::State::commented && !review.author.empty()) {
        take_opinion(pull, review.author, Opinion{review.state, event.time, review.id});
    }
}

/// Lines and files: not every payload tells them, so that they have a time of their own.
void take_counts(PullRequest& pull, const event::Event& event) {
    const event::PullRequest& told = *event.pr;
    if (told.additions && (!pull.counts_at || event.time >= *pull.counts_at)) {
        pull.counts_at = event.time;
        pull.facts.additions = told.additions;
        pull.facts.deletions = told.deletions;
        pull.facts.changed_files = told.changed_files;
        pull.facts.commits = told.commits;
    }
}

void limit(std::vector<std::string>& list) {
    if (list.size() > longest_list) {
        list.resize(longest_list);
    }
}

}  // namespace

std::vector<std::string> PullRequest::approvers() const { return who(*this, Review::State::approved); }

std::vector<std::string> PullRequest::objectors() const {
    return who(*this, Review::State::changes_requested);
}

std::string_view PullRequest::status() const {
    if (facts.is_merged) {
        return "merged";
    }
    if (!facts.is_open) {
        return "closed";
    }
    if (facts.is_draft) {
        return "draft";
    }
    if (!objectors().empty()) {
        return "changes_requested";
    }
    const auto approvals = static_cast<std::int64_t>(approvers().size());
    return approvals >= std::max<std::int64_t>(required.value_or(1), 1) ? "approved" : "review_required";
}

void take_opinion(PullRequest& pull, const std::string& reviewer, const Opinion& opinion) {
    const auto known = pull.opinions.find(reviewer);
    if (known != pull.opinions.end()) {
        if (is_later(opinion, known->second)) {
            known->second = opinion;
        }
    } else if (pull.opinions.size() < most_reviewers) {
        pull.opinions.emplace(reviewer, opinion);
    }
}

void take(PullRequest& pull, const event::Event& event) {
    if (event.repo) {
        pull.repository = event.repo->full_name;
    }
    if (event.review) {
        take_review(pull, event);
    }
    if (event.name == "pr" && event.action == "opened") {
        pull.created = event.time;
    }
    if (!event.pr) {
        return;
    }
    // What a comment's payload holds of the request is not all of it: it names no head.
    const bool is_whole = !event.pr->head_sha.empty();
    const bool is_later_than_known = !pull.facts_at || event.time >= *pull.facts_at;
    const bool was_merged = pull.facts.is_merged;
    if ((is_whole && is_later_than_known) || pull.facts.number == 0) {
        event::PullRequest fresh = *event.pr;
        fresh.body.clear();
        fresh.additions = pull.facts.additions;
        fresh.deletions = pull.facts.deletions;
        fresh.changed_files = pull.facts.changed_files;
        fresh.commits = pull.facts.commits;
        if (fresh.merged_by.empty()) {
            fresh.merged_by = pull.facts.merged_by;
        }
        if (fresh.created) {
            pull.created = fresh.created;
        }
        limit(fresh.labels);
        limit(fresh.reviewers);
        limit(fresh.teams);
        limit(fresh.assignees);
        pull.facts = std::move(fresh);
        pull.facts_at = is_whole ? std::optional(event.time) : std::nullopt;
    }
    take_counts(pull, event);
    // Nothing is merged back: whatever comes late, merged it stays.
    if (was_merged || event.pr->is_merged) {
        pull.facts.is_merged = true;
        pull.facts.is_open = false;
    }
    if (pull.facts.merged_by.empty()) {
        pull.facts.merged_by = event.pr->merged_by;
    }
}

PullRequest parse_pull_request(std::string_view document) {
    PullRequest pull;
    const json::object object = parse_document(document);
    event::PullRequest& facts = pull.facts;
    facts.number = number_at(object, "number").value_or(0);
    facts.title = text_at(object, "title");
    facts.url = text_at(object, "url");
    facts.author = text_at(object, "author");
    facts.author_url = text_at(object, "author_url");
    facts.is_draft = truth_at(object, "is_draft");
    facts.is_merged = truth_at(object, "is_merged");
    facts.is_open = optional_truth_at(object, "is_open").value_or(true);
    facts.merged_by = text_at(object, "merged_by");
    facts.head = text_at(object, "head");
    facts.base = text_at(object, "base");
    facts.head_sha = text_at(object, "head_sha");
    facts.head_repository = text_at(object, "head_repository");
    facts.additions = number_at(object, "additions");
    facts.deletions = number_at(object, "deletions");
    facts.changed_files = number_at(object, "changed_files");
    facts.commits = number_at(object, "commits");
    facts.labels = texts_at(object, "labels");
    facts.reviewers = texts_at(object, "reviewers");
    facts.teams = texts_at(object, "teams");
    facts.assignees = texts_at(object, "assignees");
    facts.milestone = text_at(object, "milestone");
    pull.created = time_at(object, "created");
    pull.facts_at = time_at(object, "facts_at");
    pull.counts_at = time_at(object, "counts_at");
    pull.repository = text_at(object, "repository");
    pull.required = number_at(object, "required");
    pull.is_mergeable = optional_truth_at(object, "is_mergeable");
    pull.was_asked = truth_at(object, "was_asked");
    if (const json::object* opinions = object_at(object, "opinions")) {
        for (const auto& pair : *opinions) {
            if (!pair.value().is_object()) {
                continue;
            }
            const json::object& node = pair.value().get_object();
            const auto state = std::clamp<std::int64_t>(number_at(node, "state").value_or(2), 0, 3);
            pull.opinions.emplace(std::string(pair.key()), Opinion{static_cast<Review::State>(state),
                                                                   time_at(node, "at").value_or(TimePoint()),
                                                                   number_at(node, "id").value_or(0)});
        }
    }
    return pull;
}

std::string to_document(const PullRequest& pull) {
    json::object object;
    const event::PullRequest& facts = pull.facts;
    object["number"] = facts.number;
    put(object, "title", facts.title);
    put(object, "url", facts.url);
    put(object, "author", facts.author);
    put(object, "author_url", facts.author_url);
    object["is_draft"] = facts.is_draft;
    object["is_merged"] = facts.is_merged;
    object["is_open"] = facts.is_open;
    put(object, "merged_by", facts.merged_by);
    put(object, "head", facts.head);
    put(object, "base", facts.base);
    put(object, "head_sha", facts.head_sha);
    put(object, "head_repository", facts.head_repository);
    put_number(object, "additions", facts.additions);
    put_number(object, "deletions", facts.deletions);
    put_number(object, "changed_files", facts.changed_files);
    put_number(object, "commits", facts.commits);
    put_texts(object, "labels", facts.labels);
    put_texts(object, "reviewers", facts.reviewers);
    put_texts(object, "teams", facts.teams);
    put_texts(object, "assignees", facts.assignees);
    put(object, "milestone", facts.milestone);
    put_time(object, "created", pull.created);
    put_time(object, "facts_at", pull.facts_at);
    put_time(object, "counts_at", pull.counts_at);
    put(object, "repository", pull.repository);
    put_number(object, "required", pull.required);
    put_truth(object, "is_mergeable", pull.is_mergeable);
    put_truth(object, "was_asked", pull.was_asked ? std::optional(true) : std::nullopt);
    json::object opinions;
    for (const auto& [reviewer, opinion] : pull.opinions) {
        json::object node;
        node["state"] = static_cast<std::int64_t>(opinion.state);
        put_time(node, "at", opinion.at);
        node["id"] = opinion.id;
        opinions[reviewer] = std::move(node);
    }
    object["opinions"] = std::move(opinions);
    return json::serialize(object);
}

}  // namespace hookline::state
