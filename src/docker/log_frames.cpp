#include "docker/log_frames.hpp"

#include <algorithm>
#include <cstdint>

#include "base/terminal_text.hpp"
#include "base/text.hpp"
#include "services/redact.hpp"

namespace hookline::docker {

namespace {

constexpr std::size_t header_size = 8;
/// The engine splits lines at 16 KiB; a longer frame is no frame.
constexpr std::size_t longest_frame = 16UL << 20U;

bool is_header(std::string_view bytes) {
    constexpr char last_stream = 2;  // 0 stdin, 1 stdout, 2 stderr
    return bytes.size() >= header_size && bytes[0] >= 0 && bytes[0] <= last_stream && bytes[1] == 0 &&
           bytes[2] == 0 && bytes[3] == 0;
}

std::size_t length_in(std::string_view header) {
    std::size_t length = 0;
    for (std::size_t at = 4; at < header_size; ++at) {
        length = length << 8U | static_cast<unsigned char>(header[at]);
    }
    return length;
}

/// What a terminal would show of the line: the last of what was written over itself, no control characters.
std::string shown(std::string_view line) {
    while (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    if (const std::size_t start = line.rfind('\r'); start != std::string_view::npos) {
        line.remove_prefix(start + 1);
    }
    std::string text;
    for (const char c : without_terminal_escapes(line)) {
        constexpr char del = 0x7F;
        const bool is_control = static_cast<unsigned char>(c) < 0x20 || c == del;
        if (c == '\t') {
            text += ' ';
        } else if (!is_control) {
            text += c;
        }
    }
    return text;
}

}  // namespace

std::string joined_frames(std::string_view bytes, bool has_terminal) {
    if (has_terminal) {
        return std::string(bytes);
    }
    std::string text;
    while (is_header(bytes)) {
        const std::size_t length = length_in(bytes);
        if (length > longest_frame) {
            break;
        }
        text.append(bytes.substr(header_size, length));
        bytes.remove_prefix(std::min(bytes.size(), header_size + length));
    }
    return text;
}

std::vector<std::string> last_lines(std::string_view text, const LogLimits& limits) {
    std::vector<std::string> lines;
    std::size_t sum = 0;
    const auto all = split(text, '\n');
    for (auto line = all.rbegin(); line != all.rend() && lines.size() < limits.lines; ++line) {
        const std::string plain = repair_utf8(shown(*line));
        if (trim(plain).empty()) {
            continue;
        }
        std::string told = shorten(services::without_secrets(plain), limits.line_length);
        sum += code_points(told);
        if (sum > limits.all && !lines.empty()) {
            break;
        }
        lines.push_back(std::move(told));
    }
    std::reverse(lines.begin(), lines.end());
    return lines;
}

}  // namespace hookline::docker
