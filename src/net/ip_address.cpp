#include "net/ip_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/text.hpp"

namespace hookline::net {

namespace {

constexpr std::array<std::uint8_t, 12> v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t forwarded_hops = 16;

std::optional<IpAddress> parse_bare(std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN> name{};
    if (text.empty() || text.size() >= name.size()) {
        return std::nullopt;
    }
    std::copy(text.begin(), text.end(), name.begin());
    IpAddress address;
    if (inet_pton(AF_INET6, name.data(), address.bytes.data()) == 1) {
        return address;
    }
    std::copy(v4_prefix.begin(), v4_prefix.end(), address.bytes.begin());
    if (inet_pton(AF_INET, name.data(), address.bytes.data() + v4_prefix.size()) == 1) {
        return address;
    }
    return std::nullopt;
}

bool same_bits(const IpAddress& left, const IpAddress& right, unsigned bits) {
    const std::size_t whole = bits / 8;
    if (std::memcmp(left.bytes.data(), right.bytes.data(), whole) != 0) {
        return false;
    }
    const unsigned rest = bits % 8;
    if (rest == 0) {
        return true;
    }
    const unsigned mask = (0xffU << (8U - rest)) & 0xffU;
    return (left.bytes.at(whole) & mask) == (right.bytes.at(whole) & mask);
}

/// The IPv4 address that stands in the bytes of an IPv6 one, from `at` on.
IpAddress embedded_v4(const IpAddress& address, std::size_t at) {
    IpAddress result;
    std::copy(v4_prefix.begin(), v4_prefix.end(), result.bytes.begin());
    std::copy_n(address.bytes.begin() + static_cast<std::ptrdiff_t>(at), 4,
                result.bytes.begin() + static_cast<std::ptrdiff_t>(v4_prefix.size()));
    return result;
}

}  // namespace

bool IpAddress::is_v4() const { return std::equal(v4_prefix.begin(), v4_prefix.end(), bytes.begin()); }

bool IpAddress::is_loopback() const {
    static const IpAddress v6_loopback = *parse_bare("::1");
    return is_v4() ? bytes[12] == 127 : *this == v6_loopback;
}

IpAddress IpAddress::network() const {
    if (is_v4()) {
        return *this;
    }
    IpAddress cut = *this;
    std::fill(cut.bytes.begin() + 8, cut.bytes.end(), std::uint8_t{0});
    return cut;
}

bool is_public(const IpAddress& address) {
    // IPv4: "this" network, private, shared (RFC 6598), loopback, link-local with every metadata service,
    // protocol assignments, documentation, 6to4 relays, benchmarks, multicast, reserved and broadcast.
    static const AddressList special_v4 =
        AddressList::parse(
            "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 "
            "192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 "
            "224.0.0.0/4 240.0.0.0/4")
            .value();
    // IPv6: only 2000::/3 is given out to the public; within it Teredo and other protocols, documentation.
    static const AddressList unicast_v6 = AddressList::parse("2000::/3").value();
    static const AddressList special_v6 = AddressList::parse("2001::/23 2001:db8::/32 3fff::/20").value();
    static const AddressList nat64 = AddressList::parse("64:ff9b::/96").value();
    static const AddressList six_to_four = AddressList::parse("2002::/16").value();
    if (address.is_v4()) {
        return !special_v4.contains(address);
    }
    if (nat64.contains(address)) {
        return is_public(embedded_v4(address, 12));
    }
    if (six_to_four.contains(address)) {
        return is_public(embedded_v4(address, 2));
    }
    return unicast_v6.contains(address) && !special_v6.contains(address);
}

std::optional<IpAddress> parse_ip_address(std::string_view text) {
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        return end == std::string_view::npos ? std::nullopt : parse_bare(text.substr(1, end - 1));
    }
    if (std::count(text.begin(), text.end(), ':') == 1) {
        text = text.substr(0, text.find(':'));
    }
    return parse_bare(text);
}

std::string to_string(const IpAddress& address) {
    std::array<char, INET6_ADDRSTRLEN> name{};
    const bool v4 = address.is_v4();
    inet_ntop(v4 ? AF_INET : AF_INET6, address.bytes.data() + (v4 ? v4_prefix.size() : 0), name.data(),
              static_cast<socklen_t>(name.size()));
    return name.data();
}

Result<AddressList> AddressList::parse(std::string_view text) {
    AddressList list;
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), ' ', ',');
    for (const std::string_view entry : split(spaced, ',')) {
        if (entry.empty()) {
            continue;
        }
        const std::size_t slash = entry.find('/');
        const auto address = parse_bare(entry.substr(0, slash));
        const unsigned most = address && address->is_v4() ? 32U : 128U;
        unsigned bits = most;
        bool is_network = address.has_value();
        if (is_network && slash != std::string_view::npos) {
            const char* const end = entry.data() + entry.size();
            const auto [stop, error] = std::from_chars(entry.data() + slash + 1, end, bits);
            is_network = error == std::errc{} && stop == end && bits <= most;
        }
        if (!is_network) {
            return fail(Errc::invalid_argument,
                        fmt::format("\"{}\" is neither an address nor a network like 10.0.0.0/8", entry));
        }
        list.networks_.push_back({*address, bits + (128U - most)});
    }
    return list;
}

bool AddressList::contains(const IpAddress& address) const {
    return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
        return same_bits(network.address, address, network.bits);
    });
}

IpAddress client_behind(const IpAddress& peer, std::string_view forwarded, const AddressList& trusted) {
    IpAddress client = peer;
    for (std::size_t hop = 0; hop < forwarded_hops && trusted.contains(client) && !forwarded.empty(); ++hop) {
        const std::size_t comma = forwarded.rfind(',');
        const bool is_last = comma == std::string_view::npos;
        const auto before = parse_ip_address(trim(is_last ? forwarded : forwarded.substr(comma + 1)));
        if (!before) {
            break;
        }
        client = *before;
        forwarded = is_last ? std::string_view{} : forwarded.substr(0, comma);
    }
    return client;
}

}  // namespace hookline::net
