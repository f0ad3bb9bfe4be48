#include <fmt/format.h>

#include "base/text.hpp"
#include "message/limits.hpp"
#include "message/markdown.hpp"

namespace hookline::message {

namespace {

/// What may stand in a URL as it is. Brackets, parentheses, "<", ">", "|", "\" and white space would end
/// or open markup: they are percent-encoded, which means the same to every server.
constexpr std::string_view as_it_is =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#@!$&'*+,;=";

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

std::string encoded(std::string_view text) {
    std::string url;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool is_escape = c == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2]);
        if (is_escape || as_it_is.find(c) != std::string_view::npos) {
            url.push_back(c);
        } else {
            url += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return url;
}

/// A name or address of ASCII with an optional port. Names in other scripts are refused: they can look
/// like another host (their "xn--" form is fine). User info too: "https://github.com@evil.example/".
bool is_host(std::string_view authority) {
    const bool is_ipv6 = authority.starts_with('[');
    constexpr std::string_view name = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
    const std::size_t end =
        is_ipv6 ? authority.find(']') + 1 : std::min(authority.find(':'), authority.size());
    const std::string_view host = authority.substr(0, end);
    const std::string_view port = authority.substr(end);
    const bool is_good_host =
        is_ipv6 ? host.size() > 3 &&
                      host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.") ==
                          std::string_view::npos
                : !host.empty() && host.size() <= 253 &&
                      host.find_first_not_of(name) == std::string_view::npos && host.front() != '.';
    const bool is_good_port =
        port.empty() || (port.front() == ':' && port.size() <= 6 &&
                         port.find_first_not_of("0123456789", 1) == std::string_view::npos);
    return is_good_host && is_good_port;
}

}  // namespace

std::string safe_url(std::string_view url) {
    url = trim(url);
    if (url.size() > limits::url) {
        return {};
    }
    const std::size_t colon = url.find("://");
    if (colon == std::string_view::npos) {
        return {};
    }
    const std::string scheme = to_lower_ascii(url.substr(0, colon));
    if (scheme != "http" && scheme != "https") {
        return {};
    }
    const std::string_view rest = url.substr(colon + 3);
    const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
    const std::string_view authority = rest.substr(0, end);
    const bool has_control = std::any_of(
        rest.begin(), rest.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (has_control || !is_host(authority)) {
        return {};
    }
    std::string safe = scheme + "://" + std::string(authority) + encoded(rest.substr(end));
    return safe.size() <= limits::url ? safe : std::string();
}

std::string short_commit(std::string_view id) {
    const bool is_id = (id.size() == 40 || id.size() == 64) && std::all_of(id.begin(), id.end(), is_hex);
    return std::string(is_id ? id.substr(0, 7) : id);
}

}  // namespace hookline::message
