#include "services/jenkins/log_tail.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"

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

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; }

bool names_secret(std::string_view word) {
    static constexpr std::array marks{"pass", "token", "secret", "key", "credential"};
    const std::string lower = to_lower_ascii(word);
    return std::any_of(marks.begin(), marks.end(),
                       [&](const char* mark) { return lower.find(mark) != std::string::npos; });
}

/// "API_TOKEN=abc" becomes "API_TOKEN=…", "password: x" likewise.
std::string without_secrets(std::string_view line) {
    std::string result;
    std::size_t word = 0;  // where the word that may be a name begins
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char c = line[at];
        result += c;
        if (is_word(c)) {
            continue;
        }
        const bool assigns = (c == '=' || c == ':') && names_secret(line.substr(word, at - word));
        if (assigns) {
            std::size_t end = line.find_first_not_of(' ', at + 1);
            end = end == std::string_view::npos ? line.size() : line.find_first_of(" \t,;", end);
            end = end == std::string_view::npos ? line.size() : end;
            result += end > at + 1 ? "…" : "";
            at = end - 1;
        }
        word = at + 1;
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
