#include "services/announced.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hookline::services {

namespace {

struct Row {
    std::string_view name;
    std::string_view action;
};

/// CONTRACT.md, section 4, "Announced unless asked otherwise". What has no row is silent.
constexpr std::array usual{
    Row{"push", ""},
    Row{"push", "forced"},
    Row{"push", "created"},  // a new branch with new commits
    Row{"push", "moved"},    // a tag
    Row{"pr", "opened"},
    Row{"pr", "ready_for_review"},
    Row{"pr", "closed"},
    Row{"pr", "merged"},
    Row{"pr", "reopened"},
    Row{"review", "approved"},
    Row{"review", "changes_requested"},
    Row{"review", "dismissed"},
    Row{"review", "commented"},
    Row{"comment", "created"},
    Row{"issue", "opened"},
    Row{"issue", "closed"},
    Row{"issue", "reopened"},
    Row{"issue", "transferred"},
    Row{"release", "published"},
    Row{"workflow", "passed"},
    Row{"workflow", "failed"},
    Row{"workflow", "cancelled"},
    Row{"workflow", "action_required"},
    Row{"workflow", "neutral"},
    Row{"workflow", "stale"},
    Row{"pipeline", "passed"},
    Row{"pipeline", "failed"},
    Row{"pipeline", "cancelled"},
    Row{"pipeline", "action_required"},
    Row{"pipeline", "neutral"},
    Row{"pipeline", "stale"},
    Row{"job", "failed"},
    Row{"check", "failed"},
    Row{"deployment", "success"},
    Row{"deployment", "failure"},
    Row{"deployment", "error"},
    Row{"image", "pushed"},
    Row{"image", "built"},  // another name of build.completed
    Row{"start", "started"},
    Row{"start", "restarted"},
    Row{"stop", "stopped"},
    Row{"stop", "finished"},
    Row{"stop", "gone"},
    Row{"error", "crashed"},
    Row{"error", "oom"},
    Row{"error", "process_oom"},
    Row{"error", "not_started"},
    Row{"health", "unhealthy"},
    Row{"health", "healthy"},
    Row{"build", "started"},
    Row{"build", "completed"},
    Row{"build", "failed"},
    Row{"build", "cancelled"},
    Row{"engine", "away"},
    Row{"engine", "back"},
    Row{"security", "opened"},
    Row{"security", "reopened"},
    Row{"security", "fixed"},
    Row{"discussion", "created"},
    Row{"discussion", "answered"},
    Row{"webhook", "deleted"},
};

struct Reason {
    std::string_view name;
    std::string_view action;  // empty: the rest of that event
    std::string_view why;     // a clause: "nobody waits for it"
};

constexpr std::string_view on_its_page = "who works on it sees it on its page";
constexpr std::string_view while_it_runs = "its end is told";
constexpr std::string_view nothing_to_do = "there is nothing to do about it";
constexpr std::string_view settings = "it is about settings and people, not about the work";

/// Why what is silent is silent: for `!hook why` and docs/events.md.
constexpr std::array reasons{
    Reason{"push", "deleted", "branches and tags come and go; ask for branch or tag to hear of it"},
    Reason{"pr", "synchronize", "it would repeat the push; reviewers see the new commits on its page"},
    Reason{"pr", "converted_to_draft", "it is told when it is ready for review again"},
    Reason{"pr", "enqueued", "the merge is told"},
    Reason{"pr", "auto_merge_enabled", "the merge is told"},
    Reason{"pr", "", on_its_page},
    Reason{"review", "", "the review was told when it was given"},
    Reason{"review_thread", "", on_its_page},
    Reason{"comment", "", "the comment was told when it was written"},
    Reason{"issue", "", on_its_page},
    Reason{"sub_issue", "", on_its_page},
    Reason{"release", "released", "published tells the same"},
    Reason{"release", "prereleased", "published tells the same"},
    Reason{"release", "", "a release is told once, when it is published"},
    Reason{"workflow", "skipped", "it did not run"},
    Reason{"workflow", "", while_it_runs},
    Reason{"pipeline", "skipped", "it did not run"},
    Reason{"pipeline", "", "its end is told, in hooks for CI its start too"},
    Reason{"stage", "", "a stage is told when it is over, in hooks for CI"},
    Reason{"job", "", "only what fails is told of single jobs"},
    Reason{"check", "", "only what fails is told of single checks"},
    Reason{"check_suite", "", "its checks are told one by one"},
    Reason{"branch", "", "branches come and go; a push tells what is in them"},
    Reason{"tag", "", "a release tells of it, where there is one"},
    Reason{"deployment", "inactive", "a newer deployment replaced it, which was told"},
    Reason{"deployment", "requested", "whoever may approve it is asked by GitHub"},
    Reason{"deployment", "", while_it_runs},
    Reason{"discussion", "", on_its_page},
    Reason{"discussion_comment", "", on_its_page},
    Reason{"fork", "", nothing_to_do},
    Reason{"star", "", nothing_to_do},
    Reason{"watch", "", "star tells the same"},
    Reason{"wiki", "", "the wiki keeps its own history"},
    Reason{"package", "", "the release or the run that published it is told"},
    Reason{"image", "", "only what is pushed is told"},
    Reason{"start", "retried", "why it ended is told, and how often"},
    Reason{"start", "", nothing_to_do},
    Reason{"stop", "", nothing_to_do},
    Reason{"health", "", "it is as it should be"},
    Reason{"security", "", "somebody looks after it already"},
    Reason{"advisory", "", "it is about any project; alerts tell what concerns this one"},
    Reason{"member", "", settings},
    Reason{"team", "", settings},
    Reason{"organization", "", settings},
    Reason{"app", "", settings},
    Reason{"repo", "", settings},
    Reason{"label", "", settings},
    Reason{"milestone", "", settings},
    Reason{"project", "", "boards follow the issues, which are told"},
    Reason{"rule", "", settings},
    Reason{"deploy_key", "", settings},
    Reason{"page", "", "the run that built it is told"},
    Reason{"merge_queue", "", "the merge is told"},
    Reason{"dispatch", "", "the workflow that it starts is told"},
    Reason{"sponsor", "", "it is not about the work"},
    Reason{"emoji", "", nothing_to_do},
    Reason{"flag", "", settings},
    Reason{"group", "", settings},
    Reason{"item", "", settings},
    Reason{"account", "", settings},
    Reason{"token", "", settings},
};

std::string_view reason_for(const event::Event& event) {
    const auto found = std::find_if(reasons.begin(), reasons.end(), [&](const Reason& row) {
        return row.name == event.name && (row.action.empty() || row.action == event.action);
    });
    return found != reasons.end() ? found->why : std::string_view();
}

/// `ci` hooks hear of starts and stages too.
constexpr std::array usual_for_ci{
    Row{"pipeline", "started"},
    Row{"stage", "passed"},
    Row{"stage", "failed"},
};

/// What a hook for CI is about. Its endpoint may be sent more, for a service sends what was ticked there.
constexpr std::array<std::string_view, 6> names_of_ci{"pipeline", "stage",      "job",
                                                      "check",    "deployment", "build"};

/// Whoever points a sender at a custom endpoint has chosen there what it sends: everything is announced. But
/// GitHub by way of a relay sends what GitHub sends.
bool is_of_custom(const event::Event& event) {
    return event.service == event::Service::custom && !event.name.empty() &&
           !event.provider_name.starts_with("github:");
}

template <std::size_t N>
bool contains(const std::array<Row, N>& rows, const event::Event& event) {
    return std::any_of(rows.begin(), rows.end(),
                       [&](const Row& row) { return row.name == event.name && row.action == event.action; });
}

}  // namespace

