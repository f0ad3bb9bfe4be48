// The nonce that lets Discord post a message once, however often it is sent (Discord, "Create Message").
#pragma once

#include <string>
#include <string_view>

#include "dispatch/outbox.hpp"

namespace hookline::discord {

/// 25 characters of a-z and 2-7: the same for every try of `entry`, another one as soon as its text is
/// another (a new revision, the plain-text form) or the installation is.
[[nodiscard]] std::string nonce_of(std::string_view installation, const dispatch::Entry& entry);

}  // namespace hookline::discord
