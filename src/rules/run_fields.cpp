// Runs, pipelines, jobs, deployments, images, containers, notices.
#include "rules/facts.hpp"
#include "rules/reading.hpp"
#include "rules/schemas.hpp"

namespace hookline::rules {

namespace {

using event::Conclusion;
using event::Container;
using event::Deployment;
using event::Image;
using event::Job;
using event::Notice;
using event::Run;
using event::Stage;
using event::Subject;
using Thing = const void*;

constexpr std::array<std::string_view, 9> conclusions{{"success", "failure", "cancelled", "skipped",
                                                       "timed_out", "action_required", "neutral", "stale",
                                                       "startup_failure"}};

constexpr std::array<Field, 15> run_fields{{
    {"name", Type::text, "'Tests'", "its name", [](Thing r) { return text(as<Run>(r).name); }},
    {"title", Type::text, "'Fix encryption bug'", "what it runs for",
     [](Thing r) { return told(as<Run>(r).title); }},
    {"number", Type::integer, "128", "its number", [](Thing r) { return number(as<Run>(r).number); }},
    {"id", Type::integer, "1234", "the service's own id of it",
     [](Thing r) { return number(as<Run>(r).id); }},
    {"attempt", Type::integer, "1", "how often it was tried",
     [](Thing r) { return number(as<Run>(r).attempt); }},
    {"status", Type::text, "'completed'", "how it stands, in the service's words",
     [](Thing r) { return told(as<Run>(r).status); }},
    {"conclusion", Type::text, "'failure'", "how it ended; nothing while it runs",
     [](Thing r) { return conclusion(as<Run>(r).conclusion); }, nullptr, conclusions},
    {"branch", Type::text, "'main'", "the branch it runs on",
     [](Thing r) { return told(as<Run>(r).branch); }},
    {"commit", Type::text, "'42f0c7d9…'", "the commit it runs on",
     [](Thing r) { return told(as<Run>(r).commit); }},
    {"url", Type::text, "'https://…'", "its page", [](Thing r) { return address(as<Run>(r).url); }},
    {"triggered_by", Type::text, "'STRYK'", "who or what started it",
     [](Thing r) { return told(as<Run>(r).triggered_by); }},
    {"trigger", Type::text, "'push'", "what started it: push, schedule, …",
     [](Thing r) { return told(as<Run>(r).trigger); }},
    {"duration", Type::duration, "3m", "how long it took",
     [](Thing r) { return duration(as<Run>(r).duration); }},
    {"detail", Type::text, "'3 tests failed'", "what went wrong",
     [](Thing r) { return told(as<Run>(r).detail); }},
    {"failed", Type::boolean, "false", "whether it ended badly",
     [](Thing r) { return truth(is_bad(as<Run>(r).conclusion)); }},
}};

constexpr std::array<Field, 4> stage_fields{{
    {"name", Type::text, "'Test'", "its name", [](Thing s) { return text(as<Stage>(s).name); }},
    {"status", Type::text, "'success'", "how it stands, in the service's words",
     [](Thing s) { return told(as<Stage>(s).status); }},
    {"conclusion", Type::text, "'success'", "how it ended",
     [](Thing s) { return conclusion(as<Stage>(s).conclusion); }, nullptr, conclusions},
    {"duration", Type::duration, "1m45s", "how long it took",
     [](Thing s) { return duration(as<Stage>(s).duration); }},
}};
const Schema stage_schema{"stage", stage_fields};

constexpr std::array<Field, 7> job_row_fields{{
    {"name", Type::text, "'unit-tests'", "its name", [](Thing j) { return text(as<Job>(j).name); }},
    {"stage", Type::text, "'Test'", "the stage it belongs to",
     [](Thing j) { return told(as<Job>(j).stage); }},
    {"url", Type::text, "'https://…'", "its page", [](Thing j) { return address(as<Job>(j).url); }},
    {"status", Type::text, "'failed'", "how it stands, in the service's words",
     [](Thing j) { return told(as<Job>(j).status); }},
    {"conclusion", Type::text, "'failure'", "how it ended",
     [](Thing j) { return conclusion(as<Job>(j).conclusion); }, nullptr, conclusions},
    {"duration", Type::duration, "45s", "how long it took",
     [](Thing j) { return duration(as<Job>(j).duration); }},
    {"error", Type::text, "'3 tests failed'", "why it failed",
     [](Thing j) { return told(as<Job>(j).error); }},
}};
const Schema job_row_schema{"job", job_row_fields};

/// The run of a pipeline event or, on GitHub, of a workflow run.
const Run& run_of(Thing facts) {
    const event::Event& event = as<Facts>(facts).event();
    return event.pipeline ? event.pipeline->run : *event.workflow;
}
const event::Pipeline* pipeline_of(Thing facts) {
    const event::Event& event = as<Facts>(facts).event();
    return event.pipeline ? &*event.pipeline : nullptr;
}

/// Of a run that goes on, how long it has gone on.
Value running_time(Thing facts) {
    const Run& run = run_of(facts);
    const auto passed = std::chrono::duration_cast<std::chrono::seconds>(as<Facts>(facts).now() -
                                                                         as<Facts>(facts).event().time);
    if (run.duration || run.conclusion != Conclusion::none || passed.count() < 0) {
        return duration(run.duration);
    }
    return Value::duration(passed);
}

constexpr std::array<Field, 23> pipeline_fields{{
    {"name", Type::text, "'Tests'", "its name", [](Thing f) { return text(run_of(f).name); }},
    {"project", Type::text, "'PhiGEN'", "its project",
     [](Thing f) { return pipeline_of(f) != nullptr ? told(pipeline_of(f)->project) : Value(); }},
    {"title", Type::text, "'Fix encryption bug'", "what it runs for",
     [](Thing f) { return told(run_of(f).title); }},
    {"number", Type::integer, "128", "its number", [](Thing f) { return number(run_of(f).number); }},
    {"id", Type::integer, "1234", "the service's own id of it", [](Thing f) { return number(run_of(f).id); }},
    {"attempt", Type::integer, "1", "how often it was tried",
     [](Thing f) { return number(run_of(f).attempt); }},
    {"status", Type::text, "'completed'", "how it stands, in the service's words",
     [](Thing f) { return told(run_of(f).status); }},
    {"conclusion", Type::text, "'failure'", "how it ended; nothing while it runs",
     [](Thing f) { return conclusion(run_of(f).conclusion); }, nullptr, conclusions},
    {"failed", Type::boolean, "false", "whether it ended badly",
     [](Thing f) { return truth(is_bad(run_of(f).conclusion)); }},
    {"branch", Type::text, "'main'", "the branch it runs on", [](Thing f) { return told(run_of(f).branch); }},
    {"commit", Type::text, "'42f0c7d9…'", "the commit it runs on",
     [](Thing f) { return told(run_of(f).commit); }},
    {"url", Type::text, "'https://…'", "its page", [](Thing f) { return address(run_of(f).url); }},
    {"triggered_by", Type::text, "'STRYK'", "who or what started it",
     [](Thing f) { return told(run_of(f).triggered_by); }},
    {"trigger", Type::text, "'push'", "what started it: push, schedule, …",
     [](Thing f) { return told(run_of(f).trigger); }},
    {"duration", Type::duration, "3m", "how long it took, or has taken so far", running_time},
    {"baseline", Type::duration, "2m", "how long it takes as a rule: the median of the last ten that passed",
     [](Thing f) { return duration(as<Facts>(f).baseline); }},
    {"stage", Type::text, "'Test'", "the stage that runs, or this is about",
     [](Thing f) { return pipeline_of(f) != nullptr ? told(pipeline_of(f)->stage) : Value(); }},
    {"stages", Type::list, "[…]", "its stages",
     [](Thing f) {
         return pipeline_of(f) != nullptr ? objects(pipeline_of(f)->stages, stage_schema) : Value();
     },
     &stage_schema},
    {"jobs", Type::list, "[…]", "its jobs",
     [](Thing f) {
         return pipeline_of(f) != nullptr ? objects(pipeline_of(f)->jobs, job_row_schema) : Value();
     },
     &job_row_schema},
    {"failed_jobs", Type::list, "['unit-tests']", "the jobs that failed, by all that was told of the run",
     [](Thing f) { return as<Facts>(f).run != nullptr ? texts(as<Facts>(f).run->failed_jobs()) : Value(); }},
    {"jobs_passed", Type::integer, "4", "how many jobs passed",
     [](Thing f) {
         const state::Run* run = as<Facts>(f).run;
         return run != nullptr ? number(static_cast<std::int64_t>(run->passed_jobs())) : Value();
     }},
    {"jobs_total", Type::integer, "5", "how many jobs are known",
     [](Thing f) {
         const state::Run* run = as<Facts>(f).run;
         return run != nullptr ? number(static_cast<std::int64_t>(run->jobs.size())) : Value();
     }},
    {"error", Type::text, "'3 tests failed'", "what went wrong",
     [](Thing f) {
         return pipeline_of(f) != nullptr && !pipeline_of(f)->error.empty() ? text(pipeline_of(f)->error)
                                                                            : told(run_of(f).detail);
     }},
}};

const Job* job_of(Thing facts) {
    const event::Event& event = as<Facts>(facts).event();
    return event.job ? &*event.job : nullptr;
}
const Run* run_of_job(Thing facts) {
    const event::Event& event = as<Facts>(facts).event();
    return event.workflow ? &*event.workflow : nullptr;
}
/// Services tell a job as one of a pipeline, or as a run of its own.
template <class OfJob, class OfRun>
Value of_job(Thing facts, OfJob of_job, OfRun of_run) {
    if (const Job* job = job_of(facts)) {
        return of_job(*job);
    }
    const Run* run = run_of_job(facts);
    return run != nullptr ? of_run(*run) : Value();
}

constexpr std::array<Field, 8> job_fields{{
    {"name", Type::text, "'unit-tests'", "its name",
     [](Thing f) {
         return of_job(
             f, [](const Job& j) { return text(j.name); }, [](const Run& r) { return text(r.name); });
     }},
    {"stage", Type::text, "'Test'", "the stage it belongs to",
     [](Thing f) {
         return of_job(
             f, [](const Job& j) { return told(j.stage); }, [](const Run&) { return Value(); });
     }},
    {"url", Type::text, "'https://…'", "its page",
     [](Thing f) {
         return of_job(
             f, [](const Job& j) { return address(j.url); }, [](const Run& r) { return address(r.url); });
     }},
    {"status", Type::text, "'failed'", "how it stands, in the service's words",
     [](Thing f) {
         return of_job(
             f, [](const Job& j) { return told(j.status); }, [](const Run& r) { return told(r.status); });
     }},
    {"conclusion", Type::text, "'failure'", "how it ended",
     [](Thing f) {
         return of_job(
             f, [](const Job& j) { return conclusion(j.conclusion); },
             [](const Run& r) { return conclusion(r.conclusion); });
     },
     nullptr, conclusions},
    {"failed", Type::boolean, "true", "whether it ended badly",
     [](Thing f) {
         return of_job(
             f, [](const Job& j) { return truth(is_bad(j.conclusion)); },
             [](const Run& r) { return truth(is_bad(r.conclusion)); });
     }},
    {"duration", Type::duration, "45s", "how long it took",
     [](Thing f) {
         return of_job(
             f, [](const Job& j) { return duration(j.duration); },
             [](const Run& r) { return duration(r.duration); });
     }},
    {"error", Type::text, "'3 tests failed'", "why it failed",
     [](Thing f) {
         return of_job(
             f, [](const Job& j) { return told(j.error); }, [](const Run& r) { return told(r.detail); });
     }},
}};

constexpr std::array<Field, 10> deployment_fields{{
    {"environment", Type::text, "'production'", "where to",
     [](Thing d) { return text(as<Deployment>(d).environment); }},
    {"status", Type::text, "'success'", "how it stands, in the service's words",
     [](Thing d) { return told(as<Deployment>(d).status); }},
    {"conclusion", Type::text, "'success'", "how it ended",
     [](Thing d) { return conclusion(as<Deployment>(d).conclusion); }, nullptr, conclusions},
    {"failed", Type::boolean, "false", "whether it ended badly",
     [](Thing d) { return truth(is_bad(as<Deployment>(d).conclusion)); }},
    {"url", Type::text, "'https://…'", "what was deployed",
     [](Thing d) { return address(as<Deployment>(d).url); }},
    {"log_url", Type::text, "'https://…'", "its log",
     [](Thing d) { return address(as<Deployment>(d).log_url); }},
    {"ref", Type::text, "'main'", "the branch or tag", [](Thing d) { return told(as<Deployment>(d).ref); }},
    {"commit", Type::text, "'42f0c7d9…'", "the commit",
     [](Thing d) { return told(as<Deployment>(d).commit); }},
    {"description", Type::text, "'Deployed in 40 s'", "what the service says of it",
     [](Thing d) { return told(as<Deployment>(d).description); }},
    {"task", Type::text, "'deploy'", "what is done", [](Thing d) { return told(as<Deployment>(d).task); }},
}};

constexpr std::array<Field, 5> image_fields{{
    {"repository", Type::text, "'octo/app'", "its repository",
     [](Thing i) { return text(as<Image>(i).repository); }},
    {"tag", Type::text, "'latest'", "its tag", [](Thing i) { return told(as<Image>(i).tag); }},
    {"digest", Type::text, "'sha256:…'", "its digest", [](Thing i) { return told(as<Image>(i).digest); }},
    {"url", Type::text, "'https://…'", "its page", [](Thing i) { return address(as<Image>(i).url); }},
    {"size", Type::integer, "450000000", "its bytes", [](Thing i) { return number(as<Image>(i).size); }},
}};

/// How long ago its image was made.
Value image_age(Thing facts) {
    const Facts& all = as<Facts>(facts);
    const auto& created = all.event().container->image_created;
    return created ? Value::duration(
                         std::chrono::duration_cast<std::chrono::seconds>(all.event().time - *created))
                   : Value();
}
const Container& container_of(Thing facts) { return *as<Facts>(facts).event().container; }

constexpr std::array<Field, 21> container_fields{{
    {"name", Type::text, "'phigen-bot'", "its name", [](Thing f) { return text(container_of(f).name); }},
    {"id", Type::text, "'6fa9…'", "its id", [](Thing f) { return told(container_of(f).id); }},
    {"image", Type::text, "'phigen-bot:latest'", "the image it was made of",
     [](Thing f) { return told(container_of(f).image); }},
    {"image_age", Type::duration, "3d", "how old that image was", image_age},
    {"engine", Type::text, "'docker'", "the engine it runs on",
     [](Thing f) { return told(container_of(f).engine); }},
    {"project", Type::text, "'shop'", "its project of Compose",
     [](Thing f) { return told(container_of(f).project); }},
    {"service", Type::text, "'web'", "its service of Compose",
     [](Thing f) { return told(container_of(f).service); }},
    {"labels", Type::list, "['team=core']", "its labels",
     [](Thing f) { return texts(container_of(f).labels); }},
    {"label", Type::list, "['team=core']", "the same, for container.label=team=*",
     [](Thing f) { return texts(container_of(f).labels); }},
    {"exit_code", Type::integer, "137", "what it ended with",
     [](Thing f) { return number(container_of(f).exit_code); }},
    {"exit_meaning", Type::text, "'OOM'", "… in words, where the number has some",
     [](Thing f) { return told(container_of(f).exit_meaning); }},
    {"oom", Type::boolean, "true", "whether it ran out of memory",
     [](Thing f) { return truth(container_of(f).is_out_of_memory); }},
    {"asked_for", Type::boolean, "false", "whether somebody stopped or restarted it",
     [](Thing f) { return truth(container_of(f).was_asked_for); }},
    {"uptime", Type::duration, "2h15m", "how long it ran",
     [](Thing f) { return duration(container_of(f).uptime); }},
    {"restarts", Type::integer, "6", "how often its restart policy has started it again",
     [](Thing f) { return number(container_of(f).restarts); }},
    {"restart_policy", Type::text, "'always'", "when it is started again",
     [](Thing f) { return told(container_of(f).restart_policy); }},
    {"ends", Type::integer, "7", "how often it has ended by itself in a row, with this time",
     [](Thing f) { return number(container_of(f).ends); }},
    {"memory_limit", Type::integer, "268435456", "how many bytes it may take",
     [](Thing f) { return number(container_of(f).memory_limit); }},
    {"failing_streak", Type::integer, "3", "how many health checks failed in a row",
     [](Thing f) { return number(container_of(f).failing_streak); }},
    {"health_output", Type::list, "['refused']", "what its last health check said",
     [](Thing f) { return texts(container_of(f).health_output); }},
    {"logs", Type::list, "['MemoryError']", "the last lines of its log",
     [](Thing f) { return texts(container_of(f).logs); }},
}};

constexpr std::array<std::string_view, 6> severities{
    {"none", "info", "success", "warning", "error", "critical"}};
constexpr std::array<Field, 4> notice_fields{{
    {"severity", Type::text, "'error'", "how bad it is",
     [](Thing n) { return Value::borrowed(severities.at(static_cast<std::size_t>(as<Notice>(n).severity))); },
     nullptr, severities},
    {"source", Type::text, "'Grafana'", "who says it", [](Thing n) { return told(as<Notice>(n).source); }},
    {"text", Type::text, "'CPU usage at 95%'", "what it says",
     [](Thing n) { return text(as<Notice>(n).text); }},
    {"count", Type::integer, "3", "how many alerts it holds",
     [](Thing n) { return number(as<Notice>(n).item_count); }},
}};

constexpr std::array<Field, 4> subject_fields{{
    {"kind", Type::text, "'branch'", "what it is about", [](Thing s) { return text(as<Subject>(s).kind); }},
    {"name", Type::text, "'feature-oauth'", "its name", [](Thing s) { return text(as<Subject>(s).name); }},
    {"url", Type::text, "'https://…'", "its page", [](Thing s) { return address(as<Subject>(s).url); }},
    {"detail", Type::text, "'renamed from old'", "what changed",
     [](Thing s) { return told(as<Subject>(s).detail); }},
}};

}  // namespace

const Schema run_schema{"workflow", run_fields};
const Schema pipeline_schema{"pipeline", pipeline_fields};
const Schema job_schema{"job", job_fields};
const Schema deployment_schema{"deployment", deployment_fields};
const Schema image_schema{"image", image_fields};
const Schema container_schema{"container", container_fields};
const Schema notice_schema{"notice", notice_fields};
const Schema subject_schema{"subject", subject_fields};

std::string_view word_of(Conclusion conclusion) {
    return conclusion == Conclusion::none ? std::string_view()
                                          : conclusions.at(static_cast<std::size_t>(conclusion) - 1);
}

bool is_bad(Conclusion conclusion) {
    return conclusion == Conclusion::failure || conclusion == Conclusion::timed_out ||
           conclusion == Conclusion::startup_failure || conclusion == Conclusion::action_required;
}

}  // namespace hookline::rules
