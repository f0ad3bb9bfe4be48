// A service's sample payloads, for !hook test, the demo and tests: its samples/*.json, compiled in.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/service.hpp"

namespace hookline::services {

/// One file of samples/, as the build puts it into the program (cmake/samples.cmake).
struct SampleFile {
    std::string_view name;  // without ".json"
    std::string_view text;
};

/// The files as samples whose event type is the first part of the name: "pull_request.merged" is a
/// pull_request.
[[nodiscard]] std::vector<Sample> typed_by_name(std::span<const SampleFile> files);

/// Samples under the names that a person asks for them by (`!hook test hook_001 pipeline.failed`): those of
/// the events that they mean.
class NamedSamples {
public:
    /// For a service whose payloads tell their event by themselves. `first`: the name of those that come
    /// first, for a test that names no event.
    NamedSamples(std::span<const SampleFile> files, const ServiceAdapter& adapter, std::string_view first);
    /// `event_type` and `payload` of each must outlive this.
    NamedSamples(std::vector<Sample> unnamed, const ServiceAdapter& adapter, std::string_view first);
    NamedSamples(const NamedSamples&) = delete;
    NamedSamples& operator=(const NamedSamples&) = delete;
    ~NamedSamples() = default;

    [[nodiscard]] std::span<const Sample> all() const { return samples_; }

private:
    void name(const ServiceAdapter& adapter, std::string_view first);

    std::vector<std::string> texts_;  // what views of samples_ look into
    std::vector<Sample> samples_;
};

}  // namespace hookline::services
