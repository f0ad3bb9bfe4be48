// The tables, and how an older database becomes a present one. The version is SQLite's user_version.
#pragma once

#include <span>

#include "store/sqlite/connection.hpp"

namespace hookline::store {

struct Migration {
    int to_version;
    const char* sql;
};

/// In order of their versions; a number may be left out. What was released is never changed, only added to.
[[nodiscard]] std::span<const Migration> migrations();

/// Brings the database to the last of `steps`, one transaction each. Refused (Errc::unsupported,
/// Errc::storage): a database of a newer version, or of another program.
[[nodiscard]] Result<void> migrate(Connection& connection, std::span<const Migration> steps);

}  // namespace hookline::store
