// One connection to the database, and statements that are prepared once. Inside this folder SQLite's errors
// are exceptions; `guarded` turns them into Results at its border. A connection belongs to one thread.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"

namespace hookline::store {

/// What an exception of SQLite means to the caller. Full or failing disks and locks pass: unavailable.
[[nodiscard]] Error error_of(const SQLite::Exception& exception);

class Connection {
public:
    enum class Access { read_write, read_only };
    /// Throws SQLite::Exception. Waits up to 5 s for locks of other programs.
    Connection(const std::string& path, Access access);

    [[nodiscard]] SQLite::Statement& statement(std::string_view sql);
    /// One or several statements without parameters or rows.
    void execute(const std::string& sql) { database_.exec(sql); }
    /// False once SQLite itself has rolled the transaction back (full disk, I/O error).
    [[nodiscard]] bool is_in_transaction() const;
    /// Of the newest insert.
    [[nodiscard]] std::int64_t last_row() const { return database_.getLastInsertRowid(); }
    [[nodiscard]] sqlite3* handle() const { return database_.getHandle(); }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    SQLite::Database database_;
    std::unordered_map<std::string, SQLite::Statement, Hash, std::equal_to<>> statements_;
};

/// One run of a prepared statement. Ids and snowflakes of 0 are NULL; times are milliseconds; texts are bound
/// by reference: they must live until the last step (in one expression, temporaries do).
class Query {
public:
    Query(Connection& connection, std::string_view sql) : statement_(connection.statement(sql)) {}
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    ~Query() { statement_.tryReset(); }

    template <class... Values>
    Query& with(const Values&... values) {
        (bind(values), ...);
        return *this;
    }
    /// The next row, if there is one.
    [[nodiscard]] bool step() { return statement_.executeStep(); }
    /// Runs it to its end; the rows changed.
    std::size_t run() { return static_cast<std::size_t>(statement_.exec()); }

    [[nodiscard]] std::int64_t number(int column) const { return statement_.getColumn(column).getInt64(); }
    [[nodiscard]] bool flag(int column) const { return number(column) != 0; }
    [[nodiscard]] bool is_null(int column) const { return statement_.getColumn(column).isNull(); }
    [[nodiscard]] std::string text(int column) const { return statement_.getColumn(column).getString(); }
    /// Valid until the next step.
    [[nodiscard]] std::string_view view(int column) const;
    template <class Strong>
    [[nodiscard]] Strong id(int column) const {
        return Strong(number(column));
    }
    [[nodiscard]] Snowflake snowflake(int column) const {
        return Snowflake(static_cast<std::uint64_t>(number(column)));
    }
    [[nodiscard]] TimePoint time(int column) const { return TimePoint(Milliseconds(number(column))); }
    [[nodiscard]] std::optional<TimePoint> optional_time(int column) const {
        return is_null(column) ? std::nullopt : std::optional(time(column));
    }

private:
    void bind(std::int64_t value) { statement_.bind(++bound_, value); }
    void bind(int value) { statement_.bind(++bound_, static_cast<std::int64_t>(value)); }
    void bind(std::size_t value) { statement_.bind(++bound_, static_cast<std::int64_t>(value)); }
    template <std::same_as<bool> Flag>  // exactly: a pointer to characters would turn into one
    void bind(Flag value) {
        statement_.bind(++bound_, value ? 1 : 0);
    }
    void bind(const std::string& value) { statement_.bindNoCopy(++bound_, value); }
    void bind(std::string_view value) { statement_.bind(++bound_, std::string(value)); }
    void bind(std::nullopt_t) { statement_.bind(++bound_); }
    void bind(TimePoint value) { bind(static_cast<std::int64_t>(value.time_since_epoch().count())); }
    void bind(Snowflake value) { value ? bind(static_cast<std::int64_t>(value.value)) : bind(std::nullopt); }
    template <class Tag>
    void bind(Id<Tag> value) {
        value ? bind(value.value) : bind(std::nullopt);
    }
    template <class Value>
    void bind(const std::optional<Value>& value) {
        value ? bind(*value) : bind(std::nullopt);
    }

    SQLite::Statement& statement_;
    int bound_ = 0;
};

template <class T>
struct ResultOf {
    using type = Result<T>;
};
template <class T>
struct ResultOf<Result<T>> {
    using type = Result<T>;
};

/// What `work` returns (a value or a Result), or what its exception means.
template <class Work>
[[nodiscard]] auto guarded(Work&& work) -> typename ResultOf<decltype(work())>::type {
    try {
        return work();
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected(error_of(exception));
    }
}

}  // namespace hookline::store
