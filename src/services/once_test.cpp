#include "services/once.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "services/service.hpp"

namespace hookline::services {
namespace {

std::vector<std::string> facts_of(event::Service service, std::string_view sample) {
    const ServiceAdapter* adapter = find_adapter(service);
    for (const Sample& known : adapter->samples()) {
        if (known.name == sample) {
            event::Delivery delivery;
            delivery.service = service;
            delivery.event_type = known.event_type;
            delivery.payload = known.payload;
            std::vector<std::string> keys;
            for (const Fact& fact : facts_told(adapter->parse(delivery).value())) {
                keys.push_back(fmt::format("{}: {}", fact.rank, fact.key));
            }
            return keys;
        }
    }
    ADD_FAILURE() << "no sample " << sample;
    return {};
}

}  // namespace

TEST(Once, AMergeTellsItsCommitAndThatItsBranchMayGo) {
    EXPECT_THAT(facts_of(event::Service::github, "pr.merged"),
                testing::ElementsAre("3: commit 14091a9f2461267ee7e02525b4f1f2923f1c9849 on main",
                                     "2: branch feature-oauth is gone"));
    EXPECT_THAT(facts_of(event::Service::gitlab, "pr.merged"),
                testing::Contains("2: branch lamp-warning is gone"));
    EXPECT_THAT(facts_of(event::Service::github, "branch.deleted"),
                testing::ElementsAre("1: branch feature-oauth is gone"));
}

TEST(Once, WhatMakesAThingAndWhatIsInItAreOneFact) {
    EXPECT_THAT(facts_of(event::Service::github, "tag.created"),
                testing::ElementsAre("1: tag v1.4.0 is there"));
    EXPECT_THAT(facts_of(event::Service::github, "release.published"),
                testing::ElementsAre("2: tag v1.4.0 is there"));
    EXPECT_THAT(facts_of(event::Service::github, "push.created"),
                testing::Contains(testing::StartsWith("2: branch ")));
    EXPECT_THAT(facts_of(event::Service::gitlab, "push.created"),
                testing::Contains(testing::StartsWith("2: branch ")));
    EXPECT_THAT(facts_of(event::Service::github, "pr.opened"),
                testing::ElementsAre("3: branch feature-oauth is there"));
}

TEST(Once, MostEventsAreToldByNothingElse) {
    for (const char* sample : {"pr.labeled", "review.approved", "issue.closed", "comment.created",
                               "workflow.failed", "deployment.success"}) {
        EXPECT_THAT(facts_of(event::Service::github, sample), testing::IsEmpty()) << sample;
    }
}

TEST(Once, AnEmptyEventTellsNothing) {
    event::Event event;
    EXPECT_TRUE(facts_told(event).empty());
    event.name = "pr";
    event.action = "merged";
    event.pr.emplace();
    EXPECT_TRUE(facts_told(event).empty());
    event.push.emplace();
    EXPECT_TRUE(facts_told(event).empty());
}

}  // namespace hookline::services
