// Which CI wrote a delivery, and how it proves itself.
#pragma once

#include "services/payload.hpp"
#include "services/service.hpp"

namespace hookline::services::ci {

/// By the headers that each platform sends, else by the body: Jenkins' plugins send no header of their own.
/// Forges that imitate GitHub's headers (Gitea, Forgejo, Gogs) are none of these platforms.
[[nodiscard]] std::optional<event::Service> platform_of(const event::Headers& headers,
                                                        std::string_view payload);

/// Every platform proves the same secret, so it does not matter which of them a request claims to be: each
/// proof that it shows in a header of GitHub's, GitLab's or CircleCI's must hold. Only where it shows none
/// does the secret in the URL or in Authorization count (proof.hpp).
[[nodiscard]] std::unique_ptr<ProofCheck> check_any(const Credentials& credentials,
                                                    std::span<const Key* const> keys);

/// "github:workflow_run" → GitHub, "workflow_run". Nothing where it names no platform.
struct PlatformEvent {
    event::Service platform = event::Service::github;
    std::string_view event_type;
};
[[nodiscard]] std::optional<PlatformEvent> platform_event(std::string_view event_type);

}  // namespace hookline::services::ci
