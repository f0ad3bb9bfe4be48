// Bytes of the stream in, lines out. Records come as one JSON object a line (application/jsonl, x-ndjson) or
// with a byte 0x1E before each (application/json-seq); both end with a line feed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace hookline::docker {

class Lines {
public:
    /// What one event may hold: labels are the largest part of it, and an engine takes those from anyone.
    static constexpr std::size_t limit = 1UL << 20U;

    /// The lines that `bytes` complete, without their end; empty ones are left out. too_large: a line beyond
    /// the limit; the stream is of no use then.
    [[nodiscard]] Result<std::vector<std::string>> feed(std::string_view bytes);

private:
    std::string begun_;
};

}  // namespace hookline::docker
