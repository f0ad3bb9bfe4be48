#include "pipeline/quiet.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include "base/iso_time.hpp"
#include "base/text.hpp"
#include "rules/fields.hpp"

namespace hookline::pipeline {

namespace {

using std::chrono::minutes;

constexpr std::string_view form = "Write it like 22:00-07:00 Europe/Berlin.";

std::optional<minutes> parse_time_of_day(std::string_view text) {
    const std::size_t colon = text.find(':');
    const std::string_view hours = text.substr(0, colon);
    const std::string_view rest = colon == text.npos ? std::string_view("00") : text.substr(colon + 1);
    const auto number = [](std::string_view digits) -> std::optional<int> {
        const bool is_number =
            !digits.empty() && digits.size() <= 2 && digits.find_first_not_of("0123456789") == digits.npos;
        return is_number ? std::optional(std::stoi(std::string(digits))) : std::nullopt;
    };
    const auto h = number(hours);
    const auto m = number(rest);
    if (!h || !m || *h > 24 || *m > 59 || (*h == 24 && *m > 0)) {
        return std::nullopt;
    }
    return minutes(*h * 60 + *m) % minutes(24 * 60);
}

std::string spelled(minutes time) { return fmt::format("{:02}:{:02}", time.count() / 60, time.count() % 60); }

/// Null where there is none of that name.
const date::time_zone* find_zone(const std::string& name) {
    try {
        return date::locate_zone(name);
    } catch (const std::exception&) {
        return nullptr;
    }
}

/// "Europe/Berlin" for "berlin" and "europe/berlin".
std::string meant_zone(std::string_view word) {
    const std::string lower = to_lower_ascii(word);
    std::vector<std::string> names;
    for (const date::time_zone& zone : date::get_tzdb().zones) {
        const std::string known = to_lower_ascii(zone.name());
        if (known == lower || known.ends_with("/" + lower)) {
            return zone.name();
        }
        names.push_back(zone.name());
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    return nearest_word(word, views).value_or(std::string());
}

bool is_failure_that_passes(bool lets_pass, const rules::Facts* facts) {
    return lets_pass && facts != nullptr && rules::is_failure(facts->event());
}

/// The later of two.
void prefer(std::optional<Silence>& known, Silence fresh) {
    if (!known || fresh.until > known->until) {
        known = std::move(fresh);
    }
}

}  // namespace

Result<QuietHours> parse_quiet_hours(std::string_view text) {
    std::vector<std::string_view> words;
    for (const std::string_view word : split(text, ' ')) {
        if (!word.empty()) {
            words.push_back(word);
        }
    }
    if (words.size() < 2 || words.size() > 3 || (words.size() == 3 && words[2] != "failures")) {
        return fail(Errc::invalid_argument,
                    fmt::format("Quiet hours are a time of the day and a time zone. {}", form));
    }
    const std::size_t dash = words[0].find('-');
    const auto from = parse_time_of_day(words[0].substr(0, dash));
    const auto to = dash == words[0].npos ? std::nullopt : parse_time_of_day(words[0].substr(dash + 1));
    if (!from || !to || *from == *to) {
        return fail(Errc::invalid_argument,
                    fmt::format("\"{}\" is no part of a day. {}", shorten(words[0], 40), form));
    }
    QuietHours hours;
    hours.from = *from;
    hours.to = *to;
    hours.zone = std::string(words[1]);
    hours.lets_failures_pass = words.size() == 3;
    if (find_zone(hours.zone) == nullptr) {
        const std::string meant = meant_zone(words[1]);
        if (meant.empty() || !equals_ignoring_case(meant.substr(meant.rfind('/') + 1),
                                                   words[1].substr(words[1].rfind('/') + 1))) {
            return fail(
                Errc::invalid_argument,
                fmt::format("There is no time zone \"{}\".{} {}", shorten(words[1], 40),
                            meant.empty() ? std::string() : fmt::format(" Did you mean {}?", meant), form));
        }
        hours.zone = meant;
    }
    return hours;
}

std::string to_text(const QuietHours& hours) {
    return fmt::format("{}-{} {}{}", spelled(hours.from), spelled(hours.to), hours.zone,
                       hours.lets_failures_pass ? " failures" : "");
}

std::string describe(const QuietHours& hours) {
    return fmt::format("{}-{} {}{}", spelled(hours.from), spelled(hours.to), hours.zone,
                       hours.lets_failures_pass ? ", failures are told all the same" : "");
}

std::optional<TimePoint> quiet_until(const QuietHours& hours, TimePoint now) {
    const date::time_zone* zone = find_zone(hours.zone);
    if (zone == nullptr) {
        return std::nullopt;
    }
    const auto local = zone->to_local(now);
    const auto day = date::floor<date::days>(local);
    const auto of_day = local - day;
    const bool is_overnight = hours.from > hours.to;
    const bool is_inside =
        is_overnight ? of_day >= hours.from || of_day < hours.to : of_day >= hours.from && of_day < hours.to;
    if (!is_inside) {
        return std::nullopt;
    }
    const auto last_day = is_overnight && of_day >= hours.from ? day + date::days(1) : day;
    return std::chrono::time_point_cast<Milliseconds>(
        zone->to_sys(last_day + hours.to, date::choose::latest));
}

std::string to_text(const MuteOptions& options) {
    return iso_time(options.until) + (options.lets_failures_pass ? " failures" : "");
}

std::optional<MuteOptions> parse_mute_options(std::string_view text) {
    const std::size_t space = text.find(' ');
    const auto until = parse_time(text.substr(0, space));
    return until ? std::optional(MuteOptions{*until, space != text.npos}) : std::nullopt;
}

std::optional<Silence> silence_of(const store::Hook& hook, const HookRules& rules, const rules::Facts* facts,
                                  TimePoint now) {
    std::optional<Silence> silence;
    if (!hook.quiet.empty()) {
        const auto hours = parse_quiet_hours(hook.quiet);
        const auto until = hours ? quiet_until(*hours, now) : std::nullopt;
        if (until && !is_failure_that_passes(hours->lets_failures_pass, facts)) {
            prefer(silence,
                   Silence{*until,
                           fmt::format("it is quiet here until {} ({})", spelled(hours->to), hours->zone),
                           {}});
        }
    }
    for (const auto& mute : rules.mutes) {
        const auto options = parse_mute_options(mute->rule.options);
        if (!options || options->until <= now || !mute->condition ||
            is_failure_that_passes(options->lets_failures_pass, facts)) {
            continue;
        }
        if (facts == nullptr) {
            if (mute->rule.source != "true") {
                continue;  // a mute about some events holds up no digest of the others
            }
        } else if (const language::Outcome outcome = mute->condition->evaluate(*facts);
                   outcome.trouble || !language::is_true(outcome.value)) {
            continue;
        }
        prefer(silence, Silence{options->until,
                                mute->rule.text.empty() ? std::string("it is muted")
                                                        : fmt::format("it is muted: {}", mute->rule.text),
                                mute->rule.id});
    }
    return silence;
}

}  // namespace hookline::pipeline
