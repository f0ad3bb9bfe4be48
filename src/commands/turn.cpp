#include "commands/turn.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace hookline::commands {

namespace asio = boost::asio;

struct Turn::Waiter {
    explicit Waiter(const asio::any_io_executor& executor)
        : timer(executor, std::chrono::steady_clock::time_point::max()) {}
    asio::steady_timer timer;
    bool has_turn = false;
};

Turn::Held::~Held() {
    if (turn_ != nullptr) {
        turn_->pass_on();
    }
}

Task<Turn::Held> Turn::take() {
    if (!is_taken_) {
        is_taken_ = true;
        co_return Held(this);
    }
    const auto waiter = std::make_shared<Waiter>(executor_);
    waiting_.push_back(waiter);
    co_await waiter->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!waiter->has_turn) {  // cancelled
        std::erase(waiting_, waiter);
        throw boost::system::system_error(asio::error::operation_aborted);
    }
    co_return Held(this);
}

void Turn::pass_on() {
    if (waiting_.empty()) {
        is_taken_ = false;
        return;
    }
    const auto next = std::move(waiting_.front());
    waiting_.pop_front();
    next->has_turn = true;
    next->timer.cancel();
}

}  // namespace hookline::commands
