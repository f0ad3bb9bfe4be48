#include "api/prometheus_metrics.hpp"

#include <fmt/format.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <stdexcept>

#include "api/metrics_table.hpp"

namespace hookline::api {

namespace {

using Kind = Metric::Kind;

std::map<std::string, std::string> to_map(const Labels& labels) {
    std::map<std::string, std::string> map;
    for (const auto& [name, value] : labels) {
        map.emplace(name, value);
    }
    return map;
}

/// Sizes double from 1 to 1,024; times go from half a millisecond to ten minutes.
prometheus::Histogram::BucketBoundaries boundaries_of(std::string_view name) {
    if (name.ends_with("_size")) {
        return {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
    }
    return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
            1,      2.5,   5,      10,    30,   60,    120,  300, 600};
}

}  // namespace

struct PrometheusMetrics::Families {
    prometheus::Registry registry;
    std::map<std::string_view, prometheus::Family<prometheus::Counter>*> counters;
    std::map<std::string_view, prometheus::Family<prometheus::Gauge>*> gauges;
    std::map<std::string_view, prometheus::Family<prometheus::Histogram>*> histograms;

    template <class Map>
    static auto& find(Map& map, std::string_view name) {
        const auto found = map.find(name);
        if (found == map.end()) {
            throw std::logic_error(fmt::format("metrics_table.hpp knows no such metric \"{}\"", name));
        }
        return *found->second;
    }
};

PrometheusMetrics::PrometheusMetrics() : families_(std::make_unique<Families>()) {
    for (const Metric& metric : metrics_table) {
        const std::string name(metric.name);
        const std::string help(metric.help);
        switch (metric.kind) {
            case Kind::counter:
                families_->counters[metric.name] =
                    &prometheus::BuildCounter().Name(name).Help(help).Register(families_->registry);
                break;
            case Kind::gauge:
                families_->gauges[metric.name] =
                    &prometheus::BuildGauge().Name(name).Help(help).Register(families_->registry);
                break;
            case Kind::histogram:
                families_->histograms[metric.name] =
                    &prometheus::BuildHistogram().Name(name).Help(help).Register(families_->registry);
                break;
        }
    }
}

PrometheusMetrics::~PrometheusMetrics() = default;

void PrometheusMetrics::count(std::string_view name, const Labels& labels, double amount) {
    Families::find(families_->counters, name).Add(to_map(labels)).Increment(amount);
}

void PrometheusMetrics::observe(std::string_view name, double value, const Labels& labels) {
    Families::find(families_->histograms, name).Add(to_map(labels), boundaries_of(name)).Observe(value);
}

void PrometheusMetrics::set(std::string_view name, double value, const Labels& labels) {
    Families::find(families_->gauges, name).Add(to_map(labels)).Set(value);
}

std::string PrometheusMetrics::text() const {
    return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace hookline::api
