#include "timeline/script.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>
#include <stdexcept>

#include "base/iso_time.hpp"
#include "timeline/reading.hpp"
#include "timeline/samples.hpp"
#include "timeline/world.hpp"

namespace hookline::timeline {

namespace {

constexpr std::string_view day = "2026-10-13";
constexpr std::chrono::minutes aftermath(10);

/// In Verb what happens comes first.
bool happens(const Row& row) { return row.verb <= Verb::loses; }

/// What one line of a message may be drawn as: spaces in a row are one.
std::string condensed(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const bool is_space = c == ' ' || c == '\n';
        if (!is_space) {
            result += c;
        } else if (!result.ends_with(' ')) {
            result += ' ';
        }
    }
    return result;
}

bool is_in(std::string_view pattern, std::string_view text) {
    constexpr std::string_view gap = "…";
    std::size_t at = 0;
    while (!pattern.empty()) {
        const std::size_t end = pattern.find(gap);
        const std::string_view part = pattern.substr(0, end);
        at = text.find(part, at);
        if (at == std::string_view::npos) {
            return false;
        }
        at += part.size();
        pattern.remove_prefix(end == std::string_view::npos ? pattern.size() : end + gap.size());
    }
    return true;
}

/// A version of a message and from when to when it was to be seen.
struct Sight {
    TimePoint from, until;
    std::string text;
};

/// "↳ #7 Rooms " in front of what stands in a thread.
std::string place_of(const World& world, const ChannelMessage& message) {
    for (const ChannelThread& thread : world.discord().threads()) {
        if (thread.id == message.channel) {
            return "↳ " + thread.name + " ";
        }
    }
    return {};
}

std::vector<Sight> sights_of(const World& world) {
    std::vector<Sight> sights;
    for (const ChannelMessage& message : world.discord().messages()) {
        for (std::size_t i = 0; i < message.versions.size(); ++i) {
            const TimePoint end = i + 1 < message.versions.size()
                                      ? message.versions[i + 1].at
                                      : message.deleted_at.value_or(TimePoint::max());
            // Drawn wide: a table is not to know where a line is broken.
            const std::string text = shown(message.versions[i].body, 400);
            sights.push_back({message.versions[i].at, end, place_of(world, message) + condensed(text)});
        }
    }
    return sights;
}

class Checker {
public:
    explicit Checker(const World& world) : world_(world), sights_(sights_of(world)) {}

    void check(const Row& row) {
        const std::string what = fmt::format("{} to {}: \"{}\"", row.from, row.until, row.text);
        const TimePoint from = time_of(row.from);
        const TimePoint until = time_of(row.until);
        switch (row.verb) {
            case Verb::comes:
                check_coming(row, what, from, until);
                break;
            case Verb::stands:
                EXPECT_EQ(gap_in(row.text, from, until), "") << what << " stands\n" << channel_text(world_);
                break;
            case Verb::lacks:
                EXPECT_EQ(first_sight(row.text, from, until), "") << what << " is never seen\n"
                                                                  << channel_text(world_);
                break;
            case Verb::counts:
                check_number(row, what, posted(from, until));
                break;
            case Verb::edits:
                check_number(row, what, edited(from, until));
                break;
            case Verb::pings:
                check_number(row, what, pinged(from, until));
                break;
            case Verb::event:
            case Verb::says:
            case Verb::restart:
            case Verb::outage:
            case Verb::loses:
                break;
        }
    }

private:
    void check_coming(const Row& row, const std::string& what, TimePoint from, TimePoint until) {
        std::optional<TimePoint> first;
        for (const Sight& sight : sights_) {
            if (is_in(row.text, sight.text) && (!first || sight.from < *first)) {
                first = sight.from;
            }
        }
        const bool is_in_time = first && from <= *first && *first <= until;
        EXPECT_TRUE(is_in_time) << what << " comes; it "
                                << (first ? "came at " + iso_time(*first) : "never came") << "\n"
                                << channel_text(world_);
    }
    void check_number(const Row& row, const std::string& what, std::size_t number) {
        constexpr std::string_view at_most = "≤ ";
        std::string_view bound = row.text;
        const bool is_bound = bound.starts_with(at_most);
        bound.remove_prefix(is_bound ? at_most.size() : 0);
        const std::size_t wanted = std::stoul(std::string(bound));
        EXPECT_TRUE(is_bound ? number <= wanted : number == wanted) << what << " is " << number << "\n"
                                                                    << channel_text(world_);
    }
    /// The first time at which no message shows it; empty: there is none.
    [[nodiscard]] std::string gap_in(std::string_view pattern, TimePoint from, TimePoint until) const {
        std::set<TimePoint> moments{from, until};
        for (const Sight& sight : sights_) {
            for (const TimePoint moment : {sight.from, sight.until}) {
                if (from < moment && moment < until) {
                    moments.insert(moment);
                }
            }
        }
        for (const TimePoint moment : moments) {
            const bool is_there = std::any_of(sights_.begin(), sights_.end(), [&](const Sight& sight) {
                return sight.from <= moment && moment < sight.until && is_in(pattern, sight.text);
            });
            if (!is_there) {
                return iso_time(moment);
            }
        }
        return {};
    }
    [[nodiscard]] std::string first_sight(std::string_view pattern, TimePoint from, TimePoint until) const {
        const auto seen = std::find_if(sights_.begin(), sights_.end(), [&](const Sight& sight) {
            return sight.from <= until && from < sight.until && is_in(pattern, sight.text);
        });
        return seen == sights_.end() ? std::string() : iso_time(seen->from);
    }
    [[nodiscard]] std::size_t posted(TimePoint from, TimePoint until) const {
        return number_of([&](const ChannelMessage& message) {
            return from <= message.posted_at() && message.posted_at() <= until ? 1U : 0U;
        });
    }
    [[nodiscard]] std::size_t edited(TimePoint from, TimePoint until) const {
        return number_of([&](const ChannelMessage& message) {
            return static_cast<std::size_t>(std::count_if(
                message.versions.begin() + 1, message.versions.end(),
                [&](const Version& version) { return from <= version.at && version.at <= until; }));
        });
    }
    [[nodiscard]] std::size_t pinged(TimePoint from, TimePoint until) const {
        return number_of([&](const ChannelMessage& message) {
            return from <= message.posted_at() && message.posted_at() <= until ? message.pings : 0U;
        });
    }
    template <class Count>
    [[nodiscard]] std::size_t number_of(Count count) const {
        std::size_t sum = 0;
        for (const ChannelMessage& message : world_.discord().messages()) {
            sum += count(message);
        }
        return sum;
    }

