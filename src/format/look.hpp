// How events look: emoji, colour and words. Tables, so that the same outcome looks the same everywhere.
#pragma once

#include <cstdint>
#include <string_view>

#include "event/event.hpp"

namespace hookline::format {

namespace color {
inline constexpr std::uint32_t news = 0x1F6FEB;    // blue: something new
inline constexpr std::uint32_t good = 0x2DA44E;    // green: passed, approved, open
inline constexpr std::uint32_t bad = 0xDA3633;     // red: failed, refused
inline constexpr std::uint32_t care = 0xD29922;    // yellow: look at it
inline constexpr std::uint32_t merged = 0x8250DF;  // purple, as the code hosts show it
inline constexpr std::uint32_t quiet = 0x8B949E;   // grey: over, without consequence
}  // namespace color

/// How an ended (or waiting) run, job or check looks.
struct RunLook {
    event::Conclusion conclusion;
    std::string_view emoji;
    std::uint32_t color;
    std::string_view status;  // "Success"
    std::string_view verb;    // "completed": Workflow "Tests" completed
    std::string_view ending;  // "Passed": Pipeline Passed
};
[[nodiscard]] const RunLook& look_of(event::Conclusion conclusion);

/// "passed": Stage "Build" passed, of which nobody says that it completed.
[[nodiscard]] std::string_view verb_of_part(event::Conclusion conclusion);

/// How a notice looks.
struct NoticeLook {
    event::Notice::Severity severity;
    std::string_view emoji;
    std::uint32_t color;
};
[[nodiscard]] const NoticeLook& look_of(event::Notice::Severity severity);

/// How an event looks whose title is one sentence about a name. `sentence` holds one {}, or none.
struct Look {
    std::string_view full_name;  // "branch.created"
    std::string_view emoji;
    std::uint32_t color;
    std::string_view sentence;
};
/// The look of that event, or null: it is told in general words.
[[nodiscard]] const Look* look_of(std::string_view full_name);

}  // namespace hookline::format
