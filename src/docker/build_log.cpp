#include "docker/build_log.hpp"

namespace hookline::docker {

namespace {

constexpr std::size_t most_steps = 1'000;
constexpr std::size_t longest_text = 16U << 10U;  // of each step: more than what is told
constexpr std::size_t longest_name = 2'000;

/// BuildKit breaks off the other steps when one fails (context.Canceled of Go).
bool is_broken_off(std::string_view error) {
    return error.find("context canceled") != std::string_view::npos;
}

}  // namespace

BuildLog::Step* BuildLog::step(const std::string& digest) {
    const auto found = steps_.find(digest);
    if (found != steps_.end()) {
        return &found->second;
    }
    if (steps_.size() >= most_steps) {
        return nullptr;
    }
    Step& fresh = steps_[digest];
    fresh.order = steps_.size();
    return &fresh;
}

void BuildLog::take(BuildStatus status) {
    for (BuildStep& each : status.steps) {
        if (Step* const known = step(each.digest)) {
            known->name = each.name.substr(0, longest_name);
            known->error = each.error.empty() ? std::move(known->error) : each.error.substr(0, longest_name);
        }
    }
    for (const BuildLine& line : status.lines) {
        if (Step* const known = step(line.step)) {
            known->text += line.text;
            if (known->text.size() > 2 * longest_text) {
                known->text.erase(0, known->text.size() - longest_text);
            }
        }
    }
}

const BuildLog::Step* BuildLog::failed() const {
    const auto rank = [](const Step& step) { return std::pair(is_broken_off(step.error), step.order); };
    const Step* first = nullptr;
    for (const auto& [digest, step] : steps_) {
        if (!step.error.empty() && (first == nullptr || rank(step) < rank(*first))) {
            first = &step;
        }
    }
    return first;
}

std::string BuildLog::failed_step() const {
    const Step* const step = failed();
    return step != nullptr ? step->name : std::string();
}

std::string BuildLog::text() const {
    const Step* const step = failed();
    return step != nullptr ? step->text : std::string();
}

}  // namespace hookline::docker
