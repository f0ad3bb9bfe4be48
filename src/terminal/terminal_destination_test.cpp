#include "terminal/terminal_destination.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "terminal/descriptor_sink.hpp"
#include "testing/fake_clock.hpp"
#include "testing/loop.hpp"

namespace hookline::terminal {

namespace {

class Terminal : public testing::Test {
protected:
    dispatch::Answer post(dispatch::Operation operation, Snowflake known = Snowflake()) {
        dispatch::Entry entry;
        entry.operation = operation;
        entry.body.content = "hello";
        entry.discord_message = known;
        return loop_.run(destination_.post(dispatch::DestinationInfo(), entry));
    }

    Loop loop_;
    FakeClock clock_;
    bool is_open_ = true;
    std::string shown_;
    TerminalDestination destination_{[this](const std::string& text) {
                                         shown_ += text;
                                         return is_open_;
                                     },
                                     DrawOptions(), clock_};
};

}  // namespace

TEST_F(Terminal, ShowsMessagesAndGivesThemGrowingIds) {
    const auto first = post(dispatch::Operation::create);
    const auto second = post(dispatch::Operation::create);
    EXPECT_EQ(first.kind, dispatch::Answer::Kind::ok);
    EXPECT_LT(first.message, second.message);
    EXPECT_EQ(shown_, "\nhello\n\nhello\n");
}

TEST_F(Terminal, AnEditIsShownAsSuchAndKeepsItsId) {
    const auto answer = post(dispatch::Operation::edit, Snowflake(7));
    EXPECT_EQ(answer.message, Snowflake(7));
    EXPECT_EQ(shown_, "\n(edited)\nhello\n");
    shown_.clear();
    post(dispatch::Operation::remove, Snowflake(7));
    EXPECT_EQ(shown_, "\n(a message was deleted)\n");
}

TEST_F(Terminal, AClosedTerminalIsAFailureThatIsTriedAgain) {
    is_open_ = false;
    const auto answer = post(dispatch::Operation::create);
    EXPECT_EQ(answer.kind, dispatch::Answer::Kind::failed);
    EXPECT_FALSE(answer.may_have_arrived);
}

TEST(DescriptorSink, AReaderThatStandsStillIsAFailureNotAStandstill) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    ::fcntl(ends[1], F_SETPIPE_SZ, 4096);
    const auto sink = descriptor_sink(ends[1]);
    EXPECT_TRUE(sink("hello\n"));
    EXPECT_FALSE(sink(std::string(1U << 20U, 'x')));
    ::close(ends[0]);
    ::close(ends[1]);
}

}  // namespace hookline::terminal
