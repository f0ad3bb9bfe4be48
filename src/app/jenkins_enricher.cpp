#include "app/jenkins_enricher.hpp"

#include "services/jenkins/log_tail.hpp"

namespace hookline::app {

bool JenkinsEnricher::wants(const event::Event& event) const {
    const bool is_of_ci = event.service == event::Service::jenkins || event.service == event::Service::ci;
    return is_of_ci && event.pipeline && event.pipeline->run.conclusion != event::Conclusion::none &&
           jenkins_.has(event.pipeline->run.url);
}

Task<Result<format::Enrichment>> JenkinsEnricher::ask(event::Event event) {
    auto build = co_await jenkins_.stages(event.pipeline->run.url);
    if (!build) {
        co_return tl::unexpected(build.error());
    }
    format::Enrichment enrichment;
    enrichment.stages = std::move(build->stages);
    enrichment.stopped_at = std::move(build->stopped_at);
    enrichment.error = services::jenkins::log_tail(build->log);
    if (enrichment.error.empty()) {
        enrichment.error = services::jenkins::log_tail(build->error);
    }
    co_return enrichment;
}

}  // namespace hookline::app
