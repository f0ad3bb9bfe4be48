// What was missed of a pull request, asked of GitHub: joins the pipeline's question with forge's answer.
#pragma once

#include "forge/github.hpp"
#include "pipeline/recaller.hpp"

namespace hookline::app {

class GitHubRecaller final : public pipeline::Recaller {
public:
    explicit GitHubRecaller(forge::GitHub& github) : github_(github) {}
    [[nodiscard]] bool wants(const event::Event& event) const override;
    Task<Result<state::Recall>> ask(event::Event event) override;

private:
    forge::GitHub& github_;
};

}  // namespace hookline::app
