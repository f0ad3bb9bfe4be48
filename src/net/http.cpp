#include "net/http.hpp"

#include <boost/asio/ip/address.hpp>

#include "base/text.hpp"
#include "net/http_client.hpp"

namespace hookline::net {

// Not Boost.URL: that of 1.81 reads "http://127.0.0.1.example.org" as the host 127.0.0.1.
namespace {

constexpr std::size_t longest_origin = 2048;

bool is_host(std::string_view host) {
    constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_";
    return !host.empty() && host.size() <= 253 && host.find_first_not_of(allowed) == host.npos;
}

bool is_ip6(std::string_view host) {
    boost::system::error_code error;
    boost::asio::ip::make_address_v6(std::string(host), error);
    return !error;
}

bool is_port(std::string_view port) {
    if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != port.npos) {
        return false;
    }
    const int number = std::stoi(std::string(port));
    return number >= 1 && number <= 65'535;
}

/// Only what may stand in a path as it is: the base path goes into the request line of every request.
bool is_path(std::string_view path) {
    return std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

/// "host:port" or "[v6]:port" into `origin`.
bool take_authority(std::string_view authority, Origin& origin) {
    std::string_view after_host;
    if (authority.starts_with('[')) {
        const std::size_t end = authority.find(']');
        if (end == authority.npos || !is_ip6(authority.substr(1, end - 1))) {
            return false;
        }
        origin.host = to_lower_ascii(authority.substr(1, end - 1));
        after_host = authority.substr(end + 1);
    } else {
        const std::size_t end = std::min(authority.find(':'), authority.size());
        if (!is_host(authority.substr(0, end))) {
            return false;
        }
        origin.host = to_lower_ascii(authority.substr(0, end));
        after_host = authority.substr(end);
    }
    if (after_host.empty()) {
        return true;
    }
    origin.port = after_host.substr(1);
    return after_host.starts_with(':') && is_port(origin.port);
}

}  // namespace

std::string_view field(const Fields& fields, std::string_view name) {
    for (const auto& [key, value] : fields) {
        if (equals_ignoring_case(key, name)) {
            return value;
        }
    }
    return {};
}

Result<Origin> parse_origin(std::string_view url) {
    Origin origin;
    const std::size_t colon = std::min(url.find("://"), url.size());
    origin.scheme = to_lower_ascii(url.substr(0, colon));
    if (url.size() > longest_origin || (origin.scheme != "https" && origin.scheme != "http")) {
        return fail(Errc::invalid_argument, "an address must start with https:// or http://");
    }
    origin.port = origin.scheme == "https" ? "443" : "80";
    const std::string_view rest = url.substr(colon + 3);
    if (rest.find_first_of("@?#") != rest.npos) {
        return fail(Errc::invalid_argument, "an address must hold no user, query or fragment");
    }
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    if (!take_authority(rest.substr(0, slash), origin)) {
        return fail(Errc::invalid_argument, "an address needs a host, and a port from 1 to 65535 if any");
    }
    origin.base_path = rest.substr(slash);
    while (origin.base_path.ends_with('/')) {
        origin.base_path.pop_back();
    }
    if (!is_path(origin.base_path)) {
        return fail(Errc::invalid_argument, "the path of an address must be percent-encoded");
    }
    return origin;
}

bool is_loopback(const Origin& origin) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(origin.host, error);
    return error ? origin.host == "localhost" : address.is_loopback();
}

}  // namespace hookline::net
