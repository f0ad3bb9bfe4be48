#include "discord/nonce.hpp"

#include <fmt/format.h>

#include "base/crypto.hpp"

namespace hookline::discord {

namespace {

constexpr std::size_t nonce_length = 25;  // Discord's limit

std::string base32(const Digest& digest, std::size_t length) {  // RFC 4648's alphabet, in lower case
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    std::string text;
    unsigned bits = 0;
    unsigned held = 0;
    for (const unsigned char byte : digest) {
        bits = bits << 8U | byte;
        for (held += 8; held >= 5 && text.size() < length; held -= 5) {
            text += alphabet[bits >> (held - 5) & 31U];
        }
        bits &= (1U << held) - 1;
        if (text.size() == length) {
            break;
        }
    }
    return text;
}

}  // namespace

std::string nonce_of(std::string_view installation, const dispatch::Entry& entry) {
    const std::string source = fmt::format("{}\n{}\n{}\n{}\n{}", installation, entry.id.value,
                                           entry.message.value, entry.revision, entry.is_fallback);
    return base32(sha256(source), nonce_length);
}

}  // namespace hookline::discord
