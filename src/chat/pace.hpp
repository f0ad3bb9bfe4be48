// How fast one member, or one channel, may say commands: a few at once, then one after another.
#pragma once

#include <cstddef>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace hookline::chat {

class Pace {
public:
    enum class Verdict {
        go,
        too_fast,        // the first one that is too fast: worth an answer
        still_too_fast,  // not worth another
    };

    /// `burst` at once, then one for each `interval`. At most `keys` are remembered.
    Pace(int burst, Milliseconds interval, std::size_t keys = 4096)
        : burst_(burst), interval_(interval), keys_(keys) {}

    [[nodiscard]] Verdict take(Snowflake key, SteadyPoint now);

private:
    struct Account {
        SteadyPoint free_at;  // when nothing of the burst is used any more
        bool is_told = false;
    };
    int burst_;
    Milliseconds interval_;
    std::size_t keys_;
    std::unordered_map<Snowflake, Account> accounts_;
};

}  // namespace hookline::chat
