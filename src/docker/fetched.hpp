// The images that came from elsewhere, as the events of an engine say it: an image is built where it gets its
// first name, and so it seems where one that another machine built a moment ago is loaded and named here.
// Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "docker/engine_event.hpp"

namespace hookline::docker {

class Fetched {
public:
    /// Takes the next event, as soon as it is read: of an import and a commit the name is told first.
    void on(const EngineEvent& event);
    /// Whether the image of that event was pulled, loaded, imported, or made of a container in the ten
    /// minutes before. `names`: all that it has.
    [[nodiscard]] bool holds(const EngineEvent& event, const std::vector<std::string>& names) const;

private:
    struct Image {
        std::string what;  // its id; of a pull the engine tells its name alone
        std::int64_t at = 0;
    };
    std::deque<Image> images_;  // the longest ago first
};

}  // namespace hookline::docker
