// A command under pipes: bytes, ends, signals. With terminals: tests/e2e/run.test.mjs.
#include "runner/child.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <map>

namespace hookline::runner {
namespace {

/// Our own output away while the command writes to it: what was read along is what counts here.
class Children : public testing::Test {
protected:
    Ended run(const std::vector<std::string>& command) {
        said_.clear();
        Signals signals;
        auto child = Child::start(command, signals);
        if (!child) {
            error_ = child.error().detail;
            return Ended{-1, 0, false};
        }
        return child->wait(signals, [this](int stream, std::string_view bytes) { said_[stream] += bytes; });
    }
    Ended shell(const std::string& script) { return run({"/bin/sh", "-c", script}); }

    std::map<int, std::string> said_;
    std::string error_;
};

TEST_F(Children, EndAsTheyEnd) {
    EXPECT_EQ(shell("exit 7").exit_code, 7);
    const Ended killed = shell("kill -KILL $$");
    EXPECT_EQ(killed.signal, SIGKILL);
    EXPECT_FALSE(killed.was_asked_to_end);
}

TEST_F(Children, ThatAreNotThereAreNotStarted) {
    EXPECT_EQ(run({"no-such-command-anywhere"}).exit_code, -1);
    EXPECT_EQ(error_, "no-such-command-anywhere: command not found");
    EXPECT_EQ(run({"/etc/passwd"}).exit_code, -1);
    EXPECT_EQ(error_, "/etc/passwd: Permission denied");
    EXPECT_EQ(run({"/nowhere/at/all"}).exit_code, -1);
    EXPECT_EQ(error_, "/nowhere/at/all: No such file or directory");
}

TEST_F(Children, WhatTheySendToAllOfTheirGroupIsTheirOwn) {
    const Ended ended = shell("kill -USR1 $PPID; i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done; exit 4");
    EXPECT_EQ(ended.exit_code, 4);
}

TEST_F(Children, OrphansOfProcessOneAreTakenAway) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // orphans are ours, as they are process 1's
    const Ended ended = shell(
        "orphan=$(sh -c 'sleep 0.05 > /dev/null & echo $!'); for i in $(seq 100); do"
        " [ -d /proc/$orphan ] || exit 0; sleep 0.05; done; exit 9");
    ::prctl(PR_SET_CHILD_SUBREAPER, 0);
    EXPECT_EQ(ended.exit_code, 0) << "it is still there";
}

}  // namespace
}  // namespace hookline::runner
