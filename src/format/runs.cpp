#include <fmt/format.h>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "format/layouts.hpp"
#include "format/look.hpp"
#include "format/parts.hpp"

namespace hookline::format {

using message::Embed;
using message::Markdown;

namespace {

Markdown status_of(const event::Run& run) {
    Markdown status;
    if (run.conclusion != event::Conclusion::none) {
        return status.markup(look_of(run.conclusion).status);
    }
    std::string word(trim(run.status));
    std::replace(word.begin(), word.end(), '_', ' ');
    if (!word.empty() && word.front() >= 'a' && word.front() <= 'z') {
        word.front() = static_cast<char>(word.front() - 'a' + 'A');
    }
    return word.empty() ? status : status.text(shorten(word, 60));
}

/// What it ran for: the commit and its subject.
void add_commit(const event::Event& event, Embed& embed) {
    const event::Run& run = *event.workflow;
    Markdown commit;
    const bool is_about_commit = event.name == "workflow" || event.name == "check_suite";
    const std::string title = is_about_commit ? shorten(trim(first_line(trim(run.title))), 100) : "";
    if (!title.empty()) {
        commit.markup("\"").text(title).markup("\" ");
    }
    if (!trim(run.commit).empty()) {
        commit.code_link(shorten(message::short_commit(run.commit), 60), run.commit_url);
    }
    add(embed, "Commit", commit, Width::full);
}

/// Which of many it was, and what made it run.
void add_origin(const event::Run& run, Embed& embed) {
    if (run.number > 0) {
        add(embed, "Run", Markdown().markup(fmt::format("#{}", run.number)));
    }
    if (run.trigger != "schedule") {
        std::string trigger(trim(run.trigger));
        std::replace(trigger.begin(), trigger.end(), '_', ' ');
        add_text(embed, "Trigger", trigger, Width::third, 60);
    }
    Markdown requests;
    for (const std::int64_t number : run.pull_requests) {
        if (number > 0) {
            requests.markup(fmt::format("{}#{}", requests.empty() ? "" : ", ", number));
        }
    }
    add(embed, "Pull Request", requests);
}

}  // namespace

void lay_out_run(const event::Event& event, const Measure& measure, Embed& embed) {
    const event::Run& run = *event.workflow;
    add(embed, "Status", status_of(run));
    if (run.duration) {
        add(embed, "Duration", Markdown().markup(spell_duration(*run.duration)));
    }
    if (!trim(run.branch).empty()) {
        add(embed, "Branch", Markdown().code(shorten(run.branch, 100)));
    }
    if (run.attempt > 1) {
        add(embed, "Attempt", Markdown().markup(grouped(run.attempt)));
    }
    if (run.trigger == "schedule") {  // the account that GitHub names there only wrote the file
        add(embed, "Triggered by", Markdown().markup("schedule"));
    } else {
        add(embed, "Triggered by", person(event, run.triggered_by, ""));
    }
    if (event.name == "job") {
        add_text(embed, "Workflow", run.title);
        add_text(embed, "Failed step", run.detail);
    } else if (event.name == "check") {
        add_text(embed, "Result", run.detail, Width::full);
    }
    if (measure.tells_all) {
        add_origin(run, embed);
    }
    add_commit(event, embed);
    if (event.name == "workflow" && run.conclusion == event::Conclusion::success) {
        add(embed, "Checks", Markdown().markup("All checks passed ✓"), Width::full);
    }
}

}  // namespace hookline::format
