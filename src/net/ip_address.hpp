// Addresses of clients and proxies, as values: IPv4 is kept as the IPv6 address that stands for it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace hookline::net {

struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};
    auto operator<=>(const IpAddress&) const = default;
    [[nodiscard]] bool is_v4() const;
    [[nodiscard]] bool is_loopback() const;
    /// What one client can easily have many of: IPv6 is cut to its /64.
    [[nodiscard]] IpAddress network() const;
};
/// "192.0.2.1", "2001:db8::1", "[2001:db8::1]"; with a port or not ("192.0.2.1:80", "[::1]:80").
[[nodiscard]] std::optional<IpAddress> parse_ip_address(std::string_view text);
[[nodiscard]] std::string to_string(const IpAddress& address);

/// An address of the public internet: not one of this machine, of a local network, of a provider's inside
/// (metadata services), a multicast or a reserved one (IANA special-purpose registries, RFC 6890); an IPv6
/// address that stands for an IPv4 one (mapped, NAT64, 6to4) is judged by that one.
[[nodiscard]] bool is_public(const IpAddress& address);

/// A list of addresses and networks: "10.0.0.0/8, 192.0.2.7, fd00::/8".
class AddressList {
public:
    AddressList() = default;
    /// Separated by commas or spaces; may be empty. Errors name the entry that is none.
    [[nodiscard]] static Result<AddressList> parse(std::string_view text);
    [[nodiscard]] bool contains(const IpAddress& address) const;
    [[nodiscard]] bool empty() const { return networks_.empty(); }

private:
    struct Network {
        IpAddress address;
        unsigned bits = 128;
    };
    std::vector<Network> networks_;
};

/// Who sent a request: `peer`, or, while that is one of `trusted`, the address before it in X-Forwarded-For
/// (`forwarded`, read from its end, since only what trusted proxies appended can be believed).
[[nodiscard]] IpAddress client_behind(const IpAddress& peer, std::string_view forwarded,
                                      const AddressList& trusted);

}  // namespace hookline::net
