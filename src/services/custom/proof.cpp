#include "services/custom/proof.hpp"

#include <array>
#include <charconv>
#include <deque>

#include "base/text.hpp"
#include "services/proof.hpp"

namespace hookline::services::custom {

namespace {

struct HmacHeader {
    std::string_view name;
    std::string_view prefix;
};

// In the order of trust in their form; Gitea sends several of them, all saying the same.
constexpr std::array hmac_headers{
    HmacHeader{"X-Hub-Signature-256", "sha256="},
    HmacHeader{"X-Forgejo-Signature", ""},
    HmacHeader{"X-Gitea-Signature", ""},
    HmacHeader{"X-Hub-Signature", "sha256="},
};

constexpr std::size_t most_signatures = 8;  // during a rotation two
constexpr std::size_t longest_header = 2048;

/// The digest that the first of the headers claims. One that came twice counts for nothing, nor does one
/// without a digest: without a secret of its own Gitea sends "sha256=".
std::optional<std::string> claimed_digest(const event::Headers& headers) {
    for (const HmacHeader& header : hmac_headers) {
        const auto value = headers.get(header.name);
        if (!value || headers.count(header.name) != 1 || !value->starts_with(header.prefix)) {
            continue;
        }
        const std::string_view hex = value->substr(header.prefix.size());
        if (hex.size() == 2 * std::tuple_size_v<Digest>) {
            return from_hex(hex);
        }
    }
    return std::nullopt;
}

/// The bytes that sign: what follows "whsec_", decoded.
std::optional<Secret> signing_key(const Secret& secret) {
    constexpr std::string_view prefix = "whsec_";
    std::string_view text = secret.reveal();
    if (!text.starts_with(prefix)) {
        return std::nullopt;
    }
    auto bytes = from_base64(text.substr(prefix.size()));
    return bytes && !bytes->empty() ? std::optional(Secret(std::move(*bytes))) : std::nullopt;
}

std::string_view as_bytes(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

struct StandardHeaders {
    std::string_view id, timestamp, signatures;
};

/// Nothing unless each of the three is there exactly once and of a sane length.
std::optional<StandardHeaders> standard_headers(const event::Headers& headers) {
    for (const std::string_view prefix : {"webhook-", "svix-"}) {
        const auto value = [&](std::string_view rest) -> std::optional<std::string_view> {
            const std::string name = std::string(prefix) + std::string(rest);
            const auto found = headers.get(name);
            const bool is_sane =
                found && headers.count(name) == 1 && !found->empty() && found->size() <= longest_header;
            return is_sane ? found : std::nullopt;
        };
        const auto id = value("id");
        const auto timestamp = value("timestamp");
        const auto signatures = value("signature");
        if (id && timestamp && signatures) {
            return StandardHeaders{*id, *timestamp, *signatures};
        }
    }
    return std::nullopt;
}

bool is_recent(std::string_view timestamp, TimePoint now) {
    std::int64_t seconds = 0;
    const char* end = timestamp.data() + timestamp.size();
    const auto [stop, error] = std::from_chars(timestamp.data(), end, seconds);
    constexpr std::int64_t latest = 253402300799;  // of the year 9999
    if (error != std::errc{} || stop != end || seconds < 0 || seconds > latest) {
        return false;
    }
    const TimePoint sent{std::chrono::seconds(seconds)};
    return sent >= now - timestamp_tolerance && sent <= now + timestamp_tolerance;
}

/// The signatures of version 1; others are of keys that this endpoint has not.
std::vector<std::string> claimed_signatures(std::string_view list) {
    constexpr std::string_view version = "v1,";
    std::vector<std::string> result;
    for (const std::string_view entry : split(list, ' ')) {
        if (!entry.starts_with(version) || result.size() == most_signatures) {
            continue;
        }
        auto bytes = from_base64(entry.substr(version.size()));
        if (bytes && bytes->size() == std::tuple_size_v<Digest>) {
            result.push_back(std::move(*bytes));
        }
    }
    return result;
}

class StandardCheck final : public ProofCheck {
public:
    StandardCheck(const StandardHeaders& headers, TimePoint now, std::span<const Key* const> keys)
        : claimed_(claimed_signatures(headers.signatures)) {
        if (claimed_.empty() || !is_recent(headers.timestamp, now)) {
            return;
        }
        for (const Key* key : keys) {
            if (const auto bytes = signing_key(key->text)) {
                HmacSha256& hmac = hmacs_.emplace_back(*bytes);
                hmac.feed(headers.id);
                hmac.feed(".");
                hmac.feed(headers.timestamp);
                hmac.feed(".");
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
            for (const std::string& claimed : claimed_) {
                const bool same = same_bytes(as_bytes(digest), claimed);
                any = any || same;  // all are tried, so that the time does not tell which one it was
            }
        }
        hmacs_.clear();
        return any;
    }

private:
    std::vector<std::string> claimed_;
    std::deque<HmacSha256> hmacs_;  // cannot be moved
};

class AnyOf final : public ProofCheck {
public:
    void add(std::unique_ptr<ProofCheck> check) { checks_.push_back(std::move(check)); }

    void feed(std::string_view bytes) override {
        for (const auto& check : checks_) {
            check->feed(bytes);
        }
    }

    bool holds() override {
        bool any = false;
        for (const auto& check : checks_) {
            const bool holds = check->holds();
            any = any || holds;
        }
        return any;
    }

private:
    std::vector<std::unique_ptr<ProofCheck>> checks_;
};

}  // namespace

std::unique_ptr<ProofCheck> check_any(const Credentials& credentials, std::span<const Key* const> keys) {
    auto any = std::make_unique<AnyOf>();
    any->add(check_secret(shown_secret(credentials), keys));
    any->add(check_hmac(claimed_digest(credentials.headers), keys));
    if (const auto headers = standard_headers(credentials.headers)) {
        any->add(std::make_unique<StandardCheck>(*headers, credentials.now, keys));
    }
    return any;
}

std::string standard_signature(std::string_view id, std::string_view timestamp, std::string_view body,
                               const Secret& secret) {
    const auto key = signing_key(secret);
    if (!key) {
        return {};
    }
    HmacSha256 hmac(*key);
    for (const std::string_view part : {id, std::string_view("."), timestamp, std::string_view("."), body}) {
        hmac.feed(part);
    }
    return "v1," + to_base64(as_bytes(hmac.finish()));
}

}  // namespace hookline::services::custom
