// Tasks that belong together: started by name, never detached (detached swallows exceptions), and ended
// together. One catch at the root of each task logs and counts.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/task.hpp"

namespace hookline {

class TaskGroup {
public:
    TaskGroup(boost::asio::any_io_executor executor, Log& log);
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;
    /// Every task must have ended: stop() first, or let them run out.
    ~TaskGroup();

    /// Starts `task`. An exception ends only this task: it is logged with `name`, and `on_crash`, where
    /// given, is told (a daemon's main loops use it to end the process in order).
    void spawn(std::string name, Task<void> task, std::function<void()> on_crash = {});

    /// Asks every task to end: first `total` cancellation (finish the step at hand), after `patience`
    /// `terminal`; returns once all have ended.
    Task<void> stop(Clock& clock, Milliseconds patience);
    /// `terminal` cancellation at once, without waiting.
    void cancel();
    [[nodiscard]] std::size_t running() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace hookline
