// The end of a build's log, where it says what went wrong.
#pragma once

#include <string>
#include <string_view>

namespace hookline::services::jenkins {

/// The last few lines that say something, whole UTF-8. Colours go, and so do the values of what is named
/// like a secret ("API_TOKEN=…"): a log is written for those who may see the build.
[[nodiscard]] std::string log_tail(std::string_view log);

}  // namespace hookline::services::jenkins
