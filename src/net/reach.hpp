// Where requests may go that a member can cause: to the public internet, and to what the operator allows
// (HOOKLINE_ALLOW_PRIVATE). Asked with the address itself at the moment of connecting, so that no name can
// lead elsewhere between the question and the connection.
#pragma once

#include "net/ip_address.hpp"

namespace hookline::net {

class Reach {
public:
    explicit Reach(AddressList allowed) : allowed_(std::move(allowed)) {}
    [[nodiscard]] bool allows(const IpAddress& address) const {
        return is_public(address) || allowed_.contains(address);
    }

private:
    AddressList allowed_;
};

}  // namespace hookline::net
