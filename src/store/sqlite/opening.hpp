// Opens the database file: set up for durable group commits, checked, brought to the present schema.
#pragma once

#include <memory>

#include "store/sqlite/connection.hpp"

namespace hookline::store {

/// For the writer, the checkpointer and the core.
struct Opened {
    std::unique_ptr<Connection> writing, moving, reading;
};

/// The file must be there (an empty one is a new database) and locked by this process. `most_pages`: see
/// SqliteOptions. Errors tell what is wrong, without the path.
[[nodiscard]] Result<Opened> open_connections(const std::string& path, std::int64_t most_pages);

}  // namespace hookline::store
