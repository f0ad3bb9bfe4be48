#include "store/sqlite/schema.hpp"

#include "store/testing/store_fixture.hpp"

namespace hookline::store {

namespace {

constexpr std::array two_steps{Migration{1, "CREATE TABLE first (a)"},
                               Migration{2, "CREATE TABLE second (b); INSERT INTO first VALUES (7)"}};
constexpr std::array broken_step{Migration{1, "CREATE TABLE first (a)"},
                                 Migration{2, "CREATE TABLE second (b); INSERT INTO missing VALUES (1)"}};

class Schema : public testing::Test {
protected:
    std::int64_t ask(std::string_view sql) {
        Query row(db, sql);
        return row.step() ? row.number(0) : -1;
    }
    std::string columns(const std::string& table) {
        std::string names;
        Query row(db, fmt::format("SELECT name, type FROM pragma_table_info('{}')", table));
        while (row.step()) {
            names += row.text(0) + " " + row.text(1) + ",";
        }
        return names;
    }

    TempFolder folder;
    Connection db = [this] {
        { SQLite::Database made(folder.file("x.db"), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE); }
        return Connection(folder.file("x.db"), Connection::Access::read_write);
    }();
};

}  // namespace

TEST_F(Schema, BringsAnEmptyDatabaseToThePresent) {
    ASSERT_TRUE(migrate(db, migrations()));
    EXPECT_EQ(ask("PRAGMA user_version"), migrations().back().to_version);
    EXPECT_TRUE(migrate(db, migrations()));  // nothing left to do
}

TEST_F(Schema, MigratesFromAnyOlderVersion) {
    ASSERT_TRUE(migrate(db, std::span(two_steps).first(1)));
    ASSERT_TRUE(migrate(db, two_steps));
    EXPECT_EQ(ask("PRAGMA user_version"), 2);
    EXPECT_EQ(ask("SELECT a FROM first"), 7);
}

TEST_F(Schema, ANumberMayBeLeftOut) {
    constexpr std::array steps{two_steps[0], Migration{4, "INSERT INTO first VALUES (9)"}};
    ASSERT_TRUE(migrate(db, std::span(steps).first(1)));
    ASSERT_TRUE(migrate(db, steps));
    EXPECT_EQ(ask("PRAGMA user_version"), 4);
    ASSERT_TRUE(migrate(db, steps));
    EXPECT_EQ(ask("SELECT count(*) FROM first"), 1);
}

TEST_F(Schema, AMigrationThatFailsChangesNothing) {
    const auto migrated = migrate(db, broken_step);
    ASSERT_FALSE(migrated);
    EXPECT_EQ(migrated.error().detail,
              "its schema could not be brought to version 2: the database says: no such table: missing");
    EXPECT_EQ(ask("PRAGMA user_version"), 1);
    EXPECT_EQ(ask("SELECT count(*) FROM sqlite_schema WHERE name = 'second'"), 0);
}

TEST_F(Schema, RefusesANewerDatabase) {
    ASSERT_TRUE(migrate(db, two_steps));
    const auto migrated = migrate(db, std::span(two_steps).first(1));
    ASSERT_FALSE(migrated);
    EXPECT_EQ(migrated.error().code, Errc::unsupported);
    EXPECT_EQ(
        migrated.error().detail,
        "its schema is version 2, this Hookline knows versions up to 1: start the newer Hookline that wrote "
        "it, or restore a backup");
}

TEST_F(Schema, RefusesADatabaseOfAnotherProgram) {
    db.execute("CREATE TABLE bookmarks (url)");
    const auto migrated = migrate(db, two_steps);
    ASSERT_FALSE(migrated);
    EXPECT_EQ(migrated.error().detail, "it is a database of another program; name another file");
    EXPECT_EQ(ask("SELECT count(*) FROM sqlite_schema"), 1);
}

TEST_F(Schema, HasTheColumnsThatOtherProgramsRead) {
    ASSERT_TRUE(migrate(db, migrations()));
    for (const char* column :
         {"id TEXT,", "user_id TEXT,", "channel_id TEXT,", "service TEXT,", "url TEXT,", "secret TEXT,",
          "events TEXT,", "filters TEXT,", "template TEXT,", "enabled BOOLEAN,", "created_at TIMESTAMP,"}) {
        EXPECT_THAT(columns("webhooks"), testing::HasSubstr(column));
    }
    for (const char* column : {"id INTEGER,", "webhook_id TEXT,", "event_type TEXT,", "payload TEXT,",
                               "received_at TIMESTAMP,", "processed BOOLEAN,"}) {
        EXPECT_THAT(columns("webhook_events"), testing::HasSubstr(column));
    }
}

/// A query that reads a whole table takes longer with every event stored.
TEST_F(Schema, WhatTheCoreAsksOftenIsFoundByAnIndex) {
    ASSERT_TRUE(migrate(db, migrations()));
    for (const char* sql :
         {"SELECT count(*) FROM webhook_events WHERE processed = 0",
          "SELECT id FROM webhook_events WHERE processed = 0 ORDER BY id LIMIT 5",
          "SELECT id, payload FROM webhook_events WHERE delivery_hash = ? AND endpoint = ? AND delivery_id = "
          "?",
          "SELECT id FROM webhook_events INDEXED BY events_in_order WHERE id > ? AND id < ? AND service = ? "
          "ORDER BY "
          "id DESC",
          "SELECT received_at FROM webhook_events WHERE endpoint = ? ORDER BY id DESC",
          "SELECT count(*) FROM outbox WHERE is_parked = 0",
          "SELECT count(*) FROM outbox WHERE is_parked = 1",
          "SELECT id FROM outbox WHERE destination = ? AND is_parked = 0 ORDER BY id LIMIT 1",
          "SELECT id FROM outcomes WHERE hook = ? ORDER BY sequence DESC LIMIT 5",
          "UPDATE outcomes SET kind = 'parked' WHERE message IN (SELECT id FROM messages WHERE id = ?1 OR "
          "joined = ?1)",
          "UPDATE messages SET state = 'sent' WHERE id = ?1 OR joined = ?1",
          "SELECT id FROM messages WHERE state = 'parked' ORDER BY id LIMIT 5"}) {
        std::string text = sql;
        if (text.find("outcomes WHERE hook") != std::string::npos) {
            text.replace(text.find("id"), 2, "event");
        }
        Query row(db, "EXPLAIN QUERY PLAN " + text);
        ASSERT_TRUE(row.step()) << sql;
        EXPECT_THAT(row.text(3), testing::HasSubstr("INDEX")) << sql;
    }
}

}  // namespace hookline::store
