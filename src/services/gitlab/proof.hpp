// GitLab's proofs (GitLab, "Webhooks", "Validate payloads"). X-Gitlab-Token is the secret itself. A signing
// token, newer and not in every installation, makes a signature over id, time and body instead, in the form
// of Standard Webhooks; it cannot be replayed later.
#pragma once

#include "services/service.hpp"

namespace hookline::services::gitlab {

inline constexpr std::string_view token_header = "X-Gitlab-Token";

/// A check that holds when the one token header there is is any of `keys`, or when the one signature there is
/// proves any of them and its time is within 300 s of now. A secret that is a signing token ("whsec_…") is
/// proved by a signature only. Without keys and with an empty one it never holds.
[[nodiscard]] std::unique_ptr<ProofCheck> check_proof(const Credentials& credentials,
                                                      std::span<const Key* const> keys);

/// "v1,…" over `body`. `secret` is a signing token, or a text whose bytes are the key.
[[nodiscard]] std::string signature_of(std::string_view id, std::string_view timestamp, std::string_view body,
                                       const Secret& secret);

}  // namespace hookline::services::gitlab
