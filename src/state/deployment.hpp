// One deployment: the steps it went through, whoever came first.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace hookline::state {

struct Deployment {
    struct Step {
        std::string name;  // "in_progress", as the event's action
        TimePoint at;
    };
    std::vector<Step> steps;  // in the order in which they happened, each once; at most 20
    event::Conclusion conclusion = event::Conclusion::none;
    TimePoint at;  // of the end, or of the newest step

    /// "queued", …; empty before anything was told.
    [[nodiscard]] std::string status() const { return steps.empty() ? std::string() : steps.back().name; }
};

[[nodiscard]] Deployment parse_deployment(std::string_view document);
[[nodiscard]] std::string to_document(const Deployment& deployment);

/// An older word adds its step where it belongs. False: something newer is known, or the same.
bool take(Deployment& deployment, const event::Event& event);

}  // namespace hookline::state
