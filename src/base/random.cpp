#include "base/random.hpp"

#include <sodium.h>

#include <cstring>
#include <vector>

namespace hookline {

double Random::roll() {
    std::uint64_t bits = 0;
    unsigned char bytes[sizeof bits];
    fill(bytes);
    std::memcpy(&bits, bytes, sizeof bits);
    return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

std::string Random::token(std::size_t length) {
    static constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    std::vector<unsigned char> bytes(length);
    fill(bytes);
    std::string text;
    text.reserve(length);
    for (const unsigned char byte : bytes) {
        text.push_back(alphabet[byte & 31U]);
    }
    return text;
}

void SystemRandom::fill(std::span<unsigned char> bytes) { randombytes_buf(bytes.data(), bytes.size()); }

}  // namespace hookline
