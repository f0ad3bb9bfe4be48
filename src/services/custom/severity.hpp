// How bad it is, in the words that services use.
#pragma once

#include <optional>
#include <string_view>

#include "event/event.hpp"

namespace hookline::services::custom {

/// "critical", "P1", "firing", "OK" …; nothing for a word that says nothing about it. Case and dashes do not
/// matter.
[[nodiscard]] std::optional<event::Notice::Severity> severity_of(std::string_view word);
/// "critical", "error" …; "" for none: the action of a notice.
[[nodiscard]] std::string_view word_of(event::Notice::Severity severity);

}  // namespace hookline::services::custom
