// How a request proves that it knows an endpoint's secret, in the two forms that several services share: an
// HMAC of the body, and the secret itself where the sender signs nothing.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "services/service.hpp"

namespace hookline::services {

/// A check that never holds, and need not look at the body.
[[nodiscard]] std::unique_ptr<ProofCheck> no_proof();

/// Holds when `claimed` (32 bytes) is the HMAC-SHA256 of the body under any of `keys`. Nothing claimed, no
/// key and an empty key prove nothing.
[[nodiscard]] std::unique_ptr<ProofCheck> check_hmac(std::optional<std::string> claimed,
                                                     std::span<const Key* const> keys);

/// The secret that a request shows: in its URL (path or ?token=), else as `Authorization: Bearer`, else as
/// the password of `Authorization: Basic`. Where the URL holds one, Authorization is not looked at: it may be
/// meant for a proxy on the way. Empty: none, or Authorization came twice or in another form.
[[nodiscard]] Secret shown_secret(const Credentials& credentials);

/// Holds when `shown` is any of `keys`; an empty one proves nothing.
[[nodiscard]] std::unique_ptr<ProofCheck> check_secret(const Secret& shown, std::span<const Key* const> keys);

}  // namespace hookline::services
