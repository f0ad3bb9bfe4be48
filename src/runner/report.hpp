// What is told of a run, in the form of services/builds.hpp. No secrets: of the command, nor of its lines.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "runner/build_steps.hpp"
#include "runner/build_words.hpp"
#include "runner/child.hpp"
#include "runner/secrets.hpp"

namespace hookline::runner {

/// What is known before the command runs.
struct Run {
    std::string key, name, stage, host, command;
    BuildWords words;
    Secrets secrets;  // of the command and ours, which may stand in its lines
    TimePoint started;
};

struct MadeImage {
    std::string id;
    std::int64_t size = 0, layers = 0;  // 0: not known
};

[[nodiscard]] boost::json::object started_report(const Run& run);

/// `lines`: the last that it printed.
[[nodiscard]] boost::json::object ended_report(const Run& run, const Ended& ended, TimePoint at,
                                               const BuildSteps& steps,
                                               const std::vector<std::string>& lines);
/// Adds the image that was made to what a report says of the build.
void add_image(boost::json::object& build, const MadeImage& image);

}  // namespace hookline::runner
