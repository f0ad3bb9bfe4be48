// What `--events a,b` means: Hookline's names ("pr"), their sub-events ("pr.merged") and each service's own
// names ("pull_request"). A list is kept as the words it was made of, in one spelling; empty stands for what
// is announced by default (announced.hpp).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "services/service.hpp"

namespace hookline::services {

/// Reads a person's list, separated by commas or spaces, case ignored, each word once and in Hookline's
/// spelling where it has one ("pull_request" becomes "pr"). invalid_argument: a word that is no event, with
/// the nearest known one, or a list without a word.
[[nodiscard]] Result<std::vector<std::string>> parse_event_names(std::string_view list,
                                                                 const ServiceAdapter& adapter);

/// Why a hook with this list stays silent about `event`, for people ("events of this hook are push, pr");
/// empty: it wants it. Naming a whole event means the actions of it that are announced by default, or all of
/// them where none is ("branch", "fork"); naming a sub-event means exactly that one, even where it is silent
/// by default. An empty list is what is announced by default.
[[nodiscard]] std::string why_unwanted(std::span<const std::string> events, const event::Event& event);

/// The service's own events that must be subscribed to there, so that everything in `events` arrives; for an
/// empty list the recommended ones. For the setup reply, and to compare with what a ping lists.
[[nodiscard]] std::vector<std::string> subscriptions_for(std::span<const std::string> events,
                                                         const ServiceAdapter& adapter);

}  // namespace hookline::services
