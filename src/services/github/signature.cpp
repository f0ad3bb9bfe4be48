#include "services/github/signature.hpp"

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

class SignatureCheck final : public ProofCheck {
public:
    SignatureCheck(std::optional<std::string> claimed, std::span<const Key* const> keys)
        : claimed_(std::move(claimed)) {
        if (!claimed_) {
            return;  // nothing to compare with: the bytes need not be hashed
        }
        for (const Key* key : keys) {
            if (!key->text.empty()) {
                hmacs_.emplace_back(key->hmac);
            }
        }
    }

    void feed(std::string_view bytes) override {
        for (HmacSha256& hmac : hmacs_) {
            hmac.feed(bytes);
        }
    }

    bool holds() override {
        bool any = false;
        for (HmacSha256& hmac : hmacs_) {
            const Digest digest = hmac.finish();
            const std::string_view bytes(reinterpret_cast<const char*>(digest.data()), digest.size());
            const bool same = same_bytes(bytes, *claimed_);
            any = any || same;  // every key is tried, so that the time does not tell which one it was
        }
        hmacs_.clear();
        return any;
    }

private:
    std::optional<std::string> claimed_;
    std::deque<HmacSha256> hmacs_;  // cannot be moved
};

}  // namespace

std::unique_ptr<ProofCheck> check_signature(const event::Headers& headers, std::span<const Key* const> keys) {
    return std::make_unique<SignatureCheck>(claimed_digest(headers), keys);
}

std::string signature_of(std::string_view body, const Secret& secret) {
    HmacSha256 hmac(secret);
    hmac.feed(body);
    return std::string(prefix) + to_hex(hmac.finish());
}

}  // namespace hookline::services::github
