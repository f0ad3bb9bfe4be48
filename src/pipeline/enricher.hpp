// What the pipeline asks of a code host: what a payload leaves out. Implemented by room app over room forge.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "event/event.hpp"
#include "format/format.hpp"

namespace hookline::pipeline {

class Enricher {
public:
    virtual ~Enricher() = default;
    /// Whether asking can tell more about `event`; quick, asks nobody.
    [[nodiscard]] virtual bool wants(const event::Event& event) const = 0;
    /// Bounded in time by the implementation. An error means that there is nothing to add.
    virtual Task<Result<format::Enrichment>> ask(event::Event event) = 0;
};

}  // namespace hookline::pipeline
