// Secrets that a log repeats: what a build printed was meant for those who may see the build.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hookline::services {

/// `line` with "…" in place of what is assigned to a name like API_TOKEN, password or secret-key, of the
/// credentials after "Authorization:", of user and password in a URL, and of the secret at the end of an
/// endpoint's own address (/webhook/docker/hook_001/SECRET). Guesses by names, as the log maskers of CI
/// services do: a secret that stands alone is not known as one. Takes a time that grows with the line, not
/// faster.
[[nodiscard]] std::string without_secrets(std::string_view line);

struct Redacted {
    std::string text;                 // without_secrets
    std::vector<std::string> hidden;  // what was replaced: without quotes, of credentials the secret part
};
/// For who must know a secret again where it stands alone.
[[nodiscard]] Redacted redact(std::string_view line);

}  // namespace hookline::services
