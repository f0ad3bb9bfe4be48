// What is announced unless asked otherwise: CONTRACT.md's table of section 4, for every service.
#pragma once

#include <string>
#include <string_view>

#include "event/event.hpp"

namespace hookline::services {

/// Why a hook that names no events stays silent about `event`, for people ("pr.synchronize is not announced
/// by default"); empty: it is announced.
[[nodiscard]] std::string silent_by_default(const event::Event& event);

/// What makes an action silent that is announced as a rule, a clause: "it brought no new commits"; empty:
/// nothing.
[[nodiscard]] std::string_view nothing_to_say(const event::Event& event);

/// Whether the action of `event` is one that is announced by default, whatever else this event holds and
/// whoever tells it too: what a hook hears that names the whole event ("pr").
[[nodiscard]] bool is_usual_action(const event::Event& event);

/// The same by name, as a row of the table for every service.
[[nodiscard]] bool is_usual_action(std::string_view name, std::string_view action);

/// Whether any action of the event `name` ("pr") is announced by default. Where none is ("fork"), naming the
/// event means all of its actions.
[[nodiscard]] bool has_usual_action(std::string_view name);

/// What must not be told where everyone can read it: security alerts, confidential issues.
[[nodiscard]] bool is_for_private_channels(const event::Event& event);

}  // namespace hookline::services
