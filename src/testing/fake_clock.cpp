#include "testing/fake_clock.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace hookline {

namespace asio = boost::asio;

Task<void> FakeClock::sleep_until(SteadyPoint when) {
    if (when <= steady_) {
        co_return;
    }
    const auto executor = co_await asio::this_coro::executor;
    const auto timer = std::make_shared<asio::steady_timer>(executor, SteadyPoint::max());
    const auto place = waits_.emplace(when, timer);
    const auto waited = co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
    if (steady_ < when) {  // ended by cancellation, not by advance()
        waits_.erase(place);
        throw boost::system::system_error(std::get<0>(waited));
    }
}

void FakeClock::advance(std::chrono::nanoseconds duration) {
    steady_ += duration;
    carry_ += duration;
    const auto whole = std::chrono::duration_cast<Milliseconds>(carry_);
    now_ += whole;
    carry_ -= whole;
    while (!waits_.empty() && waits_.begin()->first <= steady_) {
        const auto timer = waits_.begin()->second;
        waits_.erase(waits_.begin());
        timer->cancel();
    }
}

SteadyPoint FakeClock::next_wait() const {
    return waits_.empty() ? SteadyPoint::max() : waits_.begin()->first;
}

}  // namespace hookline
