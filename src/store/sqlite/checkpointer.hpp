// Moves what is in the write-ahead log into the database, on a thread and a connection of its own and in
// small steps: an automatic checkpoint inside the writer would stall it for 10 to 35 ms.
//
// A step that runs beside the writer never reaches the log's end, so the log would grow as long as the load
// lasts. Once it is long, the checkpointer asks the writer for a pause between two transactions and moves the
// little that is left; the next transaction then starts the log from its beginning.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/log.hpp"
#include "store/sqlite/connection.hpp"

namespace hookline::store {

struct CheckpointLimits {
    int step_pages = 2048;   // 16 MiB: a step for each so many new pages
    int pause_pages = 8192;  // 64 MiB: a pause for the rest from here on
};

class Checkpointer {
public:
    Checkpointer(std::unique_ptr<Connection> connection, CheckpointLimits limits, Log& log);
    ~Checkpointer();

    /// The writer's transactions stand between these two.
    void enter_transaction();
    void leave_transaction(int pages_in_log);
    /// Ends the thread; the log stays as it is.
    void close();

private:
    void run();
    /// Pages in the log and how many of them are in the database now.
    std::pair<int, int> step();
    void finish_in_pause();

    std::unique_ptr<Connection> connection_;
    const CheckpointLimits limits_;
    Log& log_;

    std::mutex mutex_;
    std::condition_variable changed_;
    int pages_in_log_ = 0;
    int pages_moved_ = 0;
    bool is_writing_ = false;
    bool wants_pause_ = false;
    bool is_closing_ = false;
    std::thread thread_;
};

}  // namespace hookline::store
