// Parts of a build that its layout and its compact line share.
#pragma once

#include "event/event.hpp"
#include "message/markdown.hpp"

namespace hookline::format {

/// "2", "127 (command not found)", of a signal "137 (SIGKILL)", as a shell tells it; empty where neither is
/// told.
[[nodiscard]] message::Markdown exit_of(const event::Build& build);

/// "2m 15s", "under a second"; empty where it is not told.
[[nodiscard]] std::string took(const event::Build& build);

}  // namespace hookline::format
