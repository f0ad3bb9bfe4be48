// Options that more than one command takes.
#pragma once

#include "commands/answers.hpp"
#include "services/service.hpp"

namespace hookline::commands {

/// "push,pr": in one spelling; "default": none, which stands for what is announced by default.
[[nodiscard]] Found<std::vector<std::string>> read_events(const Request& request, std::string_view text,
                                                          const services::ServiceAdapter& adapter);
/// "owner/name,org/*,!org/noisy", or GitHub URLs of repositories; "all": none.
[[nodiscard]] Found<std::vector<std::string>> read_repositories(const Request& request,
                                                                std::string_view text);

}  // namespace hookline::commands
