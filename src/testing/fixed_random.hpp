// Randomness that is the same in every run: one value for every roll, or a seeded stream of bytes.
#pragma once

#include <random>

#include "base/random.hpp"

namespace hookline {

class FixedRandom final : public Random {
public:
    explicit FixedRandom(unsigned seed = 1) : engine_(seed) {}
    void fill(std::span<unsigned char> bytes) override {
        for (unsigned char& byte : bytes) {
            byte = static_cast<unsigned char>(engine_());
        }
    }

private:
    std::mt19937 engine_;
};

}  // namespace hookline
