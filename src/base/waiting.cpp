#include "base/waiting.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
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

}  // namespace hookline
