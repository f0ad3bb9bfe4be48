#include "discord/invalid_ceiling.hpp"

#include <algorithm>

namespace hookline::discord {

void InvalidCeiling::forget_old(SteadyPoint now) {
    while (!invalid_.empty() && invalid_.front() + window <= now) {
        invalid_.pop_front();
    }
}

void InvalidCeiling::count(SteadyPoint now) {
    forget_old(now);
    invalid_.push_back(now);
    if (invalid_.size() > stop_at) {
        invalid_.pop_front();
    }
}

void InvalidCeiling::banned(SteadyPoint now, std::chrono::milliseconds as_told) {
    const auto silence = as_told > std::chrono::milliseconds(0) ? as_told : ban_silence;
    silent_until_ = std::max(silent_until_, now + silence);
}

void InvalidCeiling::sent(SteadyPoint now) { last_sent_ = now; }

SteadyPoint InvalidCeiling::earliest(SteadyPoint now) {
    forget_old(now);
    SteadyPoint when = silent_until_;
    if (invalid_.size() >= stop_at) {
        when = std::max(when, invalid_.front() + window);
    } else if (invalid_.size() >= slow_at) {
        when = std::max(when, last_sent_ + slow_gap);
    }
    return when;
}

std::size_t InvalidCeiling::counted(SteadyPoint now) {
    forget_old(now);
    return invalid_.size();
}

}  // namespace hookline::discord
