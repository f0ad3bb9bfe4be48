#include "api/prometheus_metrics.hpp"

#include <gmock/gmock.h>

#include "api/metrics_table.hpp"

namespace hookline::api {

using testing::HasSubstr;

TEST(PrometheusMetrics, ShowsWhatWasCountedInPrometheusText) {
    PrometheusMetrics metrics;
    metrics.count("hookline_deliveries_total", {{"service", "github"}, {"outcome", "accepted"}}, 1);
    metrics.count("hookline_deliveries_total", {{"service", "github"}, {"outcome", "accepted"}}, 2);
    metrics.set("hookline_gateway_connected", 1, {});
    metrics.observe("hookline_journal_batch_size", 3, {});
    const std::string text = metrics.text();
    EXPECT_THAT(text, HasSubstr("hookline_deliveries_total{outcome=\"accepted\",service=\"github\"} 3"));
    EXPECT_THAT(text, HasSubstr("hookline_gateway_connected 1"));
    EXPECT_THAT(text, HasSubstr("hookline_journal_batch_size_bucket{le=\"4\"} 1"));
}

TEST(PrometheusMetrics, KnowsEveryMetricOfTheTableAndNoOther) {
    PrometheusMetrics metrics;
    for (const Metric& metric : metrics_table) {
        switch (metric.kind) {
            case Metric::Kind::counter:
                EXPECT_NO_THROW(metrics.count(metric.name, {}, 1)) << metric.name;
                break;
            case Metric::Kind::gauge:
                EXPECT_NO_THROW(metrics.set(metric.name, 1, {})) << metric.name;
                break;
            case Metric::Kind::histogram:
                EXPECT_NO_THROW(metrics.observe(metric.name, 1, {})) << metric.name;
                break;
        }
    }
    EXPECT_THROW(metrics.count("hookline_deliverys_total", {}, 1), std::logic_error);
}

}  // namespace hookline::api
