#include "store/sqlite/writer.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <boost/asio/use_awaitable.hpp>

#include "store/sqlite/files.hpp"

namespace hookline::store {

namespace asio = boost::asio;

namespace {

int remember_pages(void* pages, sqlite3*, const char*, int in_log) {
    *static_cast<int*>(pages) = in_log;
    return SQLITE_OK;
}

/// A write that a coroutine waits for: the handler runs on the coroutine's executor, never here.
template <class Handler>
class AwaitedJob final : public Job {
public:
    AwaitedJob(Writer::Action action, std::size_t size, Handler handler)
        : Job(size),
          action_(std::move(action)),
          handler_(std::move(handler)),
          work_(asio::get_associated_executor(handler_)) {}

    Result<void> apply(Batch& batch) override {
        auto count = action_(batch);
        if (!count) {
            return tl::unexpected(std::move(count).error());
        }
        count_ = *count;
        return {};
    }

    void finish(Result<void> result) noexcept override {
        Result<std::size_t> outcome =
            result ? Result<std::size_t>(count_) : tl::unexpected(std::move(result).error());
        const auto executor = work_.get_executor();
        asio::post(executor, [handler = std::move(handler_), work = std::move(work_),
                              outcome = std::move(outcome)]() mutable { handler(std::move(outcome)); });
    }

private:
    Writer::Action action_;
    Handler handler_;
    asio::executor_work_guard<asio::associated_executor_t<Handler>>
        work_;  // else the loop ends while it waits
    std::size_t count_ = 0;
};

/// Queues the job once the coroutine waits.
class StartWrite {
public:
    explicit StartWrite(Writer& writer) : writer_(&writer) {}
    template <class Handler>
    void operator()(Handler&& handler, Writer::Action action, std::size_t bytes) const {
        using Awaited = AwaitedJob<std::decay_t<Handler>>;
        writer_->submit(std::make_unique<Awaited>(std::move(action), bytes, std::forward<Handler>(handler)));
    }

private:
    Writer* writer_;
};

}  // namespace

Writer::Writer(std::string path, std::unique_ptr<Connection> connection, Checkpointer& checkpointer,
               WriterLimits limits, Clock& clock, Log& log, Metrics& metrics, Committed committed)
    : path_(std::move(path)),
      identity_(file_identity(path_)),
      connection_(std::move(connection)),
      checkpointer_(checkpointer),
      limits_(limits),
      clock_(clock),
      log_(log),
      metrics_(metrics),
      committed_(std::move(committed)),
      thread_([this] { run(); }) {}

Writer::~Writer() { close(); }

Result<void> Writer::admit(const Job& job) const {
    if (is_closing_) {
        return fail(Errc::unavailable, "the store is closed");
    }
    // Deliveries have no savepoint; the core's writes empty the backlog and must get through.
    const std::size_t share = job.needs_savepoint() ? 2 : 1;
    if (queue_.size() >= limits_.queued_jobs * share ||
        queued_bytes_ + job.bytes > limits_.queued_bytes * share) {
        return fail(Errc::unavailable, fmt::format("too much waits to be stored ({} writes, {} bytes)",
                                                   queue_.size(), queued_bytes_));
    }
    return {};
}

void Writer::submit(std::unique_ptr<Job> job) {
    Result<void> admitted;
    {
        const std::lock_guard lock(mutex_);
        admitted = admit(*job);
        if (admitted) {
            queued_bytes_ += job->bytes;
            queue_.push_back(std::move(job));
        }
    }
    if (!admitted) {
        job->finish(std::move(admitted));
        job->wake();
        return;
    }
    arrived_.notify_one();
}

Task<Result<std::size_t>> Writer::commit(Action action, std::size_t bytes) {
    auto write = asio::async_initiate<const asio::use_awaitable_t<>, void(Result<std::size_t>)>(
        StartWrite(*this), asio::use_awaitable, std::move(action), bytes);
    auto result = co_await std::move(write);
    co_return result;
}

std::unique_ptr<Connection> Writer::close() {
    {
        const std::lock_guard lock(mutex_);
        is_closing_ = true;
    }
    arrived_.notify_one();
    if (thread_.joinable()) {
        thread_.join();
    }
    return std::move(connection_);
}

std::vector<std::unique_ptr<Job>> Writer::next_batch() {
    std::vector<std::unique_ptr<Job>> jobs;
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return is_closing_ || !queue_.empty(); });
    std::size_t bytes = 0;
    while (!queue_.empty() && jobs.size() < limits_.batch_jobs &&
           (jobs.empty() || bytes + queue_.front()->bytes <= limits_.batch_bytes)) {
        bytes += queue_.front()->bytes;
        jobs.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    queued_bytes_ -= bytes;
    return jobs;
}

