#include "base/duration.hpp"

#include <fmt/format.h>

#include <array>

namespace hookline {

using std::chrono::seconds;

namespace {

struct Unit {
    char letter;
    std::int64_t seconds;
};
constexpr std::array<Unit, 4> units{{{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}}};
constexpr std::int64_t longest = 10LL * 366 * 86400;

std::string join_units(seconds duration, std::string_view between, std::size_t at_most) {
    std::int64_t rest = std::max<std::int64_t>(duration.count(), 0);
    std::string text;
    std::size_t used = 0;
    for (const Unit& unit : units) {
        const std::int64_t amount = rest / unit.seconds;
        rest %= unit.seconds;
        if (used > 0 && used++ == at_most) {
            break;
        }
        if (amount == 0) {
            continue;
        }
        used = std::max<std::size_t>(used, 1);
        text += fmt::format("{}{}{}", text.empty() ? "" : between, amount, unit.letter);
    }
    return text.empty() ? "0s" : text;
}

}  // namespace

Result<seconds> parse_duration(std::string_view text) {
    const auto wrong = [&] {
        return fail(Errc::invalid_argument,
                    fmt::format("\"{}\" is not a duration; write it like 90s, 5m, 2h, 1d or 1h30m",
                                text.substr(0, 40)));
    };
    std::int64_t total = 0;
    std::int64_t amount = -1;
    for (const char letter : text) {
        if (letter >= '0' && letter <= '9') {
            amount = std::max<std::int64_t>(amount, 0) * 10 + (letter - '0');
            if (amount > longest) {
                return wrong();
            }
            continue;
        }
        const auto* unit =
            std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.letter == letter; });
        if (unit == units.end() || amount < 0) {
            return wrong();
        }
        total += std::min(amount, longest) * unit->seconds;
        amount = -1;
        if (total > longest) {
            return wrong();
        }
    }
    if (amount >= 0 || text.empty()) {
        return wrong();
    }
    return seconds(total);
}

std::string spell_duration(seconds duration) { return join_units(duration, " ", 2); }

std::string short_duration(seconds duration) { return join_units(duration, "", 4); }

}  // namespace hookline
