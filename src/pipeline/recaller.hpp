// What the pipeline asks of a code host about a pull request that it did not see from the beginning.
// Implemented by room app over room forge.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "event/event.hpp"
#include "state/recall.hpp"

namespace hookline::pipeline {

class Recaller {
public:
    virtual ~Recaller() = default;
    /// Whether the host of `event` can be asked; quick, asks nobody.
    [[nodiscard]] virtual bool wants(const event::Event& event) const = 0;
    /// `event`: of a pull request. Bounded in time by the implementation.
    virtual Task<Result<state::Recall>> ask(event::Event event) = 0;
};

}  // namespace hookline::pipeline
