#include "app/github_enricher.hpp"

namespace hookline::app {

bool GitHubEnricher::wants(const event::Event& event) const {
    return event.service == event::Service::github && event.push && event.repo && event.push->head &&
           event.push->ref == event::Push::Ref::branch && event.push->kind != event::Push::Kind::deleted;
}

Task<Result<format::Enrichment>> GitHubEnricher::ask(event::Event event) {
    const auto comparison =
        co_await github_.compare(event.repo->full_name, event.push->before, event.push->after);
    if (!comparison) {
        co_return tl::unexpected(comparison.error());
    }
    format::Enrichment enrichment;
    enrichment.files_are_partial = comparison->is_partial;
    for (const forge::ChangedFile& file : comparison->files) {
        format::Enrichment::File shown;
        shown.name = file.name;
        shown.additions = file.additions;
        shown.deletions = file.deletions;
        enrichment.files.push_back(std::move(shown));
    }
    co_return enrichment;
}

}  // namespace hookline::app
