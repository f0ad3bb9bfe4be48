#include "store/sqlite/connection.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace hookline::store {

namespace {

constexpr int busy_timeout_ms = 5000;

struct Meaning {
    int code;
    Errc means;
    std::string_view text;
};

constexpr std::array meanings{
    Meaning{SQLITE_FULL, Errc::unavailable, "the database's disk is full"},
    Meaning{SQLITE_IOERR, Errc::unavailable, "the database's disk fails"},
    Meaning{SQLITE_BUSY, Errc::unavailable, "the database is locked by another program"},
    Meaning{SQLITE_LOCKED, Errc::unavailable, "the database is locked"},
    Meaning{SQLITE_READONLY, Errc::unavailable, "the database cannot be written"},
    Meaning{SQLITE_CANTOPEN, Errc::unavailable, "the database cannot be opened"},
    Meaning{SQLITE_NOMEM, Errc::unavailable, "the database has no memory"},
    Meaning{SQLITE_PERM, Errc::unavailable, "the database may not be opened"},
    Meaning{SQLITE_CONSTRAINT, Errc::conflict, "the database holds it already"},
    Meaning{SQLITE_TOOBIG, Errc::too_large, "too large for the database"},
    Meaning{SQLITE_CORRUPT, Errc::storage, "the database is damaged"},
    Meaning{SQLITE_NOTADB, Errc::storage, "the file is no database"},
};

}  // namespace

Error error_of(const SQLite::Exception& exception) {
    const int code = exception.getErrorCode() & 0xff;  // without SQLite's extension of it
    for (const Meaning& meaning : meanings) {
        if (meaning.code == code) {
            return {meaning.means, fmt::format("{} ({})", meaning.text, exception.what())};
        }
    }
    return {Errc::internal, fmt::format("the database says: {}", exception.what())};
}

Connection::Connection(const std::string& path, Access access)
    : database_(
          path,
          SQLITE_OPEN_NOMUTEX | (access == Access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE),
          busy_timeout_ms) {
    sqlite3_extended_result_codes(handle(), 1);
}

SQLite::Statement& Connection::statement(std::string_view sql) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) {
        return known->second;
    }
    std::string text(sql);
    SQLite::Statement prepared(database_, text);
    return statements_.emplace(std::move(text), std::move(prepared)).first->second;
}

bool Connection::is_in_transaction() const { return sqlite3_get_autocommit(handle()) == 0; }

std::string_view Query::view(int column) const {
    const SQLite::Column value = statement_.getColumn(column);
    return {value.getText(), static_cast<std::size_t>(value.getBytes())};
}

}  // namespace hookline::store
