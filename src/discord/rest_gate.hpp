// Where requests to Discord wait their turn: first who has a member waiting, then first come, first served;
// in each bucket one after the other. Decides nothing itself: RateLimits and InvalidCeiling do.
#pragma once

#include <list>
#include <memory>

#include "base/task.hpp"
#include "discord/invalid_ceiling.hpp"
#include "discord/rate_limits.hpp"

namespace hookline::discord {

class RestGate;

/// Leave to send one request. Given up unsent unless end() was called.
class Permit {
public:
    Permit(RestGate& gate, Route route) : gate_(&gate), route_(std::move(route)) {}
    Permit(Permit&& other) noexcept;
    Permit& operator=(Permit&&) = delete;
    ~Permit();
    /// The request has ended: with what its answer says of limits, or without an answer.
    void end(const LimitReport* report);

    std::chrono::nanoseconds waited{0};
    LimitScope scope = LimitScope::bucket;  // what was waited for longest

private:
    RestGate* gate_;
    Route route_;
};

/// The wait would be longer than the caller's patience.
struct TooLong {
    LimitScope scope = LimitScope::bucket;
    std::chrono::nanoseconds wait{0};
};

class RestGate {
public:
    explicit RestGate(Clock& clock) : clock_(clock) {}
    RestGate(const RestGate&) = delete;
    RestGate& operator=(const RestGate&) = delete;

    /// Waits until a request of `route` may leave, at most `patience`. `goes_first`: before all who do not.
    Task<tl::expected<Permit, TooLong>> enter(Route route, bool goes_first,
                                              std::chrono::nanoseconds patience);

    /// Returns once a request of `route` could leave, as far as is known: for who would rather say something
    /// newer than wait with what he has. Promises nothing.
    Task<void> until_open(Route route);

    [[nodiscard]] InvalidCeiling& ceiling() { return ceiling_; }

private:
    friend class Permit;
    struct Waiter;
    class Turn;

    void leave(const Route& route, const LimitReport* report);
    void give_up(const Route& route);
    void let_in();
    [[nodiscard]] RateLimits::Wait earliest(const Route& route, SteadyPoint now);

    Clock& clock_;
    RateLimits limits_;
    InvalidCeiling ceiling_;
    std::list<std::shared_ptr<Waiter>> waiters_;  // in the order they are served
};

}  // namespace hookline::discord
