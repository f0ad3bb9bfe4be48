// What happened: one model for all services, so that the same thing looks the same wherever it came from.
// Pure data. An empty text or nullopt means that the sender did not tell; nothing is invented. Texts are
// whole UTF-8 but otherwise as they came: making them safe for Discord is room message's business.
//
// Names of events and actions are docs/contract.md's: name "pr", action "merged", together "pr.merged".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "event/service.hpp"

namespace hookline::event {

struct Actor {
    std::string login;  // "ghost" where the account is gone
    std::string url;
    std::string avatar_url;
    bool is_bot = false;
};

struct Repository {
    std::int64_t id = 0;    // the service's own; survives renames; 0 where there is none
    std::string full_name;  // "owner/name"
    std::string url;
    std::string default_branch;
    bool is_private = false;
};

struct Commit {
    std::string id;  // whole; shown short
    std::string message;
    std::string url;
    std::string author;       // login where known, else the name
    bool is_distinct = true;  // false: known in the repository before this push
    std::vector<std::string> added, removed, modified;
};

struct Push {
    enum class Kind { commits, forced, created, deleted };
    enum class Ref { branch, tag };
    Kind kind = Kind::commits;
    Ref ref = Ref::branch;
    std::string name;  // of the branch or tag, without refs/…/
    std::string before, after;
    std::string compare_url;
    std::int64_t commit_count = 0;  // all, also those the payload leaves out
    bool count_is_at_least = false;
    std::vector<Commit> commits;  // oldest first
    std::optional<Commit> head;
    bool is_merge_queue = false;
};

struct PullRequest {
    std::int64_t number = 0;
    std::string title, url, body;
    std::string author, author_url;
    bool is_draft = false, is_merged = false, is_open = true;
    std::string merged_by;
    std::string head, base;  // branches
    std::string head_sha;
    std::string merge_commit;     // on the base, once it is merged
    std::string head_repository;  // empty where the fork is gone
    std::optional<std::int64_t> additions, deletions, changed_files, commits;
    std::vector<std::string> labels, assignees;
    std::vector<std::string> reviewers;  // asked to review: people, then teams
    std::vector<std::string> teams;      // … the teams among them
    std::string milestone;
    std::optional<TimePoint> created;
};

struct Review {
    enum class State { approved, changes_requested, commented, dismissed };
    State state = State::commented;
    std::int64_t id = 0;
    std::string author, author_url, body, url, commit_id;
};

struct Comment {
    std::int64_t id = 0;
    std::string author, author_url, body, url;
    std::string path;  // of a comment on code
    std::optional<std::int64_t> line;
    std::string commit_id;
};

struct Issue {
    std::int64_t number = 0;
    std::string title, url, body, author, author_url;
    bool is_open = true;
    std::string state_reason;  // completed, not_planned, duplicate, reopened
    std::vector<std::string> labels, assignees;
    std::string milestone;
    std::string moved_to;  // URL of the new issue after a transfer
    bool is_confidential = false;
    std::string kind;  // "incident", "task"; empty: an issue
    std::optional<TimePoint> created;
};

struct Release {
    std::string tag, name, url, body, author, author_url, target;
    bool is_draft = false, is_prerelease = false;
    struct Asset {
        std::string name, url;
        std::int64_t size = 0;
    };
    std::vector<Asset> assets;
};

/// How a run, job, check or pipeline stands.
enum class Conclusion {
    none,  // not over yet
    success,
    failure,
    cancelled,
    skipped,
    timed_out,
    action_required,
    neutral,
    stale,
    startup_failure
};

[[nodiscard]] constexpr bool is_failure(Conclusion conclusion) {
    return conclusion == Conclusion::failure || conclusion == Conclusion::timed_out ||
           conclusion == Conclusion::startup_failure;
}

/// A workflow run or pipeline: CI of every service.
struct Run {
    std::int64_t id = 0;
    std::int64_t number = 0;
    std::int64_t attempt = 1;
    std::int64_t run_id = 0;  // of a job that is told as a run of its own: the run that it belongs to
    std::string name;         // of the workflow or pipeline
    std::string title;        // what it runs for: a commit's subject
    std::string status;       // in the service's words: queued, in_progress, completed
    Conclusion conclusion = Conclusion::none;
    std::string branch, commit, url, triggered_by, trigger;  // trigger: push, schedule, …
    bool is_for_tag = false;                                 // `branch` is the name of a tag
    std::string commit_url;
    std::string detail;  // what went wrong, where the payload tells: the step that failed, a check's summary
    std::optional<std::chrono::seconds> duration;
    std::vector<std::int64_t> pull_requests;
    bool is_job_of_workflow = false;  // a check that is a workflow's job, told once more
    bool is_fixed = false;            // it passes on a branch on which it failed before
};

/// One job of a pipeline.
struct Job {
    std::int64_t id = 0;
    std::string name, stage, url;
    std::string status;  // in the service's words
    Conclusion conclusion = Conclusion::none;
    std::optional<std::chrono::seconds> duration;
    std::string error;  // why it failed, where the payload tells: a step, a reason, the last words of a log
    bool is_allowed_to_fail = false;
};

/// A stage: jobs that run together, before the next stage begins.
struct Stage {
    std::string name;
    std::string status;
    Conclusion conclusion = Conclusion::none;
    std::optional<std::chrono::seconds> duration;
};

/// A pipeline of any CI service as one event tells it: pipeline → stages → jobs. Only what the sender says.
struct Pipeline {
    Run run;              // the pipeline itself: name, number, branch, conclusion, duration, who triggered it
    std::string project;  // "PhiGEN"
    std::vector<Stage> stages;  // in their order, where the sender tells it
    std::vector<Job> jobs;      // in their order; at most 100
    std::string stage;          // the one that this event is about, or that runs now
    std::string next_stage;     // what comes after it; empty: nothing, or not told
    std::string error;          // of the pipeline as a whole
};

struct Deployment {
    std::int64_t id = 0;  // the same in all that is told of it; 0: not told
    std::string environment, status, url, log_url, ref, commit, description, task;
    Conclusion conclusion = Conclusion::none;
    std::string commit_title, commit_url;
    bool is_of_tag = false;  // `ref` is the name of a tag
};

/// An image in a registry, or a package of another kind.
struct Image {
    std::string repository, tag, digest, url, media_type;
    std::optional<std::int64_t> size;  // bytes
};

/// A container as an engine tells of it: Docker, Podman.
struct Container {
    std::string engine;  // as the operator calls it: "docker"
    std::string id, name, image;
    std::string project, service;     // of Compose
    std::vector<std::string> labels;  // "team=core"; at most 100
    std::optional<std::int64_t> exit_code;
    std::string exit_meaning;  // "OOM", "segmentation fault"; empty: the number says it all, or nothing
    bool is_out_of_memory = false;
    bool was_asked_for = false;                  // somebody stopped or restarted it
    std::optional<std::chrono::seconds> uptime;  // of the run that ended
    std::optional<std::int64_t> restarts;        // by its restart policy, since it was made
    std::string restart_policy;                  // "always", "on-failure"; empty: none, or not told
    bool is_recreated = false;                   // Compose made it anew in the place of another
    bool is_found = false;  // no event told it: the engine had forgotten it, comparing showed it
    std::int64_t ends = 0;  // how often it has ended by itself in a row, with this time
    std::optional<std::chrono::seconds> ends_for;  // since the first of them
    std::string row;                               // names that row
    std::optional<TimePoint> stopped;              // the end that this is, or that a restart follows
    std::string stop_key;                          // … named to the nanosecond
    std::optional<TimePoint> image_created;
    std::optional<std::int64_t> memory_limit;  // bytes
    std::vector<std::string> logs;             // the last lines, the oldest first
    std::vector<std::string> health_output;    // of the check that failed
    std::optional<std::int64_t> failing_streak;

