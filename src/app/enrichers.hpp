// Everyone who can be asked what a payload leaves out, as one: an event is the first's that wants it.
#pragma once

#include <memory>
#include <vector>

#include "pipeline/enricher.hpp"

namespace hookline::app {

class Enrichers final : public pipeline::Enricher {
public:
    void add(std::unique_ptr<pipeline::Enricher> enricher) { all_.push_back(std::move(enricher)); }

    [[nodiscard]] bool wants(const event::Event& event) const override { return find(event) != nullptr; }

    /// Only for events that are wanted.
    Task<Result<format::Enrichment>> ask(event::Event event) override {
        pipeline::Enricher* one = find(event);
        return one->ask(std::move(event));
    }

private:
    [[nodiscard]] pipeline::Enricher* find(const event::Event& event) const {
        for (const auto& enricher : all_) {
            if (enricher->wants(event)) {
                return enricher.get();
            }
        }
        return nullptr;
    }

    std::vector<std::unique_ptr<pipeline::Enricher>> all_;
};

}  // namespace hookline::app
