// Which messages were dealt with: Discord repeats events, and replays them after a resume (Discord,
// "Gateway": be idempotent). Bounded: what is older than the newest thousand is forgotten.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/ids.hpp"

namespace hookline::chat {

class Seen {
public:
    explicit Seen(std::size_t most = 1000) : most_(most) {}
    /// False where it was there already.
    bool add(Snowflake message);

    /// The newest `count` as text, for the store; what is not an id in `text` is skipped.
    [[nodiscard]] std::string newest(std::size_t count) const;
    void load(std::string_view text);

private:
    std::size_t most_;
    std::deque<Snowflake> order_;
    std::unordered_set<Snowflake> known_;
};

}  // namespace hookline::chat
