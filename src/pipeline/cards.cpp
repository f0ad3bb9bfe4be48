#include "pipeline/cards.hpp"

#include <fmt/format.h>

#include <map>

#include "base/text.hpp"
#include "format/format.hpp"
#include "rules/fields.hpp"

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

Head head_of_request(const store::Hook& hook, const event::Event& event, const event::PullRequest& pull) {
    Head head;
    head.key = key_of(hook, event, "pr", pull.number);
    head.title = fmt::format("{}{} {}", event.has_merge_requests ? "!" : "#", pull.number, pull.title);
    return head;
}

Head head_of_issue(const store::Hook& hook, const event::Event& event) {
    Head head;
    head.key = key_of(hook, event, "issue", event.issue->number);
    head.title = fmt::format("#{} {}", event.issue->number, event.issue->title);
    return head;
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
    card.head.key = key_of(hook, event, "run", id);
    card.head.title = fmt::format("{} #{}", known.run->name, known.run->number);
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
    card.body = format::run_card(event, run_card_of(event, known), hook.style);
    return card;
}

Card card_of_request(const store::Hook& hook, const event::Event& event, const state::PullRequest& pull) {
    Card card;
    card.head = head_of_request(hook, event, pull.facts);
    card.tags = {"Pull request", "PR", "Merge request"};
    card.tags.insert(card.tags.end(), pull.facts.labels.begin(), pull.facts.labels.end());
    card.ends_now = !pull.facts.is_open && (event.action == "merged" || event.action == "closed");
    format::PullRequestCard shown;
    shown.facts = pull.facts;
    shown.status = std::string(pull.status());
    shown.approvers = pull.approvers();
    shown.objectors = pull.objectors();
    shown.required = pull.required;
    shown.checks = pull.head.counted().size();
    shown.checks_passed = pull.head.passed_count();
    shown.checks_failed = pull.head.failed();
    card.body = format::pull_request_card(event, shown, hook.style);
    return card;
}

Card card_of_deployment(const store::Hook& hook, const event::Event& event, const state::Known& known) {
    const state::Deployment& deployment = *known.deployment;
    Card card;
    card.head.key = key_of(hook, event, "deployment", event.deployment->id);
    card.head.title = fmt::format("Deployment to {}", event.deployment->environment);
    card.is_behind = known.is_old_news || (deployment.conclusion != Conclusion::none &&
                                           event.deployment->conclusion == Conclusion::none);
    card.may_begin = true;
    for (const state::Deployment::Step& step : deployment.steps) {
        card.steps.push_back({step.name, step.at});
    }
    return card;
}

Card card_of_issue(const store::Hook& hook, const event::Event& event, const state::Known& known) {
    Card card;
    card.is_behind = known.is_old_news;
    card.head = head_of_issue(hook, event);
    card.tags = {"Issue"};
    card.tags.insert(card.tags.end(), event.issue->labels.begin(), event.issue->labels.end());
    card.ends_now = !event.issue->is_open && event.action == "closed";
    card.body = format::issue_card(event, hook.style);
    return card;
}

/// What ends by itself again and again is one message that counts; what was asked for is told by itself.
std::optional<Card> card_of_container(const store::Hook& hook, const event::Event& event) {
    const event::Container& container = *event.container;
    const bool is_of_row = event.name == "error" || event.full_name() == "stop.finished";
    if (!is_of_row || container.row.empty()) {
        return std::nullopt;
    }
    Card card;
    card.head.key = fmt::format("{} container {}", hook.id.value, container.row);
    card.head.title = container.name;
    card.body = format::to_message(event, {}, hook.style);
    return card;
}

Card card_of_build(const store::Hook& hook, const event::Event& event, const state::Known& known) {
    Card card;
    card.head.key = build_cards_of(hook.id) + event.build->key;
    card.head.title = event.build->name;
    card.is_behind = known.is_old_news;
    card.may_begin = event.build->status == event::Build::Status::started;
    card.begins_once = true;
    return card;
}

}  // namespace

CardPlan card_plan(const store::Hook& hook, Place place) {
    const bool is_ci = hook.service == event::Service::ci || hook.service == event::Service::jenkins ||
                       hook.service == event::Service::circleci;
    const bool is_docker = hook.service == event::Service::docker;
    const bool is_forum = place == Place::forum;
    CardPlan plan;
    plan.is_forum = is_forum;
    plan.is_asked_for = hook.is_live.value_or(false);
    plan.has_cards = hook.is_live.value_or(is_ci || is_docker || is_forum);
    plan.has_threads = plan.has_cards && place != Place::messages && hook.has_threads.value_or(is_forum);
    return plan;
}

std::string build_cards_of(HookId hook) { return fmt::format("{} build ", hook.value); }

std::optional<Card> card_of(const store::Hook& hook, const CardPlan& plan, const event::Event& event,
                            const state::Known& known) {
    const bool is_request = event.name == "pr" || event.name == "review";
    if (is_request && event.pr && event.pr->number > 0 && !known.pulls.empty()) {
        return card_of_request(hook, event, known.pulls.front());
    }
    if (plan.has_threads && event.name == "issue" && event.issue && event.issue->number > 0) {
        return card_of_issue(hook, event, known);
    }
    if (event.name == "deployment" && event.deployment && known.deployment) {
        return card_of_deployment(hook, event, known);
    }
    if (event.build) {
        return card_of_build(hook, event, known);
    }
    if (event.container) {
        return card_of_container(hook, event);
    }
    return card_of_run(hook, event, known);
}

bool shows_in_card(const std::vector<std::string>& list, const event::Event& event) {
    if (list.empty()) {
        return true;
    }
    std::string_view whole = event.name;
    if (event.name == "review") {
        whole = "pr";
    } else if (event.pipeline) {
        whole = "pipeline";
    } else if (event.name == "job") {
        whole = "workflow";
    }
    return std::find(list.begin(), list.end(), whole) != list.end();
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

std::vector<Head> heads_of(const store::Hook& hook, const event::Event& event, const state::Known& known) {
    std::vector<Head> heads;
    for (const auto* pulls : {&known.pulls, &known.pushed_to}) {
        for (const state::PullRequest& pull : *pulls) {
            heads.push_back(head_of_request(hook, event, pull.facts));
        }
    }
    if (event.name == "comment" && event.issue && event.issue->number > 0) {
        heads.push_back(head_of_issue(hook, event));
    }
    return heads;
}

std::string thread_name(const Head& head) { return shorten(trim(first_line(head.title)), 100); }

bool is_told_in_thread(const event::Event& event) {
    return event.name == "review" || event.name == "comment" || event.action == "reopened" ||
           rules::is_failure(event);
}

}  // namespace hookline::pipeline
