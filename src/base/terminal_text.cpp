#include "base/terminal_text.hpp"

#include <algorithm>

namespace hookline {

namespace {

bool is_between(char c, char first, char last) { return c >= first && c <= last; }

/// Past ESC [, parameters and intermediates, and its last character (ECMA-48, 5.4).
std::size_t end_of_control(std::string_view text, std::size_t at) {
    while (at < text.size() && is_between(text[at], ' ', '?')) {
        ++at;
    }
    return at < text.size() && is_between(text[at], '@', '~') ? at + 1 : at;
}

std::size_t end_of_string(std::string_view text, std::size_t at) {
    constexpr std::string_view ends = "\a\x1b";
    const std::string_view rest = text.substr(at, longest_terminal_string);
    const std::size_t end = rest.find_first_of(ends);
    if (end == std::string_view::npos) {
        return at + rest.size();
    }
    if (rest[end] == '\a') {
        return at + end + 1;
    }
    return text.substr(at + end + 1).starts_with('\\') ? at + end + 2 : at + end;  // else the next one begins
}

/// Of the sequence whose ESC is at `at`. Bytes that no sequence has (control characters, UTF-8) are left.
std::size_t end_of_escape(std::string_view text, std::size_t at) {
    ++at;
    if (at == text.size()) {
        return at;
    }
    if (text[at] == '[') {
        return end_of_control(text, at + 1);
    }
    if (opens_terminal_string(text[at])) {
        return end_of_string(text, at + 1);
    }
    while (at < text.size() && is_terminal_intermediate(text[at])) {
        ++at;
    }
    return at < text.size() && is_between(text[at], '0', '~') ? at + 1 : at;
}

}  // namespace

bool opens_terminal_string(char c) { return std::string_view("]P_^X").find(c) != std::string_view::npos; }

bool is_terminal_intermediate(char c) { return is_between(c, ' ', '/'); }

std::string without_terminal_escapes(std::string_view line) {
    std::string text;
    for (std::size_t at = 0; at < line.size();) {
        const std::size_t next = std::min(line.find(terminal_escape, at), line.size());
        text += line.substr(at, next - at);
        at = next < line.size() ? end_of_escape(line, next) : next;
    }
    return text;
}

}  // namespace hookline
