#include "timeline/day_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/iso_time.hpp"
#include "timeline/reading.hpp"

namespace hookline::timeline {

namespace {

using std::chrono::hours;

constexpr std::string_view head =
    "# A day in a channel\n\n"
    "A working day of one busy repository, and what its channel looked like: each event by itself, and with "
    "what\n"
    "Hookline offers against the noise. The deliveries are made of the payloads that GitHub's community "
    "collected\n"
    "(npm `@octokit/webhooks-examples`), with the names, numbers, commits and times of a story that "
    "`tests/support/day.mjs`\n"
    "tells: two dozen pull requests with their pushes, labels, reviews and comments, CI on every push, two "
    "outside\n"
    "services, issues, a main branch that is broken for half an hour, a rush of merges, a release and two "
    "deployments.\n\n"
    "They are replayed in virtual time (`src/timeline`) through the whole service: store, pipeline, "
    "dispatcher and Discord\n"
    "client, against a model that keeps Discord's limits and fails the test at the first 429. This page is "
    "what came of it;\n"
    "a test holds it to that. To make it again, after `./test`:\n\n"
    "    node tests/support/day.mjs | UPDATE_DOCS=1 HOOKLINE_DAY=/dev/stdin \\\n"
    "        build/check/src/timeline/timeline_test --gtest_filter='Day.*'\n";

std::string clock_of(TimePoint time) { return iso_time(time).substr(11, 5); }

/// Of the day: the hour that began last before `time`.
TimePoint hour_of(TimePoint time) { return std::chrono::floor<hours>(time); }

TimePoint busiest_hour(const std::vector<TimePoint>& arrivals) {
    std::map<TimePoint, std::size_t> by_hour;
    for (const TimePoint arrival : arrivals) {
        ++by_hour[hour_of(arrival)];
    }
    const auto less = [](const auto& a, const auto& b) { return a.second < b.second; };
    return std::max_element(by_hour.begin(), by_hour.end(), less)->first;
}

template <class Count>
std::size_t sum_of(const Replayed& replay, Count count) {
    std::size_t sum = 0;
    for (const ChannelMessage& message : replay.messages) {
        sum += count(message);
    }
    return sum;
}

/// The thread of that id; null: it is a channel.
const ChannelThread* thread_of(const Replayed& replay, Snowflake id) {
    const auto found = std::find_if(replay.threads.begin(), replay.threads.end(),
                                    [id](const ChannelThread& thread) { return thread.id == id; });
    return found == replay.threads.end() ? nullptr : &*found;
}

struct Figure {
    std::string_view what;
    std::size_t (*of)(const Replayed& replay, TimePoint busiest);
};

constexpr std::array figures{
    Figure{"messages in the channel",
           [](const Replayed& replay, TimePoint) {
               return sum_of(replay, [&](const ChannelMessage& message) {
                   return thread_of(replay, message.channel) == nullptr ? 1U : 0U;
               });
           }},
    Figure{"… in the busiest hour",
           [](const Replayed& replay, TimePoint busiest) {
               return sum_of(replay, [&](const ChannelMessage& message) {
                   const bool is_in_channel = thread_of(replay, message.channel) == nullptr;
                   return is_in_channel && hour_of(message.posted_at()) == busiest ? 1U : 0U;
               });
           }},
    Figure{"messages in threads",
           [](const Replayed& replay, TimePoint) {
               return sum_of(replay, [&](const ChannelMessage& message) {
                   return thread_of(replay, message.channel) == nullptr ? 0U : 1U;
               });
           }},
    Figure{"lines, as they stand here",
           [](const Replayed& replay, TimePoint) {
               return sum_of(replay, [](const ChannelMessage& message) {
                   const std::string text = shown(message.newest());
                   return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
               });
           }},
    Figure{"edits",
           [](const Replayed& replay, TimePoint) {
               return sum_of(replay,
                             [](const ChannelMessage& message) { return message.versions.size() - 1; });
           }},
    Figure{"pings",
           [](const Replayed& replay, TimePoint) {
               return sum_of(replay, [](const ChannelMessage& message) { return message.pings; });
           }},
};

std::string arrivals_of(const DayFacts& facts) {
    std::vector<std::pair<std::size_t, std::string>> kinds;
    for (const auto& [kind, count] : facts.kinds) {
        kinds.emplace_back(count, kind);
    }
    std::sort(kinds.rbegin(), kinds.rend());
    std::vector<std::string> counts;
    for (const auto& [count, kind] : kinds) {
        counts.push_back(fmt::format("{} `{}`", count, kind));
    }
    return fmt::format("{}.", fmt::join(counts, ", "));
}

std::string table_of(const DayFacts& facts, std::span<const Replayed> replays) {
    const TimePoint busiest = busiest_hour(facts.arrivals);
    const auto in_busiest =
        std::count_if(facts.arrivals.begin(), facts.arrivals.end(),
                      [busiest](TimePoint arrival) { return hour_of(arrival) == busiest; });
    std::string text = fmt::format(
        "\n## Figures\n\n{} deliveries, {} of them in the busiest hour, from {} to {} UTC: {}\n\n|",
        facts.arrivals.size(), in_busiest, clock_of(busiest), clock_of(busiest + hours(1)),
        arrivals_of(facts));
    std::string line = "\n| --- |";
    for (const Replayed& replay : replays) {
        text += fmt::format(" | {}", replay.variant.name);
        line += " ---: |";
    }
    text += " |" + line;
    for (const Figure& figure : figures) {
        text += fmt::format("\n| {} |", figure.what);
        for (const Replayed& replay : replays) {
            text += fmt::format(" {} |", figure.of(replay, busiest));
        }
    }
    text += "\n";
    for (const Replayed& replay : replays) {
        text += fmt::format("\n- **{}**: `!hook {}`", replay.variant.name,
                            fmt::join(replay.variant.commands, "`, `!hook "));
    }
    return text + "\n";
}

std::string note_on(const ChannelMessage& message) {
    const std::size_t edits = message.versions.size() - 1;
    if (edits == 0) {
        return {};
    }
    return fmt::format("  (edited {}, the last time at {})",
                       edits == 1 ? "once" : fmt::format("{} times", edits),
                       clock_of(message.versions.back().at));
}

/// A thread as the channel shows it: closed.
std::string thread_under(const Replayed& replay, const ChannelMessage& message) {
    const ChannelThread* thread = thread_of(replay, message.id);
    if (thread == nullptr) {
        return {};
    }
    const std::size_t count =
        sum_of(replay, [thread](const ChannelMessage& each) { return each.channel == thread->id ? 1U : 0U; });
    return fmt::format("  ↳ {} · {} message{}\n", thread->name, count, count == 1 ? "" : "s");
}

/// What was posted from `from` to `until`, as it stood in the end.
std::string channel_of(const Replayed& replay, TimePoint from, TimePoint until) {
    std::string text = "\n```\n";
    for (const ChannelMessage& message : replay.messages) {
        const bool is_then = message.posted_at() >= from && message.posted_at() < until;
        if (is_then && !message.deleted_at && thread_of(replay, message.channel) == nullptr) {
            text += fmt::format("{}{}\n{}{}", clock_of(message.posted_at()), note_on(message),
                                shown(message.newest()), thread_under(replay, message));
        }
    }
    return text + "```\n";
}

}  // namespace

std::span<const DayVariant> day_variants() {
    constexpr std::string_view ask_for_help = "github mention <@&77> if \"is_failure and branch == 'main'\"";
    static const std::array variants{
        DayVariant{
            "before", {"github on", "github live off", ask_for_help}, "Each event is a message of its own."},
        DayVariant{
            "live",
            {"github on", "github live on", ask_for_help},
            "A run and a pull request are one message each, which stands where they began and shows how they "
            "ended."},
        DayVariant{
            "threads",
            {"github on", "github threads on", ask_for_help},
            "What is said about a pull request or an issue, and what fails of it, is in a thread under its "
            "message."},
        DayVariant{"after",
                   {"github on", "github threads on", "github aggregate 5m", ask_for_help},
                   "The same, and of what is left, what comes within five minutes is summed up.",
                   true},
    };
    return variants;
}

std::string day_page(const DayFacts& facts, std::span<const Replayed> replays) {
    const TimePoint busiest = busiest_hour(facts.arrivals);
    std::string page = std::string(head) + table_of(facts, replays);
    for (const Replayed& replay : replays) {
        if (!replay.variant.shows.empty()) {
            page +=
                fmt::format("\n## The busiest hour: {}\n\n{}\n", replay.variant.name, replay.variant.shows) +
                channel_of(replay, busiest, busiest + hours(1));
        }
    }
    for (const Replayed& replay : replays) {
        if (replay.variant.is_shown_whole) {
            page += fmt::format("\n## The whole day: {}\n", replay.variant.name) +
                    channel_of(replay, TimePoint(), TimePoint::max());
        }
    }
    return page;
}

}  // namespace hookline::timeline
