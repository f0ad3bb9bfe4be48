#include <fmt/format.h>

#include "base/text.hpp"
#include "format/layouts.hpp"
#include "format/parts.hpp"

namespace hookline::format {

using event::PullRequest;
using message::Embed;
using message::Markdown;

namespace {

Markdown status_of(const event::Event& event) {
    const PullRequest& pr = *event.pr;
    Markdown status;
    if (pr.is_merged) {
        status.markup("Merged");
        const Markdown by = person(event, pr.merged_by, "");
        return by.empty() ? status : status.markup(" by " + by.str());
    }
    if (!pr.is_open) {
        return status.markup("Closed");
    }
    return status.markup(pr.is_draft ? "Draft" : "Open");
}

void add_files(const PullRequest& pr, Embed& embed) {
    if (!pr.changed_files || *pr.changed_files < 0) {
        return;
    }
    std::string text = grouped(*pr.changed_files) + " changed";
    if (pr.additions && pr.deletions) {
        text += fmt::format(" ({})", line_counts(*pr.additions, *pr.deletions));
    }
    add(embed, "Files", Markdown().markup(text));
}

/// "feature-oauth → main"; from a fork with the fork's name, since the branch alone would mislead.
void add_branches(const event::Event& event, Embed& embed) {
    const PullRequest& pr = *event.pr;
    if (trim(pr.head).empty() || trim(pr.base).empty()) {
        return;
    }
    const bool is_fork =
        !pr.head_repository.empty() && event.repo && pr.head_repository != event.repo->full_name;
    Markdown branches;
    branches.code(shorten(is_fork ? pr.head_repository + ":" + pr.head : pr.head, 100));
    add(embed, "Branch", branches.markup(" → ").code(shorten(pr.base, 100)));
}

void add_request(const PullRequest& pr, Embed& embed) {
    if (trim(pr.title).empty()) {
        return;
    }
    add(embed, "Title", Markdown().text(shorten(pr.title, 200)), Width::full);
}

}  // namespace

void lay_out_request(const event::Event& event, const Measure& measure, Embed& embed) {
    const PullRequest& pr = *event.pr;
    const bool is_new = event.action == "opened";
    add_request(pr, embed);
    add(embed, "Author", person(event, pr.author, pr.author_url));
    add(embed, "Status", status_of(event));
    add_files(pr, embed);
    add_branches(event, embed);
    if (measure.tells_all || is_new || event.action == "ready_for_review") {
        add(embed, "Labels", names(pr.labels, {}, measure.names));
        add(embed, "Reviewers", names(pr.reviewers, "@", measure.names));
    }
    if (measure.tells_all) {
        add(embed, "Assignees", names(pr.assignees, "@", measure.names));
        add_text(embed, "Milestone", pr.milestone);
        if (pr.commits && *pr.commits > 0) {
            add(embed, "Commits", Markdown().markup(grouped(*pr.commits)));
        }
    }
    if (event.actor && event.actor->login != pr.author && event.actor->login != pr.merged_by) {
        add(embed, "By", actor(event));
    }
    if (is_new) {
        add_quote(embed, "Description", pr.body, measure);
    }
}

void lay_out_review(const event::Event& event, const Measure& measure, Embed& embed) {
    const event::Review& review = *event.review;
    constexpr std::array<std::pair<event::Review::State, std::string_view>, 4> states{
        {{event::Review::State::approved, "Approved"},
         {event::Review::State::changes_requested, "Changes requested"},
         {event::Review::State::commented, "Commented"},
         {event::Review::State::dismissed, "Dismissed"}}};
    quote(embed, review.body, measure);
    if (event.pr) {
        add_request(*event.pr, embed);
        add(embed, "Author", person(event, event.pr->author, event.pr->author_url));
    }
    add(embed, "Reviewer", person(event, review.author, review.author_url));
    for (const auto& [state, word] : states) {
        if (state == review.state) {
            const bool is_taken_back = event.has_merge_requests && state == event::Review::State::dismissed;
            add(embed, "Status", Markdown().markup(is_taken_back ? "Not approved" : word));
        }
    }
    add_text(embed, "Still needs", event.change);
    if (measure.tells_all && event.pr) {
        add_branches(event, embed);
        add(embed, "Labels", names(event.pr->labels, {}, measure.names));
    }
    if (event.actor && event.actor->login != review.author) {
        add(embed, "By", actor(event));
    }
}

}  // namespace hookline::format
