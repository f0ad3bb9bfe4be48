#include "base/signal.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace hookline {

namespace asio = boost::asio;

void WakeSignal::wake() {
    woken_ = true;
    timer_.cancel();
}

Task<void> WakeSignal::wait() {
    while (!woken_) {
        timer_.expires_at(SteadyPoint::max());
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
        const auto state = co_await asio::this_coro::cancellation_state;
        if (!woken_ && state.cancelled() != asio::cancellation_type::none) {
            throw boost::system::system_error(asio::error::operation_aborted);
        }
    }
    woken_ = false;
}

}  // namespace hookline
