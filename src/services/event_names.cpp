#include "services/event_names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"
#include "services/announced.hpp"

namespace hookline::services {

namespace {

constexpr std::size_t most_names = 100;

bool is_whole(std::string_view name) { return name.find('.') == std::string_view::npos; }

/// The part before the dot.
std::string_view whole_of(std::string_view name) { return name.substr(0, name.find('.')); }

bool names_provider(const EventName& known, std::string_view provider_name) {
    const auto names = split(known.provider_name, ',');
    return !known.provider_name.empty() &&
           std::find(names.begin(), names.end(), provider_name) != names.end();
}

/// Hookline's word for a service's own name, where the two mean the same; else the service's own, which
/// stays: `create` is a part of both branch and tag, `issue_comment` one of three kinds of comment.
std::optional<std::string> from_provider_name(std::string_view word, const ServiceAdapter& adapter) {
    const EventName* found = nullptr;
    std::size_t count = 0;
    for (const EventName& known : adapter.event_names()) {
        if (is_whole(known.name) && names_provider(known, word)) {
            found = &known;
            ++count;
        }
    }
    if (found == nullptr) {
        return std::nullopt;
    }
    return std::string(count == 1 && found->provider_name == word ? found->name : word);
}

const EventName* row_of(std::string_view name, const ServiceAdapter& adapter) {
    const auto names = adapter.event_names();
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const EventName& known) { return known.name == name; });
    return found != names.end() ? &*found : nullptr;
}

bool is_known(std::string_view word, const ServiceAdapter& adapter) {
    return row_of(word, adapter) != nullptr;
}

/// `word` in the spelling that lists are kept in, or nothing.
std::optional<std::string> spelled(std::string_view word, const ServiceAdapter& adapter) {
    if (is_known(word, adapter)) {
        return std::string(word);
    }
    if (is_whole(word)) {
        return from_provider_name(word, adapter);
    }
    // "pull_request.merged": the service's name for the event, Hookline's for the action.
    const auto whole = from_provider_name(whole_of(word), adapter);
    if (!whole) {
        return std::nullopt;
    }
    std::string name = *whole + std::string(word.substr(whole_of(word).size()));
    return is_known(name, adapter) ? std::optional(std::move(name)) : std::nullopt;
}

std::string unknown_name(std::string_view word, const ServiceAdapter& adapter) {
    std::vector<std::string_view> words;
    std::vector<std::string_view> wholes;
    for (const EventName& known : adapter.event_names()) {
        words.push_back(known.name);
        if (is_whole(known.name)) {
            wholes.push_back(known.name);
            for (const std::string_view provider_name : split(known.provider_name, ',')) {
                words.push_back(provider_name);
            }
        }
    }
    const std::string shown = shorten(word, 40);
    const std::string service(event::display_name(adapter.service()));
    if (const auto nearest = nearest_word(word, words)) {
        return fmt::format("“{}” is not an event of {}. Did you mean “{}”?", shown, service, *nearest);
    }
    if (!is_whole(word) && is_known(whole_of(word), adapter)) {
        const std::string whole(whole_of(word));
        std::vector<std::string_view> parts;
        for (const std::string_view known : words) {
            if (!is_whole(known) && whole_of(known) == whole_of(word)) {
                parts.push_back(known);
            }
        }
        if (parts.empty()) {
            return fmt::format("“{}” is not an event of {}: “{}” has no parts, name it whole.", shown,
                               service, whole);
        }
        return fmt::format("“{}” is not an event of {}. Of “{}” there are: {}.", shown, service, whole,
                           fmt::join(parts, ", "));
    }
    return fmt::format("“{}” is not an event of {}. There are: {}.", shown, service, fmt::join(wholes, ", "));
}

bool lists(std::span<const std::string> events, std::string_view name) {
    return std::find(events.begin(), events.end(), name) != events.end();
}