    /// It has ended by itself more than once in a row.
    [[nodiscard]] bool is_in_loop() const { return ends > 1; }
};

/// A build on some machine: of an image, or any command that `hookline run` runs.
struct Build {
    enum class Status { started, completed, failed, cancelled };
    std::string key;  // the same in all that is told of it
    Status status = Status::started;
    std::string by;     // who tells it: "run", "buildkit", "image" (an image is there)
    std::string name;   // "phigen-bot"
    std::string stage;  // as whoever ran it calls what it is a part of
    std::string host, engine;
    std::string command;  // without its secrets; empty: not told
    std::string context, file, target, revision, repository;
    std::vector<std::string> tags;  // "phigen-bot:latest"; at most 20
    std::optional<TimePoint> started, ended;
    std::optional<std::chrono::seconds> duration;
    std::optional<std::int64_t> exit_code, signal;
    std::string exit_meaning;  // of either, where it has one: "SIGKILL"
    std::optional<std::int64_t> steps, steps_done, steps_cached;
    std::string failed_step;
    std::string image_id, image_digest;  // both empty: no image was made, or nobody looked
    std::optional<std::int64_t> size, layers;
    std::string error;              // one sentence
    std::vector<std::string> logs;  // the last lines, the oldest first

    [[nodiscard]] bool has_image() const { return !image_id.empty() || !image_digest.empty(); }
};

/// What a service says that is none of the above: an alert, a report, any JSON. Texts as they came.
struct Notice {
    enum class Severity { none, info, success, warning, error, critical };
    Severity severity = Severity::none;
    std::string source;  // "Grafana", "api.monitoring.com"
    std::string text, image_url;
    struct Fact {
        std::string name, value;
    };
    std::vector<Fact> facts;  // at most 25
    struct Item {             // of a group: one alert of many
        Severity severity = Severity::none;
        std::string title, text, url;
    };
    std::vector<Item> items;
    std::int64_t item_count = 0;  // also those that `items` leaves out
};

/// What concerns a named thing that needs no struct of its own yet: a branch created, a star, a member.
struct Subject {
    std::string kind;  // "branch", "fork", "label"
    std::string name;
    std::string url;
    std::string detail;  // one sentence's worth of what changed
};

/// The service's greeting after it was set up: announced nowhere, but it proves the connection.
struct Ping {
    std::vector<std::string> events;  // what the service will send; empty: it did not tell
    bool sends_everything = false;
};

struct Event {
    EventId id;
    Service service = Service::github;
    std::string name;             // "pr"; empty: nothing that Hookline knows, or a ping
    std::string action;           // "merged"
    std::string provider_name;    // "pull_request": what the service calls it
    std::string provider_action;  // "closed"
    std::optional<Repository> repo;
    /// Pushed to, created, deleted or run on; a request's base (docs/contract.md, section 4).
    std::string branch;
    std::optional<Actor> actor;
    std::string title, message, url, commit;
    std::string change;  // what an edit changed, the label or the person it is about: "title", "bug"
    TimePoint time;      // when it happened, where the payload tells; else when it was received
    bool is_bot = false;
    bool is_test = false;
    /// The event ("workflow", "branch") by which the service tells the same act again and better.
    std::string told_by;
    /// The service's own event that tells the rest of the same run: of a run its jobs, of a job its run.
    /// Empty where the service tells all of it in one.
    std::string rest_in;
    /// Another full name that a hook's list may ask for it by: a push that makes a branch, where no event of
    /// its own tells that, is "branch.created" too.
    std::string also;
    /// What Hookline calls a pull request is a merge request to this service, and is written "!45".
    bool has_merge_requests = false;
    /// Not for everyone who can see the project: a confidential issue, an internal note.
    bool is_confidential = false;
    /// It happened long before anybody could listen, and comes with others of that time.
    bool is_late = false;

    std::optional<Push> push;
    std::optional<PullRequest> pr;
    std::optional<Review> review;
    std::optional<Comment> comment;
    std::optional<Issue> issue;
    std::optional<Release> release;
    std::optional<Run> workflow;
    std::optional<Pipeline> pipeline;  // of `ci` events: pipeline, stage, job
    std::optional<Job> job;            // the one that this event is about
    std::optional<Deployment> deployment;
    std::optional<Image> image;
    std::optional<Container> container;
    std::optional<Build> build;  // … and `image`, of one that made an image
    std::optional<Notice> notice;
    std::optional<Subject> subject;
    std::optional<Ping> ping;

    /// "pr.merged"; "push" where there is no action.
    [[nodiscard]] std::string full_name() const { return action.empty() ? name : name + "." + action; }
};

}  // namespace hookline::event
