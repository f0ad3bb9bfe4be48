#include "services/jenkins/log_tail.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "services/redact.hpp"

namespace hookline::services::jenkins {

namespace {

constexpr std::size_t most_lines = 6;
constexpr std::size_t longest_line = 1000;
constexpr std::size_t most_bytes_read = 64UL * 1024;  // from the end
constexpr char escape = '\x1b';

/// Without ESC [ … letter (ECMA-48, "control sequences").
std::string without_colours(std::string_view line) {
    std::string result;
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at] != escape) {
            result += line[at];
            continue;
        }
        if (at + 1 < line.size() && line[at + 1] == '[') {
            at += 2;
            while (at < line.size() && (line[at] < '@' || line[at] > '~')) {
                ++at;
            }
        }
    }
    return result;
}

/// What Jenkins itself writes around a build's own words.
bool is_scaffolding(std::string_view line) {
    return line.empty() || line.starts_with("Finished: ") || line.starts_with("[Pipeline]");
}

}  // namespace

std::string log_tail(std::string_view log) {
    log.remove_prefix(log.size() - std::min(log.size(), most_bytes_read));
    std::vector<std::string> lines;
    auto raw = split(log, '\n');
    for (auto line = raw.rbegin(); line != raw.rend() && lines.size() < most_lines; ++line) {
        const std::string plain = without_colours(line->substr(0, longest_line));
        const std::string_view said = trim(plain);
        if (!is_scaffolding(said)) {
            lines.push_back(without_secrets(said));
        }
    }
    std::string result;
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
        result += (result.empty() ? "" : "\n") + *line;
    }
    return repair_utf8(result);
}

}  // namespace hookline::services::jenkins
