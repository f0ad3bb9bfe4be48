// The one thread that writes. What queues up in front of it becomes one transaction (group commit): under
// load hundreds of deliveries share an fsync, at rest one waits for nothing but its own. Deliveries and the
// core's writes share the queue, so they are stored in the order in which they came.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/task.hpp"
#include "store/sqlite/checkpointer.hpp"
#include "store/sqlite/connection.hpp"

namespace hookline::store {

/// The transaction under way, as a job sees it.
struct Batch {
    Connection& db;
    std::int64_t events = 0;  // net number of event rows it brings
    bool has_new_events = false;
    bool has_new_entries = false;
};

/// Something to be written. Told once how it went, after the commit, on the writer's thread.
class Job {
public:
    explicit Job(std::size_t size) : bytes(size) {}
    virtual ~Job() = default;
    /// May throw SQLite::Exception. With an error nothing of it stays.
    virtual Result<void> apply(Batch& batch) = 0;
    /// `result` is apply()'s, or why the transaction failed.
    virtual void finish(Result<void> result) noexcept = 0;
    /// After finish() of every job of the same transaction. Woken at each answer, a thread that shares the
    /// core with the writer would take it over as often.
    virtual void wake() noexcept {}
    /// False where apply() is one statement, which is undone as a whole by itself.
    [[nodiscard]] virtual bool needs_savepoint() const { return true; }

    const std::size_t bytes;  // it takes in the queue
};

struct WriterLimits {
    std::size_t batch_jobs = 512;
    std::size_t batch_bytes = 16U << 20U;
    std::size_t queued_jobs = 8192;  // of deliveries; the core's own writes may take as much again
    std::size_t queued_bytes = 32U << 20U;
};

class Writer {
public:
    /// What happens on the writer's thread after a commit.
    using Committed = std::function<void(const Batch&)>;
    /// Result: rows, or whatever the action counts.
    using Action = std::function<Result<std::size_t>(Batch&)>;

    Writer(std::string path, std::unique_ptr<Connection> connection, Checkpointer& checkpointer,
           WriterLimits limits, Clock& clock, Log& log, Metrics& metrics, Committed committed);
    ~Writer();

    /// From any thread. Where the queue is full the job is finished at once with Errc::unavailable, on the
    /// caller's thread.
    void submit(std::unique_ptr<Job> job);
    /// From a coroutine: returns on its executor after the commit. Cannot be cancelled: what is written is
    /// known.
    Task<Result<std::size_t>> commit(Action action, std::size_t bytes = 0);
    /// Writes what has queued up, then ends the thread and gives the connection back.
    std::unique_ptr<Connection> close();

private:
    [[nodiscard]] Result<void> admit(const Job& job) const;
    void run();
    [[nodiscard]] std::vector<std::unique_ptr<Job>> next_batch();
    void write(std::vector<std::unique_ptr<Job>>& jobs);
    /// One result for each job; an error of the transaction as a whole.
    [[nodiscard]] Result<void> transact(Batch& batch, std::vector<std::unique_ptr<Job>>& jobs,
                                        std::vector<Result<void>>& results);
    [[nodiscard]] Result<void> apply(Batch& batch, Job& job);
    void tell_trouble(const Result<void>& outcome);

    const std::string path_;
    const std::uint64_t identity_;
    std::unique_ptr<Connection> connection_;
    Checkpointer& checkpointer_;
    const WriterLimits limits_;
    Clock& clock_;
    Log& log_;
    Metrics& metrics_;
    Committed committed_;
    bool is_troubled_ = false;

    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::unique_ptr<Job>> queue_;
    std::size_t queued_bytes_ = 0;
    bool is_closing_ = false;
    std::thread thread_;
};

}  // namespace hookline::store
