#include "base/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/system/system_error.hpp>
#include <list>

namespace hookline {

namespace asio = boost::asio;

struct TaskGroup::State {
    State(asio::any_io_executor with_executor, Log& with_log)
        : executor(std::move(with_executor)), log(with_log) {}
    asio::any_io_executor executor;
    Log& log;
    std::list<asio::cancellation_signal> tasks;
};

TaskGroup::TaskGroup(asio::any_io_executor executor, Log& log)
    : state_(std::make_shared<State>(std::move(executor), log)) {}

TaskGroup::~TaskGroup() = default;

void TaskGroup::spawn(std::string name, Task<void> task, std::function<void()> on_crash) {
    const auto place = state_->tasks.emplace(state_->tasks.end());
    auto ended = [state = state_, place, name = std::move(name),
                  on_crash = std::move(on_crash)](std::exception_ptr error) {
        state->tasks.erase(place);
        if (!error) {
            return;
        }
        try {
            std::rethrow_exception(error);
        } catch (const boost::system::system_error& e) {
            if (e.code() == asio::error::operation_aborted) {
                return;  // cancelled is an outcome, no error
            }
            state->log.error("base", "a task ended with an error", {{"task", name}, {"error", e.what()}});
        } catch (const std::exception& e) {
            state->log.error("base", "a task ended with an error", {{"task", name}, {"error", e.what()}});
        }
        if (on_crash) {
            on_crash();
        }
    };
    asio::co_spawn(state_->executor, std::move(task),
                   asio::bind_cancellation_slot(place->slot(), std::move(ended)));
}

Task<void> TaskGroup::stop(Clock& clock, Milliseconds patience) {
    const auto state = state_;  // outlives the group, should its owner die while this waits
    const auto emit = [&state](asio::cancellation_type type) {
        for (auto task = state->tasks.begin(); task != state->tasks.end();) {
            (task++)->emit(type);  // emitting may end the task at once, and so remove it
        }
    };
    emit(asio::cancellation_type::total);
    const SteadyPoint deadline = clock.steady() + patience;
    constexpr Milliseconds step(5);
    while (!state->tasks.empty() && clock.steady() < deadline) {
        co_await clock.sleep_for(step);
    }
    emit(asio::cancellation_type::terminal);
    while (!state->tasks.empty()) {
        co_await clock.sleep_for(step);
    }
}

void TaskGroup::cancel() {
    for (auto task = state_->tasks.begin(); task != state_->tasks.end();) {
        (task++)->emit(asio::cancellation_type::terminal);
    }
}

std::size_t TaskGroup::running() const { return state_->tasks.size(); }

}  // namespace hookline
