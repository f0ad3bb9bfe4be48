// A deadline for anything that waits, on the clock that is passed in.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <optional>
#include <tuple>

#include "base/clock.hpp"
#include "base/task.hpp"

namespace hookline::net {

/// The value of `task`, or nothing where `clock` reached `when` first; `task` is then cancelled and has
/// ended. Throws what `task` throws; operation_aborted when the caller itself is cancelled. (Not the || of
/// awaitable_operators: that throws multiple_exceptions then.)
template <class T>
Task<std::optional<T>> with_deadline(Task<T> task, Clock& clock, SteadyPoint when) {
    namespace asio = boost::asio;
    const auto executor = co_await asio::this_coro::executor;
    auto both = asio::experimental::make_parallel_group(
        asio::co_spawn(executor, std::move(task), asio::deferred),
        asio::co_spawn(executor, clock.sleep_until(when), asio::deferred));
    auto ended = co_await both.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
        throw boost::system::system_error(asio::error::operation_aborted);
    }
    const bool is_task_first = std::get<0>(ended)[0] == 0;
    const std::exception_ptr failure = is_task_first ? std::get<1>(ended) : std::get<3>(ended);
    if (failure) {
        std::rethrow_exception(failure);
    }
    co_return is_task_first ? std::optional<T>(std::move(std::get<2>(ended))) : std::nullopt;
}

}  // namespace hookline::net
