// How fast deliveries become durable: the whole journal, from append() to the answer after the fsync.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <semaphore>

#include "store/sqlite/sqlite_store.hpp"

namespace {

using namespace hookline;

class Folder {
public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "journal-bench-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] std::string database() const { return path_ + "/hookline.db"; }

private:
    std::string path_;
};

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Appends with `in_flight` senders that each wait for their answer: so large the batches become.
void append(benchmark::State& state) {
    const std::string payload(static_cast<std::size_t>(state.range(0)), 'x');
    const auto in_flight = static_cast<std::ptrdiff_t>(state.range(1));
    const Folder folder;
    SystemClock clock;
    SystemRandom random;
    NoMetrics metrics;
    const auto log = make_log(LogLevel::error, false);
    boost::asio::io_context core;
    auto store = store::open_sqlite({folder.database(), *Sealer::from_key(Secret(std::string(64, 'a'))),
                                     clock, random, *log, metrics, core.get_executor()})
                     .value();

    std::counting_semaphore<> free(in_flight);
    std::atomic<std::int64_t> failed = 0;
    std::int64_t count = 0;
    const auto append_one = [&] {
        event::Delivery delivery;
        delivery.endpoint = EndpointId(1);
        delivery.event_type = "push";
        delivery.delivery_id = fmt::format("72d3162e-cc78-11e3-81ab-{:012x}", ++count);
        delivery.payload = payload;
        delivery.received_at = clock.now();
        free.acquire();
        store->journal().append(std::move(delivery), [&](const Result<store::Appended>& result) {
            failed += result ? 0 : 1;
            free.release();
        });
    };
    const double cpu_before = cpu_seconds();
    for (auto _ : state) {
        append_one();
    }
    for (std::ptrdiff_t i = 0; i < in_flight; ++i) {
        free.acquire();
    }
    if (failed > 0) {
        state.SkipWithError("not everything was stored");
    }
    state.SetItemsProcessed(state.iterations());
    // All threads, checkpoints included: what a busy machine does not distort.
    state.counters["cpu_us"] = (cpu_seconds() - cpu_before) * 1e6 / static_cast<double>(state.iterations());
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    state.counters["peak_MB"] = static_cast<double>(usage.ru_maxrss) / 1024;
    store->close();
}

BENCHMARK(append)
    ->ArgNames({"payload", "in_flight"})
    ->Args({8 << 10, 1})
    ->Args({8 << 10, 64})
    ->Args({8 << 10, 128})
    ->Args({26 << 10, 64})
    ->MinTime(3)
    ->UseRealTime();

}  // namespace
