// An event loop for tests: runs until nothing is ready, never waits for time.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>

#include "base/task.hpp"

namespace hookline {

class Loop {
public:
    [[nodiscard]] boost::asio::any_io_executor executor() { return context_.get_executor(); }

    void settle() {
        context_.restart();
        while (context_.poll() > 0) {
        }
    }

    /// Starts `task`; its value is put into `result` when it ends. An exception fails at the next settle().
    template <class T>
    void start(Task<T> task, std::optional<T>& result) {
        boost::asio::co_spawn(context_, std::move(task), [&result](std::exception_ptr error, T value) {
            if (error) {
                std::rethrow_exception(error);
            }
            result = std::move(value);
        });
    }

    /// Runs until `done`, waiting in real time for what other threads post; false after 30 s.
    template <class Done>
    bool run_until(Done done) {
        const auto work = boost::asio::make_work_guard(context_);
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!done() && std::chrono::steady_clock::now() < deadline) {
            context_.restart();
            context_.run_one_for(std::chrono::milliseconds(20));
        }
        return done();
    }

    /// Runs `task` to its end with real time; for tests that use real sockets on loopback.
    template <class T>
    T run(Task<T> task) {
        std::optional<T> result;
        start(std::move(task), result);
        context_.restart();
        while (!result && context_.run_one() > 0) {
        }
        return std::move(result).value();
    }

private:
    boost::asio::io_context context_;
};

}  // namespace hookline