    const World& world_;
    std::vector<Sight> sights_;
};

class Player {
public:
    explicit Player(World& world) : world_(world) {}

    void act(const Row& row) {
        world_.run_until(time_of(row.from));
        if (row.verb == Verb::says) {
            world_.say(std::string(row.text));
        } else if (row.verb == Verb::restart) {
            world_.restart();
        } else if (row.verb == Verb::outage) {
            world_.discord().go_down(time_of(row.until));
        } else if (row.verb == Verb::loses) {
            world_.discord().lose_answers(std::stoul(std::string(row.text)));
        } else {
            deliver(row.text);
        }
    }

private:
    void deliver(std::string_view words) {
        std::size_t times = 1;
        if (words.front() >= '0' && words.front() <= '9') {
            const std::size_t space = words.find(' ');
            times = std::stoul(std::string(words.substr(0, space)));
            words.remove_prefix(space + 1);
        }
        const SampleDelivery sample = sample_delivery(words, world_.now());
        for (std::size_t i = 0; i < times; ++i) {
            world_.deliver(sample.event_type, fmt::format("delivery {}", ++deliveries_), sample.payload);
        }
    }

    World& world_;
    int deliveries_ = 0;
};

std::vector<Row> in_order(const std::vector<Row>& rows) {
    std::vector<Row> acts;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(acts), happens);
    std::stable_sort(acts.begin(), acts.end(),
                     [](const Row& a, const Row& b) { return time_of(a.from) < time_of(b.from); });
    return acts;
}

TimePoint last_of(const std::vector<Row>& rows) {
    TimePoint last;
    for (const Row& row : rows) {
        last = std::max(last, time_of(row.until));
    }
    return last;
}

}  // namespace

TimePoint time_of(std::string_view text) {
    const auto time = parse_time(fmt::format("{}T{}Z", day, text));
    if (!time) {
        throw std::invalid_argument(fmt::format("\"{}\" is no time of day", text));
    }
    return *time;
}

void play(const std::vector<std::string>& commands, const std::vector<Row>& rows) {
    const std::vector<Row> acts = in_order(rows);
    World world(time_of(acts.at(0).from) - std::chrono::minutes(1));
    for (const std::string& words : commands) {
        world.say(words);
    }
    Player player(world);
    for (const Row& act : acts) {
        player.act(act);
    }
    world.run_until(last_of(rows) + aftermath);
    if (std::getenv("HOOKLINE_SHOW_CHANNEL") != nullptr) {
        std::cout << channel_text(world);
    }
    for (const std::string& fault : world.discord().faults()) {
        ADD_FAILURE() << fault;
    }
    Checker checker(world);
    for (const Row& row : rows) {
        checker.check(row);
    }
}

std::string channel_text(const World& world) {
    std::string text;
    for (const ChannelMessage& message : world.discord().messages()) {
        const std::string edits = message.versions.size() > 1
                                      ? fmt::format(", {} edits until {}", message.versions.size() - 1,
                                                    iso_time(message.versions.back().at).substr(11, 12))
                                      : "";
        text += fmt::format("[{}{}{}]\n{}{}", iso_time(message.posted_at()).substr(11, 12), edits,
                            message.deleted_at ? ", deleted" : "", place_of(world, message),
                            shown(message.newest()));
    }
    return text;
}

}  // namespace hookline::timeline
