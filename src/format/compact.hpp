// What matters of an event in one line, for hooks that want no more: who, where, how long. The title above it
// says what happened.
#pragma once

#include <string>

#include "event/event.hpp"
#include "format/format.hpp"

namespace hookline::format {

/// Markdown on one line; "" where the title says it all.
[[nodiscard]] std::string compact_line(const event::Event& event, const Enrichment& enrichment);

}  // namespace hookline::format
