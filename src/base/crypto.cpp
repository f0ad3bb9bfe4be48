#include "base/crypto.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>

#include <stdexcept>

#include "base/text.hpp"

namespace hookline {

namespace {

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string as_text(const unsigned char* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

constexpr std::string_view sealed_prefix = "v1:";
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t key_size = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;

}  // namespace

std::string to_hex(std::string_view bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char byte : bytes) {
        text.push_back(digits[static_cast<unsigned char>(byte) >> 4U]);
        text.push_back(digits[static_cast<unsigned char>(byte) & 15U]);
    }
    return text;
}

std::string to_hex(const Digest& digest) { return to_hex(as_text(digest.data(), digest.size())); }

std::optional<std::string> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) {
        return std::nullopt;
    }
    std::string bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t at = 0; at < text.size(); at += 2) {
        const int high = hex_value(text[at]);
        const int low = hex_value(text[at + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        bytes.push_back(static_cast<char>(high * 16 + low));
    }
    return bytes;
}

std::string to_base64(std::string_view bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes_of(bytes), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();  // the terminating zero
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    std::string bytes(text.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                          text.size(), nullptr, &size, &end, sodium_base64_VARIANT_ORIGINAL) != 0 ||
        end != text.data() + text.size()) {
        return std::nullopt;
    }
    bytes.resize(size);
    return bytes;
}

Digest sha256(std::string_view bytes) {
    Digest digest{};
    crypto_hash_sha256(digest.data(), bytes_of(bytes), bytes.size());
    return digest;
}

struct HmacSha256::State {
    explicit State(EVP_MAC_CTX* with_context) : context(with_context) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { EVP_MAC_CTX_free(context); }
    EVP_MAC_CTX* context;
};

HmacSha256::HmacSha256(const Secret& key) {
    static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    char digest_name[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest_name, 0),
                                     OSSL_PARAM_construct_end()};
    state_ = std::make_unique<State>(EVP_MAC_CTX_new(algorithm));
    if (EVP_MAC_init(state_->context, bytes_of(key.reveal()), key.reveal().size(), parameters) != 1) {
        throw std::runtime_error("OpenSSL offers no HMAC-SHA256");
    }
}

HmacSha256::HmacSha256(const HmacSha256& other)
    : state_(std::make_unique<State>(EVP_MAC_CTX_dup(other.state_->context))) {}

HmacSha256::~HmacSha256() = default;

void HmacSha256::feed(std::string_view bytes) {
    EVP_MAC_update(state_->context, bytes_of(bytes), bytes.size());
}

Digest HmacSha256::finish() {
    Digest digest{};
    std::size_t size = 0;
    EVP_MAC_final(state_->context, digest.data(), &size, digest.size());
    return digest;
}

Result<Sealer> Sealer::from_key(const Secret& key) {
    auto raw = from_hex(trim(key.reveal()));
    if (!raw || raw->size() != key_size) {
        return fail(Errc::invalid_argument, "the secret key must be 64 hex digits (32 bytes)");
    }
    return Sealer(Secret(std::move(*raw)));
}

Secret Sealer::new_key(Random& random) {
    std::array<unsigned char, key_size> raw{};
    random.fill(raw);
    return Secret(to_hex(as_text(raw.data(), raw.size())));
}

std::string Sealer::seal(const Secret& text, std::string_view context, Random& random) const {
    std::vector<unsigned char> out(nonce_size + text.reveal().size() + tag_size);
    random.fill(std::span(out).first(nonce_size));
    crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + nonce_size, nullptr, bytes_of(text.reveal()),
                                               text.reveal().size(), bytes_of(context), context.size(),
                                               nullptr, out.data(), bytes_of(key_.reveal()));
    return std::string(sealed_prefix) + to_base64(as_text(out.data(), out.size()));
}

Result<Secret> Sealer::open(std::string_view sealed, std::string_view context) const {
    const auto wrong = [] {
        return fail(Errc::storage,
                    "a stored secret does not open with this secret key (HOOKLINE_SECRET_KEY or "
                    "secret.key in the data folder is not the one it was stored with)");
    };
    if (!sealed.starts_with(sealed_prefix)) {
        return wrong();
    }
    const auto bytes = from_base64(sealed.substr(sealed_prefix.size()));
    if (!bytes || bytes->size() < nonce_size + tag_size) {
        return wrong();
    }
    const std::string_view body = std::string_view(*bytes).substr(nonce_size);
    std::string text(body.size() - tag_size, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            reinterpret_cast<unsigned char*>(text.data()), nullptr, nullptr, bytes_of(body), body.size(),
            bytes_of(context), context.size(), bytes_of(*bytes), bytes_of(key_.reveal())) != 0) {
        return wrong();
    }
    return Secret(std::move(text));
}

}  // namespace hookline
