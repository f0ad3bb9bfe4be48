#include "net/slots.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "base/clock.hpp"

namespace hookline::net {

namespace asio = boost::asio;

struct Slots::Waiter {
    explicit Waiter(const asio::any_io_executor& executor) : timer(executor, SteadyPoint::max()) {}
    asio::steady_timer timer;
    Slot slot;
    bool has_slot = false;
};

Slots::Slots(asio::any_io_executor executor, std::size_t count)
    : executor_(std::move(executor)), free_(std::max<std::size_t>(count, 1)) {}
Slots::~Slots() = default;

Task<Slots::Slot> Slots::take() {
    if (free_ > 0) {
        --free_;
        co_return Slot(*this);
    }
    const auto waiter = std::make_shared<Waiter>(executor_);
    waiters_.push_back(waiter);
    co_await waiter->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (waiter->has_slot) {
        co_return std::move(waiter->slot);
    }
    std::erase(waiters_, waiter);
    throw boost::system::system_error(asio::error::operation_aborted);
}

void Slots::give_back() {
    if (waiters_.empty()) {
        ++free_;
        return;
    }
    // Handed over, not thrown to whoever comes first: nobody may starve.
    const auto next = waiters_.front();
    waiters_.pop_front();
    next->slot = Slot(*this);
    next->has_slot = true;
    next->timer.cancel();
}

}  // namespace hookline::net
