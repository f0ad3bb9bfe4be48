#include "services/gitlab/proof.hpp"

#include <charconv>

#include "base/text.hpp"

namespace hookline::services::gitlab {

namespace {

constexpr std::string_view signing_token_prefix = "whsec_";
constexpr std::string_view version_prefix = "v1,";
constexpr std::chrono::seconds tolerance{300};  // Standard Webhooks, "Verifying webhook authenticity"
constexpr std::size_t most_signatures = 16;     // a rotation has two
constexpr std::size_t longest_signatures = 2048;
constexpr std::size_t longest_id = 256;

std::optional<std::string_view> only(const event::Headers& headers, std::string_view name) {
    return headers.count(name) == 1 ? headers.get(name) : std::nullopt;
}

bool is_signing_token(const Secret& secret) { return secret.reveal().starts_with(signing_token_prefix); }

/// What the HMAC is keyed with: of a signing token the bytes that it encodes, else the text itself.
std::optional<Secret> signing_key(const Secret& secret) {
    if (!is_signing_token(secret)) {
        return secret;
    }
    auto bytes = from_base64(std::string_view(secret.reveal()).substr(signing_token_prefix.size()));
    if (!bytes || bytes->empty()) {
        return std::nullopt;
    }
    return Secret(std::move(*bytes));
}

/// What the three headers of a signature claim.
struct Claim {
    std::string signed_before_body;    // id and time, verbatim
    std::vector<std::string> digests;  // 32 bytes each
};

bool is_recent(std::string_view timestamp, TimePoint now) {
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), seconds);
    if (error != std::errc{} || end != timestamp.data() + timestamp.size() || seconds < 0 ||
        timestamp.size() > 12) {
        return false;
    }
    const auto now_seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
    const auto apart = std::chrono::seconds(seconds) - now_seconds;
    return apart <= tolerance && apart >= -tolerance;
}

std::optional<Claim> claim_of(const event::Headers& headers, TimePoint now) {
    const auto id = only(headers, "webhook-id");
    const auto timestamp = only(headers, "webhook-timestamp");
    const auto signatures = only(headers, "webhook-signature");
    if (!id || id->empty() || id->size() > longest_id || !timestamp || !signatures ||
        signatures->size() > longest_signatures || !is_recent(*timestamp, now)) {
        return std::nullopt;
    }
    Claim claim;
    claim.signed_before_body = std::string(*id) + "." + std::string(*timestamp) + ".";
    for (const std::string_view entry : split(*signatures, ' ')) {
        if (!entry.starts_with(version_prefix) || claim.digests.size() == most_signatures) {
            continue;  // another version, or a list that nobody sends
        }
        auto digest = from_base64(entry.substr(version_prefix.size()));
        if (digest && digest->size() == std::tuple_size_v<Digest>) {
            claim.digests.push_back(std::move(*digest));
        }
    }
    return claim.digests.empty() ? std::nullopt : std::optional(std::move(claim));
}

class GitLabCheck final : public ProofCheck {
public:
    GitLabCheck(const Credentials& credentials, std::span<const Key* const> keys) {
        const auto token = only(credentials.headers, token_header);
        const auto claim = claim_of(credentials.headers, credentials.now);
        for (const Key* key : keys) {
            if (key->text.empty()) {
                continue;
            }
            if (token && !is_signing_token(key->text)) {
                const bool same = key->text.equals(*token);
                is_token_right_ = is_token_right_ || same;
            }
            if (claim) {
                start_hmac(*key, claim->signed_before_body);
            }
        }
        if (claim) {
            digests_ = claim->digests;
        }
    }

    void feed(std::string_view bytes) override {
        for (HmacSha256& hmac : hmacs_) {
            hmac.feed(bytes);
        }
    }

    bool holds() override {
        bool any = is_token_right_;
        for (HmacSha256& hmac : hmacs_) {
            const Digest digest = hmac.finish();
            const std::string_view bytes(reinterpret_cast<const char*>(digest.data()), digest.size());
            for (const std::string& claimed : digests_) {
                const bool same = same_bytes(bytes, claimed);
                any = any || same;  // all are tried, so that the time does not tell which one it was
            }
        }
        hmacs_.clear();
        return any;
    }

private:
    void start_hmac(const Key& key, std::string_view signed_before_body) {
        if (!is_signing_token(key.text)) {
            hmacs_.emplace_back(key.hmac);
        } else if (const auto bytes = signing_key(key.text)) {
            hmacs_.emplace_back(*bytes);
        } else {
            return;
        }
        hmacs_.back().feed(signed_before_body);
    }

    bool is_token_right_ = false;
    std::vector<std::string> digests_;
    std::deque<HmacSha256> hmacs_;  // cannot be moved
};

}  // namespace

std::unique_ptr<ProofCheck> check_proof(const Credentials& credentials, std::span<const Key* const> keys) {
    return std::make_unique<GitLabCheck>(credentials, keys);
}

std::string signature_of(std::string_view id, std::string_view timestamp, std::string_view body,
                         const Secret& secret) {
    const auto key = signing_key(secret);
    if (!key) {
        return {};
    }
    HmacSha256 hmac(*key);
    hmac.feed(id);
    hmac.feed(".");
    hmac.feed(timestamp);
    hmac.feed(".");
    hmac.feed(body);
    const Digest digest = hmac.finish();
    return std::string(version_prefix) +
           to_base64(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

}  // namespace hookline::services::gitlab
