#include "discord/limit_report.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <cmath>
#include <ctime>

#include "base/text.hpp"
#include "discord/reading.hpp"

namespace hookline::discord {

namespace json = boost::json;
using std::chrono::milliseconds;

namespace {

// Where a 429 does not say for how long.
constexpr std::chrono::seconds default_wait(5);
constexpr std::size_t most_json = 64U << 10U;  // of an error's body
constexpr std::int64_t user_agent_blocked = 40333;

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_whole = error == std::errc{} && end == text.data() + text.size() && !text.empty();
    return is_whole ? std::optional(number) : std::nullopt;
}

/// Rounded up: a part of a millisecond early is early. Nothing for what is no length of time.
std::optional<milliseconds> length_of(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0) {
        return std::nullopt;
    }
    const double most = static_cast<double>(milliseconds(longest_wait).count());
    return milliseconds(static_cast<std::int64_t>(std::ceil(std::min(seconds * 1000, most))));
}

std::optional<milliseconds> seconds_in(std::string_view text) {
    double seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const bool is_whole = error == std::errc{} && end == text.data() + text.size() && !text.empty();
    return is_whole ? length_of(seconds) : std::nullopt;
}

/// RFC 9110, 10.2.3: seconds, or a date as "Wed, 21 Oct 2015 07:28:00 GMT".
std::optional<milliseconds> retry_after_in(const std::string& text, TimePoint now) {
    if (const auto seconds = seconds_in(text)) {
        return seconds;
    }
    std::tm parts{};
    const char* const end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S", &parts);
    if (end == nullptr) {
        return std::nullopt;
    }
    const TimePoint when{std::chrono::seconds(::timegm(&parts))};
    return std::clamp<milliseconds>(when - now, milliseconds(0), longest_wait);
}

std::optional<milliseconds> told_in(const json::object& body) {
    const json::value* value = body.if_contains("retry_after");
    if (value == nullptr || !value->is_number()) {
        return std::nullopt;
    }
    return length_of(value->to_number<double>());
}

bool has_limit_fields(const net::Response& response) {
    return std::any_of(response.fields.begin(), response.fields.end(), [](const auto& item) {
        return to_lower_ascii(item.first).starts_with("x-ratelimit-");
    });
}

/// Cloudflare's page instead of Discord's answer, or Discord's own words for the same (see the community's
/// findings: discord-api-docs#5385).
bool is_ban(const net::Response& response, const std::optional<json::object>& body) {
    if (response.status == 429) {
        const bool says_blocked = body && text_in(*body, "message").find("blocked") != std::string_view::npos;
        return !has_limit_fields(response) && (!body || says_blocked);
    }
    if (response.status == 403 && body) {
        return number_in(*body, "code") == user_agent_blocked;
    }
    const bool may_be_page = (response.status == 403 || response.status == 503) && !body;
    const std::string_view start = std::string_view(response.body).substr(0, 8192);
    return may_be_page &&
           (start.find("error code: 1015") != start.npos || start.find("Error 1015") != start.npos ||
            start.find("You are being blocked") != start.npos);
}

std::optional<Limited> limited_in(const net::Response& response, TimePoint now) {
    const auto body = error_body(response);
    const auto in_field = retry_after_in(std::string(net::field(response.fields, "Retry-After")), now);
    Limited limited;
    if (is_ban(response, body)) {
        limited.kind = Limited::Kind::ban;
        limited.wait = in_field.value_or(milliseconds(0));
        return limited;
    }
    if (response.status != 429) {
        return std::nullopt;
    }
    const std::string_view scope = net::field(response.fields, "X-RateLimit-Scope");
    const std::string_view is_global = net::field(response.fields, "X-RateLimit-Global");
    if (scope == "global" || equals_ignoring_case(is_global, "true") || (body && flag_in(*body, "global"))) {
        limited.kind = Limited::Kind::global;
    } else if (scope == "shared") {
        limited.kind = Limited::Kind::shared;
    }
    const auto in_body = body ? told_in(*body) : std::nullopt;
    // Field and body may disagree (one is rounded, or wrong): the later counts.
    limited.wait = in_field || in_body
                       ? std::max(in_field.value_or(milliseconds(0)), in_body.value_or(milliseconds(0)))
                       : milliseconds(default_wait);
    return limited;
}

}  // namespace

LimitReport read_limits(const net::Response& response, TimePoint now) {
    LimitReport report;
    report.limit = whole_number(net::field(response.fields, "X-RateLimit-Limit"));
    report.remaining = whole_number(net::field(response.fields, "X-RateLimit-Remaining"));
    report.reset_after = seconds_in(net::field(response.fields, "X-RateLimit-Reset-After"));
    const std::string_view bucket = net::field(response.fields, "X-RateLimit-Bucket");
    report.bucket = bucket.substr(0, 100);
    report.limited = limited_in(response, now);
    return report;
}

std::optional<json::object> error_body(const net::Response& response) {
    if (response.body.size() > most_json) {
        return std::nullopt;
    }
    boost::system::error_code error;
    json::value value = json::parse(response.body, error);
    return !error && value.is_object() ? std::optional(std::move(value.get_object())) : std::nullopt;
}

}  // namespace hookline::discord
