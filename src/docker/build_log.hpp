// What a build said of the step that failed: its name, and the end of what it printed. Bounded, whatever the
// build printed.
#pragma once

#include <string>
#include <unordered_map>

#include "docker/build_records.hpp"

namespace hookline::docker {

class BuildLog {
public:
    void take(BuildStatus status);
    /// The step whose error is set, as BuildKit names it: "[2/3] RUN make"; empty: there is none. One that
    /// was broken off because another failed is not the one.
    [[nodiscard]] std::string failed_step() const;
    /// The end of what that step printed.
    [[nodiscard]] std::string text() const;

private:
    struct Step {
        std::string name, error, text;
        std::size_t order = 0;
    };
    Step* step(const std::string& digest);
    [[nodiscard]] const Step* failed() const;

    std::unordered_map<std::string, Step> steps_;  // by digest
};

}  // namespace hookline::docker
