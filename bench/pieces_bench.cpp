// The steps between the socket and the outbox, each alone, on the samples that the program ships.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>

#include "format/format.hpp"
#include "message/json.hpp"
#include "services/service.hpp"

namespace {

using namespace hookline;  // NOLINT(google-build-using-namespace): this file is a program

const services::ServiceAdapter& github() { return *services::find_adapter(event::Service::github); }

const services::Sample& sample(std::string_view name) {
    for (const services::Sample& known : github().samples()) {
        if (known.name == name) {
            return known;
        }
    }
    return github().samples().front();
}

event::Delivery delivery_of(std::string_view name) {
    const services::Sample& chosen = sample(name);
    event::Delivery delivery;
    delivery.event_type = chosen.event_type;
    delivery.payload = chosen.payload;
    return delivery;
}

void signature(benchmark::State& state) {
    const std::string body(static_cast<std::size_t>(state.range(0)), 'x');
    const services::Key key{Secret("gh_benchmark")};
    for (auto _ : state) {
        HmacSha256 hmac(key.hmac);
        hmac.feed(body);
        benchmark::DoNotOptimize(hmac.finish());
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(signature)->Arg(8 << 10)->Arg(26 << 10);

void parse(benchmark::State& state, const char* name) {
    const event::Delivery delivery = delivery_of(name);
    for (auto _ : state) {
        benchmark::DoNotOptimize(github().parse(delivery));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(delivery.payload.size()));
}
BENCHMARK_CAPTURE(parse, push, "push");
BENCHMARK_CAPTURE(parse, pull_request, "pr.opened");

void format_message(benchmark::State& state, const char* name) {
    const auto event = github().parse(delivery_of(name)).value();
    for (auto _ : state) {
        benchmark::DoNotOptimize(format::to_message(event));
    }
}
BENCHMARK_CAPTURE(format_message, push, "push");
BENCHMARK_CAPTURE(format_message, pull_request, "pr.opened");

void serialize_message(benchmark::State& state) {
    const auto message = format::to_message(github().parse(delivery_of("pr.opened")).value());
    for (auto _ : state) {
        benchmark::DoNotOptimize(message::serialize(message));
    }
}
BENCHMARK(serialize_message);

/// The sample as large as GitHub's own: with links that nobody reads, as half of its payloads is.
event::Delivery grown(std::string_view name, std::size_t size) {
    event::Delivery delivery = delivery_of(name);
    std::string& payload = delivery.payload;
    payload.resize(payload.rfind('}'));
    payload += ",\"links\":{\"self\":1";
    for (int n = 0; payload.size() < size; ++n) {
        payload += fmt::format(
            ",\"url_{}\":\"https://api.github.com/repos/octo-org/hello-hook/git/trees{{/sha}}\"", n);
    }
    payload += "}}";
    return delivery;
}

event::Delivery push_of(std::int64_t commits) {
    event::Delivery delivery;
    delivery.event_type = "push";
    std::string& payload = delivery.payload;
    payload =
        R"({"ref":"refs/heads/main","before":"a","after":"b","repository":{"full_name":"o/a"},"commits":[)";
    for (std::int64_t n = 0; n < commits; ++n) {
        const std::string id = fmt::format("{:040x}", n);
        payload += fmt::format(
            R"({}{{"id":"{}","distinct":true,"message":"Commit number {}\n\nWhy it was made, in two lines that
 say what it is good for.","timestamp":"2026-11-23T10:00:00Z","url":"https://github.com/o/a/commit/{}","author":
 {{"name":"Mona","username":"monalisa","email":"m@example.org"}},"added":[],"removed":[],"modified":["src/a.cpp",
 "src/b.cpp","src/directory/c.cpp"]}})",
            n == 0 ? "" : ",", id, n, id);
        std::replace(payload.end() - 400, payload.end(), '\n', ' ');
    }
    payload += "]}";
    return delivery;
}

void payload_to_message(benchmark::State& state, const event::Delivery& delivery) {
    for (auto _ : state) {
        const auto event = github().parse(delivery).value();
        benchmark::DoNotOptimize(format::to_message(event));
    }
    state.counters["KB"] = static_cast<double>(delivery.payload.size()) / 1000;
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    state.counters["peak MB"] = static_cast<double>(usage.ru_maxrss) / 1000;
}
// The targets on one core: 60 µs, 120 µs, 30 ms.
BENCHMARK_CAPTURE(payload_to_message, push, grown("push", 7'000))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(payload_to_message, pull_request, grown("pr.opened", 25'000))
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(payload_to_message, push_of_10000, push_of(10'000))->Unit(benchmark::kMillisecond);

}  // namespace
