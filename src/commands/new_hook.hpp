// What every command that makes a hook does.
#pragma once

#include "commands/answers.hpp"
#include "commands/channel_argument.hpp"
#include "services/service.hpp"

namespace hookline::commands {

/// More would be a mistake, or an attack on the store.
inline constexpr std::size_t most_hooks_in_a_channel = 50;

/// Points `hook` at `place`; a destination that is new goes to `changes`.
void aim(store::Hook& hook, const Request& request, const Place& place, pipeline::Destinations& destinations,
         store::Changes& changes);
/// A URL of its own with a fresh secret.
[[nodiscard]] store::Endpoint new_endpoint(const Request& request, const services::ServiceAdapter& adapter,
                                           HookId hook);

}  // namespace hookline::commands
