// Pushes, pull requests, reviews, comments, issues, releases.
#include "base/text.hpp"
#include "rules/reading.hpp"
#include "rules/schemas.hpp"
#include "state/pull_request.hpp"

namespace hookline::rules {

namespace {

using event::Comment;
using event::Commit;
using event::Issue;
using event::Push;
using event::Release;
using event::Review;
using state::PullRequest;
using Thing = const void*;

constexpr std::array<Field, 8> commit_fields{{
    {"id", Type::text, "'42f0c7d9…'", "its whole id", [](Thing c) { return text(as<Commit>(c).id); }},
    {"title", Type::text, "'Fix encryption bug'", "the first line of its message",
     [](Thing c) { return Value::borrowed(first_line(as<Commit>(c).message)); }},
    {"message", Type::text, "'Fix encryption bug'", "its whole message",
     [](Thing c) { return text(as<Commit>(c).message); }},
    {"author", Type::text, "'STRYK'", "who wrote it", [](Thing c) { return text(as<Commit>(c).author); }},
    {"url", Type::text, "'https://…'", "its page", [](Thing c) { return address(as<Commit>(c).url); }},
    {"added", Type::list, "['a.cpp']", "files it adds", [](Thing c) { return texts(as<Commit>(c).added); }},
    {"removed", Type::list, "['b.cpp']", "files it removes",
     [](Thing c) { return texts(as<Commit>(c).removed); }},
    {"modified", Type::list, "['c.cpp']", "files it changes",
     [](Thing c) { return texts(as<Commit>(c).modified); }},
}};
const Schema commit_schema{"commit", commit_fields};

constexpr std::array<std::string_view, 4> push_kinds{{"commits", "forced", "created", "deleted"}};
constexpr std::array<std::string_view, 2> push_refs{{"branch", "tag"}};

constexpr std::array<Field, 10> push_fields{{
    {"name", Type::text, "'main'", "the branch or tag", [](Thing p) { return text(as<Push>(p).name); }},
    {"kind", Type::text, "'forced'", "what it does to the branch",
     [](Thing p) { return Value::borrowed(push_kinds.at(static_cast<std::size_t>(as<Push>(p).kind))); },
     nullptr, push_kinds},
    {"ref", Type::text, "'branch'", "what is pushed",
     [](Thing p) { return Value::borrowed(push_refs.at(static_cast<std::size_t>(as<Push>(p).ref))); },
     nullptr, push_refs},
    {"forced", Type::boolean, "false", "whether it rewrites history",
     [](Thing p) { return truth(as<Push>(p).kind == Push::Kind::forced); }},
    {"before", Type::text, "'a1b2c3d…'", "the commit it stood at",
     [](Thing p) { return told(as<Push>(p).before); }},
    {"after", Type::text, "'42f0c7d9…'", "the commit it stands at",
     [](Thing p) { return told(as<Push>(p).after); }},
    {"commit_count", Type::integer, "3", "how many commits it brings",
     [](Thing p) { return number(as<Push>(p).commit_count); }},
    {"commits", Type::list, "[…]", "those commits, the oldest first",
     [](Thing p) { return objects(as<Push>(p).commits, commit_schema); }, &commit_schema},
    {"head", Type::object, "", "the newest commit",
     [](Thing p) { return as<Push>(p).head ? Value::object(commit_schema, &*as<Push>(p).head) : Value(); },
     &commit_schema},
    {"compare_url", Type::text, "'https://…'", "the page that shows all changes",
     [](Thing p) { return address(as<Push>(p).compare_url); }},
}};

constexpr std::array<std::string_view, 6> pull_statuses{
    {"draft", "review_required", "changes_requested", "approved", "merged", "closed"}};
constexpr std::array<std::string_view, 4> checks_words{{"none", "pending", "passed", "failed"}};

constexpr std::array<Field, 36> pull_fields{{
    {"number", Type::integer, "45", "its number",
     [](Thing p) { return number(as<PullRequest>(p).facts.number); }},
    {"title", Type::text, "'Add OAuth support'", "its title",
     [](Thing p) { return text(as<PullRequest>(p).facts.title); }},
    {"url", Type::text, "'https://…'", "its page",
     [](Thing p) { return address(as<PullRequest>(p).facts.url); }},
    {"repo", Type::text, "'octo/app'", "its repository",
     [](Thing p) { return told(as<PullRequest>(p).repository); }},
    {"author", Type::text, "'JC'", "who opened it",
     [](Thing p) { return told(as<PullRequest>(p).facts.author); }},
    {"author_url", Type::text, "'https://…'", "that person's page",
     [](Thing p) { return address(as<PullRequest>(p).facts.author_url); }},
    {"status", Type::text, "'approved'", "where it stands",
     [](Thing p) { return Value::borrowed(as<PullRequest>(p).status()); }, nullptr, pull_statuses},
    {"reviews", Type::integer, "2", "approvals that stand",
     [](Thing p) { return number(static_cast<std::int64_t>(as<PullRequest>(p).approvers().size())); }},
    {"required", Type::integer, "2", "approvals that the branch asks for, where that is known",
     [](Thing p) { return number(as<PullRequest>(p).required); }},
    {"checks", Type::text, "'passed'", "how the checks of its head stand",
     [](Thing p) { return Value::borrowed(state::name_of(as<PullRequest>(p).head.state())); }, nullptr,
     checks_words},
    {"approvers", Type::list, "['STRYK']", "who approves it",
     [](Thing p) { return texts(as<PullRequest>(p).approvers()); }},
    {"objectors", Type::list, "['JC']", "who asks for changes",
     [](Thing p) { return texts(as<PullRequest>(p).objectors()); }},
    {"failed_checks", Type::list, "['Tests']", "the checks of its head that failed",
     [](Thing p) { return texts(as<PullRequest>(p).head.failed()); }},
    {"checks_passed", Type::integer, "4", "how many checks of its head passed",
     [](Thing p) { return number(static_cast<std::int64_t>(as<PullRequest>(p).head.passed_count())); }},
    {"checks_total", Type::integer, "5", "how many checks its head has",
     [](Thing p) { return number(static_cast<std::int64_t>(as<PullRequest>(p).head.counted().size())); }},
    {"head", Type::text, "'feature-oauth'", "the branch it comes from",
     [](Thing p) { return told(as<PullRequest>(p).facts.head); }},
    {"base", Type::text, "'main'", "the branch it goes to",
     [](Thing p) { return told(as<PullRequest>(p).facts.base); }},
    {"head_sha", Type::text, "'42f0c7d9…'", "the commit it stands at",
     [](Thing p) { return told(as<PullRequest>(p).facts.head_sha); }},
    {"head_repo", Type::text, "'fork/app'", "the repository it comes from",
     [](Thing p) { return told(as<PullRequest>(p).facts.head_repository); }},
    {"is_draft", Type::boolean, "false", "whether it is a draft",
     [](Thing p) { return truth(as<PullRequest>(p).facts.is_draft); }},
    {"draft", Type::boolean, "false", "the same",
     [](Thing p) { return truth(as<PullRequest>(p).facts.is_draft); }},
    {"is_open", Type::boolean, "true", "whether it is open",
     [](Thing p) { return truth(as<PullRequest>(p).facts.is_open); }},
    {"is_merged", Type::boolean, "false", "whether it is merged",
     [](Thing p) { return truth(as<PullRequest>(p).facts.is_merged); }},
    {"merged", Type::boolean, "false", "the same",
     [](Thing p) { return truth(as<PullRequest>(p).facts.is_merged); }},
    {"merged_by", Type::text, "'STRYK'", "who merged it",
     [](Thing p) { return told(as<PullRequest>(p).facts.merged_by); }},
    {"mergeable", Type::boolean, "true", "whether it merges without conflict, where that was asked",
     [](Thing p) {
         return as<PullRequest>(p).is_mergeable ? truth(*as<PullRequest>(p).is_mergeable) : Value();
     }},
    {"labels", Type::list, "['bug']", "its labels",
     [](Thing p) { return texts(as<PullRequest>(p).facts.labels); }},
    {"reviewers", Type::list, "['STRYK', 'core']", "who is asked to review: people and teams",
     [](Thing p) { return texts(as<PullRequest>(p).facts.reviewers); }},
    {"teams", Type::list, "['core']", "the teams among them",
     [](Thing p) { return texts(as<PullRequest>(p).facts.teams); }},
    {"assignees", Type::list, "['JC']", "who is to look after it",
     [](Thing p) { return texts(as<PullRequest>(p).facts.assignees); }},
    {"milestone", Type::text, "'v1.0'", "its milestone",
     [](Thing p) { return told(as<PullRequest>(p).facts.milestone); }},
    {"additions", Type::integer, "450", "lines it adds",
     [](Thing p) { return number(as<PullRequest>(p).facts.additions); }},
    {"deletions", Type::integer, "120", "lines it removes",
     [](Thing p) { return number(as<PullRequest>(p).facts.deletions); }},
    {"changed_files", Type::integer, "8", "files it changes",
     [](Thing p) { return number(as<PullRequest>(p).facts.changed_files); }},
    {"commits", Type::integer, "3", "how many commits it has",
     [](Thing p) { return number(as<PullRequest>(p).facts.commits); }},
    {"created", Type::text, "'2026-11-29T10:00:00.000Z'", "when it was opened",
     [](Thing p) { return time(as<PullRequest>(p).created); }},
}};

constexpr std::array<std::string_view, 4> review_states{
    {"approved", "changes_requested", "commented", "dismissed"}};
constexpr std::array<Field, 5> review_fields{{
    {"state", Type::text, "'approved'", "what it says",
     [](Thing r) { return Value::borrowed(review_states.at(static_cast<std::size_t>(as<Review>(r).state))); },
     nullptr, review_states},
    {"author", Type::text, "'STRYK'", "whose it is", [](Thing r) { return told(as<Review>(r).author); }},
    {"body", Type::text, "'Looks good'", "its text", [](Thing r) { return text(as<Review>(r).body); }},
    {"url", Type::text, "'https://…'", "its page", [](Thing r) { return address(as<Review>(r).url); }},
    {"commit", Type::text, "'42f0c7d9…'", "the commit it was given for",
     [](Thing r) { return told(as<Review>(r).commit_id); }},
}};

constexpr std::array<Field, 5> comment_fields{{
    {"body", Type::text, "'Why not 3?'", "its text", [](Thing c) { return text(as<Comment>(c).body); }},
    {"author", Type::text, "'JC'", "whose it is", [](Thing c) { return told(as<Comment>(c).author); }},
    {"url", Type::text, "'https://…'", "its page", [](Thing c) { return address(as<Comment>(c).url); }},
    {"path", Type::text, "'src/main.cpp'", "the file it is about",
     [](Thing c) { return told(as<Comment>(c).path); }},
    {"line", Type::integer, "12", "the line it is about",
     [](Thing c) { return number(as<Comment>(c).line); }},
}};

constexpr std::array<Field, 11> issue_fields{{
    {"number", Type::integer, "12", "its number", [](Thing i) { return number(as<Issue>(i).number); }},
    {"title", Type::text, "'Login fails'", "its title", [](Thing i) { return text(as<Issue>(i).title); }},
    {"url", Type::text, "'https://…'", "its page", [](Thing i) { return address(as<Issue>(i).url); }},
    {"body", Type::text, "'Steps: …'", "its text", [](Thing i) { return text(as<Issue>(i).body); }},
    {"author", Type::text, "'JC'", "who opened it", [](Thing i) { return told(as<Issue>(i).author); }},
    {"is_open", Type::boolean, "true", "whether it is open",
     [](Thing i) { return truth(as<Issue>(i).is_open); }},
    {"reason", Type::text, "'completed'", "why it was closed",
     [](Thing i) { return told(as<Issue>(i).state_reason); }},
    {"labels", Type::list, "['bug']", "its labels", [](Thing i) { return texts(as<Issue>(i).labels); }},
    {"assignees", Type::list, "['JC']", "who is to look after it",
     [](Thing i) { return texts(as<Issue>(i).assignees); }},
    {"milestone", Type::text, "'v1.0'", "its milestone",
     [](Thing i) { return told(as<Issue>(i).milestone); }},
    {"created", Type::text, "'2026-11-29T10:00:00.000Z'", "when it was opened",
     [](Thing i) { return time(as<Issue>(i).created); }},
}};

constexpr std::array<Field, 3> asset_fields{{
    {"name", Type::text, "'app.tar.gz'", "its name",
     [](Thing a) { return text(as<Release::Asset>(a).name); }},
    {"url", Type::text, "'https://…'", "where it is",
     [](Thing a) { return address(as<Release::Asset>(a).url); }},
    {"size", Type::integer, "48000", "its bytes", [](Thing a) { return number(as<Release::Asset>(a).size); }},
}};
const Schema asset_schema{"asset", asset_fields};

constexpr std::array<Field, 9> release_fields{{
    {"tag", Type::text, "'v1.2.0'", "its tag", [](Thing r) { return text(as<Release>(r).tag); }},
    {"name", Type::text, "'Version 1.2'", "its name", [](Thing r) { return told(as<Release>(r).name); }},
    {"url", Type::text, "'https://…'", "its page", [](Thing r) { return address(as<Release>(r).url); }},
    {"body", Type::text, "'- faster'", "its notes", [](Thing r) { return text(as<Release>(r).body); }},
    {"author", Type::text, "'STRYK'", "who published it",
     [](Thing r) { return told(as<Release>(r).author); }},
    {"target", Type::text, "'main'", "what was released",
     [](Thing r) { return told(as<Release>(r).target); }},
    {"is_draft", Type::boolean, "false", "whether it is a draft",
     [](Thing r) { return truth(as<Release>(r).is_draft); }},
    {"is_prerelease", Type::boolean, "false", "whether it is a prerelease",
     [](Thing r) { return truth(as<Release>(r).is_prerelease); }},
    {"assets", Type::list, "[…]", "its files",
     [](Thing r) { return objects(as<Release>(r).assets, asset_schema); }, &asset_schema},
}};

}  // namespace

const Schema push_schema{"push", push_fields};
const Schema pull_schema{"pr", pull_fields};
const Schema review_schema{"review", review_fields};
const Schema comment_schema{"comment", comment_fields};
const Schema issue_schema{"issue", issue_fields};
const Schema release_schema{"release", release_fields};

}  // namespace hookline::rules
