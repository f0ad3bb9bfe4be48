#include "services/event_names.hpp"

#include <gmock/gmock.h>

namespace hookline::services {
namespace {

using testing::ElementsAre;

const ServiceAdapter& github() { return *find_adapter(event::Service::github); }

event::Event make(std::string_view name, std::string_view action, std::string_view provider_name = "") {
    event::Event event;
    event.name = name;
    event.action = action;
    event.provider_name = provider_name;
    if (name == "push") {
        event.push.emplace().commit_count = 1;
    }
    return event;
}

std::string why(std::vector<std::string> events, const event::Event& event) {
    return why_unwanted(events, event);
}

std::vector<std::string> parsed(std::string_view list) {
    const auto names = parse_event_names(list, github());
    EXPECT_TRUE(names) << names.error().detail;
    return names.value_or(std::vector<std::string>{});
}

TEST(EventNames, AListIsReadAsPeopleWriteIt) {
    EXPECT_THAT(parsed("push,pr,release"), ElementsAre("push", "pr", "release"));
    EXPECT_THAT(parsed(" Push, PR  pr.merged ,push,"), ElementsAre("push", "pr", "pr.merged"));
}

TEST(EventNames, TheServicesOwnNamesCount) {
    EXPECT_THAT(parsed("pull_request,issues,workflow_run,pull_request.merged"),
                ElementsAre("pr", "issue", "workflow", "pr.merged"));
    EXPECT_THAT(parsed("create,issue_comment,gollum"), ElementsAre("create", "issue_comment", "wiki"));
}

TEST(EventNames, UnknownNamesAreAnsweredWithTheNearest) {
    const struct {
        std::string_view list, error;
    } cases[] = {
        {"push,relase", "“relase” is not an event of GitHub. Did you mean “release”?"},
        {"pr.mergd", "“pr.mergd” is not an event of GitHub. Did you mean “pr.merged”?"},
        {"pull_requests", "“pull_requests” is not an event of GitHub. Did you mean “pull_request”?"},
        {"fork.xyzzy", "“fork.xyzzy” is not an event of GitHub: “fork” has no parts, name it whole."},
        {" , ", "no event was named; for example: push,pr,release"},
        {"", "no event was named; for example: push,pr,release"},
    };
    for (const auto& [list, error] : cases) {
        const auto names = parse_event_names(list, github());
        ASSERT_FALSE(names) << list;
        EXPECT_EQ(names.error().detail, error);
    }
    const auto far = parse_event_names("quuxity", github());
    ASSERT_FALSE(far);
    EXPECT_TRUE(far.error().detail.starts_with(
        "“quuxity” is not an event of GitHub. There are: push, pr, review, comment, issue, "))
        << far.error().detail;
}

TEST(EventNames, AWholeEventMeansItsUsualActions) {
    EXPECT_EQ(why({"pr"}, make("pr", "merged")), "");
    EXPECT_EQ(why({"pr"}, make("pr", "synchronize")),
              "pr.synchronize is announced only where it is named itself");
    EXPECT_EQ(why({"push", "pr"}, make("issue", "opened")), "events of this hook are push, pr");
    EXPECT_EQ(why({"push"}, make("push", "")), "");
}

TEST(EventNames, AWholeEventWithoutUsualActionsMeansAllOfThem) {
    EXPECT_EQ(why({"branch"}, make("branch", "created")), "");
    EXPECT_EQ(why({"branch"}, make("branch", "deleted")), "");
    EXPECT_EQ(why({"fork"}, make("fork", "created")), "");
    EXPECT_EQ(why({"branch"}, make("tag", "created")), "events of this hook are branch");
}

TEST(EventNames, ASubEventMeansExactlyThatOne) {
    EXPECT_EQ(why({"pr.synchronize"}, make("pr", "synchronize")), "");
    EXPECT_EQ(why({"pr.merged"}, make("pr", "merged")), "");
    EXPECT_EQ(why({"pr.merged"}, make("pr", "opened")), "events of this hook are pr.merged");
    EXPECT_EQ(why({"workflow.failed"}, make("workflow", "passed")),
              "events of this hook are workflow.failed");
    EXPECT_EQ(why({"push.forced"}, make("push", "")), "events of this hook are push.forced");
}

TEST(EventNames, TheServicesOwnNameNarrows) {
    EXPECT_EQ(why({"issue_comment"}, make("comment", "created", "issue_comment")), "");
    EXPECT_EQ(why({"issue_comment"}, make("comment", "created", "commit_comment")),
              "events of this hook are issue_comment");
    EXPECT_EQ(why({"create"}, make("tag", "created", "create")), "");
}

TEST(EventNames, ATagThatMovedIsAlsoATag) {
    event::Event moved = make("push", "moved");
    moved.push->ref = event::Push::Ref::tag;
    EXPECT_EQ(why({"tag"}, moved), "");
    EXPECT_EQ(why({"tag.moved"}, moved), "");
    EXPECT_EQ(why({"tag.created"}, moved), "events of this hook are tag.created");
}

TEST(EventNames, APushThatMakesABranchIsThatToo) {
    event::Event created = make("push", "created");
    created.also = "branch.created";
    EXPECT_EQ(why({"branch"}, created), "");
    EXPECT_EQ(why({"branch.created"}, created), "");
    EXPECT_EQ(why({"branch.deleted"}, created), "events of this hook are branch.deleted");
}

TEST(EventNames, OneActIsToldOnce) {
    event::Event job = make("job", "failed");
    job.told_by = "workflow";
    EXPECT_EQ(why({"job"}, job), "");
    EXPECT_EQ(why({"workflow", "job"}, job), "workflow tells it");
    EXPECT_EQ(why({"workflow.failed", "job"}, job), "workflow tells it");
    EXPECT_EQ(why({"workflow.failed", "job.failed"}, job), "workflow tells it");
    EXPECT_EQ(why({"workflow.passed", "job"}, job), "");
    EXPECT_EQ(why({"workflow", "job.failed"}, job), "") << "a part beside a whole is wanted";
    event::Event suite = make("check_suite", "failed");
    suite.told_by = "check";
    EXPECT_EQ(why({"check_suite", "check"}, suite), "check tells it");
    EXPECT_EQ(why({"check_suite"}, suite), "");
    event::Event released = make("release", "released");
    released.told_by = "release.published";
    EXPECT_EQ(why({"release.released", "release.published"}, released), "release.published tells it");
    EXPECT_EQ(why({"release.released"}, released), "");
}

TEST(EventNames, AnEmptyListIsWhatIsAnnouncedByDefault) {
    EXPECT_EQ(why({}, make("pr", "opened")), "");
    EXPECT_EQ(
        why({}, make("branch", "created")),
        "branch.created is not announced by default: branches come and go; a push tells what is in them");
    EXPECT_EQ(why({"pr"}, make("", "")), "Hookline does not know the event “” and only stores it");
}

TEST(EventNames, TellsWhatToSubscribeToAtTheService) {
    const auto subscriptions = [](std::vector<std::string> events) {
        return subscriptions_for(events, github());
    };
    EXPECT_THAT(subscriptions({}), ElementsAre("push", "pull_request", "pull_request_review", "issues",
                                               "issue_comment", "release", "workflow_run"));
    EXPECT_THAT(subscriptions({"pr", "pr.merged", "branch"}),
                ElementsAre("pull_request", "create", "delete"));
    EXPECT_THAT(subscriptions({"tag.moved", "issue_comment"}), ElementsAre("push", "issue_comment"));
}

TEST(EventNames, EveryNameOfAnAdapterIsReadable) {
    for (const ServiceAdapter* adapter : all_adapters()) {
        for (const EventName& name : adapter->event_names()) {
            EXPECT_THAT(parse_event_names(name.name, *adapter).value(), ElementsAre(std::string(name.name)));
            EXPECT_FALSE(name.sentence.empty()) << name.name;
        }
    }
}

}  // namespace
}  // namespace hookline::services
