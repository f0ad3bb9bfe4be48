// A timeline as a table that a person can read: what happens when, and what the channel must show when.
//
//     play({"github on", "github aggregate 5m"}, {
//         {"09:00:00", event, "pr.opened number=7"},
//         {"09:00:00", "09:04:59", lacks, "New Pull Request"},
//         {"09:05:00", "09:05:02", comes, "New Pull Request #7"},
//     });
//
// Times are of one day, UTC: "09:00:00" or "09:00:00.250". Rows may stand in any order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace hookline::timeline {

class World;

enum class Verb {
    // What happens.
    event,    // a sample arrives (samples.hpp); "150 push": 150 of them, one right behind the other
    says,     // a member says it: "github mute 2h"
    restart,  // the service ends in the middle of its work and starts again
    dies,     // a sample arrives and is stored; the service ends before it looks at it, and starts again
    deletes,  // a member deletes the newest message
    outage,   // from one time to another nobody reaches Discord
    loses,    // so many requests are carried out, and their answers get lost
    // What the channel must show, from one time to another. A text with "…" in it is found where its parts
    // stand in one message in that order, however it is drawn; in a thread it begins with "↳ " and the name.
    comes,   // it is first seen then: not before, and not later
    stands,  // it is to be seen all the time
    lacks,   // it is never to be seen
    counts,  // so many messages are posted: "3", or at most: "≤ 3"
    edits,   // so many edits are made
    pings,   // so many members and roles are woken
    joins,   // "thread: text": it is first seen in the thread of that name then
    opens,   // the thread of that name is opened then, first or again
    closes,  // it is closed then
};

struct Row {
    Row(std::string_view when, Verb act, std::string_view what = {})
        : from(when), until(when), verb(act), text(what) {}
    Row(std::string_view begin, std::string_view end, Verb act_or_check, std::string_view what = {})
        : from(begin), until(end), verb(act_or_check), text(what) {}
    std::string from, until;
    Verb verb;
    std::string text;
};
/// As it stands in a table: {"09:00:00", event, "push"},
[[nodiscard]] std::string written(const Row& row);

/// The time of day as a table writes it, on the day of all timelines. Throws std::invalid_argument.
[[nodiscard]] TimePoint time_of(std::string_view text);

/// Lets happen what rows say, each at its time: one after the other, in their order.
class Player {
public:
    explicit Player(World& world) : world_(world) {}
    /// The events that arrived by it.
    std::vector<EventId> act(const Row& row);

private:
    std::vector<EventId> append(std::string_view words);

    World& world_;
    int deliveries_ = 0;
};

/// Plays what happens over a hook that was set up with `commands`, until ten minutes after the last row, and
/// holds the channel against the rest. Every 429 and every refusal of Discord fails the test. With the
/// environment's HOOKLINE_SHOW_CHANNEL=1 the channel is printed.
void play(const std::vector<std::string>& commands, const std::vector<Row>& rows);

/// The channel as it stood at the end: each message with its time, what it says, and how often it was edited.
[[nodiscard]] std::string channel_text(const World& world);

}  // namespace hookline::timeline
