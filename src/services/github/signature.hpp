// GitHub's proof: X-Hub-Signature-256 is "sha256=" and the hex HMAC-SHA256 of the body's raw bytes (GitHub,
// "Validating webhook deliveries"). Nothing else counts: no SHA-1, no secret in the URL.
#pragma once

#include "services/service.hpp"

namespace hookline::services::github {

inline constexpr std::string_view signature_header = "X-Hub-Signature-256";

/// A check that holds when the one signature header there is proves any of `keys`. Without keys, with an
/// empty key, without the header, with two of them or with one of another form it never holds.
[[nodiscard]] std::unique_ptr<ProofCheck> check_signature(const event::Headers& headers,
                                                          std::span<const Key* const> keys);

/// "sha256=…" for `body`.
[[nodiscard]] std::string signature_of(std::string_view body, const Secret& secret);

}  // namespace hookline::services::github
