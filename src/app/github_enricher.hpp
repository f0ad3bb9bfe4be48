// What a push leaves out, asked of GitHub: joins the pipeline's question with forge's answer.
#pragma once

#include "forge/github.hpp"
#include "pipeline/enricher.hpp"

namespace hookline::app {

class GitHubEnricher final : public pipeline::Enricher {
public:
    explicit GitHubEnricher(forge::GitHub& github) : github_(github) {}
    [[nodiscard]] bool wants(const event::Event& event) const override;
    Task<Result<format::Enrichment>> ask(event::Event event) override;

private:
    forge::GitHub& github_;
};

}  // namespace hookline::app
