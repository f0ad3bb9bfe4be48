// A command as it may be shown: without what is nobody's business, which is then known and can be left out of
// what it prints.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/secrets.hpp"

namespace hookline::runner {

/// The value of an environment variable of the command, where it is set.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

struct ShownCommand {
    /// As a person would type it, at most 600 code points. As ***: the values of --build-arg, --secret and
    /// -e, of options and variables that are named like secrets, an address after --to, and `known`.
    std::string shown;
    /// These values and `known`; of a variable that is named alone ("-e NAME") that of the environment.
    Secrets secrets;
};
[[nodiscard]] ShownCommand show_command(const std::vector<std::string>& command,
                                        const Environment& environment, const Secrets& known = {});

}  // namespace hookline::runner
