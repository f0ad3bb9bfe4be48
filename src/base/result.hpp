// The one result type of Hookline. A function returns Result where a sender, a member, Discord or the
// network can cause the failure; it throws only for a bug or where nothing is left to do.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace hookline {

/// What callers switch on and what metrics use as label. One entry, one name: name_of().
enum class Errc {
    invalid_argument,  // what was given is not of the form asked for
    not_found,
    conflict,  // it exists already, or its state does not allow this
    forbidden,
    unauthorized,
    too_large,
    malformed,    // bytes that are not what they claim to be
    unsupported,  // understood, but not offered
    unavailable,  // try again later: network, service, locked or full disk
    timeout,
    cancelled,
    storage,  // the store says no in a way that does not pass by itself
    internal
};

[[nodiscard]] std::string_view name_of(Errc code);

struct Error {
    // A constructor on purpose: GCC 12 destroys aggregates made inside an awaiting expression twice.
    Error(Errc error_code, std::string error_detail) : code(error_code), detail(std::move(error_detail)) {}
    Errc code;
    std::string detail;  // for the operator: place and cause; no secret, no whole payload
};

template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] tl::unexpected<Error> fail(Errc code, std::string detail);

}  // namespace hookline
