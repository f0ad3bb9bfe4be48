// What the core writes: made ready on the core's thread (sealed, serialized), applied on the writer's.
#pragma once

#include "base/crypto.hpp"
#include "store/rows.hpp"
#include "store/sqlite/writer.hpp"

namespace hookline::store {

/// A change with what it takes to store it. The open secret and the unserialized body stay in `change`,
/// unused.
struct PreparedChange {
    Change change;
    std::string text, more_text;         // sealed secrets, or a body
    std::optional<TimePoint> timestamp;  // newest of the body's embeds
};

[[nodiscard]] std::vector<PreparedChange> prepare(Changes changes, const Sealer& sealer, Random& random);
[[nodiscard]] Result<void> apply(Batch& batch, const PreparedChange& change);

}  // namespace hookline::store
