// Builds: of an event that tells one by itself, and of a branch, as its runs left it. One object of two
// readings: what only the other has is nothing.
#include "rules/facts.hpp"
#include "rules/reading.hpp"
#include "rules/schemas.hpp"

namespace hookline::rules {

namespace {

using event::Build;
using Thing = const void*;

const Build* build_of(Thing facts) {
    const event::Event& event = as<Facts>(facts).event();
    return event.build ? &*event.build : nullptr;
}
const state::Build* branch_of(Thing facts) { return as<Facts>(facts).build; }

template <class OfBuild, class OfBranch>
Value of_either(Thing facts, OfBuild of_build, OfBranch of_branch) {
    if (const Build* build = build_of(facts)) {
        return of_build(*build);
    }
    const state::Build* branch = branch_of(facts);
    return branch != nullptr ? of_branch(*branch) : Value();
}
template <class OfBuild>
Value of_build(Thing facts, OfBuild read) {
    const Build* build = build_of(facts);
    return build != nullptr ? read(*build) : Value();
}
template <class OfBranch>
Value of_branch(Thing facts, OfBranch read) {
    const bool is_of_branch = build_of(facts) == nullptr && branch_of(facts) != nullptr;
    return is_of_branch ? read(*branch_of(facts)) : Value();
}

constexpr std::array<std::string_view, 9> statuses{
    {"started", "completed", "failed", "cancelled", "unknown", "passed", "fixed", "broken", "still broken"}};
constexpr std::array<std::string_view, 2> changes{{"broken", "fixed"}};

bool has_failed(const Build& build) { return build.status == Build::Status::failed; }
bool is_broken(const state::Build& build) { return !build.runs.empty() && !build.runs.back().has_passed; }

Value image_of(const Build& build) {
    return build.tags.empty() ? told(build.image_id.empty() ? build.image_digest : build.image_id)
                              : text(build.tags.front());
}

constexpr std::array<Field, 32> build_fields{{
    {"status", Type::text, "'failed'", "how it stands; of a branch: passed, fixed, broken, still broken",
     [](Thing f) {
         return of_either(
             f,
             [](const Build& b) { return Value::borrowed(statuses.at(static_cast<std::size_t>(b.status))); },
             [](const state::Build& b) { return Value::borrowed(state::name_of(b.status())); });
     },
     nullptr, statuses},
    {"changed", Type::any, "'broken'", "'broken' or 'fixed' where this run made the branch so, else false",
     [](Thing f) {
         return of_either(
             f, [](const Build&) { return truth(false); },
             [](const state::Build& b) {
                 return b.changed().empty() ? truth(false) : Value::borrowed(b.changed());
             });
     },
     nullptr, changes},
    {"broken", Type::boolean, "true", "whether it failed; of a branch: whether it is broken",
     [](Thing f) {
         return of_either(
             f, [](const Build& b) { return truth(has_failed(b)); },
             [](const state::Build& b) { return truth(is_broken(b)); });
     }},
    {"since", Type::text, "'2026-11-29T10:00:00.000Z'", "since when the branch passes, or is broken",
     [](Thing f) { return of_branch(f, [](const state::Build& b) { return time(b.since()); }); }},
    {"branch", Type::text, "'main'", "the branch",
     [](Thing f) { return of_branch(f, [](const state::Build& b) { return told(b.branch); }); }},
    {"name", Type::text, "'phigen-bot'", "its name; of a branch: the workflow or pipeline",
     [](Thing f) {
         return of_either(
             f, [](const Build& b) { return told(b.name); },
             [](const state::Build& b) { return told(b.name); });
     }},
    {"commit", Type::text, "'42f0c7d9…'", "the commit; of a branch: of its latest run",
     [](Thing f) {
         return of_either(
             f, [](const Build& b) { return told(b.revision); },
             [](const state::Build& b) { return told(b.commit); });
     }},
    {"url", Type::text, "'https://…'", "of a branch: its latest run",
     [](Thing f) { return of_branch(f, [](const state::Build& b) { return address(b.url); }); }},
    {"failed", Type::boolean, "true", "the same as broken",
     [](Thing f) {
         return of_either(
             f, [](const Build& b) { return truth(has_failed(b)); },
             [](const state::Build& b) { return truth(is_broken(b)); });
     }},
    {"duration", Type::duration, "2m15s", "how long it took",
     [](Thing f) { return of_build(f, [](const Build& b) { return duration(b.duration); }); }},
    {"exit_code", Type::integer, "2", "what it ended with",
     [](Thing f) { return of_build(f, [](const Build& b) { return number(b.exit_code); }); }},
    {"signal", Type::integer, "9", "the signal that ended it",
     [](Thing f) { return of_build(f, [](const Build& b) { return number(b.signal); }); }},
    {"exit_meaning", Type::text, "'SIGKILL'", "… either in words, where it has some",
     [](Thing f) { return of_build(f, [](const Build& b) { return told(b.exit_meaning); }); }},
    {"step", Type::text, "'RUN make'", "the step that failed",
     [](Thing f) { return of_build(f, [](const Build& b) { return told(b.failed_step); }); }},
    {"steps", Type::integer, "5", "how many steps it has",
     [](Thing f) { return of_build(f, [](const Build& b) { return number(b.steps); }); }},
    {"steps_done", Type::integer, "3", "how many of them are done",
     [](Thing f) { return of_build(f, [](const Build& b) { return number(b.steps_done); }); }},
    {"steps_cached", Type::integer, "2", "how many of them came from the cache",
     [](Thing f) { return of_build(f, [](const Build& b) { return number(b.steps_cached); }); }},
    {"image", Type::text, "'phigen-bot:latest'", "its first tag, else the image's id",
     [](Thing f) { return of_build(f, [](const Build& b) { return image_of(b); }); }},
    {"tags", Type::list, "['phigen-bot:latest']", "all of its tags",
     [](Thing f) { return of_build(f, [](const Build& b) { return texts(b.tags); }); }},
    {"size", Type::integer, "450000000", "the image's bytes",
     [](Thing f) { return of_build(f, [](const Build& b) { return number(b.size); }); }},
    {"layers", Type::integer, "12", "the image's layers",
     [](Thing f) { return of_build(f, [](const Build& b) { return number(b.layers); }); }},
    {"stage", Type::text, "'test'", "of `hookline run --stage`",
     [](Thing f) { return of_build(f, [](const Build& b) { return told(b.stage); }); }},
    {"host", Type::text, "'build-1'", "the machine it ran on, where it is another one",
     [](Thing f) { return of_build(f, [](const Build& b) { return told(b.host); }); }},
    {"engine", Type::text, "'docker'", "the engine that built it",
     [](Thing f) { return of_build(f, [](const Build& b) { return told(b.engine); }); }},
    {"by", Type::text, "'run'", "who tells it",
     [](Thing f) { return of_build(f, [](const Build& b) { return told(b.by); }); }},
    {"command", Type::text, "'docker build .'", "what was run, secrets left out",
     [](Thing f) { return of_build(f, [](const Build& b) { return told(b.command); }); }},
    {"context", Type::text, "'.'", "the folder or address it was built of",
     [](Thing f) { return of_build(f, [](const Build& b) { return told(b.context); }); }},
    {"file", Type::text, "'Dockerfile'", "its Dockerfile, where it was named",
     [](Thing f) { return of_build(f, [](const Build& b) { return told(b.file); }); }},
    {"target", Type::text, "'prod'", "the stage of the Dockerfile that was asked for",
     [](Thing f) { return of_build(f, [](const Build& b) { return told(b.target); }); }},
    {"repository", Type::text, "'https://…'", "where its source is",
     [](Thing f) { return of_build(f, [](const Build& b) { return told(b.repository); }); }},
    {"error", Type::text, "'failed to solve: …'", "what went wrong",
     [](Thing f) { return of_build(f, [](const Build& b) { return told(b.error); }); }},
    {"logs", Type::list, "['make: *** Error 1']", "its last lines",
     [](Thing f) { return of_build(f, [](const Build& b) { return texts(b.logs); }); }},
}};

}  // namespace

const Schema build_schema{"build", build_fields};

}  // namespace hookline::rules
