// How a sender of JSON proves itself. Whoever sets a custom endpoint up picks what the sender can do; all
// prove the same secret:
//  - the secret itself, in the URL or in Authorization (services/proof.hpp);
//  - X-Hub-Signature-256, or X-Hub-Signature with SHA-256 (Bitbucket): "sha256=" and the hex HMAC of the body
//    (GitHub, "Validating webhook deliveries");
//  - X-Gitea-Signature, X-Forgejo-Signature: the same, bare hex (Gitea, "Webhooks");
//  - Standard Webhooks, v1: webhook-id, webhook-timestamp, webhook-signature, or the same as svix-….
#pragma once

#include "services/service.hpp"

namespace hookline::services::custom {

/// A signed timestamp may be this far from now, both ways (Standard Webhooks, "Verifying signatures").
inline constexpr std::chrono::seconds timestamp_tolerance{300};

/// Holds when any form that the request shows proves any of `keys`.
[[nodiscard]] std::unique_ptr<ProofCheck> check_any(const Credentials& credentials,
                                                    std::span<const Key* const> keys);

/// "v1,…" over id, timestamp and body; "" where `secret` is not of the form whsec_ and base64.
[[nodiscard]] std::string standard_signature(std::string_view id, std::string_view timestamp,
                                             std::string_view body, const Secret& secret);

}  // namespace hookline::services::custom
