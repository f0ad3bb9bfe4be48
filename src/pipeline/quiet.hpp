// When a hook tells nothing: its channel's quiet hours, and mutes. What comes then is not dropped: it is
// summed up when they end.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "pipeline/rulebook.hpp"

namespace hookline::pipeline {

/// "22:00-07:00 Europe/Berlin", and "failures" at its end where those pass.
struct QuietHours {
    std::chrono::minutes from{0}, to{0};  // of the day there
    std::string zone;
    bool lets_failures_pass = false;
};
/// invalid_argument: whole sentences for the person, with the nearest known time zone.
[[nodiscard]] Result<QuietHours> parse_quiet_hours(std::string_view text);
[[nodiscard]] std::string to_text(const QuietHours& hours);
/// For people: "22:00-07:00 Europe/Berlin, failures are told all the same".
[[nodiscard]] std::string describe(const QuietHours& hours);

/// When the quiet hours that `now` lies in end; nothing where it lies in none. Knows daylight saving: the end
/// is what the clocks there show.
[[nodiscard]] std::optional<TimePoint> quiet_until(const QuietHours& hours, TimePoint now);

/// A mute's end and what it lets pass, as Rule::options holds them.
struct MuteOptions {
    TimePoint until;
    bool lets_failures_pass = false;
};
[[nodiscard]] std::string to_text(const MuteOptions& options);
[[nodiscard]] std::optional<MuteOptions> parse_mute_options(std::string_view text);

/// Until when the hook is silent about an event, and why, a clause: "it is quiet here until 07:00"; nothing
/// where it is not. `facts` null: about everything, that is: until when no digest goes out either.
struct Silence {
    TimePoint until;
    std::string why;
    RuleId rule;
};
[[nodiscard]] std::optional<Silence> silence_of(const store::Hook& hook, const HookRules& rules,
                                                const rules::Facts* facts, TimePoint now);

}  // namespace hookline::pipeline
