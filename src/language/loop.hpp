// `loop` inside a template's loop, as Jinja2 has it: loop.index, loop.last, loop.previtem, …
#pragma once

#include <vector>

#include "language/schema.hpp"

namespace hookline::language {

struct LoopState {
    const std::vector<Value>& items;
    std::size_t at = 0;
};

/// Of a LoopState.
[[nodiscard]] const Schema& loop_schema();

}  // namespace hookline::language
