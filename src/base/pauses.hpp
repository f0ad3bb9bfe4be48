// How long to wait before trying again what failed.
#pragma once

#include <algorithm>
#include <optional>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace hookline {

/// Grows with each try in vain, from `first` to `longest`; half of it is random, so that a service that comes
/// back is not overrun.
class Pauses {
public:
    Pauses(Milliseconds first, Milliseconds longest) : first_(first), longest_(longest), next_(first) {}

    /// The pause after one more try in vain, about as long as was `asked` for where that is more.
    Milliseconds next(Random& random, std::optional<Milliseconds> asked = std::nullopt) {
        const Milliseconds pause = std::max(next_, asked.value_or(Milliseconds(0)));
        next_ = std::min(next_ * 2, longest_);
        ++tries_;
        return pause / 2 + Milliseconds(static_cast<std::int64_t>(static_cast<double>(pause.count()) / 2 *
                                                                  random.roll()));
    }
    /// It worked.
    void reset() {
        next_ = first_;
        tries_ = 0;
    }
    [[nodiscard]] int tries() const { return tries_; }

private:
    Milliseconds first_, longest_, next_;
    int tries_ = 0;
};

}  // namespace hookline
