// CircleCI's proof: `circleci-signature` lists "version=value" pairs, of which v1 is the hex HMAC-SHA256 of
// the body's raw bytes. The rest is ignored, whatever it says.
#pragma once

#include "services/service.hpp"

namespace hookline::services::circleci {

[[nodiscard]] std::unique_ptr<ProofCheck> check_signature(const event::Headers& headers,
                                                          std::span<const Key* const> keys);

/// "v1=…" for `body`.
[[nodiscard]] std::string signature_of(std::string_view body, const Secret& secret);

}  // namespace hookline::services::circleci
