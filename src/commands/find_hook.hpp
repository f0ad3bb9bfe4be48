// Which hook a caller means, and whether it exists for that caller. Hooks of other guilds, and of channels
// that the caller may not manage, are answered like hooks that do not exist.
#pragma once

#include "commands/answers.hpp"
#include "services/service.hpp"

namespace hookline::commands {

/// Hooks that exist for the caller, in the order of their ids.
[[nodiscard]] Found<std::vector<store::Hook>> visible_hooks(const Request& request,
                                                            bool with_deleted = false);
/// Those of them that belong where the caller is: this channel; on the command line all.
[[nodiscard]] Found<std::vector<store::Hook>> hooks_here(const Request& request);
/// `word`: an id, or a service of which there is one hook here.
[[nodiscard]] Found<store::Hook> find_hook(const Request& request, std::string_view word);
[[nodiscard]] Found<store::Endpoint> endpoint_of(const Request& request, const store::Hook& hook,
                                                 bool with_deleted = false);
[[nodiscard]] Found<pipeline::Destinations> destinations_of(const Request& request);

/// An event that at least one of the caller's hooks has to do with, and the outcomes of those.
struct FoundEvent {
    store::StoredEvent event;
    std::vector<store::Hook> hooks;  // of its endpoint
    std::vector<store::Outcome> outcomes;
};
[[nodiscard]] Found<FoundEvent> find_event(const Request& request, std::string_view word);

/// "GitHub"; refused where this version does not offer it, with what it offers.
[[nodiscard]] Found<const services::ServiceAdapter*> offered_service(const Request& request,
                                                                     std::string_view word);

}  // namespace hookline::commands
