#include "services/once.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "services/builds.hpp"

namespace hookline::services {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

// How long a second delivery may be behind the first. GitHub and GitLab send what belongs together within
// seconds; a retry after an outage takes some minutes.
constexpr minutes same_act(10);
// A status is set again by scripts that report twice, within seconds; later it is another run.
constexpr minutes same_status(2);
// A release is made from a tag when its workflow is done.
constexpr hours release_follows(1);
// A restart is a stop and a start, seconds later.
constexpr minutes restart_follows(1);
// A build that is told again is the same one, whenever its sender is heard.
constexpr hours same_build(24);
// Whoever merges clicks the branch away the same day.
constexpr hours cleaning_up(24);

// An image gets its tags within seconds of its build's end, and whoever watches the build hears of it then.
constexpr minutes build_ended(1);
// A build that nobody says the end of: whoever ran it was killed, and nobody else saw it.
constexpr hours longest_build(2);
// Whoever runs a build starts a builder, which says so at once.
constexpr minutes builder_starts(1);
// Of machines that keep time.
constexpr std::chrono::seconds clocks_differ(2);

constexpr std::size_t longest_key = 300;

bool is_far(std::optional<TimePoint> from, std::optional<TimePoint> to, std::chrono::seconds most) {
    return from && to && *to - *from > most;
}

class Facts {
public:
    void add(int rank, std::chrono::seconds counts_for, std::string_view key, bool is_repeated = false) {
        facts_.push_back({shorten(key, longest_key), rank, is_repeated, counts_for});
    }
    /// Any of these says it all.
    void add_all(int rank, std::chrono::seconds counts_for, std::string_view key, bool is_repeated = false) {
        add(rank, counts_for, key, is_repeated);
        facts_.back().is_all = true;
    }
    /// When and where that was; `begun_as`: see Fact.
    void mark(const Course& course, std::string_view begun_as) {
        facts_.back().course = course;
        facts_.back().begun_as = shorten(begun_as, longest_key);
    }
    [[nodiscard]] std::vector<Fact> take() { return std::move(facts_); }

private:
    std::vector<Fact> facts_;
};

std::string commit_on(std::string_view commit, std::string_view branch) {
    return fmt::format("commit {} on {}", commit, branch);
}

/// "tag v1 is there", "branch feature is gone".
std::string ref_is(std::string_view noun, std::string_view name, std::string_view how) {
    return fmt::format("{} {} is {}", noun, name, how);
}

void of_request(const event::Event& event, Facts& facts) {
    const event::PullRequest& pr = *event.pr;
    if (event.action == "synchronize" && !pr.head_sha.empty()) {
        facts.add(1, same_act, commit_on(pr.head_sha, pr.head));
    }
    const bool is_own_branch =
        !event.repo || pr.head_repository.empty() || pr.head_repository == event.repo->full_name;
    if (event.action == "opened" && is_own_branch && !pr.head.empty()) {
        facts.add(3, same_act, ref_is("branch", pr.head, "there"));
    }
    if (event.action != "merged") {
        return;
    }
    if (!pr.merge_commit.empty()) {
        facts.add(3, same_act, commit_on(pr.merge_commit, pr.base));
    }
    if (is_own_branch && !pr.head.empty()) {
        facts.add(2, cleaning_up, ref_is("branch", pr.head, "gone"));
    }
}

void of_push(const event::Event& event, Facts& facts) {
    const event::Push& push = *event.push;
    const bool is_tag = push.ref == event::Push::Ref::tag;
    const std::string_view noun = is_tag ? "tag" : "branch";
    if (push.name.empty()) {
        return;
    }
    if (push.kind == event::Push::Kind::deleted) {
        return facts.add(1, same_act, ref_is(noun, push.name, "gone"));
    }
    const bool tells_commits = !is_tag && push.commit_count > 0;
    if (push.kind == event::Push::Kind::created) {
        facts.add(tells_commits ? 2 : 1, is_tag ? std::chrono::seconds(release_follows) : same_act,
                  ref_is(noun, push.name, "there"));
    }
    if (tells_commits && !push.after.empty()) {
        facts.add(2, same_act, commit_on(push.after, push.name));
    }
}

void of_subject(const event::Event& event, Facts& facts) {
    const event::Subject& subject = *event.subject;
    if (subject.name.empty()) {
        return;
    }
    if (event.name == "branch" || event.name == "tag") {
        const bool is_tag = event.name == "tag";
        if (event.action == "created") {
            facts.add(1, is_tag ? std::chrono::seconds(release_follows) : same_act,
                      ref_is(event.name, subject.name, "there"));
        } else if (event.action == "deleted") {
            facts.add(1, same_act, ref_is(event.name, subject.name, "gone"));
        }
    } else if (event.name == "package") {
        facts.add(1, same_act, fmt::format("package {} {}", subject.name, event.action));
    } else if ((event.full_name() == "star.created" || event.full_name() == "watch.started") && event.actor) {
        facts.add(event.name == "star" ? 2 : 1, same_act, "star of " + event.actor->login);
    }
}

void of_container(const event::Event& event, Facts& facts) {
    const std::string& stop = event.container->stop_key;
    if (!stop.empty() && (event.action == "stopped" || event.action == "restarted")) {
        facts.add(event.action == "restarted" ? 2 : 1, restart_follows, "end of container " + stop);
    }
}

/// Who ran it knows it best, then the builder; an image that appears says only that it was built.
constexpr int rank_of_run = 3;
int rank_of(const event::Build& build) {
    return build.by == "run" ? rank_of_run : build.by == "image" ? 1 : 2;
}

void of_build(const event::Event& event, Facts& facts) {
    const event::Build& build = *event.build;
    const bool is_over = build.status != event::Build::Status::started;
    const std::string start = "start of build " + build.key;
    Course course;
    course.began = build.started;
    course.ended = is_over ? build.ended : std::nullopt;
    course.place = rank_of(build) < rank_of_run ? build.engine : std::string();  // what a run says is no name
    course.has_failed = is_over && build.status != event::Build::Status::completed;
    // Of as high a rank: that a build began is no news once its end was told, but the end does not take over
    // what told the beginning.
    if (is_over) {
        facts.add(1, same_build, "end of build " + build.key, true);
        facts.mark({}, start);
    }
    facts.add(1, same_build, start, true);
    // Several may tell the same build: who ran it, the engine's builder, the image that comes of it.
    for (const std::string& tag : build.tags) {
        const std::string of_tag = "start of build of " + plain_reference(tag);
        if (is_over) {
            facts.add_all(rank_of(build), build_ended, "end of build of " + plain_reference(tag));
            facts.mark(course, of_tag);
            facts.add(rank_of(build), longest_build, of_tag);
        } else {
            facts.add_all(rank_of(build), longest_build, of_tag);
        }
        facts.mark(course, {});
    }
    const std::string& image = build.image_id.empty() ? build.image_digest : build.image_id;
    if (is_over && !image.empty()) {
        facts.add_all(rank_of(build), same_act, fmt::format("image {} is built", image));
        // Another name of it comes later, and is no other build.
        course.ended = build.started ? course.ended : std::nullopt;
        facts.mark(course, {});
    }
}

}  // namespace

