#include "state/deployment.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <tuple>

#include "state/document.hpp"

namespace hookline::state {

namespace json = boost::json;
using event::Conclusion;

namespace {

constexpr std::size_t most_steps = 20;

/// What is told in the same second goes on its usual way; the end is last, whatever the times say.
int place_of(const Deployment::Step& step) {
    constexpr std::array<std::string_view, 5> way{"created", "waiting", "pending", "queued", "in_progress"};
    return static_cast<int>(std::find(way.begin(), way.end(), step.name) - way.begin());
}

bool is_before(const Deployment::Step& left, const Deployment::Step& right) {
    return std::tuple(left.at, place_of(left)) < std::tuple(right.at, place_of(right));
}

}  // namespace

Deployment parse_deployment(std::string_view document) {
    const json::object object = parse_document(document);
    Deployment deployment;
    deployment.conclusion = static_cast<Conclusion>(
        std::clamp<std::int64_t>(number_at(object, "conclusion").value_or(0), 0,
                                 static_cast<std::int64_t>(Conclusion::startup_failure)));
    deployment.at = time_at(object, "at").value_or(TimePoint());
    if (const json::array* steps = array_at(object, "steps")) {
        for (const json::value& value : *steps) {
            if (const json::object* step = value.if_object()) {
                deployment.steps.push_back(
                    {text_at(*step, "name"), time_at(*step, "at").value_or(TimePoint())});
            }
        }
    }
    return deployment;
}

std::string to_document(const Deployment& deployment) {
    json::object object;
    object["conclusion"] = static_cast<std::int64_t>(deployment.conclusion);
    put_time(object, "at", deployment.at);
    json::array steps;
    for (const Deployment::Step& step : deployment.steps) {
        json::object node;
        put(node, "name", step.name);
        put_time(node, "at", step.at);
        steps.emplace_back(std::move(node));
    }
    object["steps"] = std::move(steps);
    return json::serialize(object);
}

bool take(Deployment& deployment, const event::Event& event) {
    const Deployment::Step told{event.action.empty() ? "created" : event.action, event.time};
    auto& steps = deployment.steps;
    const bool is_known = std::any_of(steps.begin(), steps.end(), [&](const auto& step) {
        return step.name == told.name && step.at == told.at;
    });
    if (is_known || steps.size() >= most_steps) {
        return false;
    }
    const Conclusion conclusion = event.deployment->conclusion;
    const bool is_end = conclusion != Conclusion::none;
    const bool was_over = deployment.conclusion != Conclusion::none;
    if (was_over && !is_end && told.at > deployment.at) {
        return false;  // that another replaced it is no step of its own way
    }
    const bool is_newer = is_end ? !was_over || told.at >= deployment.at
                                 : !was_over && (steps.empty() || !is_before(told, steps.back()));
    if (is_newer) {
        deployment.conclusion = conclusion;
        deployment.at = told.at;
        steps.push_back(told);
    } else {
        steps.insert(std::upper_bound(steps.begin(), steps.end() - (was_over ? 1 : 0), told, is_before),
                     told);
    }
    return is_newer;
}

}  // namespace hookline::state
