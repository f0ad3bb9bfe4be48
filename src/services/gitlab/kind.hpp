// GitLab names an event thrice: "Merge Request Hook" in the header, "merge_request" in the payload, and the
// box "Merge request events" in its settings. Hookline keeps the header's, in the payload's spelling.
#pragma once

#include <string>
#include <string_view>

namespace hookline::services::gitlab {

/// "merge_request" of "Merge Request Hook"; other texts in lower case with underscores.
[[nodiscard]] std::string kind_of_header(std::string_view header);
/// "Merge Request Hook" of "merge_request".
[[nodiscard]] std::string header_of_kind(std::string_view kind);

}  // namespace hookline::services::gitlab
