#include "services/redact.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace hookline::services {

namespace {

constexpr std::string_view gap = "…";
/// What follows the path of an address in a log or in a command.
constexpr std::string_view ends_address = " \t\"'`<>()[]{}|\\^,;?#&/";

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// "token" and "key" are words of error messages too ("KeyError: x", "Unexpected token: }"): they count as a
/// part of a name, or before "=".
bool names_secret(std::string_view word, char assigns) {
    static constexpr std::array always{"passw", "passphrase", "secret", "credential", "apikey"};
    static constexpr std::array<std::string_view, 4> as_part{"token", "key", "pass", "pwd"};
    const std::string name = to_lower_ascii(word);
    const std::size_t parts = name.find_last_of("_-");
    const std::string_view last = std::string_view(name).substr(parts == std::string::npos ? 0 : parts + 1);
    const bool is_name = parts != std::string::npos || assigns == '=';
    return std::any_of(always.begin(), always.end(),
                       [&](const char* mark) { return name.find(mark) != std::string::npos; }) ||
           (is_name && std::find(as_part.begin(), as_part.end(), last) != as_part.end());
}

/// The word before `at`, spaces between them or not ("aws_secret_access_key = x").
std::string_view name_before(std::string_view line, std::size_t at) {
    std::size_t end = at;
    while (end > 0 && line[end - 1] == ' ') {
        --end;
    }
    std::size_t begin = end;
    while (begin > 0 && is_word(line[begin - 1])) {
        --begin;
    }
    return line.substr(begin, end - begin);
}

/// Where the value that begins at `at` ends: at its closing quote, or with its word.
std::size_t end_of_value(std::string_view line, std::size_t at) {
    const std::size_t begin = line.find_first_not_of(' ', at);
    if (begin == std::string_view::npos) {
        return at;
    }
    const bool is_quoted = line[begin] == '"' || line[begin] == '\'';
    const std::size_t end =
        is_quoted ? line.find(line[begin], begin + 1) : line.find_first_of(" \t,;", begin);
    return end == std::string_view::npos ? line.size() : end + (is_quoted ? 1 : 0);
}

/// Where the user and password of a URL end whose "//" is at `at`; `at` where it holds none.
std::size_t end_of_user(std::string_view line, std::size_t at) {
    const std::size_t end = std::min(line.find_first_of("/ \t\"'", at + 2), line.size());
    const std::size_t sign = line.substr(at, end - at).rfind('@');
    return sign != std::string_view::npos ? at + sign : at;
}

/// An address whose path ends in a secret, and what stands between.
struct Door {
    std::string_view path;
    int parts;
};
constexpr std::array doors{Door{"/webhook/", 2},    // ours: service, hook
                           Door{"/webhooks/", 1}};  // Discord's: id

/// Of "/webhook/docker/hook_001/SECRET": where the secret begins whose path begins at `at`; npos where there
/// is none.
std::size_t begin_of_path_secret(std::string_view line, std::size_t at) {
    const auto* const door = std::find_if(
        doors.begin(), doors.end(), [&](const Door& each) { return line.substr(at).starts_with(each.path); });
    if (door == doors.end()) {
        return std::string_view::npos;
    }
    at += door->path.size();
    for (int part = 0; part < door->parts; ++part) {
        const std::size_t begin = at;
        while (at < line.size() && is_word(line[at])) {
            ++at;
        }
        if (at == begin || at >= line.size() || line[at] != '/') {
            return std::string_view::npos;
        }
        ++at;
    }
    return at;
}

/// Of what follows "Authorization:", "//" or a name: what would be a secret elsewhere too.
std::string_view bare(std::string_view value) {
    constexpr std::string_view quotes = "\"'";
    value = trim(value);
    while (!value.empty() && quotes.find(value.back()) != std::string_view::npos) {
        value.remove_suffix(1);
    }
    while (!value.empty() && quotes.find(value.front()) != std::string_view::npos) {
        value.remove_prefix(1);
    }
    return value;
}

/// "abc" of "Bearer abc' https://example.org".
std::string_view credentials_of(std::string_view header) {
    header = trim(header.substr(0, header.find_first_of("\"'")));
    return header.substr(header.rfind(' ') + 1);  // npos + 1: all of it
}

/// A user alone is no secret, but for tokens that stand in its place.
std::string_view password_of(std::string_view user) {
    constexpr std::size_t shortest_token = 16;
    const std::size_t colon = user.find(':');
    if (colon != std::string_view::npos) {
        return user.substr(colon + 1);
    }
    return user.size() >= shortest_token ? user : std::string_view();
}

}  // namespace

Redacted redact(std::string_view line) {
    Redacted result;
    const auto hide = [&](std::string_view secret) {
        result.text += gap;
        if (!secret.empty()) {
            result.hidden.emplace_back(secret);
        }
    };
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char c = line[at];
        if (c == '/') {
            if (const std::size_t secret = begin_of_path_secret(line, at); secret != line.npos) {
                result.text += line.substr(at, secret - at);
                const std::size_t end = std::min(line.find_first_of(ends_address, secret), line.size());
                if (end > secret) {
                    hide(line.substr(secret, end - secret));
                }
                at = end - 1;
                continue;
            }
        }
        result.text += c;
        if (c != '=' && c != ':') {
            continue;
        }
        const std::string_view name = name_before(line, at);
        const std::string_view rest = line.substr(at + 1);
        std::size_t end = at + 1;
        if (equals_ignoring_case(name, "authorization")) {
            end = line.size();
            if (end > at + 1) {
                hide(credentials_of(rest));
            }
        } else if (names_secret(name, c)) {
            end = end_of_value(line, at + 1);
            if (end > at + 1) {
                hide(bare(line.substr(at + 1, end - at - 1)));
            }
        } else if (c == ':' && rest.starts_with("//")) {
            const std::size_t user = end_of_user(line, at + 1);
            if (user > at + 1) {
                result.text += "//";
                end = user;
                hide(password_of(line.substr(at + 3, user - at - 3)));
            }
        }
        at = end - 1;
    }
    return result;
}

std::string without_secrets(std::string_view line) { return redact(line).text; }

}  // namespace hookline::services
