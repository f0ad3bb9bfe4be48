// Secrets that a log repeats: what a build printed was meant for those who may see the build.
#pragma once

#include <string>
#include <string_view>

namespace hookline::services {

/// `line` with "…" in place of what is assigned to a name like API_TOKEN, password or secret-key, of the
/// credentials after "Authorization:", and of user and password in a URL. Guesses by names, as the log
/// maskers of CI services do: a secret that stands alone is not known as one.
[[nodiscard]] std::string without_secrets(std::string_view line);

}  // namespace hookline::services
