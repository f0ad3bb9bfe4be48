#include "chat/pace.hpp"

namespace hookline::chat {

Pace::Verdict Pace::take(Snowflake key, SteadyPoint now) {
    if (accounts_.size() >= keys_ && !accounts_.contains(key)) {
        std::erase_if(accounts_, [now](const auto& entry) { return entry.second.free_at <= now; });
        if (accounts_.size() >= keys_) {
            accounts_.clear();  // rather too patient for a moment than without bound
        }
    }
    Account& account = accounts_[key];
    const SteadyPoint start = std::max(account.free_at, now);
    if (start - now > interval_ * (burst_ - 1)) {
        return std::exchange(account.is_told, true) ? Verdict::still_too_fast : Verdict::too_fast;
    }
    account.free_at = start + interval_;
    account.is_told = false;
    return Verdict::go;
}

}  // namespace hookline::chat
