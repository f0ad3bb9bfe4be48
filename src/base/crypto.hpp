// The few pieces of cryptography that Hookline needs, from OpenSSL (hashes) and libsodium (sealing).
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace hookline {

using Digest = std::array<unsigned char, 32>;

[[nodiscard]] std::string to_hex(std::string_view bytes);
[[nodiscard]] std::string to_hex(const Digest& digest);
/// Lower or upper case; nothing when the length is odd or a character is not hex.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);
[[nodiscard]] std::string to_base64(std::string_view bytes);
/// Standard alphabet, padding required.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

[[nodiscard]] Digest sha256(std::string_view bytes);

/// HMAC-SHA256 fed in pieces. Made from a key once, then copied for each body: keying costs more than a
/// small body (measured in bench/).
class HmacSha256 {
public:
    explicit HmacSha256(const Secret& key);
    HmacSha256(const HmacSha256&);
    HmacSha256& operator=(const HmacSha256&) = delete;
    ~HmacSha256();
    void feed(std::string_view bytes);
    /// Ends it; feed() must not follow.
    [[nodiscard]] Digest finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Encrypts what rests on disk: XChaCha20-Poly1305 (libsodium), a random nonce each time, base64 with the
/// prefix "v1:". `context` ("endpoint:12") is authenticated, so that a sealed text cannot be moved to
/// another row.
class Sealer {
public:
    /// `key` is 32 bytes as 64 hex digits.
    [[nodiscard]] static Result<Sealer> from_key(const Secret& key);
    [[nodiscard]] static Secret new_key(Random& random);
    [[nodiscard]] std::string seal(const Secret& text, std::string_view context, Random& random) const;
    [[nodiscard]] Result<Secret> open(std::string_view sealed, std::string_view context) const;

private:
    explicit Sealer(Secret key) : key_(std::move(key)) {}
    Secret key_;  // raw bytes
};

}  // namespace hookline
