// CI of every service: a pipeline, one of its stages, one of its jobs; and what it deploys.
#include <fmt/format.h>

#include <algorithm>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "format/layouts.hpp"
#include "format/look.hpp"
#include "format/parts.hpp"

namespace hookline::format {

using event::Conclusion;
using event::Job;
using event::Pipeline;
using message::Embed;
using message::Markdown;

namespace {

constexpr std::size_t most_stages = 12;
constexpr std::size_t longest_name = 60;

/// Where the sender knows no stages beside jobs, its name is said once.
bool is_stage_itself(const Job& job) { return job.name == job.stage; }

std::vector<Job> waiting_jobs(const Pipeline& pipeline) {
    std::vector<Job> result;
    std::copy_if(pipeline.jobs.begin(), pipeline.jobs.end(), std::back_inserter(result), [](const Job& job) {
        return job.conclusion == Conclusion::action_required && !job.is_allowed_to_fail;
    });
    return result;
}

/// The jobs that made the pipeline fail, or those that were allowed to fail.
std::vector<Job> failed_jobs(const Pipeline& pipeline, bool is_allowed) {
    std::vector<Job> result;
    std::copy_if(pipeline.jobs.begin(), pipeline.jobs.end(), std::back_inserter(result), [&](const Job& job) {
        return event::is_failure(job.conclusion) && job.is_allowed_to_fail == is_allowed;
    });
    return result;
}

void add_duration(const std::optional<std::chrono::seconds>& duration, Embed& embed) {
    if (duration) {
        add(embed, "Duration", Markdown().markup(spell_duration(*duration)));
    }
}

void add_branch(std::string_view name, bool is_tag, Embed& embed) {
    if (!trim(name).empty()) {
        const std::string shown(message::short_commit(trim(name)));
        add(embed, is_tag ? "Tag" : "Branch", Markdown().code(shorten(shown, 100)));
    }
}

/// Where the footer has no room for it: there is no repository.
void add_project(const event::Event& event, Embed& embed) {
    if (!event.repo && event.pipeline) {
        add_text(embed, "Project", event.pipeline->project);
    }
}

void add_triggered_by(const event::Event& event, Embed& embed) {
    if (!event.pipeline) {
        add(embed, "Triggered by", actor(event));
    } else if (event.pipeline->run.trigger == "schedule") {  // whoever is named there only set it up
        add(embed, "Triggered by", Markdown().markup("schedule"));
    } else {
        add(embed, "Triggered by", person(event, event.pipeline->run.triggered_by, ""));
    }
}

/// "#57 Nightly": which of many it was.
void add_identity(const event::Event& event, Embed& embed) {
    const event::Run& run = event.pipeline->run;
    Markdown text;
    if (run.number > 0) {
        text.markup(fmt::format("#{}", run.number));
    }
    const std::string title = shorten(trim(run.name), longest_name);
    if (!title.empty() && title != trim(event.pipeline->project)) {
        text.markup(text.empty() ? "" : " ").text(title);
    }
    add(embed, "Pipeline", text);
    if (!run.pull_requests.empty() && run.pull_requests.front() > 0) {
        const char sign = event.has_merge_requests ? '!' : '#';
        add(embed, event.has_merge_requests ? "Merge Request" : "Pull Request",
            Markdown().markup(fmt::format("{}{}", sign, run.pull_requests.front())));
    }
    if (run.attempt > 1) {
        add(embed, "Attempt", Markdown().markup(grouped(run.attempt)));
    }
}

void add_commit(const event::Run& run, Embed& embed) {
    Markdown commit;
    const std::string title = shorten(trim(first_line(trim(run.title))), 100);
    if (!title.empty()) {
        commit.markup("\"").text(title).markup("\" ");
    }
    if (!trim(run.commit).empty()) {
        commit.code_link(shorten(message::short_commit(run.commit), longest_name), run.commit_url);
    }
    add(embed, "Commit", commit, Width::full);
}

/// One line as it is; of several the last, as a block: that is where a log says what went wrong.
void add_error(std::string_view untrusted, const Measure& measure, Embed& embed) {
    const auto lines = split(trim(untrusted), '\n');
    if (lines.size() < 2) {
        return add_text(embed, "Error", untrusted, Width::full, 300);
    }
    const std::size_t first = lines.size() > measure.error_lines ? lines.size() - measure.error_lines : 0;
    std::string text;
    for (std::size_t at = first; at < lines.size(); ++at) {
        text += (text.empty() ? "" : "\n") + shorten(trim(lines[at]), 150);
    }
    add(embed, "Error", Markdown().block(text), Width::full);
}

void add_logs(std::string_view url, Embed& embed) {
    if (!message::safe_url(url).empty()) {
        add(embed, "Logs", Markdown().link("View logs", url));
    }
}

Markdown list_of(const std::vector<Job>& jobs, const Measure& measure) {
    Markdown list;
    std::size_t shown = 0;
    for (const Job& job : jobs) {
        if (shown == measure.jobs) {
            break;
        }
        if (shown++ > 0) {
            list.newline();
        }
        list.link(shorten(job.name, longest_name), job.url);
        if (!trim(job.error).empty()) {
            list.markup(": ").text(shorten(trim(first_line(trim(job.error))), 80));
        }
    }
    return list.and_more(jobs.size(), shown);
}

std::vector<std::string> stages_of(const Pipeline& pipeline, const std::vector<Job>& jobs) {
    std::vector<std::string> result;
    for (const Job& job : jobs) {
        if (!job.stage.empty() && std::find(result.begin(), result.end(), job.stage) == result.end()) {
            result.push_back(job.stage);
        }
    }
    return result.empty() && !pipeline.stage.empty() ? std::vector{pipeline.stage} : result;
}

Markdown comma_separated(const std::vector<std::string>& list, std::size_t most) {
    Markdown result;
    std::size_t shown = 0;
    for (; shown < std::min(list.size(), most); ++shown) {
        result.markup(shown == 0 ? "" : ", ").text(shorten(list[shown], longest_name));
    }
    return result.and_more(list.size(), shown);
}

/// Stage, job, error: where it failed, as far as the sender tells.
void add_failure(const event::Event& event, const Measure& measure, Embed& embed) {
    const Pipeline& pipeline = *event.pipeline;
    const auto jobs = failed_jobs(pipeline, false);
    const bool is_stage = event.name == "stage";  // its title names it
    const bool is_listed = jobs.size() > 1 && std::all_of(jobs.begin(), jobs.end(), is_stage_itself);
    if (!is_stage && !is_listed) {
        add(embed, "Stage", comma_separated(stages_of(pipeline, jobs), measure.jobs));
    }
    std::string_view error = pipeline.error;
    std::string_view logs = pipeline.run.url;
    if (jobs.size() == 1) {
        if (!is_stage_itself(jobs.front())) {
            add_text(embed, "Job", jobs.front().name, Width::third, longest_name);
        }
        error = trim(jobs.front().error).empty() ? error : jobs.front().error;
        logs = jobs.front().url.empty() ? logs : jobs.front().url;
    } else {
        add(embed, "Jobs", list_of(jobs, measure), Width::full);
    }
    add_error(error, measure, embed);
    add_logs(logs, embed);
}

/// "✅ build → ❌ test → ⏭️ deploy"
void add_stages(const Pipeline& pipeline, Embed& embed) {
    if (pipeline.stages.size() < 2) {
        return;
    }
    Markdown list;
    std::size_t shown = 0;
    for (const event::Stage& stage : pipeline.stages) {
        if (shown == most_stages) {
            break;
        }
        // Over with the pipeline, and yet without an end that was told.
        const bool is_open = stage.conclusion == Conclusion::none;
        list.markup(shown++ == 0 ? "" : " → ").markup(is_open ? "▫️" : look_of(stage.conclusion).emoji);
        list.markup(" ");
        list.text(shorten(trim(stage.name), 30));
    }
    add(embed, "Stages", list.and_more(pipeline.stages.size(), shown), Width::full);
}

/// Every job with how it ended and how long it took, in the order of the sender.
void add_all_jobs(const Pipeline& pipeline, const Measure& measure, Embed& embed) {
    Markdown list;
    std::size_t shown = 0;
    for (const Job& job : pipeline.jobs) {
        if (shown == measure.jobs) {
            break;
        }
        if (shown++ > 0) {
            list.newline();
        }
        list.markup(look_of(job.conclusion).emoji).markup(" ").text(shorten(trim(job.name), longest_name));
        if (job.duration) {
            list.markup(" · " + spell_duration(*job.duration));
        }
    }
    add(embed, "All jobs", list.and_more(pipeline.jobs.size(), shown), Width::full);
}

void lay_out_whole(const event::Event& event, const Measure& measure, Embed& embed) {
    const Pipeline& pipeline = *event.pipeline;
    const event::Run& run = pipeline.run;
    if (run.conclusion == Conclusion::none) {
        add_text(embed, "Project", pipeline.project);
        add_branch(run.branch, run.is_for_tag, embed);
        add_text(embed, "Stage", pipeline.stage, Width::third, longest_name);
        add_triggered_by(event, embed);
        add_identity(event, embed);
        return add_commit(run, embed);
    }
    if (event::is_failure(run.conclusion)) {
        add_failure(event, measure, embed);
    } else if (run.conclusion == Conclusion::action_required || run.conclusion == Conclusion::cancelled) {
        add_text(embed, "Stage", pipeline.stage, Width::third, longest_name);
    }
    if (run.conclusion == Conclusion::action_required) {
        add(embed, "Waiting for", list_of(waiting_jobs(pipeline), measure));
    }
    add_project(event, embed);
    add_duration(run.duration, embed);
    add_branch(run.branch, run.is_for_tag, embed);
    add_triggered_by(event, embed);
    add_identity(event, embed);
    add_stages(pipeline, embed);
    if (measure.tells_all) {
        add_all_jobs(pipeline, measure, embed);
    }
    add(embed, "Allowed to fail", list_of(failed_jobs(pipeline, true), measure), Width::full);
    add_commit(run, embed);
}

void lay_out_stage(const event::Event& event, const Measure& measure, Embed& embed) {
    const Pipeline& pipeline = *event.pipeline;
    const auto stage = std::find_if(pipeline.stages.begin(), pipeline.stages.end(),
                                    [&](const event::Stage& known) { return known.name == pipeline.stage; });
    if (stage != pipeline.stages.end()) {
        if (event::is_failure(stage->conclusion)) {
            add_failure(event, measure, embed);
        }
        add_duration(stage->duration, embed);
    }
    add_text(embed, "Next", pipeline.next_stage, Width::third, longest_name);
    add_project(event, embed);
    add_branch(pipeline.run.branch, pipeline.run.is_for_tag, embed);
    add_identity(event, embed);
}

void lay_out_job(const event::Event& event, const Measure& measure, Embed& embed) {
    const Job& job = *event.job;
    add_text(embed, "Stage", job.stage, Width::third, longest_name);
    if (event::is_failure(job.conclusion)) {
        add_error(job.error, measure, embed);
        add_logs(job.url, embed);
    }
    add_duration(job.duration, embed);
    add_project(event, embed);
    if (event.pipeline) {
        add_branch(event.pipeline->run.branch, event.pipeline->run.is_for_tag, embed);
    } else {
        add_branch(event.branch, false, embed);
    }
    add_triggered_by(event, embed);
    if (event.pipeline) {
        add_identity(event, embed);
        add_commit(event.pipeline->run, embed);
    }
}

}  // namespace

void lay_out_pipeline(const event::Event& event, const Measure& measure, Embed& embed) {
    if (event.job) {
        lay_out_job(event, measure, embed);
    } else if (event.name == "stage") {
        lay_out_stage(event, measure, embed);
    } else {
        lay_out_whole(event, measure, embed);
    }
}

void lay_out_deployment(const event::Event& event, const Measure& measure, Embed& embed) {
    const event::Deployment& deployment = *event.deployment;
    add(embed, "By", actor(event));
    add_branch(deployment.ref, deployment.is_of_tag, embed);
    if (!trim(deployment.commit).empty() && deployment.commit != deployment.ref) {
        event::Run run;
        run.title = deployment.commit_title;
        run.commit = deployment.commit;
        run.commit_url = deployment.commit_url;
        if (run.title.empty()) {
            add(embed, "Commit", commit_link(run.commit, run.commit_url));
        } else {
            add_commit(run, embed);
        }
    }
    if (deployment.log_url != event.url) {
        add_logs(deployment.log_url, embed);
    }
    if (measure.tells_all) {
        add_text(embed, "Task", deployment.task, Width::third, longest_name);
    }
    add_text(embed, "Details", deployment.description, Width::full,
             measure.tells_all ? measure.quote.code_points : 300);
}

}  // namespace hookline::format
