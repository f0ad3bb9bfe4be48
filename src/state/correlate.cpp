#include "state/correlate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "state/build_run.hpp"
#include "state/document.hpp"

namespace hookline::state {

namespace {

/// Most events change little: what stays as it was is not written again.
void save_changed(Entities& entities, std::string_view kind, std::string_view name,
                  const std::optional<std::string>& before, std::string document) {
    if (!before || *before != document) {
        entities.save(kind, name, std::move(document));
    }
}

Commit load_commit(const std::string& sha, Entities& entities) {
    const auto document = entities.load("commit", sha);
    return document ? parse_commit(*document) : Commit();
}

/// The request with the checks of its head as they are now.
PullRequest with_head(PullRequest pull, Entities& entities) {
    if (!pull.facts.head_sha.empty()) {
        pull.head = load_commit(pull.facts.head_sha, entities);
    }
    return pull;
}

void take_pull_request(const event::Event& event, Entities& entities, Known& known) {
    const std::string name = std::to_string(event.pr->number);
    const auto document = entities.load("pr", name);
    PullRequest pull = document ? parse_pull_request(*document) : PullRequest();
    take(pull, event);
    save_changed(entities, "pr", name, document, to_document(pull));
    // The checks of a commit must find the request whose head it is, also where their payload names none.
    if (!pull.facts.head_sha.empty()) {
        Commit head = load_commit(pull.facts.head_sha, entities);
        const std::size_t before = head.pulls.size();
        add_pull(head, pull.facts.number);
        if (head.pulls.size() != before) {
            entities.save("commit", pull.facts.head_sha, to_document(head));
        }
    }
    known.pulls.push_back(with_head(std::move(pull), entities));
}

void take_check(const event::Event& event, Entities& entities, Known& known) {
    const auto document = entities.load("commit", event.commit);
    Commit commit = document ? parse_commit(*document) : Commit();
    take(commit, event);
    save_changed(entities, "commit", event.commit, document, to_document(commit));
    for (const std::int64_t number : commit.pulls) {
        auto pull = known_pull_request(number, entities);
        // What is told of a commit that is no head any more bears on nothing.
        if (pull && pull->facts.head_sha == event.commit) {
            known.pulls.push_back(std::move(*pull));
        }
    }
}

void take_build(const event::Event& event, const event::Run& run, Entities& entities, Known& known) {
    const std::string name = build_key(run);
    const auto document = entities.load("build", name);
    Build build = document ? parse_build(*document) : Build();
    take(build, event);
    if (run.conclusion != event::Conclusion::none) {
        save_changed(entities, "build", name, document, to_document(build));
    }
    known.build = std::move(build);
}

Baseline load_baseline(const std::string& name, Entities& entities) {
    const auto document = entities.load("baseline", name);
    return document ? parse_baseline(*document) : Baseline();
}

void take_baseline(const event::Run& run, Entities& entities, Known& known) {
    Baseline baseline = load_baseline(run.name, entities);
    known.baseline = baseline.median();
    if (run.conclusion == event::Conclusion::success && run.duration) {
        take(baseline, run);
        entities.save("baseline", run.name, to_document(baseline));
    }
}

void take_run(const event::Event& event, std::int64_t id, Entities& entities, Known& known) {
    const std::string name = std::to_string(id);
    const auto document = entities.load("run", name);
    Run run = document ? parse_run(*document) : Run();
    take(run, event);
    save_changed(entities, "run", name, document, to_document(run));
    known.run = std::move(run);
}

/// GitHub tells a push before or after what it changes in the pull request: by one of both it is found.
void find_pushed_to(const event::Event& event, Entities& entities, Known& known) {
    std::vector<std::int64_t> numbers;
    for (const std::string& sha : {event.push->before, event.push->after}) {
        const Commit commit = sha.empty() ? Commit() : load_commit(sha, entities);
        numbers.insert(numbers.end(), commit.pulls.begin(), commit.pulls.end());
    }
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    for (const std::int64_t number : numbers) {
        auto pull = known_pull_request(number, entities);
        if (pull && pull->facts.is_open && pull->facts.head == event.push->name) {
            known.pushed_to.push_back(std::move(*pull));
        }
    }
}

void take_deployment(const event::Event& event, Entities& entities, Known& known) {
    const std::string name = std::to_string(event.deployment->id);
    const auto document = entities.load("deployment", name);
    Deployment deployment = document ? parse_deployment(*document) : Deployment();
    known.is_old_news = !take(deployment, event);
    save_changed(entities, "deployment", name, document, to_document(deployment));
    known.deployment = std::move(deployment);
}

void take_build_run(const event::Event& event, Entities& entities, Known& known) {
    const auto document = entities.load("build run", event.build->key);
    BuildRun run = document ? parse_build_run(*document) : BuildRun();
    known.is_old_news = !take(run, event);
    save_changed(entities, "build run", event.build->key, document, to_document(run));
}

/// All that must be known of an issue is how old what is shown of it is: each event tells the whole of it.
void take_issue(const event::Event& event, Entities& entities, Known& known) {
    const std::string name = std::to_string(event.issue->number);
    const auto document = entities.load("issue", name);
    const auto newest = document ? time_at(parse_document(*document), "at") : std::nullopt;
    known.is_old_news = newest && event.time < *newest;
    if (!known.is_old_news) {
        boost::json::object fresh;
        put_time(fresh, "at", event.time);
        save_changed(entities, "issue", name, document, boost::json::serialize(fresh));
    }
}

const event::Run* whole_run(const event::Event& event) {
    if (event.pipeline) {
        return &event.pipeline->run;
    }
    return event.workflow && event.name == "workflow" ? &*event.workflow : nullptr;
}

}  // namespace

Known correlate(const event::Event& event, Entities& entities) {
    Known known;
    if (event.pr && event.pr->number > 0) {
        take_pull_request(event, entities, known);
    }
    if (is_check(event)) {
        take_check(event, entities, known);
    }
    if (const std::int64_t id = run_id_of(event); id != 0) {
        take_run(event, id, entities, known);
    }
    if (event.name == "push" && event.push && event.push->ref == event::Push::Ref::branch) {
        find_pushed_to(event, entities, known);
    }
    if (event.name == "deployment" && event.deployment && event.deployment->id != 0) {
        take_deployment(event, entities, known);
    }
    if (event.build && !event.build->key.empty()) {
        take_build_run(event, entities, known);
    }
    if (event.name == "issue" && event.issue && event.issue->number > 0) {
        take_issue(event, entities, known);
    }
    if (const event::Run* run = branch_run(event)) {
        take_build(event, *run, entities, known);
    }
    if (const event::Run* run = whole_run(event)) {
        take_baseline(*run, entities, known);
    } else if (known.run && known.run->id != 0) {
        known.baseline = load_baseline(known.run->name, entities).median();  // a job is told of its run too
    }
    return known;
}

PullRequest recall_pull_request(std::int64_t number, const Recall& recall, Entities& entities) {
    const std::string name = std::to_string(number);
    const auto document = entities.load("pr", name);
    PullRequest pull = document ? parse_pull_request(*document) : PullRequest();
    take(pull, recall);
    entities.save("pr", name, to_document(pull));
    if (!recall.commit.empty()) {
        Commit commit = load_commit(recall.commit, entities);
        take(commit, recall);
        add_pull(commit, number);
        entities.save("commit", recall.commit, to_document(commit));
    }
    return with_head(std::move(pull), entities);
}

std::optional<Run> known_run(const event::Event& event, Entities& entities) {
    const std::int64_t id = run_id_of(event);
    const auto document = id != 0 ? entities.load("run", std::to_string(id)) : std::nullopt;
    return document ? std::optional(parse_run(*document)) : std::nullopt;
}

std::optional<std::chrono::seconds> known_baseline(const event::Event& event, Entities& entities) {
    const event::Run* run = whole_run(event);
    return run != nullptr ? load_baseline(run->name, entities).median() : std::nullopt;
}

std::optional<PullRequest> known_pull_request(std::int64_t number, Entities& entities) {
    const auto document = entities.load("pr", std::to_string(number));
    return document ? std::optional(with_head(parse_pull_request(*document), entities)) : std::nullopt;
}

}  // namespace hookline::state
