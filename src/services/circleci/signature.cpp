#include "services/circleci/signature.hpp"

#include "base/text.hpp"
#include "services/circleci/circleci.hpp"
#include "services/proof.hpp"

namespace hookline::services::circleci {

namespace {

constexpr std::size_t longest_header = 1000;  // a dozen versions

/// The digest that v1 claims, or nothing. A header or a v1 that came twice is refused whatever it says.
std::optional<std::string> claimed_digest(const event::Headers& headers) {
    const auto value = headers.get(signature_header);
    if (!value || headers.count(signature_header) != 1 || value->size() > longest_header) {
        return std::nullopt;
    }
    std::optional<std::string_view> v1;
    for (const std::string_view part : split(*value, ',')) {
        const std::string_view pair = trim(part);
        if (!pair.starts_with("v1=")) {
            continue;
        }
        if (v1) {
            return std::nullopt;
        }
        v1 = pair.substr(3);
    }
    if (!v1 || v1->size() != 2 * std::tuple_size_v<Digest>) {
        return std::nullopt;
    }
    return from_hex(*v1);
}

}  // namespace

std::unique_ptr<ProofCheck> check_signature(const event::Headers& headers, std::span<const Key* const> keys) {
    return check_hmac(claimed_digest(headers), keys);
}

std::string signature_of(std::string_view body, const Secret& secret) {
    HmacSha256 hmac(secret);
    hmac.feed(body);
    return "v1=" + to_hex(hmac.finish());
}

}  // namespace hookline::services::circleci
