#include "services/gitlab/samples.hpp"

#include "services/gitlab/parse.hpp"

namespace hookline::services::gitlab {

namespace {

/// The Event's own name is what a person asks for with `!hook test hook_001 pr.merged`.
std::string name_of(std::string_view event_type, std::string_view payload) {
    event::Delivery delivery;
    delivery.event_type = event_type;
    delivery.payload = payload;
    const auto event = parse(delivery);
    return event && !event->name.empty() ? event->full_name() : std::string(event_type);
}

struct Named {
    std::vector<std::string> names;  // what the samples' views look into
    std::vector<Sample> samples;

    Named() {
        const auto files = sample_files();
        names.reserve(files.size());
        for (const SampleFile& file : files) {
            const std::string_view event_type = file.name.substr(0, file.name.find('.'));
            names.push_back(name_of(event_type, file.text));
            samples.push_back(Sample{event_type, names.back(), file.text});
        }
        // A test that names an event shows the first of that name, and one that names none the first of all.
        std::stable_partition(samples.begin(), samples.end(), [](const Sample& sample) {
            return !sample.event_type.starts_with("confidential_");
        });
        std::stable_partition(samples.begin(), samples.end(),
                              [](const Sample& sample) { return sample.name == "push"; });
    }
};

}  // namespace

std::span<const Sample> samples() {
    static const Named named;
    return named.samples;
}

}  // namespace hookline::services::gitlab
