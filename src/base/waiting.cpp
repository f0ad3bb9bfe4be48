#include "base/waiting.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace hookline {

namespace asio = boost::asio;

namespace {

// What is waited for together hears only the first request to end (Asio 1.24, parallel_group): each must take
// it, whatever kind it is, or the terminal one that follows a total one is never heard.
Task<void> sleep(Clock& clock, SteadyPoint until) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_await clock.sleep_until(until);
}

Task<void> listen(WakeSignal& signal) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_await signal.wait();
}

Task<void> whole(Task<void> task) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_await std::move(task);
}

}  // namespace

Task<void> wait_until(Clock& clock, WakeSignal& signal, SteadyPoint until) {
    using asio::experimental::awaitable_operators::operator||;
    bool is_cancelled = false;
    try {
        auto sleeping = sleep(clock, until);
        auto woken = listen(signal);
        co_await (std::move(sleeping) || std::move(woken));
    } catch (const asio::multiple_exceptions&) {
        is_cancelled = true;  // both ended: only a cancellation of the whole does that
    }
    if (is_cancelled) {
        throw boost::system::system_error(asio::error::operation_aborted);
    }
}

Task<void> wait_for_all(std::vector<Task<void>> tasks) {
    const auto executor = co_await asio::this_coro::executor;
    using Operation = decltype(asio::co_spawn(executor, whole(std::move(tasks.front())), asio::deferred));
    std::vector<Operation> operations;
    operations.reserve(tasks.size());
    for (Task<void>& task : tasks) {
        operations.push_back(asio::co_spawn(executor, whole(std::move(task)), asio::deferred));
    }
    if (operations.empty()) {
        co_return;
    }
    auto group = asio::experimental::make_parallel_group(std::move(operations));
    const auto ended = co_await group.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
    for (const std::exception_ptr& failure : std::get<1>(ended)) {
        if (failure) {
            std::rethrow_exception(failure);
        }
    }
}

}  // namespace hookline
