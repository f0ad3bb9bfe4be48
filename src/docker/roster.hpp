// The containers that run, as the engine's events tell it. Kept, so that after a gap that is longer than the
// engine's memory its containers can be compared with it (missed.hpp). Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "docker/engine_event.hpp"

namespace hookline::docker {

struct Running {
    std::int64_t started = 0;                       // Unix nanoseconds; 0: before it was first seen
    std::map<std::string, std::string> attributes;  // as an event has them: name, image, labels
};

/// One of the engine's own list (Docker Engine API, "List containers").
struct Listed {
    std::string id;
    bool is_running = false;
    std::map<std::string, std::string> attributes;
};
/// What the list holds; entries that are none are left out.
[[nodiscard]] std::vector<Listed> read_list(const std::string& json);

class Roster {
public:
    /// Containers beyond these are not compared after a gap.
    static constexpr std::size_t most = 500;

    /// What an earlier one has written; nothing where it is none.
    void read(const std::string& text);
    [[nodiscard]] std::string to_text() const;

    /// Takes what the event says. Whether that changed anything.
    bool on(const EngineEvent& event);
    /// Who runs when an engine is met for the first time.
    void begin_with(const std::vector<Listed>& list);

    [[nodiscard]] const std::map<std::string, Running>& running() const { return running_; }

private:
    void put(const std::string& id, Running running);
    std::map<std::string, Running> running_;  // by id
};

}  // namespace hookline::docker
