#include "base/iso_time.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace hookline {

namespace {

using namespace std::chrono;

constexpr std::int64_t earliest = 1;                    // 1970: zero means "none" wherever senders use it
constexpr std::int64_t latest = 253402300799LL * 1000;  // end of 9999

std::optional<TimePoint> in_range(std::int64_t milliseconds_since_epoch) {
    if (milliseconds_since_epoch < earliest || milliseconds_since_epoch > latest) {
        return std::nullopt;
    }
    return TimePoint(Milliseconds(milliseconds_since_epoch));
}

/// Takes exactly `digits` digits from the front.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
    int number = 0;
    if (text.size() < digits) {
        return std::nullopt;
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + digits, number);
    if (error != std::errc{} || end != text.data() + digits || text.front() == '-') {
        return std::nullopt;
    }
    text.remove_prefix(digits);
    return number;
}

bool take(std::string_view& text, char expected) {
    if (text.empty() || text.front() != expected) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

std::optional<TimePoint> parse_unix(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number) || number < 0) {
        return std::nullopt;
    }
    if (number > 1e15) {
        return std::nullopt;
    }
    // Seconds until the year 5138, milliseconds beyond: no sender counts that far ahead.
    const double ms = number < 1e11 ? number * 1000 : number;
    return in_range(static_cast<std::int64_t>(std::llround(ms)));
}

/// "", "Z", " UTC", "+02:00", "+0200", " +0200": minutes east of Greenwich.
std::optional<int> parse_offset(std::string_view text) {
    if (!text.empty() && text.front() == ' ') {
        text.remove_prefix(1);
    }
    if (text.empty() || text == "Z" || text == "z" || text == "UTC") {
        return 0;
    }
    const int sign = text.front() == '-' ? -1 : 1;
    if (text.front() != '+' && text.front() != '-') {
        return std::nullopt;
    }
    text.remove_prefix(1);
    const auto hours_east = take_digits(text, 2);
    take(text, ':');
    const auto minutes_east = text.empty() ? std::optional(0) : take_digits(text, 2);
    if (!hours_east || !minutes_east || !text.empty()) {
        return std::nullopt;
    }
    return sign * (*hours_east * 60 + *minutes_east);
}

}  // namespace

std::string iso_time(TimePoint time) {
    const auto date_point = floor<days>(time);
    const year_month_day date(date_point);
    const hh_mm_ss clock(time - date_point);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

std::optional<TimePoint> parse_time(std::string_view text) {
    if (text.size() < 5 || text[4] != '-') {
        return parse_unix(text);
    }
    const auto year_number = take_digits(text, 4);
    const bool dash1 = take(text, '-');
    const auto month_number = take_digits(text, 2);
    const bool dash2 = take(text, '-');
    const auto day_number = take_digits(text, 2);
    if (!year_number || !dash1 || !month_number || !dash2 || !day_number) {
        return std::nullopt;
    }
    const bool separator = take(text, 'T') || take(text, ' ');
    const auto hour = take_digits(text, 2);
    const bool colon1 = take(text, ':');
    const auto minute = take_digits(text, 2);
    const bool colon2 = take(text, ':');
    const auto second = take_digits(text, 2);
    if (!separator || !hour || !colon1 || !minute || !colon2 || !second || *hour > 24 || *minute > 59 ||
        *second > 60) {
        return std::nullopt;
    }
    int milliseconds_part = 0;
    if (take(text, '.')) {
        int weight = 100;
        while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
            milliseconds_part += (text.front() - '0') * weight;
            weight /= 10;
            text.remove_prefix(1);
        }
    }
    const auto offset = parse_offset(text);
    const year_month_day date{year(*year_number), month(static_cast<unsigned>(*month_number)),
                              std::chrono::day(static_cast<unsigned>(*day_number))};
    if (!offset || !date.ok()) {
        return std::nullopt;
    }
    const auto time = sys_days(date) + hours(*hour) + minutes(*minute - *offset) + seconds(*second) +
                      Milliseconds(milliseconds_part);
    return in_range(time.time_since_epoch().count());
}

}  // namespace hookline
