// Randomness, passed in: keys and secrets from libsodium, tests from a fixed source.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace hookline {

class Random {
public:
    virtual ~Random() = default;
    virtual void fill(std::span<unsigned char> bytes) = 0;
    /// Evenly in [0, 1).
    [[nodiscard]] double roll();
    /// `length` characters out of a-z, 2-7 (5 bits each).
    [[nodiscard]] std::string token(std::size_t length);
};

class SystemRandom final : public Random {
public:
    void fill(std::span<unsigned char> bytes) override;
};

}  // namespace hookline
