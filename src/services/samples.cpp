#include "services/samples.hpp"

#include <algorithm>

namespace hookline::services {

std::vector<Sample> typed_by_name(std::span<const SampleFile> files) {
    std::vector<Sample> samples;
    for (const SampleFile& file : files) {
        samples.push_back(Sample{file.name.substr(0, file.name.find('.')), "", file.text});
    }
    return samples;
}

NamedSamples::NamedSamples(std::span<const SampleFile> files, const ServiceAdapter& adapter,
                           std::string_view first) {
    texts_.reserve(2 * files.size());
    for (const SampleFile& file : files) {
        const auto envelope = adapter.envelope({}, file.text);
        texts_.push_back(envelope ? envelope->event_type : std::string(file.name));
        samples_.push_back(Sample{texts_.back(), "", file.text});
    }
    name(adapter, first);
}

NamedSamples::NamedSamples(std::vector<Sample> unnamed, const ServiceAdapter& adapter, std::string_view first)
    : samples_(std::move(unnamed)) {
    texts_.reserve(samples_.size());
    name(adapter, first);
}

void NamedSamples::name(const ServiceAdapter& adapter, std::string_view first) {
    for (Sample& sample : samples_) {
        event::Delivery delivery;
        delivery.service = adapter.service();
        delivery.event_type = sample.event_type;
        delivery.payload = sample.payload;
        const auto event = adapter.parse(delivery);
        texts_.push_back(event && !event->name.empty() ? event->full_name() : std::string(sample.event_type));
        sample.name = texts_.back();
    }
    std::stable_partition(samples_.begin(), samples_.end(),
                          [&](const Sample& sample) { return sample.name == first; });
}

}  // namespace hookline::services
