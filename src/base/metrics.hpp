// Counting, without knowing who reads it: rooms say what happened; room api shows it to Prometheus.
// A metric and its labels are declared once, in metrics_table.hpp of room api; a name that is not there is
// a bug and throws. Label values come from our own tables, never from a payload.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace hookline {

using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

class Metrics {
public:
    virtual ~Metrics() = default;
    virtual void count(std::string_view name, const Labels& labels = {}, double amount = 1) = 0;
    virtual void observe(std::string_view name, double value, const Labels& labels = {}) = 0;
    virtual void set(std::string_view name, double value, const Labels& labels = {}) = 0;
};

class NoMetrics final : public Metrics {
public:
    void count(std::string_view, const Labels&, double) override {}
    void observe(std::string_view, double, const Labels&) override {}
    void set(std::string_view, double, const Labels&) override {}
};

}  // namespace hookline
