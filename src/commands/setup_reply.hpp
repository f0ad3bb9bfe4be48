// The replies of `on`: how to set the service up, with the secret for the caller's eyes only, or what holds
// now.
#pragma once

#include "commands/answers.hpp"

namespace hookline::commands {

/// `warning`: a line that is added, or nothing.
[[nodiscard]] Reply setup_reply(const Request& request, const store::Hook& hook,
                                const store::Endpoint& endpoint, const std::string& warning);
/// A hook with the URL and secret of another.
[[nodiscard]] Reply shared_reply(const Request& request, const store::Hook& hook, const store::Hook& from,
                                 const std::string& warning);
/// What a hook does that is connected.
[[nodiscard]] Reply active_reply(const Request& request, const store::Hook& hook,
                                 const dispatch::DestinationInfo* destination, const std::string& warning);
/// The secret, for the caller's eyes only.
[[nodiscard]] message::Message secret_message(const Request& request, const store::Hook& hook,
                                              const store::Endpoint& endpoint);
/// What to do where a direct message could not be delivered: a clause.
[[nodiscard]] std::string undeliverable_note(const Request& request, std::string_view again);

}  // namespace hookline::commands
