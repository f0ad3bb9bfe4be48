#include "net/http_date.hpp"

#include <ctime>
#include <string>

namespace hookline::net {

std::optional<TimePoint> parse_http_date(std::string_view text) {
    std::tm parts{};
    const std::string whole(text);
    const char* end = ::strptime(whole.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (end == nullptr || *end != '\0') {
        return std::nullopt;
    }
    return TimePoint(std::chrono::seconds(::timegm(&parts)));
}

}  // namespace hookline::net
