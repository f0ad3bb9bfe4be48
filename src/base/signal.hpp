// Wakes tasks of the same executor: "there is something to do". A wake that comes before the wait is kept.
// One waiter, any number of wakes; not for other threads (post to the executor first).
#pragma once

#include <boost/asio/steady_timer.hpp>

#include "base/clock.hpp"
#include "base/task.hpp"

namespace hookline {

class WakeSignal {
public:
    explicit WakeSignal(boost::asio::any_io_executor executor) : timer_(std::move(executor)) {}
    void wake();
    /// Returns on the next wake(), or at once if one came since the last wait; throws when cancelled.
    Task<void> wait();

private:
    boost::asio::steady_timer timer_;
    bool woken_ = false;
};

}  // namespace hookline
