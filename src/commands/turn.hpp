// One change after another: a command that reads hooks and writes them back takes its turn first, so that two
// members who say something at the same moment do not undo each other.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>

#include "base/task.hpp"

namespace hookline::commands {

class Turn {
public:
    /// Ends the turn when it dies.
    class Held {
    public:
        explicit Held(Turn* turn) : turn_(turn) {}
        Held(Held&& other) noexcept : turn_(std::exchange(other.turn_, nullptr)) {}
        Held& operator=(Held&&) = delete;
        ~Held();

    private:
        Turn* turn_;
    };

    explicit Turn(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
    /// In the order of asking.
    Task<Held> take();

private:
    struct Waiter;
    void pass_on();
    boost::asio::any_io_executor executor_;
    bool is_taken_ = false;
    std::deque<std::shared_ptr<Waiter>> waiting_;
};

}  // namespace hookline::commands
