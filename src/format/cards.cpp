#include "format/cards.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "format/look.hpp"
#include "format/parts.hpp"
#include "message/limits.hpp"

namespace hookline::format {

using event::Conclusion;
using message::Embed;
using message::Markdown;

namespace {

/// Lines of jobs: what a reader takes in at a glance, or all that a field holds.
std::size_t most_lines(Style style) { return style == Style::full ? 30 : 12; }
constexpr std::size_t longest_line = 350;
constexpr std::size_t longest_name = 60;

bool has_failed(const RunCard::Job& job) {
    return !job.is_allowed_to_fail && event::is_failure(job.conclusion);
}

/// What failed and what goes on is said first where not all have room; else the order in which they began.
std::vector<const RunCard::Job*> shown_first(const std::vector<RunCard::Job>& jobs, std::size_t most) {
    std::vector<const RunCard::Job*> order;
    for (const RunCard::Job& job : jobs) {
        order.push_back(&job);
    }
    if (order.size() > most) {
        std::stable_sort(order.begin(), order.end(), [](const auto* left, const auto* right) {
            const auto rank = [](const RunCard::Job& job) {
                return has_failed(job) ? 0 : (job.conclusion == Conclusion::none ? 1 : 2);
            };
            return rank(*left) < rank(*right);
        });
    }
    return order;
}

Markdown lines_of(const std::vector<RunCard::Job>& jobs, Style style) {
    const std::size_t most = most_lines(style);
    Markdown lines;
    std::size_t shown = 0;
    for (const RunCard::Job* job : shown_first(jobs, most)) {
        if (shown == most) {
            break;
        }
        if (shown++ > 0) {
            lines.newline();
        }
        lines.markup(look_of(job->conclusion).emoji).markup(" ");
        lines.link(shorten(trim(job->name), longest_name), job->url);
        if (job->duration && job->conclusion != Conclusion::none) {
            lines.markup(" · " + spell_duration(*job->duration));
        }
    }
    return lines.and_more(jobs.size(), shown);
}

std::string title_of(const RunCard& card, bool is_failing) {
    const event::Run& run = card.run;
    Markdown title;
    title.markup(is_failing ? "❌ " : "⏳ ").markup(card.is_workflow ? "Workflow" : "Pipeline");
    const std::string name = shorten(trim(run.name), longest_name);
    if (!name.empty() && name != trim(card.project)) {
        title.markup(" \"").text(name).markup("\"");
    }
    if (run.number > 0) {
        title.markup(fmt::format(" #{}", run.number));
    }
    title.markup(is_failing ? " is failing" : " is running");
    return title.str();
}

Markdown people(std::string_view sign, const std::vector<std::string>& logins, std::size_t most) {
    Markdown list;
    std::size_t shown = 0;
    for (; shown < std::min(logins.size(), most); ++shown) {
        list.markup(shown == 0 ? std::string(sign) + " " : ", ").markup(person(logins[shown]).str());
    }
    return list.and_more(logins.size(), shown);
}

struct StatusLook {
    std::string_view status, emoji, words;
    std::uint32_t color;
};
constexpr std::array statuses{
    StatusLook{"draft", "📝", "Draft", color::quiet},
    StatusLook{"review_required", "👀", "Waits for a review", color::news},
    StatusLook{"changes_requested", "🛠️", "Changes are asked for", color::care},
    StatusLook{"approved", "✅", "Approved", color::good},
    StatusLook{"merged", "🟣", "Merged", color::merged},
    StatusLook{"closed", "🚫", "Closed without a merge", color::quiet},
};

const StatusLook& look_of_status(std::string_view status) {
    const auto* const found = std::find_if(statuses.begin(), statuses.end(),
                                           [&](const StatusLook& look) { return look.status == status; });
    return found != statuses.end() ? *found : statuses[1];
}

/// "1 of 2", as far as a host tells how many are needed.
Markdown approval_count(const PullRequestCard& card) {
    Markdown text;
    if (card.required && *card.required > 0) {
        text.markup(fmt::format("{} of {}", card.approvers.size(), *card.required));
    }
    return text;
}

/// Who approves and who objects, after `count`.
Markdown approvals_of(const PullRequestCard& card, const Measure& measure, Markdown count) {
    Markdown text = std::move(count);
    const Markdown yes = people("✅", card.approvers, measure.names);
    const Markdown no = people("🛠️", card.objectors, measure.names);
    for (const Markdown* part : {&yes, &no}) {
        if (!part->empty()) {
            text.markup(text.empty() ? "" : " · ").markup(part->str());
        }
    }
    return text;
}

/// "▰▰▱ 2 of 3"; empty where there are none.
Markdown checks_of(const PullRequestCard& card) {
    Markdown text;
    if (card.checks > 0) {
        text.markup(fmt::format("{} {} of {}", progress_bar(card.checks_passed, card.checks),
                                card.checks_passed, card.checks));
        text.markup(card.checks_passed == card.checks ? " passed" : "");
    }
    return text;
}

/// Each after `before`.
void add_failed(const PullRequestCard& card, std::string_view before, std::size_t most, Markdown& text) {
    std::size_t shown = 0;
    for (; shown < std::min(card.checks_failed.size(), most); ++shown) {
        text.markup(before).markup("❌ ").text(shorten(card.checks_failed[shown], longest_name));
    }
    text.and_more(card.checks_failed.size(), shown);
}

/// The parts that say something, on one line.
std::string one_line(std::initializer_list<Markdown> parts) {
    Markdown line;
    for (const Markdown& part : parts) {
        if (!part.empty()) {
            line.markup(line.empty() ? "" : " · ").markup(part.str());
        }
    }
    return line.cut_to(longest_line);
}

message::Message as_message(Embed embed, const event::Event& event) {
    embed.footer = footer(event);
    if (event.time != TimePoint{}) {
        embed.timestamp = event.time;
    }
    message::Message message;
    message.embeds.push_back(std::move(embed));
    return message::fit(std::move(message));
}

/// "▰▱ 1 of 2 over"; empty before the first job is told.
Markdown progress_of(const std::vector<RunCard::Job>& jobs) {
    const auto over =
        static_cast<std::size_t>(std::count_if(jobs.begin(), jobs.end(), [](const RunCard::Job& job) {
            return job.conclusion != Conclusion::none;
        }));
    Markdown text;
    if (!jobs.empty()) {
        text.markup(fmt::format("{} {} of {} over", progress_bar(over, jobs.size()), over, jobs.size()));
    }
    return text;
}

Markdown failed_of(const std::vector<RunCard::Job>& jobs) {
    Markdown text;
    std::size_t shown = 0, failed = 0;
    for (const RunCard::Job& job : jobs) {
        failed += has_failed(job) ? 1 : 0;
        if (has_failed(job) && shown < normal_measure.jobs) {
            text.markup(shown++ == 0 ? "❌ " : ", ").link(shorten(trim(job.name), longest_name), job.url);
        }
    }
    return text.and_more(failed, shown);
}

Markdown start_of(const RunCard& card) {
    Markdown since;
    if (card.started) {
        since.time(*card.started);
        if (card.usual) {
            since.markup(", takes " + spell_duration(*card.usual) + " as a rule");
        }
    }
    return since;
}

}  // namespace

std::string progress_bar(std::size_t done, std::size_t total) {
    if (total == 0) {
        return {};
    }
    const std::size_t parts = std::min<std::size_t>(total, 10);
    const std::size_t full = std::min(done, total) * parts / total;
    std::string bar;
    for (std::size_t at = 0; at < parts; ++at) {
        bar += at < full ? "▰" : "▱";
    }
    return bar;
}

message::Message run_card(const event::Event& event, const RunCard& card, Style style) {
    const event::Run& run = card.run;
    const bool is_failing = std::any_of(card.jobs.begin(), card.jobs.end(), has_failed);
    Embed embed;
    embed.title = title_of(card, is_failing);
    embed.url = message::safe_url(run.url);
    embed.color = is_failing ? color::bad : color::news;
    const Markdown progress = progress_of(card.jobs);
    const Markdown branch = trim(run.branch).empty() ? Markdown() : Markdown().code(shorten(run.branch, 100));
    if (style == Style::compact) {
        embed.description = one_line({progress, failed_of(card.jobs), branch});
        return as_message(std::move(embed), event);
    }
    Markdown body = progress;
    if (!card.jobs.empty()) {
        body.newline().markup(lines_of(card.jobs, style).str());
    }
    embed.description = body.cut_to(message::limits::description);
    add(embed, run.is_for_tag ? "Tag" : "Branch", branch);
    add(embed, "Started", start_of(card));
    add(embed, "Triggered by",
        run.trigger == "schedule" ? Markdown().markup("schedule") : person(event, run.triggered_by, ""));
    if (run.attempt > 1) {
        add(embed, "Attempt", Markdown().markup(grouped(run.attempt)));
    }
    add(embed, "Commit", commit_link(run.commit, run.commit_url));
    return as_message(std::move(embed), event);
}

message::Message with_jobs(message::Message message, const std::vector<RunCard::Job>& jobs, Style style) {
    if (!jobs.empty() && !message.embeds.empty() && style != Style::compact) {
        add(message.embeds.front(), "Jobs", lines_of(jobs, style), Width::full);
    }
    return message::fit(std::move(message));
}

message::Message with_steps(message::Message message, const std::vector<Step>& steps, Style style) {
    if (steps.size() < 2 || message.embeds.empty() || style == Style::compact) {
        return message;
    }
    Markdown way;
    for (const Step& step : steps) {
        std::string name = shorten(step.name, longest_name);
        std::replace(name.begin(), name.end(), '_', ' ');
        way.markup(way.empty() ? "" : " → ").text(name);
    }
    const auto took = std::chrono::duration_cast<std::chrono::seconds>(steps.back().at - steps.front().at);
    if (took.count() > 0) {
        way.markup(" · " + spell_duration(took));
    }
    add(message.embeds.front(), "So far", way, Width::full);
    return message::fit(std::move(message));
}

message::Message pull_request_card(const event::Event& event, const PullRequestCard& card, Style style) {
    const event::PullRequest& pr = card.facts;
    const Measure& measure = measure_of(style);
    const StatusLook& look = look_of_status(card.status);
    Embed embed;
    Markdown title;
    title.markup(look.emoji).markup(event.has_merge_requests ? " MR !" : " PR #");
    title.markup(fmt::format("{}", pr.number));
    if (!trim(pr.title).empty()) {
        title.markup(": ").text(shorten(pr.title, 180));
    }
    embed.title = title.str();
    embed.url = message::safe_url(pr.url);
    embed.color = card.checks_failed.empty() || !pr.is_open ? look.color : color::bad;
    Markdown status;
    status.markup(look.words);
    if (const Markdown by = person(pr.merged_by); pr.is_merged && !by.empty()) {
        status.markup(" by " + by.str());
    }
    Markdown checks = checks_of(card);
    if (style == Style::compact) {
        add_failed(card, " ", measure.names, checks);
        embed.description = one_line({status, approvals_of(card, measure, approval_count(card)), checks,
                                      person(pr.author, pr.author_url)});
        return as_message(std::move(embed), event);
    }
    add_failed(card, "\n", measure.names, checks);
    add(embed, "Status", status);
    add(embed, "Author", person(pr.author, pr.author_url));
    if (!trim(pr.head).empty() && !trim(pr.base).empty()) {
        add(embed, "Branch",
            Markdown().code(shorten(pr.head, 100)).markup(" → ").code(shorten(pr.base, 100)));
    }
    Markdown count = approval_count(card);
    if (count.empty() && !card.approvers.empty()) {
        count.markup(fmt::format("{}", card.approvers.size()));
    }
    add(embed, "Approvals", approvals_of(card, measure, std::move(count)));
    add(embed, "Checks", checks);
    if (pr.changed_files && pr.additions && pr.deletions && *pr.changed_files >= 0) {
        add(embed, "Files",
            Markdown().markup(fmt::format("{} changed ({})", grouped(*pr.changed_files),
                                          line_counts(*pr.additions, *pr.deletions))));
    }
    add(embed, "Labels", names(pr.labels, {}, measure.names));
    if (pr.is_open) {
        add(embed, "Reviewers", names(pr.reviewers, "@", measure.names));
    }
    if (measure.tells_all) {
        add(embed, "Assignees", names(pr.assignees, "@", measure.names));
        add_text(embed, "Milestone", pr.milestone);
    }
    return as_message(std::move(embed), event);
}

message::Message issue_card(const event::Event& event, Style style) {
    const event::Issue& issue = *event.issue;
    const Measure& measure = measure_of(style);
    Embed embed;
    Markdown title;
    title.markup(fmt::format("{} Issue #{}", issue.is_open ? "🟢" : "✔️", issue.number));
    if (!trim(issue.title).empty()) {
        title.markup(": ").text(shorten(issue.title, 180));
    }
    embed.title = title.str();
    embed.url = message::safe_url(issue.url);
    embed.color = issue.is_open ? color::news : color::quiet;
    Markdown status;
    status.markup(issue.is_open ? "Open" : "Closed");
    if (!issue.is_open && event.action == "closed") {
        if (const Markdown by = actor(event); !by.empty()) {
            status.markup(" by " + by.str());
        }
    }
    if (!issue.is_open && issue.state_reason == "not_planned") {
        status.markup(", not planned");
    }
    const Markdown author = person(event, issue.author, issue.author_url);
    const Markdown labels = names(issue.labels, {}, measure.names);
    if (style == Style::compact) {
        embed.description = one_line({status, author, labels});
        return as_message(std::move(embed), event);
    }
    add(embed, "Status", status);
    add(embed, "Author", author);
    add(embed, "Assignees", names(issue.assignees, "@", measure.names));
    add(embed, "Labels", labels);
    add_text(embed, "Milestone", issue.milestone);
    add_quote(embed, "Description", issue.body, measure);
    return as_message(std::move(embed), event);
}

}  // namespace hookline::format
