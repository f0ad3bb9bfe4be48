// What is acknowledged stays, what cannot be stored is never acknowledged.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "store/sqlite/connection.hpp"
#include "store/testing/store_fixture.hpp"

namespace hookline::store {

namespace {

class Durability : public StoreFixture {
protected:
    /// Runs `work` in a process of its own that ends without closing anything; what it wrote to the pipe.
    template <class Work>
    std::string run_and_kill(Work work) {
        std::array<int, 2> ends{};
        EXPECT_EQ(::pipe(ends.data()), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            work(ends[1]);
            ::_exit(0);
        }
        ::close(ends[1]);
        std::string told;
        std::array<char, 4096> buffer{};
        for (ssize_t size = 0; (size = ::read(ends[0], buffer.data(), buffer.size())) > 0;) {
            told.append(buffer.data(), static_cast<std::size_t>(size));
        }
        ::close(ends[0]);
        int status = 0;
        EXPECT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        return told;
    }
    static void tell(int pipe, const std::string& text) {
        [[maybe_unused]] const auto written = ::write(pipe, text.data(), text.size());
    }
    /// Appends until something else than a row is the answer; how many were stored.
    int append_until_refused(const std::string& payload, std::string& reason) {
        for (int i = 0; i < 10'000; ++i) {
            const auto appended = append(delivery(fmt::format("{}-{}", payload.size(), i), payload));
            if (!appended) {
                reason = fmt::format("{}: {}", name_of(appended.error().code), appended.error().detail);
                return i;
            }
        }
        return -1;
    }
};

}  // namespace

TEST_F(Durability, WhatWasAnsweredIsThereAfterAKill) {
    const std::string told = run_and_kill([this](int pipe) {
        auto opened = open_sqlite(options());
        if (!opened) {
            ::_exit(1);
        }
        store = std::move(*opened);
        for (int i = 0; i < 300; ++i) {
            store->journal().append(delivery(std::to_string(i)), [i, pipe](const Result<Appended>& result) {
                if (result) {
                    tell(pipe, fmt::format("{} ", i));
                }
                if (i == 200) {
                    ::_exit(0);  // in the middle of the answers
                }
            });
        }
        append(delivery("last")).value();
    });
    open();
    std::size_t acknowledged = 0;
    std::istringstream ids(told);
    for (std::string id; ids >> id; ++acknowledged) {
        EXPECT_TRUE(append(delivery(id))->is_duplicate) << id;
    }
    EXPECT_GE(acknowledged, 201U);
}

TEST_F(Durability, AFullDiskRefusesAndHealsByItself) {
    auto small = options();
    small.most_pages = 200;
    open(small);
    std::string reason;
    const int stored_count = append_until_refused(std::string(8192, 'x'), reason);
    EXPECT_GT(stored_count, 20);
    EXPECT_EQ(reason, "unavailable: the database's disk is full (database or disk is full)");
    EXPECT_EQ(store->counts()->events, stored_count);
    EXPECT_THAT(log.lines(),
                testing::Contains("error [store] nothing can be stored error=the database's disk is "
                                  "full (database or disk is full)"));
    EXPECT_FALSE(append(delivery("again", std::string(8192, 'x'))));

    // Space returns: here by what is swept.
    std::vector<StoredEvent> all = store->unprocessed(1000).value();
    for (const StoredEvent& event : all) {
        must_write({MarkProcessed{event.id}});
    }
    clock.advance(std::chrono::hours(48));
    ASSERT_GT(run(store->sweep(clock.now() - std::chrono::hours(1), 10)).value(), 0U);
    EXPECT_TRUE(append(delivery("again", std::string(8192, 'x'))));
    EXPECT_THAT(log.lines(), testing::Contains("info [store] storing works again"));
}

TEST_F(Durability, AnErrorOfTheDiskRefusesAndHealsByItself) {
    const std::string told = run_and_kill([this](int pipe) {
        ::signal(SIGXFSZ, SIG_IGN);
        auto opened = open_sqlite(options());
        if (!opened) {
            ::_exit(1);
        }
        store = std::move(*opened);
        rlimit limit{};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        const rlimit small{1U << 20U, limit.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
        std::string reason;
        const int stored_count = append_until_refused(std::string(8192, 'x'), reason);
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const auto healed = append(delivery("healed"));
        tell(pipe, fmt::format("{} {} {}", stored_count, healed ? "healed" : healed.error().detail, reason));
    });
    int stored_count = 0;
    std::string healed;
    std::istringstream(told) >> stored_count >> healed;
    EXPECT_GT(stored_count, 5);
    EXPECT_EQ(healed, "healed") << told;
    EXPECT_THAT(told, testing::HasSubstr("unavailable: the database's disk fails (disk I/O error)"));
    open();
    EXPECT_EQ(store->counts()->events, stored_count + 1);
}

TEST_F(Durability, WaitsForTheLockOfAnotherProgram) {
    open();
    Connection other(path, Connection::Access::read_write);
    other.execute("BEGIN IMMEDIATE");
    auto answer = start_append(delivery("a"));
    EXPECT_EQ(answer.wait_for(std::chrono::milliseconds(0)), std::future_status::timeout);
    other.execute("COMMIT");
    EXPECT_TRUE(answer.get());
}

TEST_F(Durability, NothingIsAcknowledgedIntoAFileThatIsGone) {
    open();
    stored("a");
    std::filesystem::rename(path, path + ".moved");
    const auto refused = append(delivery("b"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().detail, path + " was deleted or replaced while in use; restart Hookline");
    EXPECT_FALSE(run(store->check_writable()));
    std::filesystem::rename(path + ".moved", path);
    EXPECT_TRUE(append(delivery("b")));
}

}  // namespace hookline::store
