// A container's log as people read it: the frames of both streams joined, the last lines, no secrets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hookline::docker {

/// The text of a log's frames: 8 bytes (stream, 0, 0, 0, length big-endian) before each piece (Docker Engine
/// API, "Attach to a container", Stream format). A frame that is cut off gives what is there of it; bytes
/// that are no frame end the text. With a terminal there are no frames: the text is `bytes`.
[[nodiscard]] std::string joined_frames(std::string_view bytes, bool has_terminal);

struct LogLimits {
    std::size_t lines = 15;
    std::size_t line_length = 300;  // code points
    std::size_t all = 2000;         // code points of all lines together
};

/// The last lines of `text` that say something, the oldest first: whole UTF-8, without control characters and
/// colours, what looks like a secret replaced (services/redact.hpp), long lines shortened.
[[nodiscard]] std::vector<std::string> last_lines(std::string_view text, const LogLimits& limits = {});

}  // namespace hookline::docker
