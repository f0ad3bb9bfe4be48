#include "services/proof.hpp"

#include <deque>

#include "base/text.hpp"

namespace hookline::services {

namespace {

constexpr std::size_t longest_authorization = 4096;  // a secret, not a story

class HmacCheck final : public ProofCheck {
public:
    HmacCheck(std::optional<std::string> claimed, std::span<const Key* const> keys)
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

/// What was shown before the body came cannot change with it.
class DecidedCheck final : public ProofCheck {
public:
    explicit DecidedCheck(bool holds) : holds_(holds) {}
    void feed(std::string_view) override {}
    bool holds() override { return holds_; }

private:
    bool holds_;
};

/// What follows the name of a scheme, which has no case (RFC 9110, section 11.1).
std::optional<std::string_view> after_scheme(std::string_view value, std::string_view scheme) {
    if (value.size() <= scheme.size() || value[scheme.size()] != ' ' ||
        !equals_ignoring_case(value.substr(0, scheme.size()), scheme)) {
        return std::nullopt;
    }
    return trim(value.substr(scheme.size()));
}

/// The password of "user:password"; a password may hold a colon, a user's name may not (RFC 7617).
Secret password_of(std::string_view encoded) {
    const auto pair = from_base64(encoded);
    if (!pair) {
        return {};
    }
    const Secret both(*pair);
    const std::size_t colon = both.reveal().find(':');
    return colon == std::string::npos ? Secret() : Secret(both.reveal().substr(colon + 1));
}

}  // namespace

std::unique_ptr<ProofCheck> no_proof() { return std::make_unique<DecidedCheck>(false); }

std::unique_ptr<ProofCheck> check_hmac(std::optional<std::string> claimed, std::span<const Key* const> keys) {
    return std::make_unique<HmacCheck>(std::move(claimed), keys);
}

Secret shown_secret(const Credentials& credentials) {
    if (!credentials.url_secret.empty()) {
        return Secret(std::string(credentials.url_secret));
    }
    const auto value = credentials.headers.get("Authorization");
    if (!value || credentials.headers.count("Authorization") != 1 || value->size() > longest_authorization) {
        return {};
    }
    if (const auto token = after_scheme(*value, "Bearer")) {
        return Secret(std::string(*token));
    }
    const auto encoded = after_scheme(*value, "Basic");
    return encoded ? password_of(*encoded) : Secret();
}

std::unique_ptr<ProofCheck> check_secret(const Secret& shown, std::span<const Key* const> keys) {
    bool any = false;
    for (const Key* key : keys) {
        const bool same = !key->text.empty() && key->text.equals(shown.reveal());
        any = any || same;  // every key is tried, so that the time does not tell which one it was
    }
    return std::make_unique<DecidedCheck>(any);
}

}  // namespace hookline::services
