#include "store/sqlite/checkpointer.hpp"

#include <sqlite3.h>

namespace hookline::store {

Checkpointer::Checkpointer(std::unique_ptr<Connection> connection, CheckpointLimits limits, Log& log)
    : connection_(std::move(connection)), limits_(limits), log_(log), thread_([this] { run(); }) {}

Checkpointer::~Checkpointer() { close(); }

void Checkpointer::enter_transaction() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !wants_pause_; });
    is_writing_ = true;
}

void Checkpointer::leave_transaction(int pages_in_log) {
    bool has_work = false;
    {
        const std::lock_guard lock(mutex_);
        is_writing_ = false;
        if (pages_in_log < pages_in_log_) {
            pages_moved_ = 0;  // the log began anew
        }
        pages_in_log_ = pages_in_log;
        has_work = wants_pause_ || pages_in_log_ - pages_moved_ >= limits_.step_pages;
    }
    if (has_work) {
        changed_.notify_all();
    }
}

void Checkpointer::close() {
    {
        const std::lock_guard lock(mutex_);
        is_closing_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
    connection_.reset();
}

std::pair<int, int> Checkpointer::step() {
    int in_log = 0;
    int moved = 0;
    const int result =
        sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
    if (result != SQLITE_OK && result != SQLITE_BUSY) {
        // The log keeps what was committed; the next step tries again.
        log_.warn("store", "a checkpoint failed", {{"error", sqlite3_errmsg(connection_->handle())}});
        return {0, 0};
    }
    return {in_log, moved};
}

void Checkpointer::finish_in_pause() {
    {
        std::unique_lock lock(mutex_);
        wants_pause_ = true;
        changed_.wait(lock, [this] { return !is_writing_; });
    }
    const auto [in_log, moved] = step();
    {
        const std::lock_guard lock(mutex_);
        wants_pause_ = false;
        pages_moved_ = moved;
    }
    changed_.notify_all();
}

void Checkpointer::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock,
                      [this] { return is_closing_ || pages_in_log_ - pages_moved_ >= limits_.step_pages; });
        if (is_closing_) {
            return;
        }
        const int reached = pages_in_log_;
        lock.unlock();
        const auto [in_log, moved] = step();
        lock.lock();
        // Where a reader (a backup) holds it up, the next try is a step further on, not at once.
        pages_moved_ = std::max(moved, reached);
        if (in_log < limits_.pause_pages) {
            continue;
        }
        lock.unlock();
        finish_in_pause();
        lock.lock();
    }
}

}  // namespace hookline::store