std::string_view nothing_to_say(const event::Event& event) {
    if (is_of_custom(event)) {
        return {};
    }
    if (event.service == event::Service::ci &&
        std::find(names_of_ci.begin(), names_of_ci.end(), event.name) == names_of_ci.end()) {
        return "hooks for CI tell pipelines, stages, jobs, checks, deployments and builds";
    }
    if (event.image && !event.build && event.provider_name == "image") {
        return "what an engine does with its images is told where it is asked for";
    }
    if (event.push && event.push->is_merge_queue) {
        return "a merge queue pushed it, to try a merge";
    }
    if (event.name == "push" && event.push) {
        const event::Push& push = *event.push;
        const bool has_news = std::any_of(push.commits.begin(), push.commits.end(),
                                          [](const event::Commit& commit) { return commit.is_distinct; });
        if (push.kind == event::Push::Kind::created && !has_news) {
            return "it brought no new commits";
        }
        if (push.kind == event::Push::Kind::commits && push.ref == event::Push::Ref::branch &&
            push.commit_count == 0) {
            return "it held no commits and changed nothing";
        }
    }
    if (event.name == "review" && event.action == "commented" && event.review && event.review->body.empty()) {
        return "the review has no text; its comments are told one by one";
    }
    return {};
}

bool is_usual_action(const event::Event& event) {
    return (contains(usual, event) || is_of_custom(event) ||
            (event.service == event::Service::ci && contains(usual_for_ci, event))) &&
           nothing_to_say(event).empty();
}

bool is_usual_action(std::string_view name, std::string_view action) {
    return std::any_of(usual.begin(), usual.end(),
                       [&](const Row& row) { return row.name == name && row.action == action; });
}

bool has_usual_action(std::string_view name) {
    const auto has_name = [&](const Row& row) { return row.name == name; };
    return std::any_of(usual.begin(), usual.end(), has_name) ||
           std::any_of(usual_for_ci.begin(), usual_for_ci.end(), has_name);
}

std::string silent_by_default(const event::Event& event) {
    if (event.ping) {
        return "a ping proves the connection and is not announced";
    }
    if (event.name.empty()) {
        return fmt::format("Hookline does not know the event “{}” and only stores it", event.provider_name);
    }
    const std::string_view nothing = nothing_to_say(event);
    if (!nothing.empty()) {
        return fmt::format("{} is not announced by default: {}", event.full_name(), nothing);
    }
    if (!is_usual_action(event)) {
        const std::string_view why = reason_for(event);
        return fmt::format("{} is not announced by default{}{}", event.full_name(), why.empty() ? "" : ": ",
                           why);
    }
    if (!event.told_by.empty()) {
        return fmt::format("{} is not announced by default: {} tells it", event.full_name(), event.told_by);
    }
    return {};
}

bool is_for_private_channels(const event::Event& event) {
    return event.name == "security" || event.is_confidential || (event.issue && event.issue->is_confidential);
}

}  // namespace hookline::services
