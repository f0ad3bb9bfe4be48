#include "store/sqlite/opening.hpp"

#include <filesystem>

#include "store/sqlite/schema.hpp"

namespace hookline::store {

namespace {

// A whole check reads the whole file; up to this size it takes a tenth of a second.
constexpr std::uintmax_t most_checked_whole = 32U << 20U;

/// Every page reached is checked by SQLite: the first of each table and index, or all of them in a small
/// file.
Result<void> check(Connection& db, const std::string& path) {
    std::error_code ignored;
    if (std::filesystem::file_size(path, ignored) <= most_checked_whole) {
        Query row(db, "PRAGMA quick_check(1)");
        if (row.step() && row.view(0) != "ok") {
            return fail(Errc::storage, fmt::format("the database is damaged ({})", row.view(0)));
        }
        return {};
    }
    std::vector<std::string> tables;
    {
        Query row(db, "SELECT name FROM sqlite_schema WHERE type = 'table'");
        while (row.step()) {
            tables.push_back(row.text(0));
        }
    }
    for (const std::string& table : tables) {
        for (const std::string_view order : {"ASC", "DESC"}) {
            Query row(db, fmt::format("SELECT * FROM \"{}\" ORDER BY 1 {} LIMIT 1", table, order));
            [[maybe_unused]] const bool is_there = row.step();
        }
    }
    return {};
}

void set_up_writing(Connection& db, std::int64_t most_pages) {
    // Payloads fill pages of overflow, and each page is two calls of write: with 4 KiB a delivery of 26 KB
    // takes a third more CPU; 16 KiB only pays for such large ones, and makes single commits write more.
    db.execute("PRAGMA page_size = 8192");
    db.execute("PRAGMA journal_mode = WAL");
    db.execute("PRAGMA synchronous = FULL");
    db.execute("PRAGMA wal_autocheckpoint = 0");  // the checkpointer's business
    db.execute("PRAGMA temp_store = MEMORY");     // savepoints
    db.execute("PRAGMA secure_delete = FAST");    // Debian's default writes every deleted payload once more
    db.execute("PRAGMA cache_size = -12000");
    if (most_pages > 0) {
        db.execute(fmt::format("PRAGMA max_page_count = {}", most_pages));
    }
}

}  // namespace

Result<Opened> open_connections(const std::string& path, std::int64_t most_pages) {
    using Access = Connection::Access;
    return guarded([&]() -> Result<Opened> {
        Opened opened;
        opened.writing = std::make_unique<Connection>(path, Access::read_write);
        set_up_writing(*opened.writing, most_pages);
        if (auto checked = check(*opened.writing, path); !checked) {
            return tl::unexpected(std::move(checked).error());
        }
        if (auto migrated = migrate(*opened.writing, migrations()); !migrated) {
            return tl::unexpected(std::move(migrated).error());
        }
        opened.moving = std::make_unique<Connection>(path, Access::read_write);
        opened.moving->execute("PRAGMA synchronous = FULL");
        opened.moving->execute("PRAGMA wal_autocheckpoint = 0");
        opened.reading = std::make_unique<Connection>(path, Access::read_only);
        opened.reading->execute("PRAGMA cache_size = -4000");
        return opened;
    });
}

}  // namespace hookline::store
