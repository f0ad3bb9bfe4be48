// Metrics for Prometheus: counts what rooms report, and writes the text that /metrics answers.
#pragma once

#include <memory>
#include <string>

#include "base/metrics.hpp"

namespace hookline::api {

/// Safe from every thread. A name that is not in metrics_table is a bug and throws std::logic_error.
class PrometheusMetrics final : public Metrics {
public:
    PrometheusMetrics();
    ~PrometheusMetrics() override;
    PrometheusMetrics(const PrometheusMetrics&) = delete;
    PrometheusMetrics& operator=(const PrometheusMetrics&) = delete;

    void count(std::string_view name, const Labels& labels, double amount) override;
    void observe(std::string_view name, double value, const Labels& labels) override;
    void set(std::string_view name, double value, const Labels& labels) override;

    /// Prometheus' text format 0.0.4.
    [[nodiscard]] std::string text() const;

private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace hookline::api
