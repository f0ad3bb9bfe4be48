#include "base/clock.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hookline {

Task<void> Clock::sleep_for(std::chrono::nanoseconds duration) { return sleep_until(steady() + duration); }

TimePoint SystemClock::now() const {
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

SteadyPoint SystemClock::steady() const { return std::chrono::steady_clock::now(); }

Task<void> SystemClock::sleep_until(SteadyPoint when) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, when);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace hookline
