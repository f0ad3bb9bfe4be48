// What the events before an event say of it: whether somebody asked a container to stop, whether it ran out
// of memory, how often it has crashed in a row. Pure: an event in, what is to be told out.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "docker/engine_event.hpp"

namespace hookline::docker {

/// What an event that is to be told means, as far as earlier events say it. Times are Unix nanoseconds; 0:
/// not known.
struct Story {
    bool is_asked_for = false;    // die: somebody stopped or killed it; start: it was restarted by somebody
    bool is_after_crash = false;  // start: it had ended by itself shortly before
    bool is_out_of_memory = false;
    std::int64_t signal = 0;      // that was sent to it; 0: none
    std::int64_t started = 0;     // die: this run
    std::int64_t stopped = 0;     // die: itself; start that was asked for: the end that it follows
    std::int64_t logs_since = 0;  // die, oom: what the log says from then on is of this run
    std::int64_t ends = 0;        // how often it has ended by itself in a row, with this time
    std::int64_t row_since = 0;   // the first of these
    bool is_recreated = false;    // start: Compose made it anew in the place of another
    std::string stopped_id;       // … whose id this is
    std::string health_before;    // health_status: what it was
    bool is_fetched = false;      // tag: the image came from elsewhere, or of a container
};

class Containers {
public:
    /// Takes the next event. Nothing: it is not told by itself.
    [[nodiscard]] std::optional<Story> on(const EngineEvent& event);

    /// A container of a build, or another that nobody gave a name: nothing is told of it.
    [[nodiscard]] static bool is_noise(const EngineEvent& event);

private:
    struct Known {
        std::int64_t killed = 0, signal = 0, out_of_memory = 0, started = 0, died = 0;
        bool was_asked_for = false;
        bool is_found = false;  // its last start or end was found, not told
        std::int64_t ends = 0, row_since = 0;
        std::string health;
        std::list<std::string>::iterator age;
    };
    Known& known(const std::string& id);
    void forget(const std::string& id);
    void note_destroyed(const EngineEvent& event);
    [[nodiscard]] static Story story_of_start(Known& known, std::int64_t now);
    void add_predecessor(const EngineEvent& event, Story& story);
    [[nodiscard]] static bool is_known_already(const Known& known, const EngineEvent& event);
    [[nodiscard]] static std::int64_t logs_since(const Known& known);
    [[nodiscard]] static Story story_of_end(Known& known, const EngineEvent& event);

    std::unordered_map<std::string, Known> known_;
    std::list<std::string> ages_;  // ids, the longest untouched first
    struct Destroyed {
        std::string place, id;  // "shop/web/1", as Compose counts
        std::int64_t died = 0, at = 0;
    };
    std::deque<Destroyed> destroyed_;  // that somebody stopped, the longest ago first
};

}  // namespace hookline::docker
