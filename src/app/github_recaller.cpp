#include "app/github_recaller.hpp"

#include "base/iso_time.hpp"
#include "base/text.hpp"

namespace hookline::app {

namespace {

using event::Conclusion;
using event::Review;

constexpr std::array<std::pair<std::string_view, Conclusion>, 11> conclusions{
    {{"success", Conclusion::success},
     {"failure", Conclusion::failure},
     {"error", Conclusion::failure},
     {"cancelled", Conclusion::cancelled},
     {"skipped", Conclusion::skipped},
     {"timed_out", Conclusion::timed_out},
     {"action_required", Conclusion::action_required},
     {"neutral", Conclusion::neutral},
     {"stale", Conclusion::stale},
     {"startup_failure", Conclusion::startup_failure},
     {"", Conclusion::none}}};

Conclusion conclusion_of(std::string_view word) {
    for (const auto& [name, conclusion] : conclusions) {
        if (name == word) {
            return conclusion;
        }
    }
    return Conclusion::neutral;
}

std::optional<Review::State> state_of(std::string_view word) {
    const std::string lower = to_lower_ascii(word);
    if (lower == "approved") {
        return Review::State::approved;
    }
    if (lower == "changes_requested") {
        return Review::State::changes_requested;
    }
    return lower == "dismissed" ? std::optional(Review::State::dismissed) : std::nullopt;
}

}  // namespace

bool GitHubRecaller::wants(const event::Event& event) const {
    return event.service == event::Service::github && event.repo && event.pr && event.pr->number > 0;
}

Task<Result<state::Recall>> GitHubRecaller::ask(event::Event event) {
    const auto history = co_await github_.pull_history(event.repo->full_name, event.pr->number);
    if (!history) {
        co_return tl::unexpected(history.error());
    }
    state::Recall recall;
    recall.commit = history->head_sha;
    recall.required = history->required_approvals;
    recall.is_mergeable = history->is_mergeable;
    for (const forge::PullHistory::Review& review : history->reviews) {
        const auto state = state_of(review.state);
        if (state && !review.author.empty()) {
            const TimePoint at = parse_time(review.submitted_at).value_or(TimePoint());
            recall.reviews.push_back({review.author, state::Opinion{*state, at, review.id}});
        }
    }
    for (const forge::PullHistory::Check& told : history->checks) {
        state::Check check;
        check.name = told.name;
        check.id = told.id;
        check.conclusion = conclusion_of(told.conclusion);
        check.at = parse_time(told.at).value_or(TimePoint());
        check.is_job_of_workflow = told.is_job_of_workflow;
        recall.checks.emplace_back(told.kind + " " + told.name, std::move(check));
    }
    co_return recall;
}

}  // namespace hookline::app
