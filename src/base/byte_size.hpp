// Sizes as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace hookline {

/// "450 MB", "1.2 kB", "12 B": thousands, at most three digits.
[[nodiscard]] std::string spell_bytes(std::int64_t bytes);

}  // namespace hookline
