#include "rules/fields.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "rules/facts.hpp"
#include "rules/reading.hpp"
#include "rules/schemas.hpp"
#include "services/service.hpp"

namespace hookline::rules {

namespace {

using event::Event;
using Thing = const void*;

const Event& event_of(Thing facts) { return as<Facts>(facts).event(); }

/// A part of the event as an object; nothing where the event has no such part.
template <class T>
Value part(const std::optional<T>& part, const Schema& schema) {
    return part ? Value::object(schema, &*part) : Value();
}

bool has_run(const Event& event) { return event.pipeline || (event.workflow && event.name == "workflow"); }

const event::Run* any_run(const Event& event) {
    return event.pipeline ? &event.pipeline->run : (event.workflow ? &*event.workflow : nullptr);
}

event::Conclusion conclusion_of(const Event& event) {
    if (event.job) {
        return event.job->conclusion;
    }
    if (const event::Run* run = any_run(event)) {
        return run->conclusion;
    }
    return event.deployment ? event.deployment->conclusion : event::Conclusion::none;
}

Value conclusion_value(Thing f) { return conclusion(conclusion_of(event_of(f))); }

Value head_of(Thing f) {
    const Event& event = event_of(f);
    return event.pr ? told(event.pr->head) : told(event.branch);
}
Value base_of(Thing f) { return event_of(f).pr ? told(event_of(f).pr->base) : Value(); }

Value number_of(Thing f) {
    const Event& event = event_of(f);
    return event.pr ? number(event.pr->number) : (event.issue ? number(event.issue->number) : Value());
}

Value labels_of(Thing f) {
    const Event& event = event_of(f);
    if (event.container) {
        return texts(event.container->labels);
    }
    return event.pr ? texts(event.pr->labels) : (event.issue ? texts(event.issue->labels) : Value());
}

Value files_of(Thing f) {
    const Event& event = event_of(f);
    if (!event.push) {
        return {};
    }
    std::vector<Value> files;
    for (const event::Commit& commit : event.push->commits) {
        for (const auto* list : {&commit.added, &commit.modified, &commit.removed}) {
            for (const std::string& file : *list) {
                files.push_back(Value::borrowed(file));
            }
        }
    }
    return Value::list(std::move(files));
}

const event::Commit* latest_commit(const Event& event) {
    if (!event.push) {
        return nullptr;
    }
    if (event.push->head) {
        return &*event.push->head;
    }
    return event.push->commits.empty() ? nullptr : &event.push->commits.back();
}

Value build_of(Thing f) {
    const bool is_there = as<Facts>(f).build != nullptr || event_of(f).build;
    return is_there ? Value::object(build_schema, f) : Value();
}

Value pull_of(Thing f) {
    const state::PullRequest* pull = as<Facts>(f).pull;
    return pull != nullptr ? Value::object(pull_schema, pull) : Value();
}

Value environment_of(Thing f) {
    const Event& event = event_of(f);
    return event.deployment
               ? told(event.deployment->environment)
               : (event.name == "deployment" && event.subject ? told(event.subject->name) : Value());
}

Value duration_of(Thing f) {
    const Event& event = event_of(f);
    if (event.job) {
        return duration(event.job->duration);
    }
    if (event.build) {
        return duration(event.build->duration);
    }
    const event::Run* run = any_run(event);
    return run != nullptr ? duration(run->duration) : Value();
}

constexpr std::string_view runs = "workflow pipeline stage job check build";
constexpr std::string_view requests = "pr review comment review_thread";
constexpr std::string_view requests_and_issues =
    "pr review comment review_thread issue discussion discussion_comment";
constexpr std::string_view pushes = "push branch tag";
constexpr std::string_view containers = "start stop error health";
constexpr std::string_view whatever_has_labels =
    "pr review comment review_thread issue discussion discussion_comment start stop error health";
constexpr std::string_view with_branch =
    "push branch tag pr review comment review_thread workflow pipeline stage job check check_suite "
    "deployment";

const std::array<RootField, 54> table{{
    {{"service", Type::text, "'github'", "who tells it",
      [](Thing f) { return Value::borrowed(event::name_of(event_of(f).service)); }},
     ""},
    {{"event", Type::text, "'pr'", "what it is", [](Thing f) { return told(event_of(f).name); }}, ""},
    {{"action", Type::text, "'merged'", "what was done", [](Thing f) { return told(event_of(f).action); }},
     ""},
    {{"repo", Type::text, "'octo/app'", "the repository",
      [](Thing f) { return event_of(f).repo ? told(event_of(f).repo->full_name) : Value(); }},
     ""},
    {{"repo_url", Type::text, "'https://…'", "its page",
      [](Thing f) { return event_of(f).repo ? address(event_of(f).repo->url) : Value(); }},
     ""},
    {{"default_branch", Type::text, "'main'", "its main branch",
      [](Thing f) { return event_of(f).repo ? told(event_of(f).repo->default_branch) : Value(); }},
     ""},
    {{"is_private", Type::boolean, "false", "whether it is private",
      [](Thing f) { return event_of(f).repo ? truth(event_of(f).repo->is_private) : Value(); }},
     ""},
    {{"branch", Type::text, "'main'", "the branch pushed to, created, deleted or run on; a request's base",
      [](Thing f) { return told(event_of(f).branch); }},
     with_branch},
    {{"head", Type::text, "'feature-oauth'", "the branch a request comes from; elsewhere the same as branch",
      head_of},
     with_branch},
    {{"base", Type::text, "'main'", "the branch a request goes to", base_of}, requests},
    {{"author", Type::text, "'STRYK'", "who did it",
      [](Thing f) { return event_of(f).actor ? told(event_of(f).actor->login) : Value(); }},
     ""},
    {{"author_url", Type::text, "'https://…'", "that person's page",
      [](Thing f) { return event_of(f).actor ? address(event_of(f).actor->url) : Value(); }},
     ""},
    {{"is_bot", Type::boolean, "false", "whether a bot did it",
      [](Thing f) { return truth(event_of(f).is_bot); }},
     ""},
    {{"title", Type::text, "'Add OAuth support'", "its title",
      [](Thing f) { return told(event_of(f).title); }},
     ""},
    {{"message", Type::text, "'Fix encryption bug'", "its text",
      [](Thing f) { return told(event_of(f).message); }},
     ""},
    {{"url", Type::text, "'https://…'", "its page", [](Thing f) { return address(event_of(f).url); }}, ""},
    {{"commit", Type::text, "'42f0c7d9…'", "the commit it is about",
      [](Thing f) { return told(event_of(f).commit); }},
     ""},
    {{"time", Type::text, "'2026-11-29T10:00:00.000Z'", "when it happened",
      [](Thing f) { return time(event_of(f).time); }},
     ""},
    {{"change", Type::text, "'title'", "what an edit changed, or the label or person it is about",
      [](Thing f) { return told(event_of(f).change); }},
     ""},
    {{"is_failure", Type::boolean, "false",
      "whether something failed: a run, a check, a deployment, an alert",
      [](Thing f) { return truth(is_failure(event_of(f))); }},
     ""},
    {{"is_test", Type::boolean, "false", "whether it is a sample that a member asked for",
      [](Thing f) { return truth(event_of(f).is_test); }},
     ""},
    {{"number", Type::integer, "45", "of a request or issue", number_of}, requests_and_issues},
    {{"labels", Type::list, "['bug']", "of a request, an issue or a container ('team=core')", labels_of},
     whatever_has_labels},
    {{"label", Type::list, "['bug']", "the same, for label=bug", labels_of}, whatever_has_labels},
    {{"reviewers", Type::list, "['STRYK', 'core']", "who is asked to review: people and teams",
      [](Thing f) { return event_of(f).pr ? texts(event_of(f).pr->reviewers) : Value(); }},
     requests},
    {{"reviewer", Type::list, "['STRYK']", "the same, for reviewer=STRYK",
      [](Thing f) { return event_of(f).pr ? texts(event_of(f).pr->reviewers) : Value(); }},
     requests},
    {{"team", Type::list, "['core']", "the teams among them",
      [](Thing f) { return event_of(f).pr ? texts(event_of(f).pr->teams) : Value(); }},
     requests},
    {{"environment", Type::text, "'production'", "where to", environment_of}, "deployment"},
    {{"conclusion", Type::text, "'failure'", "how a run, job or deployment ended", conclusion_value},
     "workflow pipeline stage job check check_suite deployment"},
    {{"duration", Type::duration, "3m", "how long a run, job or build took", duration_of}, runs},
    {{"baseline", Type::duration, "2m", "how long the run takes as a rule: pipeline.baseline",
      [](Thing f) { return duration(as<Facts>(f).baseline); }},
     "workflow pipeline"},
    {{"files", Type::list, "['src/main.cpp']", "the files of a push", files_of}, pushes},
    {{"path", Type::list, "['src/main.cpp']", "the same, for path=src/*", files_of}, pushes},
    {{"commit_count", Type::integer, "3", "how many commits a push brings",
      [](Thing f) { return event_of(f).push ? number(event_of(f).push->commit_count) : Value(); }},
     pushes},
    {{"latest_commit_message", Type::text, "'Fix encryption bug'", "the first line of a push's newest commit",
      [](Thing f) {
          const event::Commit* commit = latest_commit(event_of(f));
          return commit != nullptr ? Value::borrowed(first_line(commit->message)) : Value();
      }},
     pushes},
    {{"latest_commit_url", Type::text, "'https://…'", "the page of that commit",
      [](Thing f) {
          const event::Commit* commit = latest_commit(event_of(f));
          return commit != nullptr ? address(commit->url) : Value();
      }},
     pushes},
    {{"compare_url", Type::text, "'https://…'", "the page that shows all changes of a push",
      [](Thing f) { return event_of(f).push ? address(event_of(f).push->compare_url) : Value(); }},
     pushes},
    {{"push", Type::object, "", "the push", [](Thing f) { return part(event_of(f).push, push_schema); },
      &push_schema},
     pushes},
    {{"pr", Type::object, "", "the pull or merge request, with all that earlier events told", pull_of,
      &pull_schema},
     "pr review comment review_thread check workflow pipeline"},
    {{"review", Type::object, "", "the review",
      [](Thing f) { return part(event_of(f).review, review_schema); }, &review_schema},
     "review"},
    {{"comment", Type::object, "", "the comment",
      [](Thing f) { return part(event_of(f).comment, comment_schema); }, &comment_schema},
     "comment discussion discussion_comment review_thread"},
    {{"issue", Type::object, "", "the issue", [](Thing f) { return part(event_of(f).issue, issue_schema); },
      &issue_schema},
     "issue comment discussion discussion_comment"},
    {{"release", Type::object, "", "the release",
      [](Thing f) { return part(event_of(f).release, release_schema); }, &release_schema},
     "release"},
    {{"workflow", Type::object, "", "the workflow run",
      [](Thing f) {
          return event_of(f).workflow && event_of(f).name == "workflow"
                     ? part(event_of(f).workflow, run_schema)
                     : Value();
      },
      &run_schema},
     "workflow"},
    {{"pipeline", Type::object, "", "the pipeline; on GitHub the workflow run",
      [](Thing f) { return has_run(event_of(f)) ? Value::object(pipeline_schema, f) : Value(); },
      &pipeline_schema},
     "workflow pipeline stage job"},
    {{"build", Type::object, "", "the build; of a run the branch's, that it belongs to", build_of,
      &build_schema},
     "workflow pipeline build"},
    {{"job", Type::object, "", "the job",
      [](Thing f) {
          return event_of(f).job || event_of(f).name == "job" ? Value::object(job_schema, f) : Value();
      },
      &job_schema},
     "job"},
    {{"stage", Type::text, "'Test'", "the stage it is about",
      [](Thing f) {
          const Event& event = event_of(f);
          return event.pipeline ? told(event.pipeline->stage)
                                : (event.build ? told(event.build->stage) : Value());
      }},
     "pipeline stage job build"},
    {{"check", Type::object, "", "the check or status",
      [](Thing f) { return event_of(f).name == "check" ? part(event_of(f).workflow, run_schema) : Value(); },
      &run_schema},
     "check"},
    {{"deployment", Type::object, "", "the deployment",
      [](Thing f) { return part(event_of(f).deployment, deployment_schema); }, &deployment_schema},
     "deployment"},
    {{"image", Type::object, "", "the image or package",
      [](Thing f) { return part(event_of(f).image, image_schema); }, &image_schema},
     "image package build"},
    {{"container", Type::object, "", "the container",
      [](Thing f) { return event_of(f).container ? Value::object(container_schema, f) : Value(); },
      &container_schema},
     containers},
    {{"notice", Type::object, "", "what an alert or a payload of any kind says",
      [](Thing f) { return part(event_of(f).notice, notice_schema); }, &notice_schema},
     "notice image engine"},
    {{"subject", Type::object, "", "the thing it is about, where it is none of the above",
      [](Thing f) { return part(event_of(f).subject, subject_schema); }, &subject_schema},
     ""},
}};

const RootField payload_field{{"payload", Type::any, "", "the delivery as it came: payload.sender.login",
                               [](Thing f) { return Value::json(as<Facts>(f).payload()); }},
                              ""};

const std::array<RootField, 55>& whole_table() {
    static const std::array<RootField, 55> rows = [] {
        std::array<RootField, 55> all{};
        std::copy(table.begin(), table.end(), all.begin());
        all.back() = payload_field;
        return all;
    }();
    return rows;
}

bool is_one_of(std::string_view list, std::string_view word) {
    const auto words = split(list, ' ');
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view whole_of(std::string_view name) { return name.substr(0, name.find('.')); }

bool is_told_by(const RootField& row, event::Service service, std::string_view event) {
    if (row.events.empty()) {
        return true;
    }
    if (service == event::Service::custom) {
        return row.field.name == "notice";
    }
    if (!event.empty()) {
        return is_one_of(row.events, whole_of(event));
    }
    const services::ServiceAdapter* adapter = services::find_adapter(service);
    if (adapter == nullptr) {
        return false;
    }
    const auto names = adapter->event_names();
    return std::any_of(names.begin(), names.end(), [&](const services::EventName& name) {
        return is_one_of(row.events, whole_of(name.name));
    });
}

/// A custom payload's own keys are fields too, and win (docs/contract.md, section 5).
Value read_custom(Thing facts, std::string_view name) {
    const boost::json::value& payload = as<Facts>(facts).payload();
    if (payload.is_object()) {
        const auto* found =
            payload.get_object().if_contains(boost::json::string_view(name.data(), name.size()));
        if (found != nullptr) {
            return Value::json(*found);
        }
    }
    for (const RootField& row : whole_table()) {
        if (row.field.name == name) {
            return row.field.read(facts);
        }
    }
    return {};
}

struct ServiceSchema {
    std::vector<Field> fields;
    Schema schema;
};

std::unique_ptr<ServiceSchema> make_schema(event::Service service) {
    auto made = std::make_unique<ServiceSchema>();
    for (const RootField* row : fields_of(service, "")) {
        made->fields.push_back(row->field);
    }
    made->schema.name = event::name_of(service);
    if (service == event::Service::custom) {
        made->schema.read_other = read_custom;
    } else {
        made->schema.fields = made->fields;
    }
    return made;
}

std::string_view type_word(Type type) {
    std::string_view name = language::name_of(type);
    for (const std::string_view article : {"a ", "an "}) {
        if (name.starts_with(article)) {
            name.remove_prefix(article.size());
        }
    }
    return name;
}

void describe(std::string& out, const std::string& path, const Field& field, int depth) {
    const std::string words = fmt::format("{}", fmt::join(field.words, ", "));
    const std::string_view example = words.empty() ? field.example : std::string_view(words);
    out += fmt::format("{:<27} {:<14} {}{}{}\n", path, type_word(field.type), field.sentence,
                       example.empty() ? "" : ": ", example);
    if (field.of == nullptr || depth > 2) {
        return;
    }
    for (const Field& member : field.of->fields) {
        describe(out, fmt::format("{}{}.{}", path, field.type == Type::list ? "[0]" : "", member.name),
                 member, depth + 1);
    }
}

}  // namespace

bool is_failure(const Event& event) {
    using Severity = event::Notice::Severity;
    if (is_bad(conclusion_of(event)) || event.action == "failed" || event.action == "failure" ||
        event.action == "error") {
        return true;
    }
    if (event.container) {
        return event.name == "error" || event.action == "unhealthy";
    }
    if (event.name == "security") {
        return event.action == "opened" || event.action == "reopened";
    }
    return event.notice &&
           (event.notice->severity == Severity::error || event.notice->severity == Severity::critical);
}

std::span<const RootField> root_fields() { return whole_table(); }

const Schema& schema_of(event::Service service) {
    static const auto schemas = [] {
        std::array<std::unique_ptr<ServiceSchema>, event::service_names.size()> made;
        for (const auto& [each, name] : event::service_names) {
            made[static_cast<std::size_t>(each)] = make_schema(each);
        }
        return made;
    }();
    return schemas[static_cast<std::size_t>(service)]->schema;
}

std::vector<const RootField*> fields_of(event::Service service, std::string_view event) {
    std::vector<const RootField*> rows;
    for (const RootField& row : whole_table()) {
        if (is_told_by(row, service, event)) {
            rows.push_back(&row);
        }
    }
    return rows;
}

std::string describe_fields(event::Service service, std::string_view event) {
    std::string out;
    for (const RootField* row : fields_of(service, event)) {
        describe(out, std::string(row->field.name), row->field, 0);
    }
    if (service == event::Service::custom) {
        out += "Every key of the payload is a field as well, and wins: {{event}}, {{data.cpu}}.\n";
    }
    return out;
}

}  // namespace hookline::rules
