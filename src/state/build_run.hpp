// One build on a machine (event::Build): how far it is, whatever came first. Each event tells the whole of
// it.
#pragma once

#include <string>
#include <string_view>

#include "event/event.hpp"

namespace hookline::state {

struct BuildRun {
    bool is_known = false;
    bool is_over = false;
    TimePoint at;  // of the end, else of the start
};

[[nodiscard]] BuildRun parse_build_run(std::string_view document);
[[nodiscard]] std::string to_document(const BuildRun& run);

/// An end counts more than a start, whatever the times say. False: something newer is known, or the same.
bool take(BuildRun& run, const event::Event& event);

}  // namespace hookline::state
