// live: one message for each run, pull request and deployment, kept up to date in place.
#include "commands/hook_cards.hpp"

namespace hookline::commands {

Task<Reply> live(Request request) {
    return switch_cards(std::move(request), "live", [](const Request&, store::Hook& hook, bool is_on) {
        hook.is_live = is_on;
        return std::optional<Reply>();
    });
}

}  // namespace hookline::commands
