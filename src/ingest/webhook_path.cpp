#include "ingest/webhook_path.hpp"

#include "base/text.hpp"
#include "net/http_server.hpp"

namespace hookline::ingest {

namespace {

int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    const char lower = static_cast<char>(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Takes the secret of a path segment or of token=; false: it is not well-formed.
bool add_secret(WebhookPath& path, std::string_view text) {
    auto decoded = percent_decode(text, false);
    if (!decoded) {
        return false;
    }
    path.has_two_secrets = path.has_two_secrets || !path.secret.empty();
    path.secret = Secret(std::move(*decoded));
    return true;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string decoded(text.size(), '\0');
    char* out = decoded.data();
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char letter = text[at];
        if (letter != '%') {
            *out++ = letter == '+' && plus_is_space ? ' ' : letter;
            continue;
        }
        const int high = at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
        const int low = at + 2 < text.size() ? hex_value(text[at + 2]) : -1;
        if (high < 0 || low < 0 || high + low == 0) {
            return std::nullopt;
        }
        *out++ = static_cast<char>(high * 16 + low);
        at += 2;
    }
    decoded.resize(static_cast<std::size_t>(out - decoded.data()));
    return decoded;
}

std::optional<WebhookPath> parse_webhook_path(std::string_view target) {
    const std::size_t question = target.find('?');
    std::string_view rest = target.substr(0, question);
    if (!rest.starts_with(net::door_prefix)) {
        return std::nullopt;
    }
    rest.remove_prefix(net::door_prefix.size());
    WebhookPath path;
    for (int index = 0;; ++index) {
        const std::size_t slash = rest.find('/');
        const std::string_view segment = rest.substr(0, slash);
        if (segment.empty() || index > 2 || (index == 2 && !add_secret(path, segment))) {
            return std::nullopt;
        }
        if (index == 0) {
            path.service = segment;
        } else if (index == 1) {
            path.hook = segment;
        }
        if (slash == std::string_view::npos) {
            break;
        }
        rest.remove_prefix(slash + 1);
    }
    if (question != std::string_view::npos) {
        for (const std::string_view parameter : split(target.substr(question + 1), '&')) {
            if (parameter.starts_with("token=") && !add_secret(path, parameter.substr(6))) {
                return std::nullopt;
            }
        }
    }
    return path;
}

}  // namespace hookline::ingest
