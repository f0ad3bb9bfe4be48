#include "services/github/signature.hpp"

#include "services/proof.hpp"

namespace hookline::services::github {

namespace {

constexpr std::string_view prefix = "sha256=";

/// The digest that the header claims, or nothing. A header that came twice is refused whatever it says:
/// which of two would count is up to each proxy on the way.
std::optional<std::string> claimed_digest(const event::Headers& headers) {
    if (headers.count(signature_header) != 1) {
        return std::nullopt;
    }
    std::string_view value = *headers.get(signature_header);
    if (!value.starts_with(prefix)) {
        return std::nullopt;
    }
    value.remove_prefix(prefix.size());
    if (value.size() != 2 * std::tuple_size_v<Digest>) {
        return std::nullopt;
    }
    return from_hex(value);
}

}  // namespace

std::unique_ptr<ProofCheck> check_signature(const event::Headers& headers, std::span<const Key* const> keys) {
    return check_hmac(claimed_digest(headers), keys);
}

std::string signature_of(std::string_view body, const Secret& secret) {
    HmacSha256 hmac(secret);
    hmac.feed(body);
    return std::string(prefix) + to_hex(hmac.finish());
}

}  // namespace hookline::services::github
