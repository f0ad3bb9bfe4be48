#include "pipeline/trial.hpp"

#include <gtest/gtest.h>

namespace hookline::pipeline {

namespace {

std::vector<EventId> ids(std::initializer_list<std::int64_t> numbers) {
    std::vector<EventId> result;
    for (const std::int64_t number : numbers) {
        result.emplace_back(number);
    }
    return result;
}

Trial trial(std::int64_t first, std::int64_t last, int count) {
    return Trial{EventId(first), EventId(last), count};
}

}  // namespace

TEST(Trial, FreshEventsAreTakenTogetherAndCostNoMark) {
    const TrialPlan plan = plan_trial(ids({11, 12, 13}), std::nullopt, EventId(10));
    EXPECT_EQ(plan.take, 3U);
    EXPECT_FALSE(plan.sets_aside);
    EXPECT_FALSE(plan.mark_first);
}

TEST(Trial, WhatWasLeftOverIsMarkedAndKeptApartFromFreshEvents) {
    const TrialPlan plan = plan_trial(ids({9, 10, 11}), std::nullopt, EventId(10));
    EXPECT_EQ(plan.take, 2U);
    EXPECT_EQ(plan.mark_first, trial(9, 10, 1));
}

TEST(Trial, OfAMarkedBatchEachIsTriedAlone) {
    const TrialPlan plan = plan_trial(ids({9, 10, 11}), trial(8, 10, 1), EventId(11));
    EXPECT_EQ(plan.take, 1U);
    EXPECT_FALSE(plan.sets_aside);
    EXPECT_EQ(plan.mark_first, trial(9, 9, 1));
}

TEST(Trial, AfterEnoughTriesAloneItIsSetAside) {
    EXPECT_FALSE(plan_trial(ids({9, 10}), trial(9, 9, 1), EventId(10)).sets_aside);
    EXPECT_EQ(plan_trial(ids({9, 10}), trial(9, 9, 1), EventId(10)).mark_first, trial(9, 9, 2));
    EXPECT_FALSE(plan_trial(ids({9, 10}), trial(9, 9, most_trials - 1), EventId(10)).sets_aside);
    EXPECT_TRUE(plan_trial(ids({9, 10}), trial(9, 9, most_trials), EventId(10)).sets_aside);
}

TEST(Trial, AMarkOfWhatIsDoneConcernsNobody) {
    const TrialPlan plan = plan_trial(ids({10, 11}), trial(9, 9, 2), EventId(11));
    EXPECT_EQ(plan.take, 2U);
    EXPECT_FALSE(plan.sets_aside);
}

TEST(Trial, TheMarkIsReadBackAndNothingElseIs) {
    EXPECT_EQ(parse_trial(to_text(trial(9, 12, 2))), trial(9, 12, 2));
    for (const char* text : {"", "1", "1 2", "1 2 x", "1 2 3 4", "a b c"}) {
        EXPECT_EQ(parse_trial(text), std::nullopt) << text;
    }
}

}  // namespace hookline::pipeline
