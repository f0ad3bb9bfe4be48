#include <sys/stat.h>

#include <fstream>

#include "base/iso_time.hpp"
#include "store/sqlite/connection.hpp"
#include "store/testing/store_fixture.hpp"

namespace hookline::store {

namespace {

class OpenSqlite : public StoreFixture {
protected:
    [[nodiscard]] std::string refusal() {
        const auto opened = open_sqlite(options());
        return opened ? "opened" : opened.error().detail;
    }
    [[nodiscard]] static std::string bytes_of(const std::string& name) {
        std::ifstream file(name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    static void put_bytes(const std::string& name, std::streamoff at, const std::string& bytes) {
        std::fstream file(name, std::ios::binary | std::ios::in | std::ios::out);
        file.seekp(at);
        file << bytes;
    }
    [[nodiscard]] static unsigned mode_of(const std::string& name) {
        struct stat status {};
        return ::stat(name.c_str(), &status) == 0 ? status.st_mode & 0777U : 0;
    }
    /// What another program reads.
    [[nodiscard]] std::string read(const std::string& sql) const {
        Connection db(path, Connection::Access::read_only);
        Query row(db, sql);
        return row.step() ? row.text(0) : "no row";
    }
};

}  // namespace

TEST_F(OpenSqlite, MakesFolderAndFileForTheOwnerAlone) {
    path = folder.file("data/deep/hookline.db");
    open();
    stored("a");
    EXPECT_EQ(mode_of(folder.file("data/deep")), 0700U);
    for (const char* companion : {"", "-wal", "-shm", ".lock"}) {
        EXPECT_EQ(mode_of(path + companion), 0600U) << companion;
    }
}

TEST_F(OpenSqlite, IsRefusedWhereAnotherDaemonHasIt) {
    open();
    EXPECT_EQ(refusal(),
              fmt::format("another Hookline (process {}) uses {}; stop it, or name another folder in "
                          "HOOKLINE_DATA_DIR",
                          ::getpid(), path));
    shut();
    open();
}

TEST_F(OpenSqlite, RefusesWhatIsNoDatabaseAndLeavesItAlone) {
    const std::string text(5000, 'x');
    std::ofstream(path) << text;
    EXPECT_EQ(refusal(), path + ": the file is no database (file is not a database)");
    EXPECT_EQ(bytes_of(path), text);
}

TEST_F(OpenSqlite, RefusesADamagedDatabase) {
    open();
    for (int i = 0; i < 50; ++i) {
        stored(std::to_string(i), std::string(3000, 'x'));
    }
    shut();
    for (int page = 3; page < 12; ++page) {
        put_bytes(path, page * 8192, std::string(200, '\xee'));
    }
    const std::string damaged = bytes_of(path);
    EXPECT_THAT(refusal(), testing::StartsWith(path + ": the database is damaged ("));
    EXPECT_EQ(bytes_of(path), damaged);
}

TEST_F(OpenSqlite, RefusesATruncatedDatabase) {
    open();
    stored("a", std::string(100'000, 'x'));
    shut();
    std::filesystem::resize_file(path, 8192 * 5);
    EXPECT_THAT(refusal(), testing::StartsWith(path + ": the database is damaged ("));
}

TEST_F(OpenSqlite, RefusesANewerSchema) {
    open();
    shut();
    {
        Connection db(path, Connection::Access::read_write);
        db.execute("PRAGMA user_version = 1000");
    }
    EXPECT_EQ(refusal(),
              path +
                  ": its schema is version 1000, this Hookline knows versions up to 13: start the newer "
                  "Hookline that wrote it, or restore a backup");
}

TEST_F(OpenSqlite, SaysWhatIsWrongWithTheFolder) {
    std::ofstream(folder.file("file")) << "x";
    path = folder.file("file/hookline.db");
    EXPECT_EQ(refusal(), path + " cannot be opened: Not a directory");
}

TEST_F(OpenSqlite, SecretsRestSealed) {
    open();
    set_up_hook();
    Endpoint endpoint;
    endpoint.id = EndpointId(1);
    endpoint.secret = Secret("canary-new");
    endpoint.previous_secret = Secret("canary-old");
    dispatch::DestinationInfo destination;
    destination.id = DestinationId(1);
    destination.address = Secret("12/canary-token");
    must_write({PutEndpoint{endpoint}, PutDestination{destination}});
    const std::string log_bytes = bytes_of(path + "-wal");
    EXPECT_NE(log_bytes.find("hook_001"), std::string::npos);
    EXPECT_EQ(log_bytes.find("canary"), std::string::npos);
    shut();
    EXPECT_EQ(bytes_of(path).find("canary"), std::string::npos);
}

TEST_F(OpenSqlite, ASecretDoesNotOpenInAnotherRowOrWithAnotherKey) {
    open();
    set_up_hook();
    shut();
    auto with_other_key = options();
    with_other_key.sealer = *Sealer::from_key(Secret(std::string(64, 'b')));
    open(with_other_key);
    EXPECT_THAT(store->endpoints().error().detail, testing::HasSubstr("HOOKLINE_SECRET_KEY"));
    shut();
    {
        Connection db(path, Connection::Access::read_write);
        db.execute("UPDATE endpoints SET id = 2");
    }
    open();
    EXPECT_FALSE(store->endpoints());
}

TEST_F(OpenSqlite, OtherProgramsReadTheContractsTables) {
    open();
    set_up_hook();
    Hook hook;
    hook.id = HookId(1);
    hook.endpoint = EndpointId(1);
    hook.destination = DestinationId(1);
    hook.command_channel = Snowflake(77);
    hook.user = Snowflake(5);
    hook.events = {"push", "pr"};
    hook.created_at = clock.now();
    must_write({PutHook{hook}});
    stored("a", R"({"ref":"refs/heads/main"})");
    EXPECT_EQ(
        read(
            "SELECT user_id || ' ' || channel_id || ' ' || service || ' ' || events || ' ' || filters || ' ' "
            "|| enabled || ' ' || created_at FROM webhooks WHERE id = 'hook_001'"),
        R"(5 77 github ["push","pr"] {} 1 )" + iso_time(clock.now()));
    EXPECT_EQ(read("SELECT secret = (SELECT secret FROM endpoints) FROM webhooks"), "1");
    EXPECT_EQ(read("SELECT webhook_id || ' ' || event_type || ' ' || payload || ' ' || received_at || ' ' || "
                   "processed "
                   "FROM webhook_events"),
              R"(hook_001 push {"ref":"refs/heads/main"} )" + iso_time(clock.now()) + " 0");
    EXPECT_EQ(read("SELECT json_extract(payload, '$.ref') FROM webhook_events"), "refs/heads/main");

    hook.is_paused = true;
    must_write({PutHook{hook}});
    EXPECT_EQ(read("SELECT enabled FROM webhooks"), "0");
}

TEST_F(OpenSqlite, ReplacingAHookKeepsItsFilters) {
    open();
    set_up_hook();
    must_write({MirrorRules{HookId(1), R"({"branch":["main"]})", "{{title}}"}});
    auto hook = store->hooks().value().at(0);
    hook.is_enabled = false;
    must_write({PutHook{hook}});
    EXPECT_EQ(read("SELECT filters || template FROM webhooks"), R"({"branch":["main"]}{{title}})");
}

}  // namespace hookline::store
