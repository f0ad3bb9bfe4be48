#include "pipeline/verdict.hpp"

#include <gtest/gtest.h>

namespace hookline::pipeline {

namespace {

struct Case {
    const char* what;
    std::function<void(event::Event&, store::Hook&)> change;
    bool everyone_can_see;
    store::OutcomeKind kind;
    const char* reason;
};

event::Event merged_request() {
    event::Event event;
    event.name = "pr";
    event.action = "merged";
    event.provider_name = "pull_request";
    event.repo = event::Repository();
    event.repo->full_name = "Octo/App";
    return event;
}

}  // namespace

TEST(Verdict, TheFirstReasonAgainstItDecides) {
    using store::OutcomeKind;
    const std::vector<Case> cases{
        {"nothing against it", [](auto&, auto&) {}, true, OutcomeKind::sent, ""},
        {"off", [](auto&, store::Hook& hook) { hook.is_enabled = false, hook.is_paused = true; }, true,
         OutcomeKind::hook_off, "the hook is off"},
        {"paused", [](auto&, store::Hook& hook) { hook.is_paused = true; }, true, OutcomeKind::hook_off,
         "the hook is paused"},
        {"unknown event",
         [](event::Event& event, auto&) {
             event.name.clear();
             event.provider_name = "brand_new";
         },
         true, OutcomeKind::not_understood, "Hookline does not know GitHub's event brand_new"},
        {"security where everyone reads",
         [](event::Event& event, auto&) { event.name = "security", event.action = "opened"; }, true,
         OutcomeKind::not_announced, "it is told only in channels that not everyone sees"},
        {"security elsewhere",
         [](event::Event& event, auto&) { event.name = "security", event.action = "opened"; }, false,
         OutcomeKind::sent, ""},
        {"repository",
         [](auto&, store::Hook& hook) {
             hook.repos = {"octo/*", "!octo/app"};
         },
         true, OutcomeKind::filtered, "repository Octo/App does not match --repo octo/*,!octo/app"},
        {"an event without a repository passes",
         [](event::Event& event, store::Hook& hook) { event.repo.reset(), hook.repos = {"octo/*"}; }, true,
         OutcomeKind::sent, ""},
        {"other events",
         [](auto&, store::Hook& hook) {
             hook.events = {"push", "issue"};
         },
         true, OutcomeKind::filtered, "events of this hook are push, issue"},
        {"sub-event", [](auto&, store::Hook& hook) { hook.events = {"pr.merged"}; }, true, OutcomeKind::sent,
         ""},
    };
    for (const Case& c : cases) {
        event::Event event = merged_request();
        store::Hook hook;
        c.change(event, hook);
        const Verdict verdict = decide(Question{event, hook, TimePoint(), c.everyone_can_see});
        EXPECT_EQ(verdict.kind, c.kind) << c.what;
        EXPECT_EQ(verdict.reason, c.reason) << c.what;
    }
}

TEST(Verdict, WhatIsSilentByDefaultIsNotAnnouncedRatherThanFiltered) {
    event::Event event = merged_request();
    event.action = "synchronize";
    const store::Hook hook;
    const Verdict verdict = decide(Question{event, hook, TimePoint(), true});
    EXPECT_EQ(verdict.kind, store::OutcomeKind::not_announced);
    EXPECT_NE(verdict.reason, "");
}

TEST(Verdict, RepositoriesMatchByGlobAndExclusion) {
    struct Match {
        std::vector<std::string> globs;
        const char* repository;
        bool passes;
    };
    for (const Match& c : {
             Match{{}, "a/b", true},
             Match{{"a/b"}, "A/B", true},
             Match{{"a/b"}, "a/bc", false},
             Match{{"a/*"}, "a/b", true},
             Match{{"a/*", "!a/b"}, "a/b", false},
             Match{{"!a/b", "a/*"}, "a/b", false},
             Match{{"!a/b"}, "a/c", true},
             Match{{"!*/*-old"}, "a/x-old", false},
             Match{{"a/b", "c/d"}, "c/d", true},
             Match{{"*"}, "", true},
         }) {
        EXPECT_EQ(repository_passes(c.globs, c.repository), c.passes) << c.repository;
    }
}

}  // namespace hookline::pipeline
