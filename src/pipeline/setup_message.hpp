// The reply to `!hook github on`: where the service shall deliver and what it shall send. It is made again
// from the same facts when the first delivery arrives, and then says "connected".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "event/event.hpp"
#include "message/message.hpp"
#include "store/rows.hpp"

namespace hookline::pipeline {

struct SetupFacts {
    store::Hook hook;
    store::Endpoint endpoint;  // connected_at says which of the two messages it is
    std::string public_url;
    std::string prefix;
    std::optional<event::Ping> ping;  // what the service says it will send
    std::string secret_note = "by direct message, never shown here";
};

/// "https://hooks.example.org/webhook/github/hook_001".
[[nodiscard]] std::string webhook_url(const std::string& public_url, const store::Endpoint& endpoint);
/// As the service's settings page calls an event of its own: "Pull requests".
[[nodiscard]] std::string subscription_label(std::string_view provider_event);
/// "Push, PR, Workflow failed" for a hook's events, "what is announced by default" for none.
[[nodiscard]] std::string events_text(const std::vector<std::string>& events);
/// "a/b, org/*, not org/noisy"; "all" for none.
[[nodiscard]] std::string repositories_text(const std::vector<std::string>& globs);
/// Without any secret.
[[nodiscard]] message::Message setup_message(const SetupFacts& setup);

}  // namespace hookline::pipeline
