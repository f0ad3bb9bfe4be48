#include "pipeline/cards.hpp"

#include <fmt/format.h>

#include <map>

namespace hookline::pipeline {

using event::Conclusion;

namespace {

std::string key_of(const store::Hook& hook, const event::Event& event, std::string_view kind,
                   std::int64_t number) {
    return fmt::format("{} {} {} {}", hook.id.value, kind, event.repo ? event.repo->id : 0, number);
}

const event::Run* whole_run(const event::Event& event) {
    if (event.name == "pipeline" && event.pipeline) {
        return &event.pipeline->run;
    }
    return event.name == "workflow" && event.workflow ? &*event.workflow : nullptr;
}

/// Of its latest attempt, in the order in which they were made.
std::vector<format::RunCard::Job> jobs_of(const state::Run& run) {
    std::multimap<std::int64_t, format::RunCard::Job> by_id;
    for (const auto& [name, job] : run.jobs) {
        if (job.attempt == run.attempt) {
            by_id.emplace(job.id, format::RunCard::Job{name, job.url, job.conclusion, job.duration,
                                                       job.is_allowed_to_fail});
        }
    }
    std::vector<format::RunCard::Job> jobs;
    for (auto& [id, job] : by_id) {
        jobs.push_back(std::move(job));
    }
    return jobs;
}

format::RunCard run_card_of(const event::Event& event, const state::Known& known) {
    const state::Run& run = *known.run;
    format::RunCard card;
    if (event.pipeline) {
        card.run = event.pipeline->run;
        card.project = event.pipeline->project;
    } else {
        card.is_workflow = true;
        card.run.triggered_by = run.triggered_by;
        card.run.trigger = run.trigger;
        card.run.commit_url = event.workflow->commit_url;
    }
    card.run.name = run.name;
    card.run.number = run.number;
    card.run.attempt = run.attempt;
    card.run.branch = run.branch;
    card.run.url = run.url;
    card.run.commit = run.commit;
    card.started = run.started;
    card.usual = known.baseline;
    card.jobs = jobs_of(run);
    return card;
}

std::optional<Card> card_of_run(const store::Hook& hook, const event::Event& event,
                                const state::Known& known) {
    const std::int64_t id = state::run_id_of(event);
    if (id == 0 || !known.run) {
        return std::nullopt;
    }
    Card card;
    card.key = key_of(hook, event, "run", id);
    const event::Run* whole = whole_run(event);
    const bool is_over = known.run->conclusion != Conclusion::none;
    if (whole != nullptr && whole->conclusion != Conclusion::none) {
        card.is_behind = whole->attempt < known.run->attempt;
        if (event.workflow) {
            card.jobs = jobs_of(*known.run);
        }
        return card;  // its end: as its layout tells it
    }
    if (is_over || known.run->id == 0) {
        card.is_behind = true;  // a late word on what is over, or a job before its run
        return card;
    }
    card.may_begin = whole != nullptr;
    card.body = format::run_card(event, run_card_of(event, known));
    return card;
}

Card card_of_request(const store::Hook& hook, const event::Event& event, const state::PullRequest& pull) {
    Card card;
    card.key = key_of(hook, event, "pr", pull.facts.number);
    format::PullRequestCard shown;
    shown.facts = pull.facts;
    shown.status = std::string(pull.status());
    shown.approvers = pull.approvers();
    shown.objectors = pull.objectors();
    shown.required = pull.required;
    shown.checks = pull.head.checks.size();
    shown.checks_passed = pull.head.passed_count();
    shown.checks_failed = pull.head.failed();
    card.body = format::pull_request_card(event, shown);
    return card;
}

}  // namespace

bool has_cards(const store::Hook& hook) {
    const bool is_ci = hook.service == event::Service::ci || hook.service == event::Service::jenkins ||
                       hook.service == event::Service::circleci;
    return hook.is_live.value_or(is_ci);
}

std::optional<Card> card_of(const store::Hook& hook, const event::Event& event, const state::Known& known) {
    const bool is_request = event.name == "pr" || event.name == "review";
    if (is_request && event.pr && event.pr->number > 0 && !known.pulls.empty()) {
        return card_of_request(hook, event, known.pulls.front());
    }
    return card_of_run(hook, event, known);
}

std::vector<Card> other_cards(const store::Hook& hook, const event::Event& event, const state::Known& known) {
    std::vector<Card> cards;
    const bool is_own = event.pr && event.pr->number > 0;
    for (const state::PullRequest& pull : known.pulls) {
        if (!is_own || pull.facts.number != event.pr->number) {
            cards.push_back(card_of_request(hook, event, pull));
        }
    }
    return cards;
}

}  // namespace hookline::pipeline
