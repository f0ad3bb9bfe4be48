#include "format/compact.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/byte_size.hpp"
#include "base/duration.hpp"
#include "base/text.hpp"
#include "format/builds.hpp"
#include "format/look.hpp"
#include "format/parts.hpp"

namespace hookline::format {

using event::Conclusion;
using message::Markdown;

namespace {

constexpr std::size_t longest_line = 600;  // links count, which no reader sees
constexpr std::size_t longest_title = 100;
constexpr std::size_t longest_name = 60;

/// Pieces with a dot between them; what there is nothing to say of is left out.
class Line {
public:
    Line& add(const Markdown& piece) {
        const std::string text = piece.str();
        if (!trim(text).empty()) {
            line_.markup(line_.empty() ? "" : " · ").markup(text);
        }
        return *this;
    }
    Line& text(std::string_view untrusted, std::size_t longest = longest_title) {
        const std::string_view first = trim(first_line(trim(untrusted)));
        return first.empty() ? *this : add(Markdown().text(shorten(first, longest)));
    }
    Line& words(std::string_view trusted) { return add(Markdown().markup(trusted)); }
    Line& code(std::string_view untrusted) {
        const std::string shown = shorten(message::short_commit(trim(untrusted)), longest_name);
        return shown.empty() ? *this : add(Markdown().code(shown));
    }
    Line& duration(const std::optional<std::chrono::seconds>& duration) {
        return duration ? words(spell_duration(*duration)) : *this;
    }
    [[nodiscard]] std::string str() const { return line_.cut_to(longest_line); }

private:
    Markdown line_;
};

/// Whoever did it; whoever made it, where nobody is told to have done it.
Markdown doer(const event::Event& event, std::string_view maker, std::string_view url) {
    const Markdown did = actor(event);
    return did.empty() ? person(event, maker, url) : did;
}

Markdown commit_of(std::string_view title, std::string_view id, std::string_view url) {
    Markdown commit;
    const std::string subject = shorten(trim(first_line(trim(title))), longest_title);
    if (!subject.empty()) {
        commit.markup("\"").text(subject).markup("\" ");
    }
    if (!trim(id).empty()) {
        commit.code_link(shorten(message::short_commit(trim(id)), longest_name), url);
    }
    return commit;
}

/// "4 files (+84, -9)", where the code host told.
std::string files_of(const Enrichment& enrichment) {
    if (enrichment.files.empty()) {
        return {};
    }
    // What a host counts may be anything; a sum must not run over.
    constexpr std::int64_t most_lines = 1'000'000'000;
    std::int64_t additions = 0;
    std::int64_t deletions = 0;
    for (const Enrichment::File& file : enrichment.files) {
        additions += std::clamp<std::int64_t>(file.additions, 0, most_lines);
        deletions += std::clamp<std::int64_t>(file.deletions, 0, most_lines);
    }
    const std::size_t count = enrichment.files.size();
    return fmt::format("{}{} file{} ({})", count, enrichment.files_are_partial ? "+" : "",
                       count == 1 ? "" : "s", line_counts(additions, deletions));
}

std::string of_push(const event::Event& event, const Enrichment& enrichment) {
    const event::Push& push = *event.push;
    Line line;
    line.add(actor(event));
    if (push.kind == event::Push::Kind::deleted) {
        return line.str();
    }
    if (push.commit_count > 0) {
        line.words(fmt::format("{}{} commit{}", grouped(push.commit_count), push.count_is_at_least ? "+" : "",
                               push.commit_count == 1 && !push.count_is_at_least ? "" : "s"));
    }
    line.words(files_of(enrichment));
    if (push.head) {
        line.add(commit_of(push.head->message, push.head->id, push.head->url));
    }
    return line.str();
}

std::string of_request(const event::Event& event) {
    const event::PullRequest& pr = *event.pr;
    Line line;
    line.text(pr.title).add(doer(event, pr.author, pr.author_url));
    if (pr.is_open && !trim(pr.head).empty() && !trim(pr.base).empty()) {
        line.add(Markdown()
                     .code(shorten(pr.head, longest_name))
                     .markup(" → ")
                     .code(shorten(pr.base, longest_name)));
    }
    if (event.action == "opened" && pr.additions && pr.deletions) {
        line.words(line_counts(*pr.additions, *pr.deletions));
    }
    return line.str();
}

std::string of_review(const event::Event& event) {
    const event::Review& review = *event.review;
    Line line;
    line.text(event.pr ? event.pr->title : "").add(doer(event, review.author, review.author_url));
    if (!trim(event.change).empty()) {
        line.add(Markdown().markup("still needs ").text(shorten(trim(event.change), longest_name)));
    }
    return line.str();
}

Markdown starter_of(const event::Event& event, const event::Run& run) {
    // The account that is named there only wrote the schedule.
    return run.trigger == "schedule" ? Markdown().markup("schedule") : person(event, run.triggered_by, "");
}

std::string of_run(const event::Event& event) {
    const event::Run& run = *event.workflow;
    Line line;
    if (event.name == "job") {
        line.text(run.title, longest_name);
    }
    line.code(run.branch).duration(run.duration).add(starter_of(event, run)).text(run.detail);
    return line
        .add(commit_of(event.name == "workflow" || event.name == "check_suite" ? run.title : "", run.commit,
                       run.commit_url))
        .str();
}

/// "test › unit-tests: script failure": where it failed, as far as the sender tells.
Markdown failure_of(const event::Pipeline& pipeline, const Enrichment& enrichment) {
    Markdown failure;
    std::string_view stage = enrichment.stopped_at.empty() ? pipeline.stage : enrichment.stopped_at;
    std::string_view error = trim(pipeline.error).empty() ? enrichment.error : pipeline.error;
    std::size_t others = 0;
    const event::Job* first = nullptr;
    for (const event::Job& job : pipeline.jobs) {
        if (event::is_failure(job.conclusion) && !job.is_allowed_to_fail) {
            others += first == nullptr ? 0 : 1;
            first = first == nullptr ? &job : first;
        }
    }
    if (first != nullptr) {
        stage = first->stage.empty() ? stage : first->stage;
        error = trim(first->error).empty() ? error : first->error;
    }
    failure.text(shorten(trim(stage), longest_name));
    if (first != nullptr && first->name != stage) {
        failure.markup(trim(stage).empty() ? "" : " › ").text(shorten(first->name, longest_name));
    }
    if (others > 0) {
        failure.markup(fmt::format(" and {} more", others));
    }
    // The last line of a log says what went wrong.
    const auto lines = split(trim(error), '\n');
    const std::string reason = lines.empty() ? "" : shorten(trim(lines.back()), longest_title);
    if (!reason.empty()) {
        failure.markup(trim(failure.str()).empty() ? "" : ": ").text(reason);
    }
    return failure;
}

std::string of_pipeline(const event::Event& event, const Enrichment& enrichment) {
    Line line;
    if (event.job) {
        line.text(event.job->stage, longest_name).text(event.action == "failed" ? event.job->error : "");
    } else if (event.action == "failed") {
        line.add(failure_of(*event.pipeline, enrichment));
    } else if (event.name != "stage") {
        line.text(event.pipeline->stage, longest_name);
    }
    if (!event.repo && event.pipeline) {
        line.text(event.pipeline->project, longest_name);
    }
    line.code(event.pipeline ? event.pipeline->run.branch : event.branch);
    std::optional<std::chrono::seconds> took = event.job ? event.job->duration : event.pipeline->run.duration;
    if (event.name == "stage") {
        took.reset();
        for (const event::Stage& stage : event.pipeline->stages) {
            took = stage.name == event.pipeline->stage ? stage.duration : took;
        }
    }
    line.duration(took);
    if (!event.pipeline) {
        return line.add(actor(event)).str();
    }
    const event::Run& run = event.pipeline->run;
    line.add(starter_of(event, run));
    const std::string number = run.number > 0 ? fmt::format("#{} ", run.number) : "";
    const bool names_project = trim(run.name) == trim(event.pipeline->project);
    return line.text(number + (names_project ? "" : std::string(trim(run.name))), longest_name).str();
}

std::string of_image(const event::Event& event) {
    Line line;
    line.add(actor(event));
    if (event.image->size && *event.image->size > 0) {
        line.words(spell_bytes(*event.image->size));
    }
    return line.text(event.image->repository).str();
}

std::string of_container(const event::Event& event) {
    const event::Container& container = *event.container;
    Line line;
    line.text(event.message);
    if (container.is_in_loop()) {
        line.words(fmt::format("{} times", grouped(container.ends)));
    }
    line.duration(container.uptime);
    return line.text(container.logs.empty() ? "" : container.logs.back()).text(container.image).str();
}

std::string of_build(const event::Event& event) {
    const event::Build& build = *event.build;
    Line line;
    line.code(build.failed_step);
    if (build.status == event::Build::Status::failed) {
        const Markdown exit = exit_of(build);
        line.words(exit.empty() ? "" : "exit code " + exit.str());
    }
    line.words(took(build));
    if (build.size) {
        line.words(spell_bytes(*build.size));
    }
    if (build.layers) {
        line.words(counted(*build.layers, "layer"));
    }
    line.code(build.tags.empty() ? build.command : build.tags.front());
    line.text(build.stage, longest_name).text(build.host, longest_name);
    const bool has_failed = build.status == event::Build::Status::failed;
    return line.text(has_failed ? event.message : std::string()).str();
}

std::string of_notice(const event::Event& event) {
    const event::Notice& notice = *event.notice;
    constexpr std::size_t longest_text = 200;
    Line line;
    line.text(notice.text, longest_text);
    if (trim(notice.text).empty() && !notice.facts.empty()) {
        const event::Notice::Fact& fact = notice.facts.front();
        line.text(fmt::format("{}: {}", trim(fact.name), trim(first_line(trim(fact.value)))), longest_text);
    }
    const std::int64_t count = std::max(notice.item_count, static_cast<std::int64_t>(notice.items.size()));
    if (count > 1) {
        line.words(fmt::format("{} alerts", grouped(count)));
    }
    return line.add(actor(event)).str();
}

std::string of_deployment(const event::Event& event) {
    const event::Deployment& deployment = *event.deployment;
    Line line;
    line.add(actor(event)).code(deployment.ref);
    if (deployment.commit != deployment.ref) {
        line.add(commit_of(deployment.commit_title, deployment.commit, deployment.commit_url));
    }
    return line.text(deployment.description).str();
}

std::string of_release(const event::Event& event) {
    const event::Release& release = *event.release;
    Line line;
    line.text(trim(release.name) == trim(release.tag) ? "" : release.name);
    line.add(doer(event, release.author, release.author_url));
    if (!release.assets.empty()) {
        line.words(fmt::format("{} file{}", release.assets.size(), release.assets.size() == 1 ? "" : "s"));
    }
    return line.str();
}

std::string of_comment(const event::Event& event) {
    const event::Comment& comment = *event.comment;
    Line line;
    line.text(event.pr ? event.pr->title : event.issue ? event.issue->title : "");
    line.add(doer(event, comment.author, comment.author_url));
    if (!trim(comment.path).empty()) {
        Markdown place;
        place.code(shorten(comment.path, longest_title));
        if (comment.line && *comment.line > 0) {
            place.markup(fmt::format(", line {}", *comment.line));
        }
        line.add(place);
    }
    return line.str();
}

std::string of_issue(const event::Event& event) {
    const event::Issue& issue = *event.issue;
    Line line;
    line.text(issue.title).add(doer(event, issue.author, issue.author_url));
    if (!message::safe_url(issue.moved_to).empty()) {
        line.add(Markdown().link(
            event.change.empty() ? "its new place" : shorten(event.change, longest_title), issue.moved_to));
    }
    return line.str();
}

std::string of_thing(const event::Event& event) {
    Line line;
    line.add(actor(event));
    if (!event.subject) {
        return line.str();
    }
    if (event.name == "deployment") {
        line.code(event.branch);
    }
    return line.text(event.subject->detail).str();
}

}  // namespace

std::string compact_line(const event::Event& event, const Enrichment& enrichment) {
    if (event.push) {
        return of_push(event, enrichment);
    }
    if (event.pipeline || event.job) {
        return of_pipeline(event, enrichment);
    }
    if (event.build) {
        return of_build(event);
    }
    if (event.image) {
        return of_image(event);
    }
    if (event.container) {
        return of_container(event);
    }
    if (event.notice) {
        return of_notice(event);
    }
    if (event.workflow) {
        return of_run(event);
    }
    if (event.deployment) {
        return of_deployment(event);
    }
    if (event.release) {
        return of_release(event);
    }
    if (event.review) {
        return of_review(event);
    }
    if (event.comment) {
        return of_comment(event);
    }
    if (event.pr) {
        return of_request(event);
    }
    return event.issue ? of_issue(event) : of_thing(event);
}

}  // namespace hookline::format
