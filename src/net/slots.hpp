// How many things may happen at once: who comes when all slots are taken waits, first come, first served.
// One thread. Internal to this room.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <memory>

#include "base/task.hpp"

namespace hookline::net {

class Slots {
public:
    /// Given back when it dies.
    class Slot {
    public:
        Slot() = default;
        explicit Slot(Slots& slots) : slots_(&slots) {}
        Slot(Slot&& other) noexcept : slots_(std::exchange(other.slots_, nullptr)) {}
        Slot& operator=(Slot&& other) noexcept {
            std::swap(slots_, other.slots_);
            return *this;
        }
        ~Slot() {
            if (slots_ != nullptr) {
                slots_->give_back();
            }
        }

    private:
        Slots* slots_ = nullptr;
    };

    Slots(boost::asio::any_io_executor executor, std::size_t count);
    Slots(const Slots&) = delete;
    Slots& operator=(const Slots&) = delete;
    ~Slots();

    /// Throws operation_aborted when cancelled; the place in the queue is then given up.
    Task<Slot> take();

private:
    struct Waiter;
    void give_back();

    boost::asio::any_io_executor executor_;
    std::size_t free_;
    std::deque<std::shared_ptr<Waiter>> waiters_;
};

}  // namespace hookline::net