/// A tag that moved is a push to the service and a tag to people who follow tags.
std::optional<std::string_view> other_name(const event::Event& event) {
    if (!event.also.empty()) {
        return event.also;
    }
    return event.full_name() == "push.moved" ? std::optional<std::string_view>("tag.moved") : std::nullopt;
}

/// What tells `event` better, if a hook with that list hears of it: "workflow" of a failed job hears
/// workflow.failed. Where `event` is named itself, only what is named itself counts: who asks for a part
/// beside a whole wants the part.
bool is_told_by_another(std::span<const std::string> events, const event::Event& event,
                        bool is_named_itself) {
    const std::string_view teller = event.told_by;
    if (teller.empty()) {
        return false;
    }
    const std::string full =
        is_whole(teller) ? fmt::format("{}.{}", teller, event.action) : std::string(teller);
    if (lists(events, full)) {
        return true;
    }
    const std::string_view whole = whole_of(teller);
    return !is_named_itself && lists(events, whole) &&
           (!has_usual_action(whole) || is_usual_action(whole, full.substr(whole.size() + 1)));
}

}  // namespace

Result<std::vector<std::string>> parse_event_names(std::string_view list, const ServiceAdapter& adapter) {
    std::string separated = to_lower_ascii(list);
    std::replace_if(
        separated.begin(), separated.end(),
        [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == ';'; }, ',');
    std::vector<std::string> names;
    for (const std::string_view word : split(separated, ',')) {
        if (word.empty()) {
            continue;
        }
        auto name = spelled(word, adapter);
        if (!name) {
            return fail(Errc::invalid_argument, unknown_name(word, adapter));
        }
        if (!lists(names, *name)) {
            names.push_back(std::move(*name));
        }
        if (names.size() > most_names) {
            return fail(Errc::invalid_argument, fmt::format("more than {} events", most_names));
        }
    }
    if (names.empty()) {
        return fail(Errc::invalid_argument, "no event was named; for example: push,pr,release");
    }
    return names;
}

std::string why_unwanted(std::span<const std::string> events, const event::Event& event) {
    if (events.empty() || event.name.empty()) {
        return silent_by_default(event);
    }
    const auto other = other_name(event);
    const bool is_named_itself =
        lists(events, event.full_name() == event.name ? event.name + "." : event.full_name());
    const bool is_named_otherwise = other && (lists(events, *other) || lists(events, whole_of(*other)));
    if (is_named_itself || is_named_otherwise) {
        return is_told_by_another(events, event, true) ? fmt::format("{} tells it", event.told_by)
                                                       : std::string();
    }
    if (!lists(events, event.name) && !lists(events, event.provider_name)) {
        return fmt::format("events of this hook are {}", fmt::join(events, ", "));
    }
    if (!has_usual_action(event.name)) {
        return is_told_by_another(events, event, false) ? fmt::format("{} tells it", event.told_by)
                                                        : std::string();
    }
    if (!is_usual_action(event)) {
        return nothing_to_say(event).empty()
                   ? fmt::format("{} is announced only where it is named itself", event.full_name())
                   : silent_by_default(event);
    }
    return is_told_by_another(events, event, false) ? fmt::format("{} tells it", event.told_by)
                                                    : std::string();
}

std::vector<std::string> subscriptions_for(std::span<const std::string> events,
                                           const ServiceAdapter& adapter) {
    std::vector<std::string> result;
    const auto add = [&](std::string_view name) {
        if (!name.empty() && !lists(result, name)) {
            result.emplace_back(name);
        }
    };
    if (events.empty()) {
        for (const std::string_view name : adapter.recommended_events()) {
            add(name);
        }
        return result;
    }
    for (const std::string& name : events) {
        // A sub-event that arrives by another way than the rest of its event says so in its own row.
        const EventName* row = row_of(name, adapter);
        if (row == nullptr || row->provider_name.empty()) {
            row = row_of(whole_of(name), adapter);
        }
        if (row == nullptr) {
            add(name);
            continue;
        }
        for (const std::string_view provider_name : split(row->provider_name, ',')) {
            add(provider_name);
        }
    }
    return result;
}

}  // namespace hookline::services
