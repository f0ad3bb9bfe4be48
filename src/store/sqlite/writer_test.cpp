#include "store/sqlite/connection.hpp"
#include "store/testing/store_fixture.hpp"

namespace hookline::store {

namespace {

class GroupCommit : public StoreFixture {
protected:
    /// Holds the database's write lock, so that everything queues up behind it.
    class Stopper {
    public:
        explicit Stopper(const std::string& path) : db_(path, Connection::Access::read_write) {
            db_.execute("BEGIN IMMEDIATE");
        }
        void release() { db_.execute("ROLLBACK"); }

    private:
        Connection db_;
    };
};

}  // namespace

TEST_F(GroupCommit, WhatQueuesUpSharesOneTransaction) {
    open();
    std::vector<std::future<Result<Appended>>> answers;
    Stopper stopper(path);
    for (int i = 0; i < 100; ++i) {
        answers.push_back(start_append(delivery(std::to_string(i))));
    }
    stopper.release();
    for (auto& answer : answers) {
        ASSERT_EQ(answer.wait_for(std::chrono::seconds(30)), std::future_status::ready);
        EXPECT_TRUE(answer.get());
    }
    shut();
    const auto batches = metrics.observed("hookline_journal_batch_size");
    // The first may have been taken alone, before the others came.
    EXPECT_LE(batches.size(), 3U);
    EXPECT_EQ(std::accumulate(batches.begin(), batches.end(), 0.0), 100);
    EXPECT_EQ(metrics.observed("hookline_journal_commit_seconds").size(), batches.size());
}

TEST_F(GroupCommit, ABatchIsBounded) {
    auto small = options();
    small.batch_jobs = 10;
    open(small);
    std::vector<std::future<Result<Appended>>> answers;
    Stopper stopper(path);
    for (int i = 0; i < 100; ++i) {
        answers.push_back(start_append(delivery(std::to_string(i))));
    }
    stopper.release();
    for (auto& answer : answers) {
        EXPECT_TRUE(answer.get());
    }
    shut();
    for (const double size : metrics.observed("hookline_journal_batch_size")) {
        EXPECT_LE(size, 10);
    }
}

TEST_F(GroupCommit, DeliveriesOfManyThreadsAreAllStored) {
    open();
    std::vector<std::thread> senders;
    std::atomic<int> stored_count = 0;
    for (int sender = 0; sender < 8; ++sender) {
        senders.emplace_back([this, sender, &stored_count] {
            for (int i = 0; i < 100; ++i) {
                const auto appended = append(delivery(fmt::format("{}-{}", sender, i)));
                stored_count += appended && !appended->is_duplicate ? 1 : 0;
            }
        });
    }
    for (std::thread& sender : senders) {
        sender.join();
    }
    EXPECT_EQ(stored_count, 800);
    open();
    EXPECT_EQ(store->counts()->events, 800);
    EXPECT_LT(metrics.observed("hookline_journal_batch_size").size(), 800U);
}

TEST_F(GroupCommit, AFullQueueSaysSoAtOnceAndLetsTheCoreThrough) {
    auto small = options();
    small.queued_jobs = 5;
    small.batch_jobs = 1;
    open(small);
    std::vector<std::future<Result<Appended>>> answers;
    Stopper stopper(path);
    for (int i = 0; i < 20; ++i) {
        answers.push_back(start_append(delivery(std::to_string(i))));
    }
    std::optional<Result<void>> written;
    loop.start(store->write({PutMeta{"key", "value"}}), written);
    loop.settle();
    EXPECT_FALSE(written);
    stopper.release();
    int refused = 0;
    for (auto& answer : answers) {
        const auto result = answer.get();
        if (!result) {
            ++refused;
            EXPECT_EQ(result.error().code, Errc::unavailable);
            EXPECT_THAT(result.error().detail,
                        testing::StartsWith("too much waits to be stored (5 writes, "));
        }
    }
    EXPECT_GE(refused, 14);  // 5 wait, one may be with the writer
    EXPECT_TRUE(run(store->check_writable()));
    ASSERT_TRUE(written);
    EXPECT_TRUE(*written);
}

TEST_F(GroupCommit, OneFailingListDoesNotFailTheOthers) {
    open();
    set_up_hook();
    const StoredMessage twice = new_message();
    must_write({PutMessage{twice}});
    std::optional<Result<void>> bad;
    std::optional<Result<void>> good;
    std::future<Result<Appended>> event;
    {
        Stopper stopper(path);
        loop.start(store->write({PutMeta{"bad", "1"}, PutMessage{twice}}), bad);
        loop.start(store->write({PutMeta{"good", "1"}}), good);
        loop.settle();
        event = start_append(delivery("a"));
        stopper.release();
    }
    EXPECT_TRUE(event.get());
    EXPECT_TRUE(run(store->check_writable()));
    loop.settle();
    ASSERT_TRUE(bad && good);
    EXPECT_FALSE(*bad);
    EXPECT_TRUE(*good);
    EXPECT_FALSE(store->meta("bad").value());
    EXPECT_TRUE(store->meta("good").value());
}

TEST_F(GroupCommit, CloseStoresWhatHasQueuedUp) {
    open();
    std::vector<std::future<Result<Appended>>> answers;
    for (int i = 0; i < 200; ++i) {
        answers.push_back(start_append(delivery(std::to_string(i))));
    }
    open();
    for (auto& answer : answers) {
        EXPECT_TRUE(answer.get());
    }
    EXPECT_EQ(store->counts()->events, 200);
    EXPECT_EQ(std::filesystem::file_size(path + "-wal"), 0U);
}

TEST_F(GroupCommit, TheLogStaysBoundedUnderLoad) {
    open();
    const std::string payload(64 << 10, 'x');
    constexpr std::size_t in_flight = 100;
    std::deque<std::future<Result<Appended>>> answers;
    for (int i = 0; i < 4000; ++i) {  // 250 MiB
        if (answers.size() == in_flight) {
            ASSERT_TRUE(answers.front().get());
            answers.pop_front();
        }
        answers.push_back(start_append(delivery(std::to_string(i), payload)));
    }
    for (auto& answer : answers) {
        ASSERT_TRUE(answer.get());
    }
    EXPECT_LT(std::filesystem::file_size(path + "-wal"), 160U << 20U);
}

}  // namespace hookline::store
