#include "timeline/script.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
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
            case Verb::joins:
                EXPECT_TRUE(is_said_in_thread(row.text, from, until)) << what << " joins\n"
                                                                      << channel_text(world_);
                break;
            case Verb::opens:
            case Verb::closes:
                EXPECT_TRUE(turns(row, from, until)) << what << "\n" << channel_text(world_);
                break;
            case Verb::event:
            case Verb::says:
            case Verb::restart:
            case Verb::dies:
            case Verb::deletes:
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
    /// "thread: text".
    [[nodiscard]] bool is_said_in_thread(std::string_view words, TimePoint from, TimePoint until) const {
        const std::size_t colon = words.find(": ");
        const std::string_view name = words.substr(0, colon), text = words.substr(colon + 2);
        const auto& messages = world_.discord().messages();
        return std::any_of(messages.begin(), messages.end(), [&](const ChannelMessage& message) {
            const ChannelThread* thread = thread_with(message.channel);
            return thread != nullptr && thread->name == name && from <= message.posted_at() &&
                   message.posted_at() <= until && is_in(text, condensed(shown(message.newest(), 400)));
        });
    }
    [[nodiscard]] const ChannelThread* thread_with(Snowflake id) const {
        const auto& threads = world_.discord().threads();
        const auto found = std::find_if(threads.begin(), threads.end(),
                                        [id](const ChannelThread& thread) { return thread.id == id; });
        return found == threads.end() ? nullptr : &*found;
    }
    [[nodiscard]] bool turns(const Row& row, TimePoint from, TimePoint until) const {
        const auto& threads = world_.discord().threads();
        return std::any_of(threads.begin(), threads.end(), [&](const ChannelThread& thread) {
            // It is opened first: every second turn opens it again.
            std::vector<TimePoint> all = thread.turns;
            all.insert(all.begin(), thread.opened_at);
            bool has_turned = false;
            for (std::size_t i = row.verb == Verb::opens ? 0 : 1; i < all.size(); i += 2) {
                has_turned = has_turned || (from <= all[i] && all[i] <= until);
            }
            return thread.name == row.text && has_turned;
        });
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

std::string written(const Row& row) {
    static constexpr std::array<std::string_view, 16> names{
        "event",  "says",  "restart", "dies",  "deletes", "outage", "loses", "comes",
        "stands", "lacks", "counts",  "edits", "pings",   "joins",  "opens", "closes"};
    const std::string until = row.until == row.from ? "" : fmt::format("\"{}\", ", row.until);
    std::string text = row.text;
    for (std::size_t at = 0; (at = text.find('"', at)) != std::string::npos; at += 2) {
        text.insert(at, "\\");
    }
    return fmt::format("{{\"{}\", {}{}{}}},", row.from, until, names.at(static_cast<std::size_t>(row.verb)),
                       text.empty() ? "" : fmt::format(", \"{}\"", text));
}

std::vector<EventId> Player::act(const Row& row) {
    world_.run_until(time_of(row.from));
    if (row.verb == Verb::says) {
        world_.say(row.text);
    } else if (row.verb == Verb::restart) {
        world_.restart();
    } else if (row.verb == Verb::deletes) {
        world_.discord().delete_newest();
    } else if (row.verb == Verb::outage) {
        world_.discord().go_down(time_of(row.until));
    } else if (row.verb == Verb::loses) {
        world_.discord().lose_answers(std::stoul(row.text));
    } else if (row.verb == Verb::dies) {
        auto arrived = append(row.text);
        world_.die();
        return arrived;
    } else {
        auto arrived = append(row.text);
        world_.settle();
        return arrived;
    }
    return {};
}

std::vector<EventId> Player::append(std::string_view words) {
    std::size_t times = 1;
    if (words.front() >= '0' && words.front() <= '9') {
        const std::size_t space = words.find(' ');
        times = std::stoul(std::string(words.substr(0, space)));
        words.remove_prefix(space + 1);
    }
    const SampleDelivery sample = sample_delivery(words, world_.now());
    std::vector<EventId> arrived;
    for (std::size_t i = 0; i < times; ++i) {
        const std::string id =
            sample.delivery_id.empty() ? fmt::format("delivery {}", ++deliveries_) : sample.delivery_id;
        arrived.push_back(world_.append(sample.event_type, id, sample.payload));
    }
    return arrived;
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