bool may_be_one(const Course& told, const Course& other) {
    const bool is_elsewhere = !told.place.empty() && !other.place.empty() && told.place != other.place;
    const bool is_before = is_far(other.began, told.began, clocks_differ) ||
                           (!other.began && is_far(other.ended, told.began, clocks_differ));
    const bool is_after = is_far(told.began, other.began, builder_starts) ||
                          is_far(told.ended, other.began ? other.began : other.ended, clocks_differ);
    // Who runs a build that fails says that it failed.
    const bool is_otherwise = told.ended && other.ended && other.has_failed && !told.has_failed;
    return !is_elsewhere && !is_before && !is_after && !is_otherwise;
}

std::vector<Fact> facts_told(const event::Event& event) {
    Facts facts;
    if (event.release) {
        if (event.action == "published" && !event.release->tag.empty()) {
            facts.add(2, release_follows, ref_is("tag", event.release->tag, "there"));
        }
    } else if (event.workflow && event.name == "check") {
        const event::Run& run = *event.workflow;
        if (event.action == "failed" && !run.name.empty() && !run.commit.empty()) {
            const bool is_status = event.provider_name == "status";
            facts.add(1, is_status ? same_status : same_act,
                      fmt::format("check {} of {} failed", run.name, run.commit), is_status);
        }
    } else if (event.push) {
        of_push(event, facts);
    } else if (event.name == "pr" && event.pr) {
        of_request(event, facts);
    } else if (event.build) {
        of_build(event, facts);
    } else if (event.container) {
        of_container(event, facts);
    } else if (event.subject) {
        of_subject(event, facts);
    }
    return facts.take();
}

}  // namespace hookline::services