void Writer::run() {
    int pages_in_log = 0;
    sqlite3_wal_hook(connection_->handle(), remember_pages, &pages_in_log);
    while (true) {
        auto jobs = next_batch();
        if (jobs.empty()) {
            break;  // only when closing, with nothing left
        }
        checkpointer_.enter_transaction();
        write(jobs);
        checkpointer_.leave_transaction(pages_in_log);
    }
    sqlite3_wal_hook(connection_->handle(), nullptr, nullptr);
}

void Writer::write(std::vector<std::unique_ptr<Job>>& jobs) {
    const SteadyPoint begin = clock_.steady();
    Batch batch{*connection_};
    std::vector<Result<void>> results;
    results.reserve(jobs.size());
    auto outcome = transact(batch, jobs, results);
    tell_trouble(outcome);
    if (outcome) {
        const std::chrono::duration<double> took = clock_.steady() - begin;
        metrics_.observe("hookline_journal_batch_size", static_cast<double>(jobs.size()));
        metrics_.observe("hookline_journal_commit_seconds", took.count());
        committed_(batch);
    }
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        jobs[i]->finish(outcome ? std::move(results[i]) : outcome);
    }
    for (const auto& job : jobs) {
        job->wake();
    }
}

Result<void> Writer::transact(Batch& batch, std::vector<std::unique_ptr<Job>>& jobs,
                              std::vector<Result<void>>& results) {
    // Written into a file without a name, everything would be acknowledged and gone at the next start.
    if (file_identity(path_) != identity_) {
        return fail(Errc::unavailable,
                    fmt::format("{} was deleted or replaced while in use; restart Hookline", path_));
    }
    const auto done = guarded([&] {
        Query(*connection_, "BEGIN IMMEDIATE").run();
        for (const auto& job : jobs) {
            results.push_back(apply(batch, *job));
        }
        return Query(*connection_, "COMMIT").run();
    });
    if (done) {
        return {};
    }
    // After a failed fsync the same pages must not be trusted to a second one: the transaction is given up,
    // and what comes next writes its pages anew.
    if (connection_->is_in_transaction()) {
        sqlite3_exec(connection_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
    return tl::unexpected(done.error());
}

Result<void> Writer::apply(Batch& batch, Job& job) {
    const bool has_savepoint = job.needs_savepoint();
    if (has_savepoint) {
        Query(*connection_, "SAVEPOINT job").run();
    }
    auto result = [&]() -> Result<void> {
        try {
            return job.apply(batch);
        } catch (const SQLite::Exception& exception) {
            if (!connection_->is_in_transaction()) {
                throw;  // SQLite gave up the whole transaction
            }
            return tl::unexpected(error_of(exception));
        } catch (const std::exception& exception) {
            return fail(Errc::internal, exception.what());
        }
    }();
    if (has_savepoint) {
        if (!result) {
            Query(*connection_, "ROLLBACK TO job").run();
        }
        Query(*connection_, "RELEASE job").run();
    }
    return result;
}

void Writer::tell_trouble(const Result<void>& outcome) {
    if (!outcome && !is_troubled_) {
        log_.error("store", "nothing can be stored", {{"error", outcome.error().detail}});
    }
    if (outcome && is_troubled_) {
        log_.info("store", "storing works again");
    }
    is_troubled_ = !outcome;
}

}  // namespace hookline::store
