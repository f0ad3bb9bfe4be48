// How much a layout says: the one place where the styles normal and full differ in numbers. Layouts ask here
// and never which style it is.
#pragma once

#include <cstddef>

#include "format/excerpt.hpp"
#include "message/style.hpp"

namespace hookline::format {

struct Measure {
    bool tells_all = false;  // also what a reader seldom needs: labels of a merged request, a run's trigger
    ExcerptSize quote;       // of what somebody wrote
    ExcerptSize notes{12, 900};  // of a release
    std::size_t commits = 5;
    std::size_t files = 6;
    std::size_t names = 5;  // labels, reviewers
    std::size_t jobs = 5;
    std::size_t assets = 5;
    std::size_t error_lines = 6;
    std::size_t notice_text = 1500;  // a message, not a log
    std::size_t notice_lines = 15;
    std::size_t items = 10;  // alerts of a group, images of a delivery
};

inline constexpr Measure normal_measure{};
// A list of commits is a description, which holds 4096 code points; every other list is a field of 1024 and
// says by itself what it had no room for.
inline constexpr Measure full_measure{true, {20, 1000}, {40, 2000}, 20, 20, 15, 20, 15, 15, 3000, 40, 20};

/// A compact message has no layout, only a line (compact.hpp).
[[nodiscard]] inline const Measure& measure_of(message::Style style) {
    return style == message::Style::full ? full_measure : normal_measure;
}

}  // namespace hookline::format
