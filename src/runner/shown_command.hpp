// A command as it may be shown: without what is nobody's business.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hookline::runner {

/// The command as a person would type it, at most 600 code points: values of --build-arg, --secret, -e and of
/// options that are named like secrets as ***.
[[nodiscard]] std::string shown_command(const std::vector<std::string>& command);

[[nodiscard]] bool is_named_like_a_secret(std::string_view name);

}  // namespace hookline::runner
