// What follows when Discord closes the gateway (Discord, "Gateway Close Event Codes").
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace hookline::discord {

enum class AfterClose { resume, identify, fatal };

struct CloseRule {
    int code;
    AfterClose then;
    std::string_view text;
    std::chrono::seconds at_least{0};  // before connecting again
};

/// Null for codes that say nothing special: then a resume is tried, and Discord decides.
[[nodiscard]] const CloseRule* find_rule(int code);
/// "connection lost", "closed with 4008 rate limited".
[[nodiscard]] std::string spell_close(int code, const CloseRule* rule);

}  // namespace hookline::discord
