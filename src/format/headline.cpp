#include "format/headline.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "message/markdown.hpp"

namespace hookline::format {

namespace {

constexpr std::size_t longest_name = 100;  // of 256 that a title has: the words around it always stay

std::string name(std::string_view untrusted) {
    return message::escape(shorten(trim(untrusted), longest_name));
}

/// "review_requested" in words.
std::string words(std::string_view action) {
    std::string result = name(action);
    // Escaped or not, an underscore is a space to a reader.
    for (std::size_t at = 0; (at = result.find('_', at)) != std::string::npos;) {
        const bool is_escaped = at > 0 && result[at - 1] == '\\';
        result.replace(is_escaped ? at - 1 : at, is_escaped ? 2 : 1, " ");
    }
    return result;
}

/// "Pull Request #45"; without a number where the payload told none.
std::string numbered(std::string_view noun, std::int64_t number, char sign = '#') {
    return number > 0 ? fmt::format("{} {}{}", noun, sign, number) : std::string(noun);
}

/// "Pull Request #45", "Merge Request !45": as the service's own people say it.
std::string request_of(const event::Event& event) {
    const std::int64_t number = event.pr ? event.pr->number : 0;
    return event.has_merge_requests ? numbered("Merge Request", number, '!')
                                    : numbered("Pull Request", number);
}

std::string capitalized(std::string text) {
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    }
    return text;
}

/// "labeled bug": the action, and what it was about where the payload told.
std::string action_of(const event::Event& event) {
    const std::string change = name(event.change);
    return change.empty() ? words(event.action) : fmt::format("{} {}", words(event.action), change);
}

Headline of_push(const event::Event& event) {
    const event::Push& push = *event.push;
    const std::string ref = name(push.name);
    const bool is_tag = push.ref == event::Push::Ref::tag;
    const std::string_view noun = is_tag ? "Tag" : "Branch";
    switch (push.kind) {
        case event::Push::Kind::created:
            return {is_tag ? "🏷️" : "🌱", color::news, fmt::format("{} {} created", noun, ref)};
        case event::Push::Kind::deleted:
            return {"🗑️", color::quiet, fmt::format("{} {} deleted", noun, ref)};
        case event::Push::Kind::forced:
        case event::Push::Kind::commits:
            break;
    }
    if (is_tag) {
        return {"🏷️", color::care, fmt::format("Tag {} moved", ref)};
    }
    if (push.kind == event::Push::Kind::forced) {
        return {"⚠️", color::care, fmt::format("Force push to {}", ref)};
    }
    return {"🚀", color::news, fmt::format("Push to {}", ref)};
}

Headline of_request(const event::Event& event) {
    const event::PullRequest& pr = *event.pr;
    const std::string subject = request_of(event);
    const std::string& action = event.action;
    if (action == "opened") {
        return {pr.is_draft ? "📝" : "📋", pr.is_draft ? color::quiet : color::good,
                fmt::format("New {}{}", pr.is_draft ? "Draft " : "", subject)};
    }
    if (action == "ready_for_review") {
        return {"👀", color::good, subject + " is ready for review"};
    }
    if (action == "merged") {
        return {"🎉", color::merged, subject + " merged"};
    }
    if (action == "closed") {
        return {"🚫", color::bad, subject + " closed without merging"};
    }
    if (action == "reopened") {
        return {"🔄", color::good, subject + " reopened"};
    }
    if (action == "synchronize") {
        return {"🔁", color::news, "New commits in " + subject};
    }
    return {"📋", color::news, fmt::format("{}: {}", subject, action_of(event))};
}

Headline of_review(const event::Event& event) {
    const std::string subject = request_of(event);
    const std::string& action = event.action;
    if (action == "approved") {
        return {"✅", color::good, subject + " approved"};
    }
    if (action == "changes_requested") {
        return {"🛑", color::bad, "Changes requested on " + subject};
    }
    if (action == "dismissed") {
        return {"↩️", color::quiet,
                event.has_merge_requests ? fmt::format("Approval of {} taken back", subject)
                                         : fmt::format("Review of {} dismissed", subject)};
    }
    if (action == "commented") {
        return {"💬", color::news, "Review of " + subject};
    }
    return {"💬", color::news, fmt::format("Review of {}: {}", subject, words(action))};
}

/// "Issue #46", "Incident #46".
std::string issue_of(const event::Issue& issue) {
    return numbered(issue.kind.empty() ? "Issue" : capitalized(words(issue.kind)), issue.number);
}

Headline of_issue(const event::Event& event) {
    const event::Issue& issue = *event.issue;
    const std::string subject = issue_of(issue);
    const std::string& action = event.action;
    if (action == "opened") {
        return {"🎫", color::good, "New " + subject};
    }
    if (action == "closed") {
        const bool is_done = issue.state_reason.empty() || issue.state_reason == "completed";
        return {is_done ? "✅" : "🚫", is_done ? color::merged : color::quiet,
                is_done ? subject + " closed"
                        : fmt::format("{} closed as {}", subject, words(issue.state_reason))};
    }
    if (action == "reopened") {
        return {"🔄", color::good, subject + " reopened"};
    }
    if (action == "transferred") {
        return {"➡️", color::care, subject + " moved to another repository"};
    }
    return {"🎫", color::news, fmt::format("{}: {}", subject, action_of(event))};
}

/// What a comment is on, with its article left out: "Issue #46", "commit 42f0c7d".
std::string commented_thing(const event::Event& event) {
    if (event.pr) {
        return request_of(event);
    }
    if (event.issue) {
        return event.name == "discussion_comment" ? numbered("Discussion", event.issue->number)
                                                  : issue_of(*event.issue);
    }
    if (event.subject) {
        return fmt::format("{} {}", words(event.subject->kind), name(first_line(event.subject->name)));
    }
    const std::string commit = message::short_commit(event.commit);
    return commit.empty() ? "a commit" : "commit " + name(commit);
}

Headline of_comment(const event::Event& event) {
    const std::string thing = commented_thing(event);
    if (event.name == "review_thread") {
        return {"💬", color::news, fmt::format("Review thread of {} {}", thing, words(event.action))};
    }
    if (event.action == "created") {
        return {"💬", color::news, "New comment on " + thing};
    }
    return {"💬", color::quiet, fmt::format("Comment on {} {}", thing, words(event.action))};
}

Headline of_release(const event::Event& event) {
    const event::Release& release = *event.release;
    const std::string_view noun = release.is_prerelease ? "Prerelease" : "Release";
    const std::string tag = name(release.tag.empty() ? release.name : release.tag);
    const std::string subject = tag.empty() ? std::string(noun) : fmt::format("{} {}", noun, tag);
    if (event.action == "published") {
        return {release.is_prerelease ? "🧪" : "📦", release.is_prerelease ? color::care : color::good,
                subject + " published"};
    }
    return {"📦", color::quiet, fmt::format("{} {}", subject, words(event.action))};
}

Headline of_run(const event::Event& event) {
    const event::Run& run = *event.workflow;
    const RunLook& look = look_of(run.conclusion);
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> nouns{
        {{"job", "Job"}, {"check", "Check"}, {"check_suite", "Checks of"}}};
    std::string_view noun = "Workflow";
    for (const auto& [known, word] : nouns) {
        noun = event.name == known ? word : noun;
    }
    const std::string title = name(run.name);
    const std::string subject = title.empty() ? std::string(noun) : fmt::format("{} \"{}\"", noun, title);
    if (run.conclusion == event::Conclusion::none && event.action != "started") {
        return {look.emoji, look.color, fmt::format("{}: {}", subject, words(event.action))};
    }
    if (run.is_fixed) {
        return {look.emoji, look.color, fmt::format("{} passes again", subject)};
    }
    return {look.emoji, look.color, fmt::format("{} {}", subject, look.verb)};
}

/// Whole pipelines are told as "Pipeline Failed", whatever they are called: which one it is, a field tells.
Headline of_pipeline(const event::Event& event) {
    const event::Run& run = event.pipeline->run;
    const RunLook& look = look_of(run.conclusion);
    if (run.conclusion != event::Conclusion::none) {
        const std::string_view ending = run.is_fixed ? "Passes Again" : look.ending;
        return {look.emoji, look.color, fmt::format("Pipeline {}", ending)};
    }
    if (event.action == "started") {
        return {"⚙️", color::news, "Pipeline Started"};
    }
    const std::string action = words(event.action);
    return {look.emoji, look.color, action.empty() ? "Pipeline" : "Pipeline: " + action};
}

/// A stage or a job: `Stage "Build" passed`.
Headline of_part(const event::Event& event, std::string_view noun, std::string_view title,
                 event::Conclusion conclusion) {
    const RunLook& look = look_of(conclusion);
    const std::string shown = name(title);
    const std::string subject = shown.empty() ? std::string(noun) : fmt::format("{} \"{}\"", noun, shown);
    if (conclusion == event::Conclusion::none) {
        return {event.action == "started" ? "⚙️" : look.emoji, look.color,
                fmt::format("{} {}", subject, words(event.action))};
    }
    return {look.emoji, look.color, fmt::format("{} {}", subject, verb_of_part(conclusion))};
}

Headline of_stage(const event::Event& event) {
    const event::Pipeline& pipeline = *event.pipeline;
    event::Conclusion conclusion = event::Conclusion::none;
    for (const event::Stage& stage : pipeline.stages) {
        conclusion = stage.name == pipeline.stage ? stage.conclusion : conclusion;
    }
    return of_part(event, "Stage", pipeline.stage, conclusion);
}

Headline of_job(const event::Event& event) {
    const event::Job& job = *event.job;
    Headline headline = of_part(event, "Job", job.name, job.conclusion);
    if (job.is_allowed_to_fail && event.action == "failed") {
        headline.emoji = "⚠️";
        headline.color = color::care;
        headline.text += ", as it is allowed to";
    }
    return headline;
}

Headline of_deployment(const event::Event& event) {
    const std::string environment = name(event.deployment->environment);
    const Look* look = look_of(event.full_name());
    if (look != nullptr && !environment.empty()) {
        return {look->emoji, look->color, fmt::format(fmt::runtime(look->sentence), environment)};
    }
    const std::string subject = environment.empty() ? "Deployment" : "Deployment to " + environment;
    return {look != nullptr ? look->emoji : "🚢", look != nullptr ? look->color : color::news,
            event.action.empty() ? subject : fmt::format("{}: {}", subject, words(event.action))};
}

Headline of_discussion(const event::Event& event) {
    const std::string subject = numbered("Discussion", event.issue ? event.issue->number : 0);
    if (event.action == "created") {
        return {"🗣️", color::news, "New " + subject};
    }
    if (event.action == "answered") {
        return {"💡", color::good, subject + " answered"};
    }
    return {"🗣️", color::news, fmt::format("{}: {}", subject, action_of(event))};
}

/// A notice's title is the sender's own.
Headline of_notice(const event::Event& event) {
    constexpr std::size_t longest_title = 240;
    const NoticeLook& look = look_of(event.notice->severity);
    const std::string title = message::escape(shorten(trim(first_line(trim(event.title))), longest_title));
    if (!title.empty()) {
        return {look.emoji, look.color, title};
    }
    const std::string source = name(event.notice->source);
    return {look.emoji, look.color,
            fmt::format("A message of {}", source.empty() ? event::display_name(event.service) : source)};
}

/// The image's own name: where its registry is and who owns it, a field tells.
Headline of_image(const event::Event& event) {
    const event::Image& image = *event.image;
    const std::string_view repository = trim(image.repository);
    const std::size_t slash = repository.rfind('/');
    std::string shown = name(slash == std::string_view::npos ? repository : repository.substr(slash + 1));
    if (!trim(image.tag).empty() && !shown.empty()) {
        shown += ":" + name(image.tag);
    }
    const std::size_t others = event.notice ? event.notice->items.size() : 0;
    if (others > 0 && !shown.empty()) {
        shown += fmt::format(" and {} more", others);
    }
    const Look* look = look_of(event.full_name());
    if (look != nullptr && !shown.empty()) {
        return {look->emoji, look->color, fmt::format(fmt::runtime(look->sentence), shown)};
    }
    std::string text = "Image";
    for (const std::string& part : {shown, words(event.action)}) {
        text += part.empty() ? "" : " " + part;
    }
    return {look != nullptr ? look->emoji : "🐳", look != nullptr ? look->color : color::news, text};
}

/// A container that ends again and again is one thing that happens, not many.
Headline of_container(const event::Event& event) {
    const event::Container& container = *event.container;
    std::string shown = name(container.name);
    if (shown.empty()) {
        constexpr std::size_t short_id = 12;  // as Docker shows it
        shown = name(container.id.substr(0, short_id));
    }
    const bool has_ended = event.name == "error" || event.full_name() == "stop.finished";
    const bool is_loop = has_ended && container.is_in_loop();
    const bool is_anew = event.full_name() == "start.restarted" && container.is_recreated;
    const Look* look = look_of(is_loop ? "error.loop" : is_anew ? "start.recreated" : event.full_name());
    if (look == nullptr) {
        return {"🐳", color::news, fmt::format("Container {}: {}", words(event.action), shown)};
    }
    return {look->emoji, look->color, fmt::format(fmt::runtime(look->sentence), shown)};
}

Headline of_build(const event::Event& event) {
    const Look* look = look_of(event.full_name());
    const std::string shown = name(first_line(trim(event.build->name)));
    if (look == nullptr) {
        return {"🔨", color::news, fmt::format("Build {}: {}", words(event.action), shown)};
    }
    return {look->emoji, look->color, fmt::format(fmt::runtime(look->sentence), shown)};
}

Headline of_thing(const event::Event& event) {
    const event::Subject& subject = *event.subject;
    const std::string title = name(first_line(subject.name));
    const Look* look = look_of(event.full_name());
    if (look != nullptr && !title.empty()) {
        return {look->emoji, look->color, fmt::format(fmt::runtime(look->sentence), title)};
    }
    std::string text = capitalized(words(subject.kind));
    for (const std::string& part : {title, words(event.action)}) {
        text += part.empty() ? "" : " " + part;
    }
    return {look != nullptr ? look->emoji : "ℹ️", look != nullptr ? look->color : color::news, text};
}

Headline of_anything(const event::Event& event) {
    if (event.ping) {
        return {"🏓", color::good, fmt::format("{} says hello", event::display_name(event.service))};
    }
    std::string text = words(event.provider_name);
    if (!event.provider_action.empty()) {
        text += text.empty() ? words(event.provider_action) : ": " + words(event.provider_action);
    }
    return {"ℹ️", color::quiet,
            text.empty() ? fmt::format("An event of {}", event::display_name(event.service))
                         : fmt::format("{}: {}", event::display_name(event.service), text)};
}

}  // namespace

Headline headline_of(const event::Event& event) {
    if (event.push) {
        return of_push(event);
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
    if (event.job) {
        return of_job(event);
    }
    if (event.pipeline) {
        return event.name == "stage" ? of_stage(event) : of_pipeline(event);
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
    if (event.name == "discussion") {
        return of_discussion(event);
    }
    if (event.comment) {
        return of_comment(event);
    }
    if (event.pr) {
        return of_request(event);
    }
    if (event.issue) {
        return of_issue(event);
    }
    return event.subject ? of_thing(event) : of_anything(event);
}

}  // namespace hookline::format
