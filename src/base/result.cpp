#include "base/result.hpp"

namespace hookline {

std::string_view name_of(Errc code) {
    switch (code) {
        case Errc::invalid_argument:
            return "invalid_argument";
        case Errc::not_found:
            return "not_found";
        case Errc::conflict:
            return "conflict";
        case Errc::forbidden:
            return "forbidden";
        case Errc::unauthorized:
            return "unauthorized";
        case Errc::too_large:
            return "too_large";
        case Errc::malformed:
            return "malformed";
        case Errc::unsupported:
            return "unsupported";
        case Errc::unavailable:
            return "unavailable";
        case Errc::timeout:
            return "timeout";
        case Errc::cancelled:
            return "cancelled";
        case Errc::storage:
            return "storage";
        case Errc::internal:
            return "internal";
    }
    return "internal";
}

tl::unexpected<Error> fail(Errc code, std::string detail) {
    return tl::unexpected<Error>(Error(code, std::move(detail)));
}

}  // namespace hookline
