// The stages of a build, asked of Jenkins: joins the pipeline's question with forge's answer.
#pragma once

#include "forge/jenkins.hpp"
#include "pipeline/enricher.hpp"

namespace hookline::app {

class JenkinsEnricher final : public pipeline::Enricher {
public:
    explicit JenkinsEnricher(forge::Jenkins& jenkins) : jenkins_(jenkins) {}
    /// The end of a build of the Jenkins that is configured, whichever endpoint it came to.
    [[nodiscard]] bool wants(const event::Event& event) const override;
    Task<Result<format::Enrichment>> ask(event::Event event) override;

private:
    forge::Jenkins& jenkins_;
};

}  // namespace hookline::app
