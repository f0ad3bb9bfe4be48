#include "base/byte_size.hpp"

#include <fmt/format.h>

#include <array>

namespace hookline {

std::string spell_bytes(std::int64_t bytes) {
    constexpr std::array<std::string_view, 5> units{"B", "kB", "MB", "GB", "TB"};
    double amount = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (amount >= 999.5 && unit + 1 < units.size()) {
        amount /= 1000;
        ++unit;
    }
    return unit == 0 || amount >= 9.95 ? fmt::format("{:.0f} {}", amount, units.at(unit))
                                       : fmt::format("{:.1f} {}", amount, units.at(unit));
}

}  // namespace hookline
