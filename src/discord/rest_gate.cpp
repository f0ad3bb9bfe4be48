#include "discord/rest_gate.hpp"

#include <boost/asio/this_coro.hpp>
#include <set>

#include "base/signal.hpp"
#include "net/deadline.hpp"

namespace hookline::discord {

struct RestGate::Waiter {
    Waiter(Route with_route, bool with_goes_first, boost::asio::any_io_executor executor)
        : route(std::move(with_route)), goes_first(with_goes_first), woken(std::move(executor)) {}
    Route route;
    bool goes_first;
    WakeSignal woken;
    bool may_go = false;
    RateLimits::Wait wait;  // as last asked
};

/// A place in the queue, and then the right to go. Given up where it is not used: when the wait is too long,
/// or cancelled.
class RestGate::Turn {
public:
    Turn(RestGate& gate, std::shared_ptr<Waiter> waiter) : gate_(gate), waiter_(std::move(waiter)) {
        const auto behind =
            std::find_if(gate_.waiters_.begin(), gate_.waiters_.end(),
                         [this](const auto& other) { return waiter_->goes_first && !other->goes_first; });
        gate_.waiters_.insert(behind, waiter_);
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
        if (is_used_) {
            return;
        }
        if (waiter_->may_go) {
            gate_.give_up(waiter_->route);
            return;
        }
        gate_.waiters_.remove(waiter_);
        gate_.let_in();
    }
    Permit use() {
        is_used_ = true;
        return Permit(gate_, waiter_->route);
    }

private:
    RestGate& gate_;
    std::shared_ptr<Waiter> waiter_;
    bool is_used_ = false;
};

namespace {

// How long to say where it depends on requests that are under way.
constexpr std::chrono::seconds unknown_wait(1);

Task<bool> woken(WakeSignal& signal) {
    co_await signal.wait();
    co_return true;
}

}  // namespace

Permit::Permit(Permit&& other) noexcept
    : waited(other.waited),
      scope(other.scope),
      gate_(std::exchange(other.gate_, nullptr)),
      route_(std::move(other.route_)) {}

Permit::~Permit() {
    if (gate_ != nullptr) {
        gate_->give_up(route_);
    }
}

void Permit::end(const LimitReport* report) {
    if (gate_ != nullptr) {
        std::exchange(gate_, nullptr)->leave(route_, report);
    }
}

RateLimits::Wait RestGate::earliest(const Route& route, SteadyPoint now) {
    RateLimits::Wait wait = limits_.earliest(route, now);
    const SteadyPoint ceiling = ceiling_.earliest(now);
    if (ceiling > now && ceiling > wait.until) {
        wait.until = ceiling;
        wait.scope = LimitScope::ceiling;
    }
    return wait;
}

/// Lets in, in order, everyone who may go. Who is behind somebody of the same bucket waits for that one.
void RestGate::let_in() {
    const SteadyPoint now = clock_.steady();
    std::set<std::string> closed;
    for (auto place = waiters_.begin(); place != waiters_.end();) {
        Waiter& waiter = **place;
        const std::string key = waiter.route.key();
        const SteadyPoint before = waiter.wait.until;
        waiter.wait = earliest(waiter.route, now);
        if (closed.contains(key)) {
            waiter.wait.until = SteadyPoint::max();
        }
        if (waiter.wait.until > now) {
            closed.insert(key);
            if (waiter.wait.until != before) {
                waiter.woken.wake();  // to sleep anew, longer or shorter
            }
            ++place;
            continue;
        }
        limits_.begin(waiter.route, now);
        ceiling_.sent(now);
        waiter.may_go = true;
        waiter.woken.wake();
        place = waiters_.erase(place);
    }
}

Task<tl::expected<Permit, TooLong>> RestGate::enter(Route route, bool goes_first,
                                                    std::chrono::nanoseconds patience) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto waiter = std::make_shared<Waiter>(std::move(route), goes_first, executor);
    Turn turn(*this, waiter);
    const SteadyPoint came = clock_.steady();
    const SteadyPoint gives_up = came + patience;
    LimitScope scope = LimitScope::bucket;
    let_in();
    while (!waiter->may_go) {
        const SteadyPoint until = waiter->wait.until;
        scope = waiter->wait.scope;
        const bool is_known = until != SteadyPoint::max();
        if (clock_.steady() >= gives_up || (is_known && until > gives_up)) {
            TooLong too_long;
            too_long.scope = scope;
            too_long.wait = is_known ? until - clock_.steady() : std::chrono::nanoseconds(unknown_wait);
            co_return tl::unexpected(too_long);
        }
        const auto was_woken =
            co_await net::with_deadline(woken(waiter->woken), clock_, std::min(until, gives_up));
        if (!was_woken) {
            let_in();
        }
    }
    Permit permit = turn.use();
    permit.waited = clock_.steady() - came;
    permit.scope = scope;
    co_return std::move(permit);
}

Task<void> RestGate::until_open(Route route) {
    constexpr std::chrono::milliseconds glance(50);  // an answer that comes meanwhile may change the time
    for (;;) {
        const SteadyPoint now = clock_.steady();
        const SteadyPoint until = earliest(route, now).until;
        if (until <= now) {
            co_return;
        }
        co_await clock_.sleep_until(std::min(until, now + glance));
    }
}

void RestGate::leave(const Route& route, const LimitReport* report) {
    limits_.end(route, report, clock_.steady());
    let_in();
}

void RestGate::give_up(const Route& route) {
    limits_.abandon(route);
    let_in();
}

}  // namespace hookline::discord
