// The store in one SQLite file: WAL, synchronous=FULL. Three connections: the writer's thread writes, the
// checkpointer's moves the log into the file, the core's thread reads.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"
#include "store/store.hpp"

namespace hookline::store {

struct SqliteOptions {
    std::string path;  // of hookline.db; its folder is made where it is missing
    Sealer sealer;
    Clock& clock;
    Random& random;
    Log& log;
    Metrics& metrics;
    boost::asio::any_io_executor core;  // where wakes run; must outlive close()

    // Bounds; the defaults are what the daemon uses.
    std::size_t batch_jobs = 512;           // in one transaction …
    std::size_t batch_bytes = 16U << 20U;   // … and their bytes
    std::size_t queued_jobs = 8192;         // deliveries that may wait for the writer …
    std::size_t queued_bytes = 32U << 20U;  // … and their bytes
    std::int64_t most_pages = 0;            // of 8 KiB: the file grows to no more; 0: as large as the disk
};

/// Opens or makes the database. Every call of the store but journal().append() belongs to the core's thread.
/// Errors, each with the path and what to do: another daemon has it (conflict), it is damaged or of another
/// program (storage), written by a newer Hookline (unsupported), cannot be opened (unavailable). It is never
/// overwritten.
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite(SqliteOptions options);

}  // namespace hookline::store
