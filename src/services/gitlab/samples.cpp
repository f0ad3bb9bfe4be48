#include "services/gitlab/samples.hpp"

#include <algorithm>

#include "services/gitlab/gitlab.hpp"

namespace hookline::services::gitlab {

namespace {

/// "merge_request.merge" is a file of the event merge_request. What is confidential comes last: whoever tests
/// "issue.opened" means an ordinary one.
std::vector<Sample> unnamed() {
    std::vector<Sample> result;
    for (const SampleFile& file : sample_files()) {
        result.push_back(Sample{file.name.substr(0, file.name.find('.')), "", file.text});
    }
    std::stable_partition(result.begin(), result.end(), [](const Sample& sample) {
        return !sample.event_type.starts_with("confidential_");
    });
    return result;
}

}  // namespace

std::span<const Sample> samples() {
    static const NamedSamples named(unnamed(), adapter(), "push");
    return named.all();
}

}  // namespace hookline::services::gitlab
