#include "timeline/samples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "base/iso_time.hpp"
#include "services/service.hpp"

namespace hookline::timeline {

namespace json = boost::json;

namespace {

/// Where a value of tables stands in payloads; all that are there are set.
struct Place {
    std::string_view key;
    std::string_view pointer;
    bool is_number = false;
};
constexpr std::array places{
    Place{"number", "/number", true},
    Place{"number", "/pull_request/number", true},
    Place{"number", "/issue/number", true},
    Place{"title", "/pull_request/title"},
    Place{"title", "/issue/title"},
    Place{"head", "/pull_request/head/sha"},
    Place{"head", "/workflow_run/head_sha"},
    Place{"head", "/workflow_job/head_sha"},
    Place{"head", "/check_run/head_sha"},
    Place{"head", "/sha"},
    Place{"from", "/pull_request/head/ref"},
    Place{"merge", "/pull_request/merge_commit_sha"},
    Place{"merge", "/after"},
    Place{"merge", "/head_commit/id"},
    Place{"ref", "/ref"},
    Place{"deployment", "/deployment/id", true},
    Place{"state", "/deployment_status/state"},
    Place{"run", "/workflow_run/id", true},
    Place{"run", "/workflow_job/run_id", true},
    Place{"run_number", "/workflow_run/run_number", true},
    Place{"attempt", "/workflow_run/run_attempt", true},
    Place{"trigger", "/workflow_run/event"},
    Place{"job", "/workflow_job/id", true},
    Place{"name", "/workflow_run/name"},
    Place{"name", "/workflow_job/name"},
    Place{"name", "/check_run/name"},
    Place{"conclusion", "/workflow_run/conclusion"},
    Place{"conclusion", "/workflow_job/conclusion"},
    Place{"conclusion", "/check_run/conclusion"},
    Place{"branch", "/workflow_run/head_branch"},
    Place{"branch", "/workflow_job/head_branch"},
    Place{"branch", "/pull_request/head/ref"},
    Place{"ref", "/ref"},
    Place{"before", "/before"},
    Place{"after", "/after"},
};
/// When something happened.
constexpr std::array<std::string_view, 10> times{"/pull_request/updated_at",      "/issue/updated_at",
                                                 "/review/submitted_at",          "/workflow_run/updated_at",
                                                 "/workflow_job/completed_at",    "/check_run/completed_at",
                                                 "/deployment_status/created_at", "/comment/created_at",
                                                 "/pull_request/merged_at",       "/issue/closed_at"};

/// When it began, which its first event tells as its time.
constexpr std::array<std::string_view, 4> first_times{"/pull_request/created_at", "/issue/created_at",
                                                      "/workflow_run/created_at",
                                                      "/workflow_run/run_started_at"};

json::value* find(json::value& payload, std::string_view pointer) {
    boost::system::error_code error;
    json::value* found = payload.find_pointer(pointer, error);
    return error ? nullptr : found;
}

const services::Sample& sample_named(std::string_view name) {
    const auto samples = services::find_adapter(event::Service::github)->samples();
    for (const services::Sample& sample : samples) {
        if (sample.name == name) {
            return sample;
        }
    }
    for (const services::Sample& sample : samples) {
        if (sample.event_type == name) {
            return sample;
        }
    }
    throw std::invalid_argument(fmt::format("there is no sample of \"{}\"", name));
}

void set(json::value& payload, std::string_view key, std::string value) {
    std::replace(value.begin(), value.end(), '_', ' ');
    bool is_known = false;
    for (const Place& place : places) {
        if (place.key != key) {
            continue;
        }
        is_known = true;
        if (json::value* found = find(payload, place.pointer)) {
            *found = place.is_number ? json::value(std::stoll(value)) : json::value(value);
        }
    }
    if (!is_known) {
        throw std::invalid_argument(fmt::format("samples have no \"{}\"", key));
    }
}

template <class Pointers>
void set_all(json::value& payload, const Pointers& pointers, TimePoint when) {
    for (const std::string_view pointer : pointers) {
        json::value* found = find(payload, pointer);
        if (found != nullptr && found->is_string()) {
            *found = iso_time(when);
        }
    }
}

void set_times(json::value& payload, TimePoint when) {
    set_all(payload, times, when);
    const json::value* action = find(payload, "/action");
    if (action != nullptr && (*action == "opened" || *action == "requested")) {
        set_all(payload, first_times, when);
    }
}

}  // namespace

SampleDelivery sample_delivery(std::string_view words, TimePoint now) {
    std::istringstream stream{std::string(words)};
    std::string name;
    stream >> name;
    const services::Sample& sample = sample_named(name);
    json::value payload = json::parse(json::string_view(sample.payload));
    TimePoint when = now;
    std::string delivery_id;
    for (std::string pair; stream >> pair;) {
        const std::size_t equals = pair.find('=');
        const std::string key = pair.substr(0, equals);
        const std::string value = equals == std::string::npos ? "" : pair.substr(equals + 1);
        if (key == "ago") {
            when -= std::chrono::seconds(std::stoll(value));
        } else if (key == "delivery") {
            delivery_id = value;
        } else {
            set(payload, key, value);
        }
    }
    set_times(payload, when);
    return {std::string(sample.event_type), json::serialize(payload), std::move(delivery_id)};
}

}  // namespace hookline::timeline
